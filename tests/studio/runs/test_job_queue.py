"""The queue of runs: order, places, cancelling, and what happens while the program is being closed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from tests.api.wire import EVENT_STREAM, completed, partial, plain
from tests.conftest import Photo
from tests.fault_server import Script
from tests.studio.conftest import Served
from tests.studio.making import Workshop, request, until

from overpaint.core.errors import EngineError, OverpaintError
from overpaint.core.request.edit_request import EditRequest
from overpaint.core.results.job_state import JobState
from overpaint.core.results.prices import Estimate
from overpaint.library.gallery.gallery import Gallery
from overpaint.library.storage.folder_sizes import size_of
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_queue import Jobs
from overpaint.studio.runs.recovery.crash_recovery import recover
from overpaint.studio.tasks import Tasks

STALLS = Script(stall_before_head=True)

RUNS = 30


@pytest_asyncio.fixture
async def tasks() -> AsyncIterator[Tasks]:
    one = Tasks()
    yield one
    await one.close()


def start(jobs: Jobs, asked: EditRequest) -> Job:
    (job,) = jobs.start_together([asked], "api.example.com", Estimate())
    return job


async def test_jobs_beyond_the_places_wait_and_begin_in_the_order_they_came(
    served: Served, photo: Photo, tasks: Tasks
) -> None:
    async with served(Script(body=plain(photo("rocket.png").read_bytes()))) as (_, workshop):
        jobs = Jobs(workshop.tools, tasks, lambda: 1)
        ended: list[str] = []
        jobs.finished.connect(lambda one: ended.append(one.request.params.prompt))

        for word in ("first", "second", "third"):
            start(jobs, request(photo("chelsea.png"), prompt=word, stream=False))
        at_once = (jobs.running, jobs.waiting)
        await until(jobs.finished, lambda: len(ended) == 3)

        assert at_once == (1, 2)
        assert ended == ["first", "second", "third"]


async def test_two_jobs_at_once_both_bring_their_pictures(served: Served, photo: Photo, tasks: Tasks) -> None:
    final = photo("rocket.png").read_bytes()
    async with served(Script(body=plain(final))) as (_, workshop):
        jobs = Jobs(workshop.tools, tasks, lambda: 2)

        both = [start(jobs, request(photo("chelsea.png"), stream=False)) for _ in range(2)]
        running = jobs.running
        await until(jobs.finished, lambda: not jobs.running)

        assert running == 2
        assert [one.state for one in both] == [JobState.SAVED] * 2
        assert workshop.pictures == [final, final]


async def test_queued_job_that_is_cancelled_never_reaches_the_server(
    served: Served, photo: Photo, tasks: Tasks
) -> None:
    async with served(Script(body=plain(photo("rocket.png").read_bytes()))) as (server, workshop):
        jobs = Jobs(workshop.tools, tasks, lambda: 1)
        first, second = (start(jobs, request(photo("chelsea.png"), stream=False)) for _ in range(2))

        jobs.cancel(second)
        await until(jobs.finished, lambda: not first.running)

        assert second.state is JobState.CANCELLED
        assert server.posts == 1


async def test_job_that_is_cancelled_gives_its_place_to_the_next(
    served: Served, photo: Photo, tasks: Tasks
) -> None:
    scripts = (STALLS, Script(body=plain(photo("rocket.png").read_bytes())))
    async with served(*scripts) as (_, workshop):
        jobs = Jobs(workshop.tools, tasks, lambda: 1)
        first, second = (start(jobs, request(photo("chelsea.png"), stream=False)) for _ in range(2))
        await until(jobs.changed, lambda: first.waiting is not None and first.waiting.phase == "waiting")

        jobs.cancel(first)
        await until(jobs.finished, lambda: not second.running)

        assert (first.state, second.state) == (JobState.CANCELLED, JobState.SAVED)


async def test_job_cancelled_before_its_first_step_is_cancelled_and_not_for_ever_running(
    served: Served, photo: Photo, tasks: Tasks
) -> None:
    async with served(STALLS) as (server, workshop):
        jobs = Jobs(workshop.tools, tasks, lambda: 1)
        one = start(jobs, request(photo("chelsea.png")))

        jobs.cancel(one)
        await until(jobs.finished, lambda: not one.running)

        assert one.state is JobState.CANCELLED
        assert server.connections == 0


async def test_closing_sends_nothing_that_still_waited(served: Served, photo: Photo, tasks: Tasks) -> None:
    async with served(STALLS) as (server, workshop):
        jobs = Jobs(workshop.tools, tasks, lambda: 1)
        first, second = (start(jobs, request(photo("chelsea.png"))) for _ in range(2))
        await until(jobs.changed, lambda: first.waiting is not None and first.waiting.phase == "waiting")

        jobs.close()
        await tasks.close()

        assert (first.state, second.state) == (JobState.CANCELLED, JobState.CANCELLED)
        assert server.posts == 1
        assert workshop.kept.state is JobState.SENT


async def test_paid_edit_cut_by_closing_is_told_of_at_the_next_start(
    served: Served, photo: Photo, tasks: Tasks
) -> None:
    async with served(STALLS) as (_, workshop):
        jobs = Jobs(workshop.tools, tasks, lambda: 1)
        cut = start(jobs, request(photo("chelsea.png")))
        await until(jobs.changed, lambda: cut.waiting is not None and cut.waiting.phase == "waiting")
        jobs.close()
        await tasks.close()
        at_close = workshop.tools.ledger.today()

        (told,) = await recover(workshop.tools)

        assert told.state is JobState.OUTCOME_UNKNOWN
        assert told.may_have_been_billed
        assert told.request.params == cut.request.params
        assert (at_close.runs, workshop.tools.ledger.today().runs) == (0, 1)


async def test_job_is_usually_as_long_as_the_last_of_its_kind(
    served: Served, photo: Photo, tasks: Tasks
) -> None:
    async with served(Script(body=plain(photo("rocket.png").read_bytes()))) as (_, workshop):
        jobs = Jobs(workshop.tools, tasks, lambda: 1)
        asked = request(photo("chelsea.png"), stream=False)
        first = start(jobs, asked)
        before = jobs.usual_seconds(first)
        await until(jobs.finished, lambda: not first.running)

        assert before is None
        assert jobs.usual_seconds(first) == first.seconds
        assert (
            jobs.usual_seconds(Job("", request(photo("chelsea.png"), n=2), "", Estimate(), first.created))
            is None
        )


async def test_unsaved_picture_asked_for_twice_is_saved_elsewhere_once(
    served: Served, photo: Photo, tasks: Tasks, tmp_path: Path
) -> None:
    async with served(Script(body=plain(photo("rocket.png").read_bytes()))) as (_, workshop):
        workshop.gallery_folder = tmp_path / "unplugged disk"
        jobs = Jobs(workshop.tools, tasks, lambda: 1)
        one = start(jobs, request(photo("chelsea.png"), stream=False))
        await until(jobs.finished, lambda: not one.running)
        (tmp_path / "elsewhere").mkdir()
        elsewhere = Gallery(tmp_path / "elsewhere")

        jobs.save_elsewhere(one, elsewhere)
        jobs.save_elsewhere(one, elsewhere)
        await until(jobs.finished, lambda: one.results)

        assert len(elsewhere.results()) == 1
        assert (one.state, one.unsaved) == (JobState.SAVED, [])


async def test_partial_pictures_go_from_memory_once_the_picture_is_saved(
    served: Served, photo: Photo, tasks: Tasks
) -> None:
    shown, final = photo("coffee.png").read_bytes(), photo("rocket.png").read_bytes()
    body = partial(shown, 0) + completed(final)
    async with served(Script(headers=EVENT_STREAM, body=body, framing="chunked")) as (_, workshop):
        jobs = Jobs(workshop.tools, tasks, lambda: 1)
        seen: list[object] = []
        jobs.changed.connect(lambda job: seen.append(job.partial))
        one = start(jobs, request(photo("chelsea.png")))

        await until(jobs.finished, lambda: not one.running)

        assert any(seen)
        assert one.partial is None
        assert one.newest == one.results[-1]
        assert workshop.kept.body is None


async def test_journal_and_memory_stay_small_however_many_runs_are_saved(
    served: Served, photo: Photo, tasks: Tasks
) -> None:
    final = photo("rocket.png").read_bytes()
    body = partial(photo("coffee.png").read_bytes(), 0) + completed(final)
    async with served(Script(headers=EVENT_STREAM, body=body, framing="chunked")) as (_, workshop):
        jobs = Jobs(workshop.tools, tasks, lambda: 2)
        asked = request(photo("chelsea.png"))
        for _ in range(RUNS):
            start(jobs, asked)

        await until(jobs.finished, lambda: not any(job.running for job in jobs.all))

        assert len(workshop.pictures) == RUNS
        assert size_of(workshop.tools.journal.folder) < RUNS * 10_000 < RUNS * len(body) / 20
        assert [job for job in jobs.all if job.partial or job.unsaved] == []


async def test_dismissed_job_leaves_the_list_and_its_files_stay(
    served: Served, photo: Photo, tasks: Tasks
) -> None:
    async with served(Script(body=plain(photo("rocket.png").read_bytes()))) as (_, workshop):
        jobs = Jobs(workshop.tools, tasks, lambda: 1)
        one = start(jobs, request(photo("chelsea.png"), stream=False))
        jobs.dismiss(one)
        still_there = list(jobs.all)
        await until(jobs.finished, lambda: not one.running)

        jobs.dismiss(one)

        assert still_there == [one]
        assert jobs.all == []
        assert len(workshop.pictures) == 1


@pytest.mark.error_logs("error while running an edit")
async def test_job_that_meets_a_bug_ends_and_the_bug_is_reported(
    offline: Workshop, photo: Photo, tasks: Tasks
) -> None:
    def broken(_: str) -> object:
        raise ZeroDivisionError

    object.__setattr__(offline.tools, "profile", broken)
    jobs = Jobs(offline.tools, tasks, lambda: 1)
    one = start(jobs, request(photo("chelsea.png")))

    await until(jobs.finished, lambda: not one.running)

    assert one.state is JobState.FAILED
    assert one.error is not None


async def test_failure_of_a_task_that_was_expected_is_told(tasks: Tasks) -> None:
    told: list[OverpaintError] = []
    tasks.failed.connect(told.append)
    fault = EngineError("It went away.")

    async def fail() -> None:
        raise fault

    await asyncio.wait([tasks.start(fail(), "failing")])
    await asyncio.sleep(0)

    assert told == [fault]


async def test_task_started_after_closing_never_begins(tasks: Tasks) -> None:
    begun: list[bool] = []

    async def begin() -> None:
        begun.append(True)

    await tasks.close()
    task = tasks.start(begin(), "late")
    await asyncio.wait([task])

    assert task.cancelled()
    assert begun == []
