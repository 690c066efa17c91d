"""One POST and its reply: the only code that sends an edit, and that knows how far one has come."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import httpx

from overpaint.api.errors.key_redaction import scrub_bytes
from overpaint.api.errors.request_context import RequestContext, request_id
from overpaint.api.errors.transport_errors import cut, map_transport_errors
from overpaint.api.transport.awake_time import AwakeTimer, awake_timeout
from overpaint.api.transport.connections import close_response, timeouts
from overpaint.api.transport.content_coding import CodingError, ContentDecoder
from overpaint.api.transport.multipart import EditForm, FormReader
from overpaint.api.transport.stepped_coroutine import Report, SteppedCoroutine
from overpaint.core.errors import EditError
from overpaint.core.results.edit_events import RawSink, Waiting

_PROGRESS_SECONDS = 0.1
_MAX_REFUSAL_BYTES = 2**26  # an error of a proxy may quote all of a stream
_REFUSAL_SECONDS = 5.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OutgoingEdit:
    """An edit ready to be sent: where to, with which header fields, the form, and the time for all of it."""

    url: httpx.URL
    headers: Mapping[str, str] = field(repr=False)
    form: EditForm
    origin: RequestContext
    timer: AwakeTimer


class Exchange:
    """Sends an order once. Call ``advance`` until it gives None, then read the reply; ``close`` in any case.

    ``leaving`` is called right before the form's last bytes are handed to the transport.
    Every failure comes as an ``EditError`` that says whether the edit may have been billed.
    """

    def __init__(
        self, client: httpx.AsyncClient, order: OutgoingEdit, leaving: Callable[[], Awaitable[None]]
    ) -> None:
        self._order = order
        self._upload = _Upload(order, self, leaving)
        self.origin = order.origin
        self.connected = False
        self.answered = False
        self.headers: Mapping[str, str] = {}
        self._refusal: bytes | None = None
        headers = {
            "Host": order.url.netloc.decode("ascii"),
            **order.headers,
            "Content-Type": order.form.content_type,
            "Content-Length": str(order.form.length),
        }
        request = httpx.Request(
            "POST",
            order.url,
            headers=headers,
            stream=self._upload,
            extensions={"timeout": timeouts(order.origin.profile).as_dict()},
        )
        self._steps: SteppedCoroutine[Waiting, httpx.Response] = SteppedCoroutine(
            client.send(request, stream=True)
        )
        self._response: httpx.Response | None = None
        self._chunks: AsyncIterator[bytes] | None = None
        self._decoder = ContentDecoder()
        self._pieces: Iterator[bytes] = iter(())
        self._at_end = False

    async def advance(self) -> Waiting | None:
        """Goes on sending and says what happens; None once the head of the reply has come."""
        with map_transport_errors(self):
            async with self.timer.limit():
                waiting = await self._steps.next()
        if waiting is None:
            self._head(self._steps.result)
        return waiting

    async def chunk(self, patience: float | None = None) -> bytes | None:
        """The next bytes of the reply's body, unpacked, None at its end; waits ``patience`` seconds at most.

        Each comes in its own turn of the loop, however much a few packed bytes become.
        """
        with map_transport_errors(self):
            async with self.timer.limit(), awake_timeout(patience):
                try:
                    return await self._next_piece()
                except CodingError as fault:
                    raise cut(self.origin, f"its coding is broken: {fault}") from fault

    async def refusal_body(self) -> bytes:
        """The body of a reply that is no success, without the key: what comes in 5 s, at most 64 MiB."""
        body = bytearray()
        until = asyncio.get_running_loop().time() + _REFUSAL_SECONDS
        try:
            while len(body) < _MAX_REFUSAL_BYTES:
                chunk = await self.chunk(until - asyncio.get_running_loop().time())
                if chunk is None:
                    break
                body += chunk
        except EditError as fault:
            # The status is the answer; a body that is cut or never ends must not hide it.
            _log.info("the body of a refusal was cut: %s", fault.cause)
        whole = bytes(body[:_MAX_REFUSAL_BYTES])
        self._refusal = await asyncio.to_thread(scrub_bytes, whole, self.origin.key)
        return self._refusal

    async def tell_refusal(self, sink: RawSink) -> None:
        """Hands a refusal that stands to the sink; nothing when the reply was none."""
        if self._refusal is not None:
            await sink.head(self.origin.status, self.headers, self.origin.request_id)
            await sink.write(self._refusal)

    @property
    def timer(self) -> AwakeTimer:
        """How long the edit may still take in all."""
        return self._order.timer

    async def close(self) -> None:
        """Closes the connection and the files; an exchange that still runs is broken off."""
        try:
            await self._steps.abandon()
            if self._response is not None and self._chunks is not None:
                await close_response(self._response, self._chunks)
        finally:
            self._upload.release()

    @property
    def ends_are_told(self) -> bool:
        """Whether the reply's framing says where it ends, so that a cut can't pass for an end."""
        return (
            "content-length" in self.headers or "chunked" in self.headers.get("transfer-encoding", "").lower()
        )

    async def _next_piece(self) -> bytes | None:
        while True:
            piece = next(self._pieces, None)
            if piece is not None:
                await asyncio.sleep(0)
                return piece
            if self._chunks is None or self._at_end:
                return None
            chunk = await anext(self._chunks, None)
            if chunk is None:
                self._at_end, self._pieces = True, self._decoder.close()
            else:
                self._pieces = self._decoder.feed(chunk)

    def _head(self, response: httpx.Response) -> None:
        self._response = response
        self._chunks = response.aiter_raw()
        self.answered = True
        self.headers = {name.lower(): self.origin.clean(value) for name, value in response.headers.items()}
        self.origin = replace(self.origin, status=response.status_code, request_id=request_id(self.headers))
        self._decoder = ContentDecoder(self.headers.get("content-encoding", ""))


class _Upload(httpx.AsyncByteStream):
    """The form's body as it leaves; reports its progress and marks the point of no return.

    That point lies before the closing boundary: without it no service can have read the request, and
    with it any may have. So ``leaving`` is called before those last bytes are handed to the transport.
    """

    def __init__(
        self, order: OutgoingEdit, exchange: Exchange, leaving: Callable[[], Awaitable[None]]
    ) -> None:
        self._exchange = exchange
        self._leaving = leaving
        self._reader = FormReader(order.form.segments)
        self._total = order.form.length
        self._sent = 0
        self._told = 0
        self._told_at = 0.0

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        exchange = self._exchange
        exchange.connected = True
        await self._tell()
        block = await self._reader.next()
        if block is None:
            await Report(Waiting("waiting"))
            raise StopAsyncIteration
        self._sent += len(block)
        if self._sent == self._total:
            exchange.origin = replace(exchange.origin, left=True)
            await self._leaving()
        return block

    def release(self) -> None:
        """Closes the file that is being read, if any."""
        self._reader.close()

    async def _tell(self) -> None:
        now = asyncio.get_running_loop().time()
        step = self._sent - self._told >= self._total / 100 and now - self._told_at >= _PROGRESS_SECONDS
        if not self._told_at or step or self._sent == self._total:
            self._told, self._told_at = self._sent, now
            await Report(Waiting("uploading", self._sent, self._total))
