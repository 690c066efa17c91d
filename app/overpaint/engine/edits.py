"""The edit endpoint: form in, JSON or an event stream out, and no work for clients that have gone."""

import asyncio
import logging
from collections.abc import Coroutine

import msgspec
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from overpaint.core.request.model_table import ModelTable
from overpaint.core.request.params import MAX_PICTURE_BYTES, MAX_PICTURES, MAX_PROMPT, EditParams
from overpaint.engine import api_errors, pipe_messages
from overpaint.engine.access_guard import drain
from overpaint.engine.api_errors import ApiError
from overpaint.engine.fields import MAX_MASK_BYTES, EditFields, read_fields
from overpaint.engine.responses import Reply
from overpaint.engine.workers import Upload, WorkerLost, Workers
from overpaint.imaging.offline_edit.edit_order import EditOrder

LARGEST_UPLOAD = MAX_PICTURES * MAX_PICTURE_BYTES + MAX_MASK_BYTES + 1_000_000
"""Bytes of a request's body above which it is not read on."""

_LARGEST_TEXT = 4 * MAX_PROMPT + 1024
_MAX_FILES, _MAX_FIELDS = 20, 60
_LONGEST_JOB = 600.0
_TAIL = 4096
"""Bytes at the end of a form in which its closing boundary stands."""

_log = logging.getLogger(__name__)


class Edits:
    """An ASGI endpoint for ``POST /v1/images/edits`` that takes the fields of ``kind``."""

    def __init__(self, table: ModelTable, workers: Workers, kind: type[EditParams]) -> None:
        self._table = table
        self._kind = kind
        self._workers = workers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; a refusal waits until its sender has finished sending."""
        body = _Body(receive)
        try:
            with self._workers.ticket():
                await self._edit(Request(scope, body), body, send)
        except ClientDisconnect:
            return  # nobody is there to be told
        except ApiError as fault:
            if not body.is_read:
                await drain(scope, receive)
            data = msgspec.json.encode(fault.wire())
            reply = Response(data, fault.status, fault.headers, media_type="application/json")
            await reply(scope, receive, send)

    async def _edit(self, request: Request, body: "_Body", send: Send) -> None:
        _check_head(request)
        await self._workers.warm()
        form = await _form(request)
        try:
            body.check_end(request.headers.get("content-type", ""))
            fields = read_fields(form, self._table, self._kind)
            fault = await _unless_gone(request.receive, self._answer(fields, Reply(fields, send)))
        finally:
            await form.close()
        if fault is not None:
            raise fault

    async def _answer(self, fields: EditFields, reply: Reply) -> ApiError | None:
        """Has a worker do the edit and sends what it makes; a refusal is returned, to be answered."""
        try:
            async with self._workers.hired() as worker, asyncio.timeout(_LONGEST_JOB):
                order, uploads = _order(fields)
                await worker.give(order, uploads)
                await reply.send_all(worker)
        except ApiError as fault:
            return fault
        except (WorkerLost, TimeoutError) as fault:
            _log.warning("An edit broke off: %s", fault)
            return await reply.break_off()
        return None


class _Body:
    """Receives a request's body and refuses to read on above the largest upload."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._taken = 0
        self._tail = b""
        self.is_read = False

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            body = message.get("body", b"")
            self._taken += len(body)
            self._tail = (self._tail + body[-_TAIL:])[-_TAIL:]
            self.is_read = not message.get("more_body", False)
        else:
            self.is_read = True
        if self._taken > LARGEST_UPLOAD:
            raise api_errors.too_large(LARGEST_UPLOAD)
        return message

    def check_end(self, content_type: str) -> None:
        """Raises :class:`ApiError` for a form without its end, whose last part the parser drops in silence:
        without its mask, an edit would change the whole picture."""
        _, options = parse_options_header(content_type)
        if b"--" + options.get(b"boundary", b"") + b"--" not in self._tail:
            raise ApiError("Invalid body: failed to parse multipart form. Its closing boundary is missing.")


def _check_head(request: Request) -> None:
    kind = request.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() != "multipart/form-data":
        raise ApiError(
            f"Invalid Content-Type header ({kind}), expected multipart/form-data.",
            status=415,
            code="unsupported_content_type",
        )
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > LARGEST_UPLOAD:
        raise api_errors.too_large(LARGEST_UPLOAD)


async def _form(request: Request) -> FormData:
    parser = MultiPartParser(
        request.headers,
        request.stream(),
        max_files=_MAX_FILES,
        max_fields=_MAX_FIELDS,
        max_part_size=_LARGEST_TEXT,
    )
    try:
        return await parser.parse()
    except MultiPartException as broken:
        raise ApiError(f"Invalid body: failed to parse multipart form. {broken.message}") from broken


async def _unless_gone(receive: Receive, answer: Coroutine[None, None, ApiError | None]) -> ApiError | None:
    """Runs the answer, and cancels it as soon as the client disconnects."""

    async def wait_for_end() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    async with asyncio.TaskGroup() as group:
        answering = group.create_task(answer)
        watching = group.create_task(wait_for_end())
        await asyncio.wait((answering, watching), return_when=asyncio.FIRST_COMPLETED)
        answering.cancel()
        watching.cancel()
    return None if answering.cancelled() else answering.result()


def _order(fields: EditFields) -> tuple[pipe_messages.WorkOrder, list[Upload]]:
    params = fields.params
    edit = EditOrder(
        prompt=params.prompt,
        size=params.size,
        rules=fields.spec.sizes,
        quality=params.quality,
        background=params.background,
        alpha=fields.may_be_transparent,
        n=params.n,
        partials=params.partial_images,
    )
    uploads: list[Upload] = [*fields.pictures]
    mask = 0
    if fields.mask is not None:
        uploads.append(fields.mask)
        mask = fields.mask.size or 0
    lengths = tuple(one.size or 0 for one in fields.pictures)
    return pipe_messages.WorkOrder(
        edit, lengths, mask, params.output_format, params.output_compression
    ), uploads
