"""Whatever a service or a gateway makes of its reply: the picture is saved, once, and paid for once.

A table of labels, codings, framings and shapes; the reply is read by what it holds.
"""

import asyncio
import base64
import gzip
import json
import resource
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import brotli
import pytest
import zstandard
from PIL import Image
from tests.api.wire import USAGE, completed, event, partial, plain
from tests.conftest import Photo
from tests.fault_server import Script
from tests.studio.conftest import Served
from tests.studio.making import Workshop, job, request

from overpaint.core.errors import BadReply, EditError, QuotaExhausted, ServiceFailed, StreamCut
from overpaint.core.results.job_state import JobState
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_runner import run
from overpaint.studio.runs.recovery.crash_recovery import recover
from overpaint.studio.runs.recovery.kept_reply import look_again, save_reply


def drawn(kind: str) -> bytes:
    file = BytesIO()
    Image.effect_noise((90, 60), 70).convert("RGB").save(file, kind)
    return file.getvalue()


PNG, JPEG = drawn("PNG"), drawn("JPEG")
B64 = base64.b64encode(PNG).decode()
LINK = "data:image/png;base64," + B64


def dumped(value: object) -> bytes:
    return json.dumps(value).encode()


PLAIN_SHAPES: dict[str, bytes] = {
    "as the API has it": plain(PNG),
    "byte order mark": b"\xef\xbb\xbf" + plain(PNG),
    "comments first": b": PING\n\n: PING\n\n" + plain(PNG),
    "blanks first": b" \n\n" + plain(PNG),
    "data is an object": dumped({"data": {"b64_json": B64}}),
    "data is a text": dumped({"data": LINK}),
    "list of texts": dumped({"data": [LINK]}),
    "images": dumped({"images": [{"b64_json": B64}]}),
    "images are texts": dumped({"images": [B64]}),
    "other key": dumped({"data": [{"b64": B64}]}),
    "unknown key deep down": dumped({"result": {"answer": [{"artifact": {"payload": B64}}]}}),
    "list of links under b64_json": dumped({"data": [{"b64_json": [LINK]}]}),
    "link with capitals": dumped({"data": [{"url": LINK.replace("data:", "DATA:")}]}),
    "link with escapes": dumped({"data": [{"url": LINK.replace("+", "%2B").replace("/", "%2F")}]}),
    "bare base64 as link": dumped({"data": [{"url": B64}]}),
    "bytes and link": dumped({"data": [{"b64_json": B64, "url": LINK}]}),
    "chat": dumped({"choices": [{"message": {"content": f"Here it is: ![image]({LINK}) Enjoy!"}}]}),
    "responses": dumped({"output": [{"type": "image_generation_call", "result": B64}]}),
    "JSON in JSON": dumped(json.dumps({"data": [{"b64_json": B64}]})),
    "JSON in a text": dumped({"body": json.dumps({"data": [{"b64_json": B64}]})}),
    "lines of JSON": dumped({"type": "image_edit.partial_image", "b64_json": B64[:0]}) + b"\n" + plain(PNG),
    "an error behind it": plain(PNG) + dumped({"error": {"message": "context canceled"}}),
    "a warning before it": b"<br />\n<b>Warning</b>: foo in x.php<br />\n" + plain(PNG),
    "error is null": plain(PNG, error=None),
    "an escaped line": dumped({"log": "done\n" + LINK + "\nbye"}),
    "the file": PNG,
}
STREAM_SHAPES: dict[str, bytes] = {
    "as the API has it": partial(JPEG, 0) + completed(PNG),
    "data twice": b"data: data: " + dumped({"type": "image_edit.completed", "b64_json": B64}) + b"\n\n",
    "no names": b"data: " + dumped({"b64_json": B64}) + b"\n\n",
    "no blank line between": b"data: " + dumped({"b64_json": B64, "partial_image_index": 0})
    + b"\ndata: " + dumped({"type": "image_edit.completed", "b64_json": B64, "usage": USAGE}) + b"\n\n",
    "comments as data": b"data: : PROCESSING\n\n" + completed(PNG),
    "carriage returns": completed(PNG).replace(b"\n", b"\r\n"),
    "no end": completed(PNG).rstrip(b"\n"),
    "numbered and never completed": b"data: "
    + dumped({"b64_json": B64, "partial_image_index": 0}) + b"\n\ndata: [DONE]\n\n",
    "responses": event("response.output_item.done", {"item": {"result": B64}}),
    "chat": b"data: " + dumped({"choices": [{"delta": {"content": f"![image]({LINK})"}}]})
    + b"\n\ndata: [DONE]\n\n",
    "one JSON document": plain(PNG),
    "lines of JSON": dumped({"type": "image_edit.partial_image", "partial_image_index": 0,
    "b64_json": base64.b64encode(JPEG).decode()}) + b"\n" + plain(PNG) + b"\n",
}  # fmt: skip
LABELS = (
    "application/json", "text/event-stream", "text/plain; charset=utf-8", "text/html", "image/png",
    "application/octet-stream", "application/x-ndjson", "",
)  # fmt: skip
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": gzip.compress,
    "deflate": lambda body: zlib.compress(body)[2:-4],
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "utf-8": bytes,
    "gzip, identity": gzip.compress,
}


