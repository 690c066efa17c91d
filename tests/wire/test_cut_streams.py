"""A recorded stream cut at its every byte: never a silent success, never a lost picture, on all of the way.

The way is that of a paid edit: journal, client, spool and gallery with a connection that is cut, and
salvage at the next start where it was the program that died. The suite takes every byte around the
places where something begins or ends and a sample of those between; see `extent` for all of them.
"""

import random
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from tests.api.wire import EVENT_STREAM, profile
from tests.conftest import Photo
from tests.fault_server import FaultServer, Script
from tests.studio.making import KEY, Workshop, job, request
from tests.wire.extent import FULL, LIMIT
from tests.wire.recording import Recording

from overpaint.core.errors import OutcomeUnknown, StreamCut
from overpaint.core.request.edit_request import EditRequest
from overpaint.core.results.job_state import JobState
from overpaint.core.results.prices import Estimate
from overpaint.library.journal.spool import Spool
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_runner import run
from overpaint.studio.runs.recovery.crash_recovery import recover

pytestmark = pytest.mark.timeout(LIMIT)

FRAMINGS = ("chunked", "length", "close")
BATCH = 100
NEAR = 12
SAMPLE = 150


@pytest.fixture
def recording(photo: Photo) -> Recording:
    return Recording.of(photo)


@pytest.fixture
def asked(photo: Photo) -> EditRequest:
    return request(photo("chelsea.jpg", (64, 48)))


@pytest_asyncio.fixture
async def served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[FaultServer, Workshop]]:
    for name, value in KEY.items():
        monkeypatch.setenv(name, value)
    async with FaultServer() as server:
        workshop = Workshop(tmp_path, profile(server.base_url))
        yield server, workshop
        await workshop.close()


def cuts(recording: Recording) -> list[int]:
    """The offsets to cut at, in an order of no meaning, so that any hundred are of all kinds."""
    size = len(recording.body)
    chosen = set(range(size + 1))
    if not FULL:
        base64_starts = [start + 60 for start in (0, *recording.ends)]
        places = (0, *recording.ends, *base64_starts, recording.ends[-1] - 200)
        near = {place + step for place in places for step in range(-NEAR, NEAR + 1)}
        chosen &= near | set(range(0, size, size // SAMPLE))
    return random.Random(7).sample(sorted(chosen), len(chosen))


def clear(workshop: Workshop) -> None:
    """Forgets the runs so far: two hundred thousand of them would fill a disk."""
    for folder in (workshop.tools.journal.folder, workshop.gallery_folder):
        shutil.rmtree(folder, ignore_errors=True)


def wrong(recording: Recording, cut: int, one: Job, saved: list[bytes]) -> str:
    """What is not as promised in a run whose reply ended at `cut`; empty when all is."""
    if cut >= recording.whole:
        well = saved == [recording.final] and one.state is JobState.SAVED
        return "" if well else f"the picture was lost: {one.state}, {len(saved)} files"
    if saved or one.results or one.unsaved:
        return "a picture although it was cut"
    if one.state is not JobState.OUTCOME_UNKNOWN or not isinstance(one.error, OutcomeUnknown):
        return f"ended as {one.state}: {one.error!r}"
    if not (one.may_have_been_billed and one.error.may_have_been_billed):
        return "not said that it may have been billed"
    shown = one.partial.data if one.partial is not None else None
    return "" if shown == recording.newest(cut) else "the newest partial picture is not kept"


async def test_a_connection_when_cut_at_a_byte_then_the_run_says_so_and_keeps_all_that_came(
    served: tuple[FaultServer, Workshop], recording: Recording, asked: EditRequest
) -> None:
    server, workshop = served
    body, offsets, faults = recording.body, cuts(recording), {}

    for number, cut in enumerate(offsets):
        framing = FRAMINGS[number % len(FRAMINGS)]
        server.scripts = [Script(headers=EVENT_STREAM, body=body, framing=framing, cut_at=cut)]
        server.requests.clear()
        one = job(asked)
        await run(one, workshop.tools, workshop.tell)
        fault = wrong(recording, cut, one, workshop.pictures)
        if cut < recording.whole and not isinstance(one.error, StreamCut):
            fault = fault or f"not told as a cut stream: {one.error!r}"
        kept = workshop.kept.body
        gone = bool(one.results) and kept is None  # the gallery has its picture
        if not gone and (kept.read_bytes() if kept is not None else b"") != body[:cut]:
            fault = fault or "the spool holds something else than what came"
        if server.posts != 1:
            fault = fault or f"{server.posts} requests"
        if fault:
            faults[cut, framing] = fault
        clear(workshop)

    report("connection cut", len(offsets), len(body))
    assert faults == {}


async def test_a_program_when_killed_at_a_byte_of_the_reply_then_the_next_start_recovers_what_came(
    served: tuple[FaultServer, Workshop], recording: Recording, asked: EditRequest
) -> None:
    _, workshop = served
    body, offsets, faults = recording.body, cuts(recording), {}

    for start in range(0, len(offsets), BATCH):
        batch = offsets[start : start + BATCH]
        left = {await killed(workshop, asked, body[:cut]): cut for cut in batch}
        for one in await recover(workshop.tools):
            cut = left.pop(one.id)
            saved = [result.path.read_bytes() for result in one.results]
            if fault := wrong(recording, cut, one, saved):
                faults[cut] = fault
        faults |= dict.fromkeys(left.values(), "not found by the next start")
        clear(workshop)

    report("program killed", len(offsets), len(body))
    assert faults == {}


async def killed(workshop: Workshop, asked: EditRequest, received: bytes) -> str:
    """Leaves a run as a process leaves it that dies after so much of the reply; its id."""
    record = workshop.tools.journal.open_job(asked, "api.example.com", Estimate())
    spool = Spool(record)
    spool.sent()
    spool.head(200, EVENT_STREAM, "req_1")
    spool.write(received)
    spool.close()
    record.close()
    return record.id


def report(what: str, cuts: int, size: int) -> None:
    sys.stdout.write(f"\n{what}: {cuts} of {size + 1} offsets of a stream of {size} bytes\n")
