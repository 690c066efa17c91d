"""The engine serves its owner only: loopback names, no web page's origin, and the token of this run."""

import hmac
import secrets
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from overpaint.engine.api_errors import ApiError

_DRAINED = 1_000_000_000


class Guard:
    """Answers 403 to another Host or any Origin and 401 to a wrong token, before a body is looked at.

    ``hosts`` are the values of the Host field that are let in; ``token`` is compared in constant time.
    Every reply gets an ``x-request-id`` and none an Access-Control field.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str], token: str) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through to the application, or answers it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["request_id"] = f"req_{secrets.token_hex(16)}"

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["x-request-id"] = scope["request_id"]
            await send(message)

        fault = self._fault(Headers(scope=scope))
        if fault is None:
            await self._app(scope, receive, send_marked)
        else:
            await drain(scope, receive)
            await JSONResponse(fault.wire(), fault.status)(scope, receive, send_marked)

    def _fault(self, headers: Headers) -> ApiError | None:
        if headers.getlist("host") not in [[host] for host in self._hosts]:
            return ApiError("This engine answers to 127.0.0.1 only.", status=403, code="host_not_allowed")
        if "origin" in headers:
            return ApiError("This engine answers no web pages.", status=403, code="origin_not_allowed")
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if not given:
            return ApiError(
                "You didn't provide an API key. You need to provide your API key in an Authorization header "
                "using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
                status=401,
            )
        is_right = hmac.compare_digest(given.strip().encode("utf-8", "replace"), self._token)
        if scheme.lower() != "bearer" or not is_right:
            return ApiError("Incorrect API key provided.", status=401, code="invalid_api_key")
        return None


async def drain(scope: Scope, receive: Receive) -> None:
    """Reads on a body that is not wanted, so that its sender hears the answer instead of a broken pipe.

    A body that says it is larger than a gigabyte is left alone: its sender is answered at once.
    """
    length = Headers(scope=scope).get("content-length", "")
    if length.isdigit() and int(length) > _DRAINED:
        return
    taken = 0
    while taken < _DRAINED:
        message = await receive()
        taken += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return
