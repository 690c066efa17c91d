"""The spool: every byte on disk in order, what it notes by itself, and an edit that no disk can end."""

import asyncio
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.library.faults import failing_disk, power_cut_disk
from tests.library.gallery.test_gallery_faults import fill

from overpaint.core.errors import DiskFull
from overpaint.core.request.edit_request import EditRequest
from overpaint.core.request.params import EditParams
from overpaint.core.results.job_state import JobState
from overpaint.library.journal.journal import JobRecord, Journal
from overpaint.library.journal.spool import Spool
from overpaint.library.journal.stored_job import BODY, HEAD, LOG, StoredJob, read_job

EDIT = EditRequest(EditParams(prompt="Remove the spoon"), (), b"mask", "OpenAI")
HEADERS = {"content-type": "text/event-stream", "x-request-id": "req_1"}


@pytest.fixture
def record(tmp_path: Path) -> Iterator[JobRecord]:
    with Journal(tmp_path / "journal").open_job(EDIT) as record:
        yield record


def kept(record: JobRecord) -> StoredJob:
    job = read_job(record.folder)
    assert job is not None
    return job


async def test_spool_when_a_reply_arrives_then_all_of_it_is_kept(record: JobRecord):
    spool = Spool(record)

    spool.sent()
    spool.head(200, HEADERS, "req_1")
    spool.write(b"data: one\n\n")
    spool.write(b"data: two\n\n")
    spool.flush()
    spool.close()

    job = kept(record)
    assert job.state is JobState.REQUEST_ID
    assert job.request_id == "req_1"
    assert job.head is not None
    assert (job.head.status, job.head.headers) == (200, HEADERS)
    assert job.body is not None
    assert job.body.read_bytes() == b"data: one\n\ndata: two\n\n"
    assert spool.failure is None


@given(st.lists(st.binary(max_size=300), max_size=10))
def test_write_when_chunks_come_in_any_cut_then_body_is_their_sum(
    tmp_path_factory: pytest.TempPathFactory, chunks: list[bytes]
):
    with Journal(tmp_path_factory.getbasetemp() / "chunks").open_job(EDIT) as record:
        spool = Spool(record)
        for count, chunk in enumerate(chunks, 1):
            spool.write(chunk)
            assert kept(record).body_bytes == sum(map(len, chunks[:count]))
        spool.close()

        body = record.folder / BODY
        assert (body.read_bytes() if body.exists() else b"") == b"".join(chunks)


def test_sent_when_closed_afterwards_then_the_note_is_on_the_disk(record: JobRecord):
    record.close()
    journal = Journal(record.folder.parent)
    with power_cut_disk(record.folder) as disk:
        with journal.resume(kept(record)) or pytest.fail("nobody has it") as again:
            spool = Spool(again)
            spool.sent()
            spool.close()
        log = disk.names[LOG]

    assert b'"sent"' in log.synced


async def test_flush_when_power_is_cut_afterwards_then_every_byte_before_it_survives(record: JobRecord):
    with power_cut_disk(record.folder) as disk:
        spool = Spool(record)
        spool.sent()
        spool.head(200, HEADERS, "req_1")
        spool.write(b"x" * 5000)
        spool.flush()
        survived = disk.state(names_kept=False)
        spool.close()

    assert survived[BODY] == b"x" * 5000
    assert survived[HEAD] == (record.folder / HEAD).read_bytes()


def test_head_when_a_rate_limit_came_first_then_both_replies_are_kept(record: JobRecord):
    spool = Spool(record)

    for status, request_id, body in ((429, "req_1", b"slow down"), (200, "req_2", b"picture")):
        spool.sent()
        spool.head(status, HEADERS, request_id)
        spool.write(body)
    spool.close()

    job = kept(record)
    assert job.head is not None
    assert (job.head.status, job.request_id, job.state) == (200, "req_2", JobState.REQUEST_ID)
    assert (record.folder / BODY).read_bytes() == b"picture"
    assert (record.folder / f"{BODY}.1").read_bytes() == b"slow down"


def test_head_when_fields_could_hold_secrets_then_they_stay_out(record: JobRecord):
    spool = Spool(record)
    secrets = {"set-cookie": "sk-canary", "X-Api-Key": "sk-canary", "authorization": "Bearer sk-canary"}

    spool.head(200, HEADERS | secrets, "req_1")
    spool.close()

    assert not [one for one in record.folder.iterdir() if b"canary" in one.read_bytes()]
    assert kept(record).head is not None


def test_head_when_it_brings_no_request_id_then_state_stays(record: JobRecord):
    spool = Spool(record)

    spool.sent()
    spool.head(502, {}, "")
    spool.close()

    assert kept(record).state is JobState.SENT


async def test_spool_when_any_step_fails_then_the_edit_goes_on_and_a_prefix_is_kept(tmp_path: Path):
    journal = Journal(tmp_path / "journal")
    step = 0

    while True:
        step += 1
        with journal.open_job(EDIT) as record:
            with failing_disk(step, lasting=True) as disk:
                spool = Spool(record)
                spool.sent()
                spool.head(200, HEADERS, "req_1")
                spool.write(b"one")
                spool.flush()
                spool.write(b"two")
                spool.flush()
                spool.close()
            body = record.folder / BODY
            assert b"onetwo".startswith(body.read_bytes() if body.exists() else b"")
            record.advance(JobState.BYTES_COMPLETE)
            record.advance(JobState.SAVED, file="x.png")
        if not disk.has_failed:
            break
        assert isinstance(spool.failure, DiskFull)

    assert spool.failure is None
    assert step > 8


def test_write_when_disk_is_really_full_then_failure_says_so_and_nothing_is_raised(small_disk: Path):
    with Journal(small_disk / "journal").open_job(EDIT) as record:
        spool = Spool(record)
        spool.write(b"one")
        fill(small_disk, leaving=8192)
        spool.write(bytes(100_000))
        spool.write(b"more")
        spool.close()

        assert isinstance(spool.failure, DiskFull)
        assert kept(record).body_bytes < 20_000
        assert (record.folder / BODY).read_bytes().startswith(b"one")


def test_write_when_spool_has_failed_then_the_disk_is_left_alone(record: JobRecord):
    spool = Spool(record)
    with failing_disk(1, errno.EIO):
        spool.write(b"one")
    with failing_disk(1) as disk:
        spool.write(b"two")

    assert disk.calls == 0
    assert spool.failure is not None
    assert spool.failure.cause == os.strerror(errno.EIO)


async def test_write_when_a_flush_is_under_way_then_it_does_not_wait(
    record: JobRecord, monkeypatch: pytest.MonkeyPatch
):
    loop = asyncio.get_running_loop()
    begun, fsync = asyncio.Event(), os.fsync
    spool = Spool(record)
    spool.write(b"one")

    def slow_fsync(handle: int) -> None:
        loop.call_soon_threadsafe(begun.set)
        asyncio.run_coroutine_threadsafe(written.wait(), loop).result(10)
        fsync(handle)

    written = asyncio.Event()
    monkeypatch.setattr(os, "fsync", slow_fsync)
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.to_thread(spool.flush))
        await begun.wait()
        spool.write(b"two")
        record.advance_unsynced(JobState.SENT)
        written.set()
    spool.close()

    assert (record.folder / BODY).read_bytes() == b"onetwo"
    assert spool.failure is None


def test_close_when_done_twice_then_nothing_more_is_kept(record: JobRecord):
    spool = Spool(record)
    spool.write(b"one")

    spool.close()
    spool.close()
    spool.write(b"two")

    assert (record.folder / BODY).read_bytes() == b"one"