@dataclass(frozen=True)
class Cell:
    shape: bytes
    label: str
    coding: str
    stream: bool

    @property
    def script(self) -> Script:
        headers = {"content-type": self.label}
        if self.coding:
            headers["content-encoding"] = self.coding
        return Script(headers=headers, body=CODINGS[self.coding](self.shape), framing="chunked")


def cells() -> dict[str, Cell]:
    """Every shape under every label, and in every coding under the label that it should have."""
    found: dict[str, Cell] = {}
    for stream, shapes in ((False, PLAIN_SHAPES), (True, STREAM_SHAPES)):
        for name, shape in shapes.items():
            pairs = {(label, "") for label in LABELS}
            pairs |= {(LABELS[stream], coding) for coding in CODINGS}
            for label, coding in sorted(pairs):
                asked = "stream" if stream else "plain"
                found[f"{asked}, {name}, {label or 'no label'}, {coding or 'as it is'}"] = Cell(
                    shape, label, coding, stream
                )
    return found


CELLS = cells()


async def made(workshop: Workshop, photo: Photo, *, stream: bool = False) -> Job:
    one = job(request(photo("chelsea.jpg", (64, 48)), model="gpt-image-2", stream=stream))
    await run(one, workshop.tools, workshop.tell)
    return one


@pytest.mark.parametrize("group", range(8))
async def test_picture_in_a_reply_of_any_kind_is_saved_byte_for_byte_and_paid_for_once(
    served: Served, photo: Photo, group: int
) -> None:
    wrong: dict[str, object] = {}
    async with served(Script()) as (server, workshop):
        for name in sorted(CELLS)[group::8]:
            server.scripts = [CELLS[name].script]
            server.requests.clear()

            one = await made(workshop, photo, stream=CELLS[name].stream)

            saved = [result.path.read_bytes() for result in one.results]
            if (saved, server.posts, one.state) != ([PNG], 1, JobState.SAVED):
                wrong[name] = (len(saved), server.posts, one.error)
    assert wrong == {}


@pytest.mark.parametrize("kind", ["GIF", "AVIF", "WEBP", "JPEG", "TIFF", "BMP"])
async def test_picture_of_a_format_that_nobody_asked_for_is_saved_as_it_came(
    served: Served, photo: Photo, kind: str
) -> None:
    picture = drawn(kind)
    async with served(Script(body=plain(picture))) as (_, workshop):
        one = await made(workshop, photo)

        assert [result.path.read_bytes() for result in one.results] == [picture]
        assert one.results[0].path.suffix[1:4] == kind.lower().replace("jpeg", "jpg")[:3]


