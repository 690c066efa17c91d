"""The journal: the intent first, states in their order, and everything found again whatever was torn."""

import errno
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import Photo
from tests.library.faults import failing_disk, power_cut_disk
from tests.library.making import request

from overpaint.core.errors import DiskFull, StorageError
from overpaint.core.jobs import JobState, may_follow
from overpaint.core.params import EditParams
from overpaint.core.prices import Estimate
from overpaint.core.request import EditRequest
from overpaint.library.journal import JobRecord, Journal, KeptJob
from overpaint.library.kept import BODY, HEAD, JOB_ID, LOG, MASK, read_job

APP = Path(__file__).parents[2] / "app"
EDIT = EditRequest(EditParams(prompt="Remove the spoon"), (), b"mask", "OpenAI")
LONG_AGO = timedelta(days=-1)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "state" / "journal")


def run(journal: Journal, *states: JobState, edit: EditRequest = EDIT) -> Path:
    """A job that came as far as the last of some states, and whose process has ended."""
    with journal.open_job(edit) as record:
        for state in states:
            record.advance(state, **({"file": f"/gallery/{state}.png"} if state is JobState.SAVED else {}))
        return record.folder


def only(jobs: list[KeptJob]) -> KeptJob:
    (job,) = jobs
    return job


COMPLETE = (JobState.SENT, JobState.REQUEST_ID, JobState.PARTIAL, JobState.BYTES_COMPLETE)


def test_open_job_when_it_returns_then_everything_asked_is_on_disk(
    journal: Journal, photo: Photo, tmp_path: Path
):
    edit = request(photo("coffee.jpg"), photo("chelsea.png"), prompt="Remove the spoon\nplease", n=2)
    edit = EditRequest(edit.params, edit.pictures, edit.mask, edit.endpoint, (tmp_path / "parent.png",))
    before = datetime.now(UTC).replace(microsecond=0)

    journal.open_job(edit, "api.example.com", Estimate(0.1, 0.2, known=True)).close()

    job = only(journal.unfinished())
    assert job.request() == edit
    assert (job.state, job.prompt, job.intent.host) == (
        JobState.INTENT,
        edit.params.prompt,
        "api.example.com",
    )
    assert job.intent.estimate == Estimate(0.1, 0.2, known=True)
    assert before <= job.opened <= job.changed <= datetime.now(UTC)
    assert JOB_ID.fullmatch(job.id)


def test_open_job_when_power_is_cut_right_after_then_intent_and_mask_survive(journal: Journal):
    with power_cut_disk(journal.folder) as disk:
        record = journal.open_job(EDIT)
    record.close()

    survived = disk.state(names_kept=False)
    assert survived[LOG] == (record.folder / LOG).read_bytes()
    assert survived[MASK] == EDIT.mask


def test_open_job_when_any_step_fails_then_words_and_no_job(journal: Journal):
    step = 0

    while True:
        step += 1
        with failing_disk(step, lasting=True) as disk:
            record = attempt(journal)
        if record is not None:
            break
        assert disk.has_failed
        assert not journal.folder.exists() or list(journal.folder.iterdir()) == []

    record.close()
    assert step > 8


def attempt(journal: Journal) -> JobRecord | None:
    try:
        return journal.open_job(EDIT)
    except DiskFull:
        return None


def test_open_job_when_clock_stands_still_then_names_differ(journal: Journal):
    when = datetime(2026, 11, 22, 14, 2, 31, tzinfo=UTC)
    records = [journal.open_job(EDIT, when=when) for _ in range(20)]

    assert len({record.id for record in records}) == 20
    assert all(record.id.startswith("20261122-140231-") for record in records)
    for record in records:
        record.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps other users out by the folder's list")
def test_open_job_when_done_then_other_users_may_not_look(journal: Journal):
    folder = run(journal)

    assert folder.stat().st_mode & 0o077 == 0
    assert all(one.stat().st_mode & 0o077 == 0 for one in folder.iterdir())


@given(st.lists(st.sampled_from(list(JobState)), max_size=12))
def test_advance_when_any_states_are_tried_then_exactly_the_legal_ones_are_taken(
    tmp_path_factory: pytest.TempPathFactory, states: list[JobState]
):
    journal = Journal(tmp_path_factory.getbasetemp() / "any-journal")
    with journal.open_job(EDIT) as record:
        for state in states:
            before = record.state
            if may_follow(before, state):
                record.advance(state, file="x.png")
                assert record.state is state
            else:
                with pytest.raises(ValueError, match="can't go from"):
                    record.advance(state)
                assert record.state is before
        found = read_job(record.folder)

    assert found is not None
    assert found.state is record.state


