"""``kill -9`` of real headless runs at random moments of their stream, and what the next start says."""

import asyncio
import random
import signal
import sys
from asyncio.subprocess import Process
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.api.wire import EVENT_STREAM
from tests.cli.running import ended, started
from tests.conftest import Photo
from tests.fault_server import FaultServer, Received, Script
from tests.wire.extent import FULL, LIMIT
from tests.wire.recording import Recording

from overpaint.core.results.job_state import JobState
from overpaint.library.journal.journal import Journal, StoredJob
from overpaint.studio.config.folders import Folders
from overpaint.studio.runs.job import Job
from overpaint.studio.studio import Studio

pytestmark = [
    pytest.mark.timeout(LIMIT),
    pytest.mark.skipif(sys.platform == "win32", reason="kills with SIGKILL"),
]

KILLS = 100 if FULL else 20
LONGEST_LIFE = 0.28
"""Seconds after the upload: the stream takes about 0.2 of them, saving its picture the rest."""


@dataclass(frozen=True)
class Killed:
    """What a killed run leaves: its job as it lies on the disk, with what of the reply was kept, what it had
    said, what the server got."""

    job: StoredJob
    received: bytes
    said: str
    request: Received


async def test_runs_when_killed_at_random_moments_then_all_are_known_and_no_picture_is_lost(
    photo: Photo,
) -> None:
    recording, folders = Recording.of(photo), Folders.find()
    script = Script(headers=EVENT_STREAM, body=recording.body, framing="chunked", pieces=1500, drip=0.001)
    chance = random.Random()
    known: set[str] = set()
    phases: Counter[str] = Counter()
    faults: list[str] = []

    async with FaultServer(script) as server:
        for number in range(KILLS):
            server.arrived.clear()
            process = await started(*command(photo, folders.pictures), "--base-url", server.base_url)
            await asyncio.wait_for(server.arrived.wait(), 30)
            said = await killed_after(process, LONGEST_LIFE * (number + chance.random()) / KILLS)
            new = [job for job in Journal(folders.journal).recent(KILLS + 1) if job.id not in known]
            if (server.posts, len(new)) != (number + 1, 1):
                faults.append(f"{server.posts} requests, {len(new)} new runs in the journal")
            received = new[0].body.read_bytes() if new[0].body is not None else b""
            left = Killed(new[0], received, said, server.requests[-1])
            known.add(left.job.id)
            phases[phase(left.job, recording)] += 1
            faults += wrong(left, await next_start(), recording, folders.pictures)
            for path in folders.pictures.glob("*.png"):
                path.unlink()

    report(phases)
    assert faults == []
    assert len(phases) >= 2  # the moments differ


def command(photo: Photo, out: Path) -> tuple[str | Path, ...]:
    picture = photo("chelsea.jpg", (64, 48))
    return "edit", "--image", picture, "--prompt", "Make it warmer", "--out", out, "--partial-images", "2"


async def killed_after(process: Process, seconds: float) -> str:
    """Kills a process unless it ends by itself before; what it had said on standard error."""
    try:
        await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        with suppress(ProcessLookupError):  # it may have ended by itself in the same moment
            process.send_signal(signal.SIGKILL)
    return (await ended(process)).err


async def next_start() -> list[Job]:
    """What the next start of the program finds unfinished; a second one finds nothing more."""
    found = []
    for _ in range(2):
        studio = Studio(Folders.find())
        try:
            found.append(await studio.recover())
        finally:
            await studio.close()
    assert found[1] == []
    return found[0]


def wrong(left: Killed, jobs: list[Job], recording: Recording, gallery: Path) -> list[str]:
    """What is not as promised after one kill."""
    kept, faults = left.job, []
    received = left.received
    pictures = [path.read_bytes() for path in gallery.glob("*.png")]
    if not recording.body.startswith(received):
        faults.append("the spool holds something else than what came")
    if len(jobs) != (0 if kept.is_finished or kept.is_told else 1):
        faults.append(f"{len(jobs)} runs found by the next start of one that was {kept.state}")
    if len(received) >= recording.whole or kept.saved or "saved " in left.said:
        if pictures != [recording.final]:
            faults.append(f"{len(pictures)} pictures of a complete reply that was {kept.state}")
        return faults
    if pictures:
        faults.append(f"{len(pictures)} pictures of a reply of {len(received)} bytes")
    return faults + [fault for one in jobs if (fault := untrue(one, left, recording.newest(len(received))))]


def untrue(job: Job, left: Killed, newest: bytes | None) -> str:
    """What the next start says wrongly of a run whose picture was not complete."""
    if job.state is JobState.FAILED:  # it died before its last bytes had left
        return "said not to have been sent, but the server has it all" if left.request.complete else ""
    if job.state is not JobState.OUTCOME_UNKNOWN or not job.may_have_been_billed:
        return f"said to be {job.state}"
    shown = job.partial.data if job.partial is not None else None
    if shown is None and "partial picture" in left.said:
        return "a partial picture had been told of, and is lost"
    return "" if shown == newest else "the newest partial picture is not kept"


def phase(job: StoredJob, recording: Recording) -> str:
    """Where in its course a run was killed."""
    if job.saved:
        return "picture saved"
    if job.body_bytes >= recording.whole:
        return "reply complete, not saved"
    if not job.state.has_left:
        return "before the last bytes had left"
    if job.body_bytes == 0:
        return "before the reply"
    count = sum(job.body_bytes >= end for end in recording.ends[::2])
    return f"within the reply, after {count} partial pictures"


def report(phases: Counter[str]) -> None:
    lines = [f"{count:4}  {name}" for name, count in sorted(phases.items())]
    sys.stdout.write(f"\n{sum(phases.values())} runs killed:\n" + "\n".join(lines) + "\n")
