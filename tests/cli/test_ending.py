"""Commands that are interrupted, terminated or killed: what they leave, and what the next start says."""

import asyncio
import contextlib
import os
import select
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.api.wire import EVENT_STREAM, completed, partial
from tests.cli.running import ended, says, started
from tests.conftest import Photo
from tests.fault_server import FaultServer, Script

from overpaint.core.results.job_state import JobState
from overpaint.library.journal.journal import Journal
from overpaint.studio.config.folders import Folders
from overpaint.studio.studio import Studio

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc for the engine's process")


@asynccontextmanager
async def next_start() -> AsyncIterator[Studio]:
    studio = Studio(Folders.find())
    try:
        yield studio
    finally:
        await studio.close()


def words(photo: Photo, out: Path, name: str = "chelsea.png") -> tuple[str | Path, ...]:
    return ("edit", "--image", photo(name), "--prompt", "Make it warmer", "--out", out, "--json")


def children(pid: int) -> list[int]:
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # a thread that has just ended
            found += map(int, (thread / "children").read_text().split())
    return found


def handles(process: Process) -> list[int]:
    """A handle for each process that a command has started, and for those they have started."""
    first = children(process.pid)
    return [os.pidfd_open(one) for one in (*first, *(grand for one in first for grand in children(one)))]


def all_end(processes: list[int], seconds: float) -> bool:
    """Whether all of these processes come to their end in time."""
    for one in processes:
        ready, _, _ = select.select([one], [], [], seconds)
        os.close(one)
        if not ready:
            return False
    return True


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["Ctrl+C", "SIGTERM"]
)
async def test_edit_that_is_told_to_end_closes_its_connection_and_says_so(
    photo: Photo, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    async with FaultServer(Script(stall_before_head=True)) as server:
        process = await started(*words(photo, tmp_path / "out"), "--base-url", server.base_url)
        await says(process, "waiting")

        process.send_signal(number)
        done = await ended(process)

        async with asyncio.timeout(5):
            await server.requests[0].disconnected.wait()
        assert done.code == code
        assert done.error == {"kind": "cancelled", "message": "Cancelled.", "may_have_been_billed": True}
        assert "Traceback" not in done.err
        (kept,) = Journal(Folders.find().journal).recent(2)
        assert kept.state is JobState.CANCELLED


async def test_edit_that_is_told_to_end_takes_its_engine_along(photo: Photo, tmp_path: Path) -> None:
    process = await started(*words(photo, tmp_path / "out", "retina.png"), "--size", "2048x2048")
    await says(process, "waiting")
    engine = handles(process)

    process.send_signal(signal.SIGTERM)
    done = await ended(process)

    assert engine
    assert all_end(engine, 5)
    assert done.code == 143
    assert done.error["may_have_been_billed"] is False


async def test_edit_that_is_killed_takes_its_engine_along_and_the_next_start_tells_the_truth(
    photo: Photo, tmp_path: Path
) -> None:
    process = await started(*words(photo, tmp_path / "out", "retina.png"), "--size", "2048x2048")
    await says(process, "waiting")
    engine = handles(process)

    process.kill()
    await ended(process)

    assert engine
    assert all_end(engine, 10)
    async with next_start() as studio:
        (job,) = await studio.recover()
        assert job.state is JobState.OUTCOME_UNKNOWN
        assert not job.may_have_been_billed
        assert await studio.recover() == []


async def test_edit_that_is_killed_in_the_middle_of_a_stream_keeps_its_partial(
    photo: Photo, tmp_path: Path
) -> None:
    shown = photo("coffee.png").read_bytes()
    body = partial(shown, 0) + completed(photo("rocket.png").read_bytes())
    script = Script(headers=EVENT_STREAM, body=body, framing="chunked", stall_at=len(partial(shown, 0)) + 99)
    async with FaultServer(script) as server:
        process = await started(
            *words(photo, tmp_path / "out"), "--base-url", server.base_url, "--partial-images", "2"
        )
        await says(process, "partial picture 1")

        process.kill()
        await ended(process)

        assert server.posts == 1
    async with next_start() as studio:
        (job,) = await studio.recover()
        assert job.state is JobState.OUTCOME_UNKNOWN
        assert job.newest == shown
        assert job.may_have_been_billed
        assert studio.jobs.all == [job]


async def test_finished_picture_of_a_killed_edit_is_saved_once_by_two_windows_that_start_at_once(
    photo: Photo, tmp_path: Path
) -> None:
    final = photo("rocket.png").read_bytes()
    body = completed(final)
    script = Script(headers=EVENT_STREAM, body=body + b"event: ", framing="chunked", stall_at=len(body))
    out = tmp_path / "out"
    async with FaultServer(script) as server:
        process = await started(*words(photo, out), "--base-url", server.base_url, "--stream", "--n", "1")
        await says(process, "saved")
        process.kill()
        await ended(process)
    # Back to the moment before the save: the reply is on the disk, the picture in no gallery.
    (saved,) = out.glob("*.png")
    saved.unlink()
    log = next(Folders.find().journal.glob("*/job.jsonl"))
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(line for line in lines if b'"saved"' not in line and b"closed" not in line))

    async with next_start() as first, next_start() as second:
        found = await asyncio.gather(first.recover(), second.recover())

    kept = list(out.glob("*.png"))
    assert sorted(len(jobs) for jobs in found) == [0, 1]
    assert [one.read_bytes() for one in kept] == [final]