def test_advance_when_facts_are_given_then_they_are_found(journal: Journal):
    with journal.open_job(EDIT) as record:
        record.advance(JobState.SENT)
        record.advance(JobState.REQUEST_ID, request_id="req_1")
        record.note(wait=2.5)
        record.advance(JobState.FAILED, error="The key was refused.", path=Path("/x"), text="\ud800")

    job = only(journal.recent(5))
    assert job.request_id == "req_1"
    assert job.facts["error"] == "The key was refused."
    assert (job.facts["wait"], job.facts["path"], job.facts["text"]) == (2.5, "/x", "?")


@pytest.mark.parametrize("state", [one for one in COMPLETE if one is not JobState.REQUEST_ID])
def test_advance_when_state_matters_then_it_survives_a_power_cut(journal: Journal, state: JobState):
    record = journal.open_job(EDIT)
    with power_cut_disk(record.folder) as disk:
        record.close()
        record = journal.resume(only(journal.unfinished())) or record
        record.advance(state)
    record.close()

    synced = [one.synced for one in disk.handles.values() if one]
    assert (state is JobState.PARTIAL) != any(str(state).encode() in one for one in synced)


def test_advance_when_disk_is_full_then_words_and_later_states_still_count(journal: Journal):
    with journal.open_job(EDIT) as record:
        record.advance(JobState.SENT)
        with failing_disk(1, errno.ENOSPC), pytest.raises(DiskFull):
            record.advance(JobState.BYTES_COMPLETE)
        record.advance(JobState.SAVED, file="x.png")

    assert only(journal.recent(1)).state is JobState.SAVED


def test_advance_when_disk_takes_half_a_line_then_the_next_line_is_whole(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
):
    write = os.write
    with journal.open_job(EDIT) as record:
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", lambda handle, data: write(handle, data[:9]) and 0)
            with pytest.raises(StorageError):
                record.advance(JobState.SENT)
        record.advance(JobState.REQUEST_ID, request_id="req_1")

    job = only(journal.unfinished())
    assert (job.state, job.request_id) == (JobState.REQUEST_ID, "req_1")


def test_advance_when_closed_then_it_is_a_bug(journal: Journal):
    record = journal.open_job(EDIT)
    record.close()
    record.close()

    with pytest.raises(ValueError, match="can't go"):
        record.advance(JobState.SENT)


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
    folder = run(journal, *states)

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


def test_unfinished_when_all_of_two_pictures_are_saved_and_it_crashed_then_none_is_left(journal: Journal):
    run_elsewhere(journal, SAVES.format(saves=2), n=2)

    assert journal.unfinished() == []


def test_unfinished_when_a_living_process_runs_the_job_then_it_is_left_alone(journal: Journal):
    with journal.open_job(EDIT) as record:
        record.advance(JobState.SENT)

        assert journal.unfinished() == []
        assert only(journal.recent(1)).running
        assert journal.tidy(LONG_AGO, 0) == 0
        assert not journal.discard(only(journal.recent(1)))


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
from overpaint.core.jobs import JobState
from overpaint.core.params import EditParams
from overpaint.core.request import EditRequest
from overpaint.library.journal import Journal
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
    folder = run(journal, *COMPLETE)
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
    folder = run(journal, *COMPLETE)
    for name in (LOG, HEAD, BODY, MASK):
        original = (folder / name).read_bytes() if (folder / name).exists() else b"{}"
        at = data.draw(st.integers(0, len(original)))
        garbage = data.draw(st.binary(max_size=20))
        (folder / name).write_bytes(original[:at] + garbage + original[at + len(garbage) :])

    found = read_job(folder)

    assert found is None or found.request().params is not None


def test_unfinished_when_log_is_gone_but_bytes_were_received_then_job_is_shown_as_sent(journal: Journal):
    folder = run(journal, JobState.SENT)
    (folder / LOG).unlink()
    (folder / BODY).write_bytes(b"paid for")

    job = only(journal.unfinished())

    assert job.state is JobState.SENT
    assert job.body is not None
    assert job.body.read_bytes() == b"paid for"


def test_unfinished_when_folder_holds_other_things_then_they_are_passed_over(
    journal: Journal, tmp_path: Path
):
    folder = run(journal, JobState.SENT)
    (journal.folder / "notes.txt").write_bytes(b"x")
    (journal.folder / "20261122-140231-0123abcd").mkdir()
    (journal.folder / "99999999-999999-0123abcd").mkdir()
    (journal.folder / "20261122-140231-0123abce").symlink_to(tmp_path)

    assert [job.folder for job in journal.unfinished()] == [folder]


