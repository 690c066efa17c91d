"""``kill -9`` at every step of saving a picture: the next start makes gallery, journal and ledger agree."""

import asyncio
import sys
from pathlib import Path

import pytest
from tests.api.wire import plain
from tests.cli.running import environment
from tests.conftest import Photo
from tests.fault_server import FaultServer, Script
from tests.library.making import intact, mask
from tests.wire.extent import FULL, LIMIT

from overpaint.core.results.job_state import JobState
from overpaint.library.gallery import sidecar
from overpaint.library.gallery.result_files import is_result
from overpaint.library.journal.journal import Journal
from overpaint.library.journal.ledger import Ledger
from overpaint.library.storage.temporary_files import is_temporary
from overpaint.studio.config.folders import Folders
from overpaint.studio.runs.job import Job
from overpaint.studio.studio import Studio

pytestmark = [
    pytest.mark.timeout(LIMIT),
    pytest.mark.skipif(sys.platform == "win32", reason="kills with SIGKILL"),
]

EVERY = 1 if FULL else 3
"""The suite tries every third step."""

COMMAND = Path(__file__).with_name("dying_command.py")


async def test_save_when_killed_at_any_step_then_the_next_start_completes_it_once(
    photo: Photo, tmp_path: Path
) -> None:
    final = photo("coffee.png", (120, 80)).read_bytes()
    source, drawn = photo("chelsea.jpg", (64, 48)), tmp_path / "mask.png"
    drawn.write_bytes(mask((64, 48)))
    faults: dict[int, list[str]] = {}
    step, ended = 1, False
    async with FaultServer(Script(body=plain(final))) as server:
        while not ended:
            out = tmp_path / f"out {step}"
            words = "edit", "--image", source, "--mask", drawn, "--prompt", "Warmer", "--out", out
            ended = await dies(step, *words, "--model", "gpt-image-2", "--base-url", server.base_url)
            (left,) = Journal(Folders.find().journal).recent(1)
            before = [entry.job for entry in Ledger(Folders.find().ledger).entries()]
            found = await next_start(), await next_start()
            if wrong := [*disagreements(out, final, left.id), *told(found, before, left.id, ended=ended)]:
                faults[step] = wrong
            step += EVERY

    assert faults == {}
    assert step > 20


async def dies(step: int, *words: object) -> bool:
    """Runs a command that is killed at a step; whether it came to its end before."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, COMMAND, str(step), *map(str, words), env=environment(), stdout=-1, stderr=-1
    )
    async with asyncio.timeout(30):
        _, said = await process.communicate()
    assert process.returncode in (0, -9), said.decode()
    return process.returncode == 0


async def next_start() -> list[Job]:
    """What the next start of the window tells of runs that were cut off."""
    studio = Studio(Folders.find())
    try:
        return await studio.recover()
    finally:
        await studio.close()


def disagreements(out: Path, final: bytes, run: str) -> list[str]:
    """What is not as it should be after the next start."""
    folders, faults = Folders.find(), []
    pictures = [one for one in out.iterdir() if is_result(one.name)]
    if [one.read_bytes() for one in pictures] != [final]:
        faults.append(f"{len(pictures)} pictures where they were to go")
    if folders.pictures.exists() and any(folders.pictures.iterdir()):
        faults.append("something is in the window's gallery")
    faults += [f"{one} stays" for one in out.iterdir() if is_temporary(one.name)]
    for one in pictures:
        details = one.with_name(one.stem + sidecar.SIDECAR_ENDING)
        if not details.exists() or not intact(one) or not (out / sidecar.read(details).mask).is_file():
            faults.append("the picture has not all of its details")
        elif sidecar.read(details).run != run or not sidecar.read(details).cost:
            faults.append("the sidecar doesn't know run and price")
    entries = [entry for entry in Ledger(folders.ledger).entries() if entry.job == run]
    if [(entry.state, bool(entry.cost)) for entry in entries] != [(JobState.SAVED, True)]:
        faults.append(f"in the ledger: {entries}")
    journal = Journal(folders.journal)
    (kept,) = journal.recent(1)
    if journal.unfinished() or kept.state is not JobState.SAVED or kept.body is not None:
        faults.append(f"in the journal: {kept.state}, {kept.body}")
    return faults


def told(found: tuple[list[Job], list[Job]], entered: list[str], run: str, *, ended: bool) -> list[str]:
    """What is wrongly told: a run is told of once, unless it had come to its end for whoever started it."""
    first, second = found
    if second or len(first) > 1 or (ended and first):
        return [f"{len(first)} and {len(second)} runs told of"]
    if run in entered and first:
        return ["a run is told of that was in the ledger as saved"]
    return []
