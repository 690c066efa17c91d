"""Faults × {before the body, after the body, mid-stream}: what the server saw, and what the user is told.

Run with ``-s``, it prints the table. A request is sent again by itself only where nothing can have run: where
no connection came about (no POST arrives at all), and after a rate limit.
"""

import asyncio
import ssl
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from textwrap import shorten

import pytest
import pytest_asyncio
import trustme
from tests.api.runs import PNG, Outcome, outcome
from tests.api.wire import EVENT_STREAM, completed, partial, plain, profile, refusal
from tests.conftest import Photo
from tests.fault_server import FaultServer, Script
from tests.studio.making import request

from overpaint.api.client import EditClient
from overpaint.core.errors import (
    BadReply,
    ConnectionFailed,
    ContentRefused,
    EditError,
    KeyRefused,
    OutcomeUnknown,
    QuotaExhausted,
    RateLimited,
    Redirected,
    ServiceFailed,
    StreamCut,
    TimedOut,
    UploadTooLarge,
)
from overpaint.core.request.endpoint_profile import EndpointProfile, Timeouts
from overpaint.core.results.edit_events import Partial

BEFORE, AFTER, MID = "before the body", "after the body", "mid-stream"
PATIENT = Timeouts(connect=5.0, read=20.0, total=40.0)
IDLE = Timeouts(connect=5.0, read=0.2, total=40.0)
TOTAL = Timeouts(connect=5.0, read=20.0, total=0.5)
PAGE = b"<!DOCTYPE html><title>Proxy</title><h1>Gateway</h1>"
HTML = {"content-type": "text/html"}
STREAM = partial(PNG, 0) + completed(PNG)
WITHIN = len(partial(PNG, 0)) + 300
MOST_POSTS = 6
"""Of one edit, all but the last answered by a rate limit."""


@dataclass(frozen=True)
class Cell:
    """A fault at a moment: what the server does, and how the edit must end. No script: nobody is reached."""

    script: Script | str
    kind: type[EditError]
    billed: bool
    posts: int = 1
    timeouts: Timeouts = PATIENT


def unread(**script: object) -> Script:
    """Does something having read the request's head alone."""
    return Script(read_bytes=0, **script)  # type: ignore[arg-type]  # passed on by name


def early(status: int, headers: dict[str, str], body: bytes) -> Script:
    """Answers having read the request's head alone, and lets the rest come."""
    return unread(status=status, headers=headers, body=body, stall_at=len(body))


def streamed(**script: object) -> Script:
    """A stream that shows its first partial picture and then does something."""
    return Script(**{"headers": EVENT_STREAM, "body": STREAM, **script})  # type: ignore[arg-type]  # by name


def ending(frame: bytes) -> Script:
    """A stream whose first partial picture is followed by something else than the next."""
    return streamed(body=partial(PNG, 0) + frame, framing="chunked")


def framed(error: bytes) -> Script:
    return ending(b"event: error\ndata: " + error + b"\n\n")


LIMIT = refusal("Rate limit reached. Please try again in 2s.", code="rate_limit_exceeded")
QUOTA = refusal("You exceeded your current quota.", code="insufficient_quota")
POLICY = refusal("Rejected by the safety system.", code="moderation_blocked")
KEY_WRONG = refusal("Incorrect API key provided.", code="invalid_api_key")
BROKEN = refusal("The server had an error.", code="server_error")
ELSEWHERE = {"location": "https://other.example/v1/images/edits"}