def test_unfinished_when_there_is_no_journal_yet_then_nothing(journal: Journal):
    assert journal.unfinished() == []
    assert journal.recent(5) == []
    assert journal.tidy(LONG_AGO, 0) == 0


def test_resume_when_job_was_left_then_its_end_can_be_written(journal: Journal):
    run(journal, *COMPLETE)

    record = journal.resume(only(journal.unfinished()))
    assert record is not None
    with record:
        record.advance(JobState.SAVED, file="x.png")

    assert journal.unfinished() == []
    assert only(journal.recent(1)).saved == (Path("x.png"),)


def test_resume_when_last_line_is_torn_then_the_next_is_whole(journal: Journal):
    folder = run(journal, *COMPLETE)
    with (folder / LOG).open("ab") as log:
        log.write(b'{"at":"2026-11')

    record = journal.resume(only(journal.unfinished()))
    assert record is not None
    with record:
        record.advance(JobState.SAVED, file="x.png")

    assert only(journal.recent(1)).state is JobState.SAVED


def test_resume_when_another_window_has_it_then_none(journal: Journal):
    run(journal, *COMPLETE)
    job = only(journal.unfinished())

    with journal.resume(job) or pytest.fail("the first must get it"):
        second = journal.resume(job)

    assert second is None


def test_resume_when_another_window_has_ended_it_then_none(journal: Journal):
    run(journal, *COMPLETE)
    job = only(journal.unfinished())
    with journal.resume(job) or pytest.fail("the first must get it") as record:
        record.advance(JobState.SAVED, file="x.png")

    assert journal.resume(job) is None


def test_resume_when_outcome_was_unknown_then_what_was_spooled_can_still_be_saved(journal: Journal):
    run(journal, JobState.SENT, JobState.OUTCOME_UNKNOWN)

    with journal.resume(only(journal.recent(1))) or pytest.fail("nobody has it") as record:
        record.advance(JobState.BYTES_COMPLETE)
        record.advance(JobState.SAVED, file="x.png")

    assert only(journal.recent(1)).is_finished


def test_resume_when_folder_is_gone_then_none(journal: Journal):
    run(journal, JobState.SENT)
    job = only(journal.unfinished())
    shutil.rmtree(job.folder)

    assert journal.resume(job) is None


def test_recent_when_there_are_many_then_newest_come_first(journal: Journal):
    start = datetime(2026, 11, 22, 14, 0, 0, tzinfo=UTC)
    for minute in (3, 1, 2):
        journal.open_job(EDIT, when=start + timedelta(minutes=minute)).close()

    assert [job.opened.minute for job in journal.recent(2)] == [3, 2]


@pytest.mark.parametrize(
    ("states", "goes"),
    [
        ((*COMPLETE, JobState.SAVED), True),
        ((JobState.SENT, JobState.FAILED), True),
        ((JobState.CANCELLED,), True),
        ((), False),
        (COMPLETE, False),
        ((JobState.SENT, JobState.OUTCOME_UNKNOWN), False),
    ],
)
def test_tidy_when_jobs_are_old_then_only_settled_ones_go(
    journal: Journal, states: tuple[JobState, ...], goes: bool
):
    folder = run(journal, *states)

    removed = journal.tidy(LONG_AGO, 0)

    assert (removed, folder.exists()) == (int(goes), not goes)


@pytest.mark.parametrize(("status", "goes"), [(200, False), (400, True), (502, True)])
def test_tidy_when_a_failed_job_received_something_then_only_an_error_page_goes(
    journal: Journal, status: int, goes: bool
):
    folder = run(journal, JobState.SENT, JobState.FAILED)
    (folder / HEAD).write_text(f'{{"status": {status}}}')
    (folder / BODY).write_bytes(b"body")

    journal.tidy(LONG_AGO, 0)

    assert folder.exists() != goes


def test_tidy_when_jobs_are_young_or_among_the_newest_then_they_stay(journal: Journal):
    saved = (*COMPLETE, JobState.SAVED)
    for _ in range(3):
        run(journal, *saved)

    assert journal.tidy(timedelta(days=1), 0) == 0
    assert journal.tidy(LONG_AGO, 2) == 1
    assert len(journal.recent(9)) == 2


def test_discard_when_user_lets_a_job_go_then_it_is_gone(journal: Journal):
    folder = run(journal, *COMPLETE)

    assert journal.discard(only(journal.unfinished()))

    assert not folder.exists()
