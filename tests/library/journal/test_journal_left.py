"""Jobs that a process left: found again whatever was torn, and never taken from the living."""

import errno
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.library.making import COMPLETE, EDIT, only, run_job

from overpaint.core.request.edit_request import EditRequest
from overpaint.core.request.params import EditParams
from overpaint.core.results.job_state import JobState
from overpaint.library.journal.journal import Journal
from overpaint.library.journal.stored_job import BODY, HEAD, LOG, MASK, read_job

APP = Path(__file__).parents[3] / "app"


@pytest.mark.parametrize(
    ("states", "is_left"),
    [
        ((), True),
        ((JobState.SENT,), True),
        (COMPLETE, True),
        ((*COMPLETE, JobState.SAVED), False),
        ((JobState.FAILED,), False),
        ((JobState.SENT, JobState.CANCELLED), False),
        ((JobState.SENT, JobState.OUTCOME_UNKNOWN), False),
    ],
)
def test_unfinished_when_a_process_ended_then_jobs_without_an_end_are_left(
    journal: Journal, states: tuple[JobState, ...], is_left: bool
):
    folder = run_job(journal, *states)

    assert [job.folder for job in journal.unfinished()] == [folder] * is_left


SAVES = """
record.advance(JobState.BYTES_COMPLETE)
for number in range({saves}):
    record.advance(JobState.SAVED, file=f"{{number}}.png")
os._exit(0)
"""


def test_unfinished_when_one_of_two_pictures_is_saved_and_it_crashed_then_job_is_left(journal: Journal):
    run_elsewhere(journal, SAVES.format(saves=1), n=2)

    job = only(journal.unfinished())
    assert (job.state, job.saved, job.params.n) == (JobState.SAVED, (Path("0.png"),), 2)


def test_unfinished_when_all_of_two_pictures_are_saved_and_it_crashed_then_what_follows_is_left(
    journal: Journal,
):
    run_elsewhere(journal, SAVES.format(saves=2), n=2)

    assert only(journal.unfinished()).is_told


def test_unfinished_when_fewer_pictures_came_than_asked_and_it_was_closed_then_none_is_left(journal: Journal):
    asked = EditRequest(EditParams(prompt="p", n=2), ())

    with journal.open_job(asked) as record:
        record.advance(JobState.BYTES_COMPLETE)
        record.advance(JobState.SAVED, file="0.png")

    assert journal.unfinished() == []


def test_unfinished_when_a_living_process_runs_the_job_then_it_is_left_alone(journal: Journal):
    with journal.open_job(EDIT) as record:
        record.advance(JobState.SENT)

        assert journal.unfinished() == []
        assert only(journal.recent(1)).running
        assert journal.tidy(timedelta(days=-1), 0) == 0


def test_unfinished_when_another_process_lives_then_its_job_is_left_alone_until_it_ends(journal: Journal):
    other = subprocess.Popen(
        [
            sys.executable,
            "-c",
            OTHER + "print('open', flush=True); sys.stdin.read(); os._exit(1)",
            str(journal.folder),
            "1",
        ],
        env={**os.environ, "PYTHONPATH": str(APP)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert other.stdin is not None
    assert other.stdout is not None
    with other:
        assert other.stdout.readline() == b"open\n"
        while_alive = journal.unfinished()
        other.stdin.close()
        other.wait(timeout=20)

    assert while_alive == []
    assert only(journal.unfinished()).state is JobState.INTENT


OTHER = """
import os, sys
from pathlib import Path
from typing import Any
from overpaint.core.results.job_state import JobState
from overpaint.core.request.params import EditParams
from overpaint.core.request.edit_request import EditRequest
from overpaint.library.journal.journal import Journal
request = EditRequest(EditParams(prompt="p", n=int(sys.argv[2])), (), b"mask")
record = Journal(Path(sys.argv[1])).open_job(request)
"""


def run_elsewhere(journal: Journal, script: str, n: int = 1) -> None:
    """Opens a job in a process of its own and runs a script with its ``record`` there."""
    environment = {**os.environ, "PYTHONPATH": str(APP)}
    subprocess.run(
        [sys.executable, "-c", OTHER + script, str(journal.folder), str(n)], env=environment, check=True
    )


def test_unfinished_when_log_is_torn_at_any_byte_then_whole_lines_count(journal: Journal):
    folder = run_job(journal, *COMPLETE)
    log = (folder / LOG).read_bytes()
    lines = log.splitlines(keepends=True)
    ends = [sum(map(len, lines[: count + 1])) - 1 for count in range(len(lines))]
    states = [JobState.INTENT, *COMPLETE]

    for cut in range(len(log) + 1):
        (folder / LOG).write_bytes(log[:cut])
        found = read_job(folder)
        whole = sum(cut >= end for end in ends)
        assert (found.state if found else None) == (states[whole - 1] if whole else None)


@given(st.data())
def test_read_job_when_bytes_are_garbled_then_it_never_fails(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    journal = Journal(tmp_path_factory.mktemp("garbled"))
    folder = run_job(journal, *COMPLETE)
    for name in (LOG, HEAD, BODY, MASK):
        original = (folder / name).read_bytes() if (folder / name).exists() else b"{}"
        at = data.draw(st.integers(0, len(original)))
        garbage = data.draw(st.binary(max_size=20))
        (folder / name).write_bytes(original[:at] + garbage + original[at + len(garbage) :])

    found = read_job(folder)

    assert found is None or found.request().params is not None


def test_unfinished_when_log_is_gone_but_bytes_were_received_then_job_is_shown_as_sent(journal: Journal):
    folder = run_job(journal, JobState.SENT)
    (folder / LOG).unlink()
    (folder / BODY).write_bytes(b"paid for")

    job = only(journal.unfinished())

    assert job.state is JobState.SENT
    assert job.body is not None
    assert job.body.read_bytes() == b"paid for"


def test_unfinished_when_folder_holds_other_things_then_they_are_passed_over(
    journal: Journal, tmp_path: Path
):
    folder = run_job(journal, JobState.SENT)
    (journal.folder / "notes.txt").write_bytes(b"x")
    (journal.folder / "20261122-140231-0123abcd").mkdir()
    (journal.folder / "99999999-999999-0123abcd").mkdir()
    (journal.folder / "20261122-140231-0123abce").symlink_to(tmp_path)

    assert [job.folder for job in journal.unfinished()] == [folder]


def test_unfinished_when_there_is_no_journal_yet_then_nothing(journal: Journal):
    assert journal.unfinished() == []
    assert journal.recent(5) == []
    assert journal.tidy(timedelta(days=-1), 0) == 0


def test_unfinished_when_a_log_cannot_be_read_once_then_the_job_is_left_for_later_as_it_is(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
):
    folder = run_job(journal, JobState.SENT)
    before = (folder / LOG).read_bytes()
    real = Path.open

    def fail(path: Path, *args: Any, **named: Any) -> Any:
        if path.name == LOG:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(path, *args, **named)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", fail)
        assert journal.unfinished() == journal.recent(9) == []
        assert journal.tidy(timedelta(days=-1), 0) == 0

    assert (folder / LOG).read_bytes() == before
    assert only(journal.unfinished()).state is JobState.SENT
