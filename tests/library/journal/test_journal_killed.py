"""Kill -9 at a hundred random moments: every job is in the journal, and all that was acknowledged is true."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.library.journal.killed_jobs import reply_bytes
from tests.library.making import intact

from overpaint.core.results.job_state import JobState
from overpaint.library.gallery.gallery import Gallery
from overpaint.library.journal.journal import Journal

ROUNDS = 100
APP = Path(__file__).parents[3] / "app"
RANK = {state: rank for rank, state in enumerate(JobState)}


@pytest.mark.skipif(sys.platform == "win32", reason="forks its children and kills them with SIGKILL")
def test_journal_when_processes_are_killed_then_nothing_acknowledged_is_lost(tmp_path: Path):
    seed = str(int.from_bytes(os.urandom(4)))

    printed = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("killed_jobs.py")), str(tmp_path), str(ROUNDS), seed],
        env={**os.environ, "PYTHONPATH": str(APP)},
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    ).stdout

    rounds = [json.loads(line) for line in printed.splitlines()]
    assert len(rounds) == ROUNDS
    opened = sum(check_round(tmp_path / name, acknowledged) for name, acknowledged in rounds)
    assert opened >= ROUNDS
    # The moments differ: some jobs died before their reply, some within it, some after.
    assert len({tuple(last[1:2]) for _, acknowledged in rounds for last in acknowledged[-1:]}) >= 3


def check_round(folder: Path, acknowledged: list[tuple[str, str, object]]) -> int:
    """Holds what a killed child acknowledged against what it left; returns how many jobs it had opened."""
    journal, gallery = Journal(folder / "journal"), Gallery(folder / "gallery")
    kept = {job.id: job for job in journal.recent(10_000)}
    unfinished = {job.id for job in journal.unfinished()}
    assert not any(job.running for job in kept.values())
    for job_id, what, value in acknowledged:
        job = kept[job_id]
        data = reply_bytes(int(job.params.prompt.removeprefix("job ")))
        if what == "bytes":
            assert job.body is not None
            assert job.body_bytes >= int(str(value))
        elif what == "in gallery":
            path = gallery.folder / str(value)
            assert path.read_bytes() == data
            assert intact(path)
        else:
            assert RANK[job.state] >= RANK[JobState(what)]
        if job.body is not None:
            assert data.startswith(job.body.read_bytes())
    for job in kept.values():
        assert job.mask is not None
        assert (job.id in unfinished) == (not job.is_finished)
        assert job.id in unfinished or job.state is JobState.SAVED
    return len({job_id for job_id, _, _ in acknowledged})
