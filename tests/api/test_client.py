"""The client against a real server: what it sends, and what it makes of good replies."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import replace

import pytest
from tests.api.runs import RequestOf
from tests.api.wire import EVENT_STREAM, KEY, SPEC, completed, partial, plain, profile
from tests.conftest import Photo
from tests.fault_server import FaultServer, Script

from overpaint.api.client import EditClient
from overpaint.core.errors import EditError
from overpaint.core.request.edit_request import EditRequest
from overpaint.core.results.edit_events import Completed, EditEvent, Partial, RawSink, Waiting
from overpaint.core.results.usage import Usage


class Diary:
    """A sink that writes down, in order, what it is told."""

    def __init__(self) -> None:
        self.entries: list[str] = []
        self.body = b""
        self.headers: Mapping[str, str] = {}

    async def sent(self) -> None:
        self.entries.append("sent")

    async def head(self, status: int, headers: Mapping[str, str], request_id: str) -> None:
        self.headers = headers
        self.entries.append(f"head {status} {request_id}".strip())

    async def write(self, chunk: bytes) -> None:
        self.body += chunk

    async def flush(self) -> None:
        self.entries.append("flush")


async def collect(
    client: EditClient, request: EditRequest, server: FaultServer, **how: object
) -> list[EditEvent]:
    sink = how.pop("sink", None)
    more: tuple[RawSink, ...] = (sink,) if isinstance(sink, Diary) else ()
    events = client.edit(request, profile(server.base_url, **how), KEY, SPEC, *more)
    return [one async for one in events]


async def test_edit_when_the_reply_is_json_then_gives_the_picture_byte_for_byte(
    client: EditClient, request_of: RequestOf, photo: Photo
) -> None:
    picture = photo("rocket.png").read_bytes()
    body = plain(picture, size="640x427", quality="low")

    async with FaultServer(Script(body=body, headers={"x-request-id": "req_7"})) as server:
        events = await collect(client, request_of(stream=False), server)

    (result,) = [one for one in events if isinstance(one, Completed)]
    assert (result.data, result.format, result.index) == (picture, "png", 0)
    assert result.usage == Usage(16, 832, 196)
    assert result.request_id == "req_7"
    assert result.facts["size"] == "640x427"


async def test_edit_when_the_reply_is_a_stream_then_gives_partials_before_the_picture(
    client: EditClient, request_of: RequestOf, photo: Photo
) -> None:
    pictures = [photo(name).read_bytes() for name in ("astronaut.jpg", "coffee.webp", "chelsea.png")]
    body = partial(pictures[0], 0) + b": PING\n\n" + partial(pictures[1], 1) + completed(pictures[2])
    script = Script(body=body + b"data: [DONE]\n\n", headers=EVENT_STREAM, framing="chunked", pieces=1000)

    async with FaultServer(script) as server:
        events = await collect(client, request_of(), server)

    shown = [one for one in events if not isinstance(one, Waiting)]
    assert [one.data for one in shown] == pictures
    assert [type(one) for one in shown] == [Partial, Partial, Completed]
    assert [one.format for one in shown] == ["jpeg", "webp", "png"]


async def test_edit_then_tells_its_phases_in_order(
    client: EditClient, request_of: RequestOf, photo: Photo
) -> None:
    async with FaultServer(Script(body=plain(photo("coffee.jpg").read_bytes()))) as server:
        events = await collect(client, request_of("retina.png", "coffee.png"), server)

    phases = list(dict.fromkeys(one.phase for one in events if isinstance(one, Waiting)))
    assert phases == ["connecting", "uploading", "waiting", "receiving"]
    uploads = [one for one in events if isinstance(one, Waiting) and one.phase == "uploading"]
    assert uploads[0].sent == 0
    assert uploads[-1].sent == uploads[-1].total == len(server.requests[0].body)
    assert [one.sent for one in uploads] == sorted(one.sent for one in uploads)


async def test_edit_then_the_sink_hears_of_each_step_before_the_picture_is_given(
    client: EditClient, request_of: RequestOf, photo: Photo
) -> None:
    body = completed(photo("coffee.jpg").read_bytes())
    diary = Diary()

    async with FaultServer(Script(body=body, headers={**EVENT_STREAM, "X-Request-Id": "req_9"})) as server:
        events = await collect(client, request_of(), server, sink=diary)

    assert diary.entries == ["sent", "head 200 req_9", "flush"]
    assert diary.body == body
    assert diary.headers["content-type"] == "text/event-stream"
    assert isinstance(events[-1], Completed)


async def test_edit_when_several_pictures_come_then_only_the_first_carries_the_usage(
    client: EditClient, request_of: RequestOf, photo: Photo
) -> None:
    pictures = [photo("coffee.jpg").read_bytes(), photo("rocket.jpg").read_bytes()]

    async with FaultServer(Script(body=plain(*pictures))) as server:
        events = await collect(client, request_of(stream=False, n=2), server)

    results = [one for one in events if isinstance(one, Completed)]
    assert [(one.index, one.data) for one in results] == list(enumerate(pictures))
    assert [one.usage is not None for one in results] == [True, False]


@pytest.mark.parametrize("phase", ["waiting", "receiving"])
async def test_cancelling_when_nothing_comes_then_the_connection_is_closed_at_once(
    client: EditClient, request_of: RequestOf, photo: Photo, phase: str
) -> None:
    body = completed(photo("coffee.jpg").read_bytes())
    script = Script(body=body, headers=EVENT_STREAM, stall_at=500, stall_before_head=phase == "waiting")
    async with FaultServer(script) as server, asyncio.TaskGroup() as group:
        events = client.edit(request_of(), profile(server.base_url), KEY, SPEC)
        async for one in events:
            if isinstance(one, Waiting) and one.phase == phase:
                break
        task = group.create_task(anext(events))
        await asyncio.sleep(0)

        task.cancel()

        await asyncio.wait({task}, timeout=5)
        await asyncio.wait_for(server.requests[0].disconnected.wait(), 5)
    assert task.cancelled()
    assert server.posts == 1


async def test_closing_the_iterator_amid_the_upload_then_nothing_complete_has_arrived(
    client: EditClient, request_of: RequestOf
) -> None:
    diary = Diary()
    async with FaultServer(Script(body=b"{}")) as server:
        events = client.edit(request_of("retina.png"), profile(server.base_url), KEY, SPEC, diary)
        async with aclosing(events):
            async for one in events:
                if isinstance(one, Waiting) and one.phase == "uploading":
                    break

    assert not any(one.complete for one in server.requests)
    assert diary.entries == []


async def test_closing_the_iterator_amid_the_stream_then_the_connection_is_closed_at_once(
    client: EditClient, request_of: RequestOf, photo: Photo
) -> None:
    picture = photo("coffee.jpg").read_bytes()
    body = partial(picture, 0) + completed(picture)
    async with FaultServer(Script(body=body, headers=EVENT_STREAM, stall_at=len(body) - 100)) as server:
        events = client.edit(request_of(), profile(server.base_url), KEY, SPEC)
        async with asyncio.timeout(10), aclosing(events):
            async for one in events:
                if isinstance(one, Partial):
                    break

        await asyncio.wait_for(server.requests[0].disconnected.wait(), 5)


async def test_edit_when_a_file_has_vanished_then_nothing_is_sent(
    client: EditClient, request_of: RequestOf
) -> None:
    request = request_of("chelsea.png")
    gone = request.pictures[0].path.with_name("gone.png")
    request = replace(request, pictures=(replace(request.pictures[0], path=gone),))
    async with FaultServer() as server:
        with pytest.raises(EditError, match=r"“chelsea.png” can't be read any more"):
            await collect(client, request, server)

    assert server.connections == 0
