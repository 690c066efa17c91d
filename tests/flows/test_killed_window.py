"""``kill -9`` of the window during a run: the engine goes with it, and the next start tells the truth."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.flows.desk import desk
from tests.flows.wait import until

from overpaint.core.results.job_state import JobState
from overpaint.library.journal.journal import Journal
from overpaint.studio.config.folders import Folders

APP = Path(__file__).parents[2] / "app"

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="looks into /proc for the engine and its workers"
)


@dataclass(frozen=True)
class Victim:
    """A window in a process of its own, in the middle of a run, and the processes that serve it."""

    process: subprocess.Popen[bytes]
    engine: int
    workers: set[int]


@asynccontextmanager
async def window_in_a_run(picture: Path) -> AsyncIterator[Victim]:
    process = start(picture)
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        line = await asyncio.to_thread(process.stdout.readline)
        assert line, process.stderr.read().decode()
        engine = json.loads(line)["engine"]
        yield Victim(process, engine, children(engine))
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def start(picture: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(Path(__file__).with_name("killed_window.py")), str(picture)]
    environment = {**os.environ, "PYTHONPATH": str(APP), "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def children(process: int) -> set[int]:
    return {int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()}


def is_alive(process: int) -> bool:
    """Whether a process runs; one that has ended and was not yet collected doesn't."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


async def test_window_killed_in_a_run_takes_the_engine_along_and_the_next_start_tells_of_it(photo) -> None:
    async with window_in_a_run(photo("coffee.png")) as victim:
        assert is_alive(victim.engine)
        victim.process.send_signal(signal.SIGKILL)
        victim.process.wait()
        await until(lambda: not any(map(is_alive, {victim.engine, *victim.workers})))

    (left,) = Journal(Folders.find().journal).unfinished()
    assert left.state is JobState.PARTIAL
    assert left.body_bytes > 0

    async with desk() as app:
        await until(lambda: app.runs)
        assert app.job.recovered
        assert app.job.state is JobState.OUTCOME_UNKNOWN
        assert app.job.request.params.prompt == "remove it"
        assert app.job.partial is not None
        assert app.runs[0].caption == "unfinished"
        assert app.told(app.runs[0]).startswith("Overpaint was closed before the picture was complete.")
        assert Journal(app.studio.folders.journal).unfinished() == []