REFUSALS: dict[str, tuple[bytes, type[EditError], bool, str]] = {
    "an error labelled as a stream": (
        dumped({"error": {"message": "Boom", "code": "server_error"}}), ServiceFailed, True, "Boom",
    ),
    "no success": (
        dumped({"success": False, "message": "The quota is not enough"}), QuotaExhausted, False,
        "The quota is not enough",
    ),
    "a code": (dumped({"code": "no_one", "message": "Nobody"}), ServiceFailed, True, "Nobody"),
    "a page": (b"<!doctype html><title>New API</title>", BadReply, False, ""),
    "nothing in it": (dumped({"data": []}), BadReply, True, ""),
    "a task": (dumped({"id": "task_1", "status": "queued"}), BadReply, True, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
@pytest.mark.parametrize("label", ["application/json", "text/event-stream"])
async def test_reply_without_a_picture_says_what_the_service_said_and_what_was_billed(
    served: Served, photo: Photo, name: str, label: str
) -> None:
    body, kind, billed, told = REFUSALS[name]
    async with served(Script(headers={"content-type": label}, body=body)) as (server, workshop):
        one = await made(workshop, photo)

        assert isinstance(one.error, kind)
        assert (one.may_have_been_billed, server.posts) == (billed, 1)
        assert one.error.service_message == told
        assert ("address" in one.error.next_step) == (name == "a page")


async def test_plain_reply_that_is_cut_gives_the_pictures_that_had_come_whole(
    served: Served, photo: Photo
) -> None:
    pictures = [drawn("PNG") for _ in range(4)]
    body = plain(*pictures)
    async with served(Script(body=body, cut_at=len(body) * 85 // 100)) as (server, workshop):
        one = job(request(photo("chelsea.jpg", (64, 48)), model="gpt-image-2", n=4))
        await run(one, workshop.tools, workshop.tell)

        assert [result.path.read_bytes() for result in one.results] == pictures[:3]
        assert isinstance(one.error, StreamCut)
        assert server.posts == 1


async def test_error_of_a_gateway_that_quotes_the_finished_stream_gives_its_picture(
    served: Served, photo: Photo
) -> None:
    quoted = (partial(JPEG, 0) + completed(PNG)).decode()
    body = dumped({"error": {"message": f"litellm.APIError: {quoted}", "code": "500"}})
    async with served(Script(500, body=body)) as (server, workshop):
        one = await made(workshop, photo)

        assert [result.path.read_bytes() for result in one.results] == [PNG]
        assert server.posts == 1


HOSTILE: dict[str, tuple[bytes, bytes, bytes]] = {
    "an event of lists": (b"data: [", b"[],", b"[]]\n\n"),
    "a document of lists": (b'{"data":[', b"[],", b"[]]}"),
    "a document of texts": (b'{"data":[', b'"",', b'""]}'),
    "lists in lists": (b"", b"[", b""),
    "one long text": (b'{"a":"', b"x", b'"}'),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_reply_of_endless_small_values_costs_neither_memory_nor_the_loop_its_turn(
    served: Served, photo: Photo, name: str
) -> None:
    start, value, end = HOSTILE[name]
    body = start + value * (24_000_000 // len(value)) + end
    async with served(Script(body=body)) as (_, workshop):
        before, turns = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, 0

        async def turning() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        async with asyncio.TaskGroup() as group:
            other = group.create_task(turning())
            one = await made(workshop, photo)
            other.cancel()

        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        assert isinstance(one.error, BadReply | StreamCut)
        assert grown < 150  # as values of Python's own they would be more than 500 MB
        assert turns > 300


async def test_reply_that_nobody_can_read_is_kept_looked_through_again_and_saved(
    served: Served, photo: Photo, tmp_path
) -> None:
    body = dumped({"answer": "a riddle"})
    async with served(Script(body=body)) as (server, workshop):
        one = await made(workshop, photo)
        assert one.kept_reply is not None
        assert not look_again(one, workshop.tools)

        save_reply(one, tmp_path / "reply.json")
        assert (tmp_path / "reply.json").read_bytes() == body
        (again,) = await recover(workshop.tools)  # the next start shows it as well
        assert again.kept_reply == one.kept_reply
        assert again.error is not None

        one.kept_reply.write_bytes(plain(PNG))  # as a later version would understand it
        assert look_again(one, workshop.tools)

        assert [result.path.read_bytes() for result in one.results] == [PNG]
        assert (one.state, one.error, server.posts) == (JobState.SAVED, None, 1)
        assert await recover(workshop.tools) == []
        assert len(workshop.tools.ledger.entries()) == 1
