"""One edit from intent to saved file, against real servers that do what servers do."""

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
from tests.api.wire import EVENT_STREAM, completed, partial, plain, refusal
from tests.conftest import Photo
from tests.fault_server import Script
from tests.studio.conftest import Served
from tests.studio.making import Workshop, job, request

from overpaint.core.errors import DiskFull, EditError, FolderMissing, KeyRefused, NotAllowed, StreamCut
from overpaint.core.results.job_state import JobState
from overpaint.library.gallery.gallery import Gallery, SavedResult
from overpaint.library.gallery.sidecar import read
from overpaint.library.journal.journal import JobRecord, Journal
from overpaint.studio.runs.job_persistence import store_elsewhere
from overpaint.studio.runs.job_runner import run


def streamed(*events: bytes) -> Script:
    return Script(headers=EVENT_STREAM, body=b"".join(events), framing="chunked")


async def test_run_with_a_streamed_reply_saves_what_was_sent_byte_for_byte(
    served: Served, photo: Photo
) -> None:
    first, final = photo("coffee.png").read_bytes(), photo("rocket.png").read_bytes()
    async with served(streamed(partial(first, 0), completed(final))) as (_, workshop):
        one = job(request(photo("chelsea.png")))

        await run(one, workshop.tools, workshop.tell)

        assert workshop.pictures == [final]
        assert workshop.told[0] == "intent"
        assert workshop.told.index("partial") < workshop.told.index("saved")


async def test_run_that_is_saved_tells_journal_sidecar_and_ledger_the_same(
    served: Served, photo: Photo
) -> None:
    async with served(streamed(completed(photo("rocket.png").read_bytes()))) as (_, workshop):
        one = job(request(photo("chelsea.png"), model="gpt-image-2"))

        await run(one, workshop.tools, workshop.tell)

        (entry,) = workshop.tools.ledger.entries()
        sidecar = one.results[0].sidecar
        assert sidecar is not None
        assert workshop.kept.is_finished
        assert entry.cost == one.cost == read(sidecar).cost
        assert entry.cost == pytest.approx(0.0126, abs=0.0002)


