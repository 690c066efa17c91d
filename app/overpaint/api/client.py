"""The client of the image edit API: one edit in, events out, typed errors, nothing sent twice."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from functools import partial

from overpaint.api.errors import http_errors
from overpaint.api.errors.key_redaction import KeylessSink
from overpaint.api.errors.request_context import RequestContext
from overpaint.api.errors.retry_policy import RetryPolicy
from overpaint.api.errors.transport_errors import cut
from overpaint.api.reply import reply_parser
from overpaint.api.reply.reply_parser import Reader
from overpaint.api.reply.reply_pictures import FoundPicture, ReplyPictures
from overpaint.api.reply.result_links import fetch
from overpaint.api.transport import connections, multipart
from overpaint.api.transport.awake_time import AwakeTimer
from overpaint.api.transport.exchange import Exchange, OutgoingEdit
from overpaint.api.transport.picture_link import LinkedPicture, fetch_picture
from overpaint.core.errors import EditError, RateLimited
from overpaint.core.request.edit_request import EditRequest
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelSpec
from overpaint.core.results.edit_events import EditEvent, NullSink, RawSink, Waiting

_LINGER_SECONDS = 2.0
"""How long a reply is still read after all its pictures have come, for a word that it ends."""

_SLICE_BYTES = 8 * 1024
"""What is read without giving the loop its turn: some thousand of the tiniest values."""
_LONG = 0.005
"""Seconds of reading after which the loop has its turn."""

_NO_SINK = NullSink()


class EditClient:
    """Sends edits. There is one in the process: it keeps the HTTP clients, each of which is slow to make.

    Used on one event loop. ``sleep`` is how a rate limit is waited out.
    """

    def __init__(self, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._connections = connections.Connections()
        self._sleep = sleep

    async def edit(
        self,
        request: EditRequest,
        profile: EndpointProfile,
        key: str,
        spec: ModelSpec,
        sink: RawSink = _NO_SINK,
    ) -> AsyncGenerator[EditEvent, None]:
        """Sends one edit and yields what happens: ``Waiting``, ``Partial``, a ``Completed`` a picture.

        Ends after the last picture, or raises ``EditError``, whose ``may_have_been_billed`` says whether
        the service may have done the work. The edit is sent again by itself only where it cannot have
        run: after a failed connection, and after waiting out a rate limit. Cancelling the task, or
        closing the iterator (``contextlib.aclosing``), closes the connection at once.
        """
        order = await _order(request, profile, key, spec)
        client = await self._connections.client(profile, order.url)
        kept = KeylessSink(sink, key)
        send = partial(Exchange, client, order, _Once(sink.sent))
        with order.timer:
            async with aclosing(self._attempts(send, kept, request.params.n)) as events:
                async for event in events:
                    yield event

    async def fetch(self, link: str) -> LinkedPicture:
        """A picture by its address, which the user agreed to. Raises :class:`PictureError` in words."""
        return await fetch_picture(link, self._connections)

    async def close(self) -> None:
        """Closes all connections."""
        await self._connections.close()

    async def _attempts(
        self, send: Callable[[], Exchange], kept: KeylessSink, wanted: int
    ) -> AsyncGenerator[EditEvent, None]:
        patience = RetryPolicy()
        while True:
            yield Waiting("connecting")
            exchange = send()
            try:
                async with aclosing(self._attempt(exchange, kept, wanted)) as events:
                    async for event in events:
                        yield event
                return
            except EditError as failure:
                pause = patience.pause(failure, exchange.headers)
                if pause is None or pause > exchange.timer.seconds_left:
                    await exchange.tell_refusal(kept)
                    raise
                is_limit = isinstance(failure, RateLimited)
            finally:
                try:
                    await exchange.close()
                finally:
                    await kept.end()
            if is_limit:
                yield Waiting("rate limited", seconds=pause)
            await self._sleep(pause)

    async def _attempt(
        self, exchange: Exchange, sink: RawSink, wanted: int
    ) -> AsyncGenerator[EditEvent, None]:
        while (waiting := await exchange.advance()) is not None:
            yield waiting
        origin, headers = exchange.origin, exchange.headers
        if not 200 <= origin.status < 300:
            raise http_errors.refusal(origin, headers, await exchange.refusal_body())
        unkept = await _unkept(sink.head(origin.status, headers, origin.request_id))
        yield Waiting("receiving", request_id=origin.request_id)
        try:
            async with aclosing(self._pictures(exchange, sink, wanted, unkept)) as events:
                async for event in events:
                    yield event
        except EditError:
            raise
        except Exception:
            # What couldn't be read has been paid for: the sink gets all of it, to be read once more.
            while (chunk := await exchange.chunk()) is not None:
                await sink.write(chunk)
            raise

    async def _pictures(
        self, exchange: Exchange, sink: RawSink, wanted: int, unkept: Exception | None
    ) -> AsyncGenerator[EditEvent, None]:
        origin, headers = exchange.origin, exchange.headers
        reader = reply_parser.reader(origin, headers.get("content-type", ""))
        tally = ReplyPictures(origin)
        lost: EditError | None = None
        while not reader.ended:
            try:
                chunk = await exchange.chunk(_LINGER_SECONDS if tally.finished >= wanted else None)
            except EditError as fault:
                lost, chunk = fault, None
            if chunk is None:
                break
            unkept = await _unkept(sink.write(chunk)) or unkept
            async for found in _found(reader, chunk):
                yield await self._event(found, tally, exchange, sink)
        for found in reader.close():
            yield await self._event(found, tally, exchange, sink)
        _check_end(reader, tally, exchange, wanted, lost)
        if unkept is not None:
            raise unkept

    async def _event(
        self, found: FoundPicture, tally: ReplyPictures, exchange: Exchange, sink: RawSink
    ) -> EditEvent:
        if not found.final:
            return tally.partial(found)
        if found.link:
            data = await fetch(found.link, exchange.origin, self._connections, exchange.timer)
            found = replace(found, data=data, link="")
        event = tally.completed(found)
        await sink.flush()
        return event


async def _found(reader: Reader, chunk: bytes) -> AsyncGenerator[FoundPicture, None]:
    """What a chunk completes, read in slices so that the loop has its turn between them."""
    for start in range(0, len(chunk), _SLICE_BYTES):
        began = time.perf_counter()
        for found in reader.feed(chunk[start : start + _SLICE_BYTES]):
            yield found
        if time.perf_counter() - began > _LONG:
            await asyncio.sleep(0)


async def _unkept(handing: Awaitable[None]) -> Exception | None:
    """The error in handing something to the sink: it is raised when the pictures that follow are safe."""
    try:
        await handing
    except Exception as error:  # noqa: BLE001 - raised at the end of the reply
        return error
    return None


class _Once:
    """Calls something the first time only: an edit that waits out a rate limit still leaves but once."""

    def __init__(self, act: Callable[[], Awaitable[None]]) -> None:
        self._act: Callable[[], Awaitable[None]] | None = act

    async def __call__(self) -> None:
        act, self._act = self._act, None
        if act is not None:
            await act()


async def _order(request: EditRequest, profile: EndpointProfile, key: str, spec: ModelSpec) -> OutgoingEdit:
    connections.check_address(profile)
    headers = connections.request_headers(profile, key)
    url = connections.request_url(profile)
    form = await asyncio.to_thread(multipart.edit_form, request, profile, spec)
    origin = RequestContext(
        profile=profile,
        model=request.params.model,
        pictures=tuple(one.name for one in request.pictures),
        sent_bytes=form.length,
        key=key,
    )
    return OutgoingEdit(url, headers, form, origin, AwakeTimer(profile.timeouts.total))


def _check_end(
    reader: Reader, tally: ReplyPictures, exchange: Exchange, wanted: int, lost: EditError | None
) -> None:
    """Raises unless the reply brought what was asked for; a cut that may have lost pictures is an error."""
    may_be_cut = lost is not None or not (reader.ended or exchange.ends_are_told)
    if not tally.finished:
        raise lost or (cut(exchange.origin, "the connection ended") if may_be_cut else reader.missing())
    if tally.finished < wanted and may_be_cut:
        cause = lost.cause if lost is not None else "the connection ended"
        raise cut(exchange.origin, cause, tally.finished, wanted) from lost