MATRIX: dict[tuple[str, str], Cell] = {
    ("no such name", BEFORE): Cell("https://nobody.invalid/v1", ConnectionFailed, False, 0),
    ("nothing listens", BEFORE): Cell("http://127.0.0.1:9/v1", ConnectionFailed, False, 0),
    ("certificate of a stranger", BEFORE): Cell("tls", ConnectionFailed, False, 0),
    ("connection closed", BEFORE): Cell(unread(hang_up=True), ConnectionFailed, False),
    ("connection closed", AFTER): Cell(Script(hang_up=True), OutcomeUnknown, True),
    ("connection closed", MID): Cell(streamed(cut_at=WITHIN), StreamCut, True),
    ("closed, no length told", MID): Cell(streamed(cut_at=WITHIN, framing="close"), StreamCut, True),
    ("connection reset", BEFORE): Cell(unread(hang_up=True, reset=True), ConnectionFailed, False),
    ("connection reset", AFTER): Cell(Script(hang_up=True, reset=True), OutcomeUnknown, True),
    ("connection reset", MID): Cell(
        streamed(cut_at=WITHIN, pieces=len(partial(PNG, 0)), drip=0.05, reset=True), StreamCut, True,
    ),
    ("silence", BEFORE): Cell(unread(deaf=True), ConnectionFailed, False, timeouts=IDLE),
    ("silence", AFTER): Cell(Script(stall_before_head=True), TimedOut, True, timeouts=IDLE),
    ("silence", MID): Cell(streamed(stall_at=WITHIN), TimedOut, True, timeouts=IDLE),
    ("too long in all", BEFORE): Cell(unread(deaf=True), ConnectionFailed, False, timeouts=TOTAL),
    ("too long in all", AFTER): Cell(Script(stall_before_head=True), TimedOut, True, timeouts=TOTAL),
    ("too long in all", MID): Cell(streamed(pieces=2000, drip=0.05), TimedOut, True, timeouts=TOTAL),
    ("no HTTP", AFTER): Cell(Script(raw=b"SSH-2.0-OpenSSH_9.6\r\n"), OutcomeUnknown, True),
    ("half a head", AFTER): Cell(Script(raw=b"HTTP/1.1 200 OK\r\ncontent-ty"), OutcomeUnknown, True),
    ("a web page", AFTER): Cell(Script(headers=HTML, body=PAGE), BadReply, False),
    ("JSON cut", AFTER): Cell(Script(body=plain(PNG), cut_at=900), StreamCut, True),
    ("no picture", AFTER): Cell(Script(body=b'{"data": []}'), BadReply, True),
    ("no picture", MID): Cell(ending(b""), StreamCut, True),
    ("413 of a proxy", BEFORE): Cell(early(413, HTML, PAGE), UploadTooLarge, False),
    ("413 of a proxy", AFTER): Cell(Script(413, HTML, PAGE), UploadTooLarge, False),
    ("redirect", BEFORE): Cell(early(307, ELSEWHERE, b""), Redirected, False),
    ("redirect", AFTER): Cell(Script(308, ELSEWHERE), Redirected, False),
    ("wrong key", BEFORE): Cell(early(401, {}, KEY_WRONG), KeyRefused, False),
    ("wrong key", AFTER): Cell(Script(401, {}, KEY_WRONG), KeyRefused, False),
    ("content policy", AFTER): Cell(Script(400, {}, POLICY), ContentRefused, False),
    ("content policy", MID): Cell(framed(POLICY), ContentRefused, True),
    ("no credit", AFTER): Cell(Script(429, {}, QUOTA), QuotaExhausted, False),
    ("no credit", MID): Cell(framed(QUOTA), QuotaExhausted, True),
    ("rate limit", BEFORE): Cell(early(429, {}, LIMIT), RateLimited, False, MOST_POSTS),
    ("rate limit", AFTER): Cell(Script(429, {}, LIMIT), RateLimited, False, MOST_POSTS),
    ("rate limit", MID): Cell(framed(LIMIT), RateLimited, True),
    ("500", AFTER): Cell(Script(500, {"x-should-retry": "true"}, BROKEN), ServiceFailed, True),
    ("500", MID): Cell(framed(BROKEN), ServiceFailed, True),
    ("504 of a proxy", AFTER): Cell(Script(504, HTML, PAGE), ServiceFailed, True),
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One line of the table."""

    fault: str
    moment: str
    posts: int
    failure: EditError

    def __str__(self) -> str:
        billed = "may be billed" if self.failure.may_have_been_billed else "not billed"
        words = shorten(self.failure.sentence(), 190, placeholder=" …")
        kind = type(self.failure).__name__
        return f"{self.fault:26}{self.moment:17}{self.posts:>5}  {kind:17}{billed:15}{words}"


@pytest.fixture(scope="module")
def table() -> Iterator[list[Told]]:
    """Collects the lines and prints them at the end."""
    lines: list[Told] = []
    yield lines
    head = f"{'fault':26}{'moment':17}POSTs  {'error':17}{'bill':15}sentence"
    sys.stdout.write("\n" + "\n".join([head, *map(str, lines)]) + "\n")


@pytest_asyncio.fixture
async def client() -> AsyncIterator[EditClient]:
    """A client for which rate limits and pauses pass at once."""

    async def pass_at_once(_: float) -> None:
        await asyncio.sleep(0)

    one = EditClient(sleep=pass_at_once)
    yield one
    await one.close()


@dataclass(frozen=True)
class Place:
    """Where an edit goes, and the server that is there, if any."""

    where: EndpointProfile
    server: FaultServer | None

    @property
    def posts(self) -> int:
        return self.server.posts if self.server is not None else 0


async def opened(stack: AsyncExitStack, cell: Cell) -> Place:
    """The place in which a cell's fault happens."""
    if isinstance(cell.script, str) and cell.script != "tls":
        return Place(profile(cell.script, timeouts=cell.timeouts), None)
    if isinstance(cell.script, str):
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
        server = FaultServer(tls=tls)
    else:
        server = FaultServer(cell.script)
    await stack.enter_async_context(server)
    return Place(profile(server.base_url, timeouts=cell.timeouts), server)


async def ran(client: EditClient, photo: Photo, moment: str, cell: Cell) -> tuple[Outcome, EditError, int]:
    """How an edit ends, and how many POSTs the server saw."""
    # What a server doesn't read must not fit into the buffers between here and there.
    pictures = [photo("retina.png")] * 12 if moment == BEFORE else [photo("chelsea.jpg")]
    async with AsyncExitStack() as stack:
        place = await opened(stack, cell)
        ended = await outcome(client, request(*pictures), place.where)
        assert ended.failure is not None
        return ended, ended.failure, place.posts


@pytest.mark.parametrize(("fault", "moment"), MATRIX)
async def test_fault_at_a_moment_then_is_told_and_is_paid_for_once_at_most(
    client: EditClient, photo: Photo, table: list[Told], fault: str, moment: str
) -> None:
    cell = MATRIX[fault, moment]

    ended, failure, posts = await ran(client, photo, moment, cell)

    table.append(Told(fault, moment, posts, failure))
    assert (type(failure), failure.may_have_been_billed, posts) == (cell.kind, cell.billed, cell.posts)
    assert failure.message.endswith(".")
    assert failure.next_step
    assert ended.pictures == ([Partial(0, PNG, "png")] if moment == MID else [])


def test_matrix_then_sends_again_only_where_nothing_can_have_run() -> None:
    again = {fault for (fault, _), cell in MATRIX.items() if cell.posts > 1}

    assert again == {"rate limit"}
    assert not [cell for cell in MATRIX.values() if cell.billed and cell.posts > 1]
    assert {moment for _, moment in MATRIX} == {BEFORE, AFTER, MID}