async def test_run_whose_journal_cannot_be_written_sends_nothing(
    served: Served, photo: Photo, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    async with served(Script(body=plain(b""))) as (server, workshop):
        one = job(request(photo("chelsea.png")))

        await run(one, workshop.tools, workshop.tell)

        assert server.connections == 0
        assert one.state is JobState.FAILED
        assert isinstance(one.error, NotAllowed)
        assert one.error.message.startswith("Nothing was sent, because")
        assert one.error.next_step


async def test_run_without_a_key_sends_nothing_and_enters_nothing_in_the_ledger(
    served: Served, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OVERPAINT_API_KEY")
    async with served(Script(body=plain(b""))) as (server, workshop):
        one = job(request(photo("chelsea.png")))

        await run(one, workshop.tools, workshop.tell)

        assert isinstance(one.error, KeyRefused)
        assert server.connections == 0
        assert workshop.tools.ledger.entries() == []


async def test_run_whose_gallery_is_missing_keeps_the_picture_in_memory_and_in_the_journal(
    served: Served, photo: Photo, tmp_path: Path
) -> None:
    final = photo("rocket.png").read_bytes()
    async with served(Script(body=plain(final))) as (_, workshop):
        workshop.gallery_folder = tmp_path / "unplugged disk"
        one = job(request(photo("chelsea.png")))

        await run(one, workshop.tools, workshop.tell)

        assert [completed.data for completed in one.unsaved] == [final]
        assert isinstance(one.error, FolderMissing)
        assert one.error.next_step
        assert one.state is JobState.BYTES_COMPLETE
        assert [kept.id for kept in workshop.tools.journal.unfinished()] == [one.id]


async def test_unsaved_pictures_saved_elsewhere_end_the_job_in_the_journal_too(
    served: Served, photo: Photo, tmp_path: Path
) -> None:
    pictures = [photo("rocket.png").read_bytes(), photo("coffee.png").read_bytes()]
    async with served(Script(body=plain(*pictures))) as (_, workshop):
        workshop.gallery_folder = tmp_path / "unplugged disk"
        one = job(request(photo("chelsea.png"), n=2, stream=False))
        await run(one, workshop.tools, workshop.tell)
        assert len(one.unsaved) == 2
        workshop.gallery_folder = tmp_path / "elsewhere"
        workshop.gallery_folder.mkdir()

        await store_elsewhere(
            one,
            Gallery(workshop.gallery_folder),
            workshop.tools.journal,
            own_folder=workshop.tools.own_folder,
            version="0",
        )

        assert sorted(workshop.pictures) == sorted(pictures)
        assert (one.state, one.error, one.unsaved) == (JobState.SAVED, None, [])
        assert workshop.kept.is_finished
        assert workshop.tools.journal.unfinished() == []


async def test_saving_elsewhere_that_fails_half_way_keeps_the_rest_for_the_next_start(
    served: Served, photo: Photo, tmp_path: Path
) -> None:
    pictures = [photo("rocket.png").read_bytes(), photo("coffee.png").read_bytes()]
    async with served(Script(body=plain(*pictures))) as (_, workshop):
        workshop.gallery_folder = tmp_path / "unplugged disk"
        one = job(request(photo("chelsea.png"), n=2, stream=False))
        await run(one, workshop.tools, workshop.tell)

        with pytest.raises(DiskFull):
            await store_elsewhere(
                one,
                _FillsUp(tmp_path / "small"),
                workshop.tools.journal,
                own_folder=tmp_path / "small",
                version="0",
            )

        assert len(one.unsaved) == len(one.results) == 1
        assert [kept.id for kept in workshop.tools.journal.unfinished()] == [one.id]


class _FillsUp(Gallery):
    """A gallery on a disk with room for one picture."""

    def save(self, *args: Any, **facts: Any) -> SavedResult:
        if self.results():
            raise DiskFull("There is no room left.")
        return super().save(*args, **facts)


async def test_run_whose_reply_is_cut_keeps_the_partial_and_says_it_may_be_billed(
    served: Served, photo: Photo
) -> None:
    body = partial(photo("coffee.png").read_bytes(), 0) + completed(photo("rocket.png").read_bytes())
    script = Script(headers=EVENT_STREAM, body=body, framing="chunked", cut_at=len(body) - 400)
    async with served(script) as (server, workshop):
        one = job(request(photo("chelsea.png")))

        await run(one, workshop.tools, workshop.tell)

        assert isinstance(one.error, StreamCut)
        assert one.state is workshop.kept.state is JobState.OUTCOME_UNKNOWN
        assert one.partial is not None
        assert one.may_have_been_billed
        assert server.posts == 1
        assert workshop.tools.ledger.entries()[0].is_open


async def test_run_that_is_refused_fails_without_a_bill(served: Served, photo: Photo) -> None:
    script = Script(400, body=refusal("Your request was rejected.", code="moderation_blocked"))
    async with served(script) as (_, workshop):
        one = job(request(photo("chelsea.png")))

        await run(one, workshop.tools, workshop.tell)

        assert isinstance(one.error, EditError)
        assert one.state is workshop.kept.state is JobState.FAILED
        assert not one.may_have_been_billed


async def test_partial_after_a_finished_picture_harms_neither(served: Served, photo: Photo) -> None:
    first, second = photo("rocket.png").read_bytes(), photo("coffee.png").read_bytes()
    async with served(streamed(completed(first), partial(second, 0), completed(second))) as (_, workshop):
        one = job(request(photo("chelsea.png"), n=2))

        await run(one, workshop.tools, workshop.tell)

        assert sorted(workshop.pictures) == sorted([first, second])
        assert (one.state, one.error) == (JobState.SAVED, None)


@pytest.mark.parametrize("phase", ["before the head", "while it streams"])
async def test_run_cancelled_after_sending_ends_at_once_and_says_it_may_be_billed(
    served: Served, photo: Photo, phase: str
) -> None:
    body = partial(photo("coffee.png").read_bytes(), 0)
    script = Script(headers=EVENT_STREAM, body=body, framing="chunked", stall_at=len(body))
    if phase == "before the head":
        script = Script(stall_before_head=True)
    async with served(script) as (server, workshop):
        one = job(request(photo("chelsea.png")))
        task: asyncio.Task[None] | None = None  # it is watched before it exists

        def cancel_when_there(now: object) -> None:
            waits = one.waiting is not None and one.waiting.phase == "waiting"
            if task is not None and (one.partial is not None if phase == "while it streams" else waits):
                task.cancel()

        async with asyncio.TaskGroup() as group:
            task = group.create_task(run(one, workshop.tools, cancel_when_there))
        async with asyncio.timeout(5):
            await server.requests[0].disconnected.wait()

        assert one.state is workshop.kept.state is JobState.CANCELLED
        assert one.may_have_been_billed
        assert server.posts == 1


async def test_run_cancelled_while_its_picture_is_saved_is_a_saved_run(served: Served, photo: Photo) -> None:
    final = photo("rocket.png").read_bytes()
    async with served(Script(body=plain(final))) as (_, workshop):
        one = job(request(photo("chelsea.png")))
        loop = asyncio.get_running_loop()
        task: asyncio.Task[None] | None = None

        class Watched(Gallery):
            def save(self, *args: Any, **facts: Any) -> SavedResult:
                assert task is not None
                asyncio.run_coroutine_threadsafe(_cancel(task), loop).result()
                return super().save(*args, **facts)

        object.__setattr__(workshop.tools, "gallery", lambda: Watched(workshop.gallery_folder))
        async with asyncio.TaskGroup() as group:
            task = group.create_task(run(one, workshop.tools, workshop.tell))

        assert workshop.pictures == [final]
        assert len(one.results) == 1
        assert one.state is JobState.SAVED
        assert workshop.kept.is_finished


async def _cancel(task: "asyncio.Task[None]") -> None:
    task.cancel()


async def test_run_cancelled_as_it_is_noted_leaves_no_job_open(served: Served, photo: Photo) -> None:
    async with served(Script(body=plain(b""))) as (server, workshop):
        one = job(request(photo("chelsea.png")))

        def cancel(now: object) -> None:
            if not task.cancelling():
                task.cancel()

        async with asyncio.TaskGroup() as group:
            task = group.create_task(run(one, workshop.tools, cancel))

        assert one.state is workshop.kept.state is JobState.CANCELLED
        assert not workshop.kept.running
        assert not one.may_have_been_billed
        assert server.posts == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux' device that is always full")
async def test_picture_is_saved_and_the_trouble_told_when_the_journal_has_no_room(
    served: Served, photo: Photo
) -> None:
    final = photo("rocket.png").read_bytes()
    async with served(Script(body=plain(final))) as (_, workshop):
        one = job(request(photo("chelsea.png")))
        object.__setattr__(workshop.tools, "journal", _NoRoomLeft(workshop.tools.journal.folder))

        await run(one, workshop.tools, workshop.tell)

        assert workshop.pictures == [final]
        assert isinstance(one.error, DiskFull)
        assert one.state is JobState.SAVED


class _NoRoomLeft(Journal):
    """A journal whose disk is full as soon as the intent is written."""

    def open_job(self, *args: Any, **facts: Any) -> JobRecord:
        record = super().open_job(*args, **facts)
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, record._log or -1)
        os.close(full)
        return record


async def test_run_at_the_offline_engine_costs_nothing_and_needs_no_ledger(
    offline: Workshop, photo: Photo
) -> None:
    one = job(request(photo("chelsea.png"), endpoint="Offline engine", size="1024x1024"))

    await run(one, offline.tools, offline.tell)

    assert (one.state, one.cost, one.error) == (JobState.SAVED, 0.0, None)
    assert offline.tools.ledger.entries() == []
    assert one.partial is not None
