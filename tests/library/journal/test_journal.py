"""The journal while jobs run: the intent first, and states in their order."""

import errno
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import Photo
from tests.library.faults import failing_disk, power_cut_disk
from tests.library.making import COMPLETE, EDIT, only, request, run_job

from overpaint.core.errors import DiskFull, StorageError
from overpaint.core.results.job_state import JobState, may_follow
from overpaint.core.results.prices import Estimate
from overpaint.library.journal.journal import JobRecord, Journal
from overpaint.library.journal.stored_job import BODY, JOB_ID, LOG, MASK, PAINTED, SPARE, read_job


def test_open_job_when_it_returns_then_everything_asked_is_on_disk(
    journal: Journal, photo: Photo, tmp_path: Path
):
    edit = request(photo("coffee.jpg"), photo("chelsea.png"), prompt="Remove the spoon\nplease", n=2)
    edit = replace(edit, parents=(tmp_path / "parent.png",), written="Remove {what}", source_hash="5a" * 32)
    before = datetime.now(UTC).replace(microsecond=0)

    journal.open_job(edit, "api.example.com", Estimate(0.1, 0.2, known=True)).close()

    job = only(journal.unfinished())
    assert job.request() == edit
    assert (job.state, job.params.prompt, job.intent.host) == (
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
    assert survived[PAINTED] == EDIT.painted
    assert disk.synced_folders == {record.folder, *record.folder.parents[:3]}


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
    folder = run_job(journal)

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
        with failing_disk(1, errno.ENOSPC, lasting=True), pytest.raises(DiskFull):
            record.advance(JobState.BYTES_COMPLETE)
        record.advance(JobState.SAVED, file="x.png")

    assert only(journal.recent(1)).state is JobState.SAVED


def test_advance_when_disk_is_full_then_room_that_was_put_by_is_used(journal: Journal):
    with journal.open_job(EDIT) as record:
        assert (record.folder / SPARE).stat().st_size > 0
        with failing_disk(1, errno.ENOSPC):
            record.advance(JobState.SENT)

        assert not (record.folder / SPARE).exists()
    assert only(journal.recent(1)).state is JobState.SENT


def test_close_when_a_job_is_finished_then_reply_and_spare_room_go_if_a_gallery_has_the_pictures(
    journal: Journal,
):
    for owed in (True, False):
        record = journal.open_job(EDIT)
        for name in (BODY, f"{BODY}.1"):
            (record.folder / name).write_bytes(b"reply")
        for state in (*COMPLETE, JobState.SAVED):
            record.advance(state)
        record.close(owed=owed, keep_reply=False)

        assert sorted(one.name for one in record.folder.glob(f"{BODY}*")) == [BODY, f"{BODY}.1"] * owed
        assert not (record.folder / SPARE).exists()
        assert [job.id for job in journal.unfinished()] == [record.id] * owed
        for job in journal.unfinished():
            with journal.resume(job) or pytest.fail("nobody has it"):
                pass
        assert journal.unfinished() == []


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
