"""The engine as a web application: routes, guard and life span."""

import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from overpaint.core.request.model_table import ModelTable
from overpaint.core.request.params import EditParams
from overpaint.engine import api_errors
from overpaint.engine.access_guard import Guard
from overpaint.engine.api_errors import ApiError
from overpaint.engine.edits import Edits
from overpaint.engine.workers import Workers

EDIT_PATHS = ("/v1/images/edits", "/v1/image/edits")
"""Where edits are posted: the API's spelling, and that of one of its resellers."""


def make_app(hosts: Iterable[str], token: str, table: ModelTable, kind: type[EditParams]) -> Starlette:
    """The application for the owner of ``token``, reached under ``hosts`` (values of the Host field); the
    fields it takes are those of ``kind``."""
    workers = Workers()
    made = int(time.time())

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            workers.close()

    async def list_models(_: Request) -> Response:
        data = [
            {"id": name, "object": "model", "created": made, "owned_by": "overpaint"}
            for name in table.offered()
        ]
        return JSONResponse({"object": "list", "data": data})

    async def tell_health(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    edits = Edits(table, workers, kind)
    return Starlette(
        routes=[
            *(Route(path, edits, methods=["POST"]) for path in EDIT_PATHS),
            Route("/v1/models", list_models, methods=["GET"]),
            Route("/health", tell_health, methods=["GET"]),
        ],
        middleware=[Middleware(Guard, hosts=tuple(hosts), token=token)],
        exception_handlers={HTTPException: _tell_http, Exception: _tell_bug},
        lifespan=life,
    )


def _tell_http(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    message = f"{fault.detail} ({request.method} {request.url.path})"
    if fault.status_code == 404:
        message = f"Invalid URL ({request.method} {request.url.path})"
    elif fault.status_code == 405:
        message = f"Not allowed to {request.method} on {request.url.path}. (HINT: Perhaps you meant to POST?)"
    refusal = ApiError(message, status=fault.status_code)
    return JSONResponse(refusal.wire(), refusal.status, fault.headers)


def _tell_bug(_: Request, __: Exception) -> Response:
    refusal = api_errors.failed()
    return JSONResponse(refusal.wire(), refusal.status)
