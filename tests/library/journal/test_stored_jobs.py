"""Jobs of earlier runs: taken up again by one window alone, listed, and tidied once settled."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.conftest import Photo
from tests.library.making import COMPLETE, EDIT, completed, only, request, run_job

from overpaint.core.results.job_state import JobState
from overpaint.library.gallery.gallery import Gallery
from overpaint.library.journal.journal import Journal
from overpaint.library.journal.spool import Spool
from overpaint.library.journal.stored_job import BODY, HEAD, LOG

LONG_AGO = timedelta(days=-1)


def test_resume_when_job_was_left_then_its_end_can_be_written(journal: Journal):
    run_job(journal, *COMPLETE)

    record = journal.resume(only(journal.unfinished()))
    assert record is not None
    with record:
        record.advance(JobState.SAVED, file="x.png")

    assert journal.unfinished() == []
    assert only(journal.recent(1)).saved == (Path("x.png"),)


def test_resume_when_a_reply_was_spooled_then_its_picture_is_saved_from_the_disk_alone(
    journal: Journal, photo: Photo, tmp_path: Path
):
    data, gallery = photo("coffee.png").read_bytes(), Gallery(tmp_path / "gallery")
    gallery.create()
    with journal.open_job(request(photo("chelsea.png"), prompt="Remove the cat")) as record:
        spool = Spool(record)
        spool.sent()
        spool.head(200, {"content-type": "image/png"}, "req_1")
        spool.write(data)
        spool.close()

    job = only(journal.unfinished())
    assert job.body is not None
    with journal.resume(job) or pytest.fail("nobody has it") as record:
        record.advance(JobState.BYTES_COMPLETE)
        saved = gallery.save(completed(job.body.read_bytes()), job.request(), when=job.opened)
        record.advance(JobState.SAVED, file=saved.path)

    assert saved.path.read_bytes() == data
    assert "Remove the cat" in saved.path.name
    assert gallery.find(data) == saved
    assert only(journal.recent(1)).saved == (saved.path,)


def test_resume_when_last_line_is_torn_then_the_next_is_whole(journal: Journal):
    folder = run_job(journal, *COMPLETE)
    with (folder / LOG).open("ab") as log:
        log.write(b'{"at":"2026-11')

    record = journal.resume(only(journal.unfinished()))
    assert record is not None
    with record:
        record.advance(JobState.SAVED, file="x.png")

    assert only(journal.recent(1)).state is JobState.SAVED


def test_resume_when_another_window_has_it_then_none(journal: Journal):
    run_job(journal, *COMPLETE)
    job = only(journal.unfinished())

    with journal.resume(job) or pytest.fail("the first must get it"):
        second = journal.resume(job)

    assert second is None


def test_resume_when_another_window_has_ended_it_then_none(journal: Journal):
    run_job(journal, *COMPLETE)
    job = only(journal.unfinished())
    with journal.resume(job) or pytest.fail("the first must get it") as record:
        record.advance(JobState.SAVED, file="x.png")

    assert journal.resume(job) is None


def test_resume_when_outcome_was_unknown_then_what_was_spooled_can_still_be_saved(journal: Journal):
    run_job(journal, JobState.SENT, JobState.OUTCOME_UNKNOWN)

    with journal.resume(only(journal.recent(1))) or pytest.fail("nobody has it") as record:
        record.advance(JobState.BYTES_COMPLETE)
        record.advance(JobState.SAVED, file="x.png")

    assert only(journal.recent(1)).is_finished


def test_resume_when_folder_is_gone_then_none(journal: Journal):
    run_job(journal, JobState.SENT)
    job = only(journal.unfinished())
    shutil.rmtree(job.folder)

    assert journal.resume(job) is None


def test_recent_when_there_are_many_then_newest_come_first(journal: Journal):
    start = datetime(2026, 11, 22, 14, 0, 0, tzinfo=UTC)
    for minute in (3, 1, 2):
        journal.open_job(EDIT, when=start + timedelta(minutes=minute)).close()

    assert [job.opened.minute for job in journal.recent(2)] == [3, 2]


def test_recent_when_opened_within_one_second_then_newest_come_first(journal: Journal):
    start = datetime(2026, 11, 22, 14, 0, 0, tzinfo=UTC)
    order = [7, 901, 12, 450, 300, 88, 999, 640]
    for milliseconds in order:
        journal.open_job(EDIT, when=start + timedelta(milliseconds=milliseconds)).close()

    assert [job.changed.microsecond // 1000 for job in journal.recent(8)] == sorted(order, reverse=True)


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
    folder = run_job(journal, *states)

    removed = journal.tidy(LONG_AGO, 0)

    assert (removed, folder.exists()) == (int(goes), not goes)


@pytest.mark.parametrize(("status", "goes"), [(200, False), (400, True), (502, True)])
def test_tidy_when_a_failed_job_received_something_then_only_an_error_page_goes(
    journal: Journal, status: int, goes: bool
):
    folder = run_job(journal, JobState.SENT, JobState.FAILED)
    (folder / HEAD).write_text(f'{{"status": {status}}}')
    (folder / BODY).write_bytes(b"body")

    journal.tidy(LONG_AGO, 0)

    assert folder.exists() != goes


def test_tidy_when_jobs_are_young_or_among_the_newest_then_they_stay(journal: Journal):
    saved = (*COMPLETE, JobState.SAVED)
    for _ in range(3):
        run_job(journal, *saved)

    assert journal.tidy(timedelta(days=1), 0) == 0
    assert journal.tidy(LONG_AGO, 2) == 1
    assert len(journal.recent(9)) == 2
