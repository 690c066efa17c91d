"""Several pictures that stream: a request and a run for each, priced, cancelled and kept by itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.api.wire import EVENT_STREAM, completed, plain, refusal
from tests.conftest import Photo
from tests.fault_server import FaultServer, Script
from tests.studio.making import SERVER, until

from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.results.job_state import JobState
from overpaint.studio.config.folders import Folders
from overpaint.studio.runs.job import Job
from overpaint.studio.studio import Studio

STALLS = Script(stall_before_head=True)


@pytest.fixture
def good(photo: Photo) -> Script:
    return Script(200, EVENT_STREAM, completed(photo("rocket.png").read_bytes()))


@asynccontextmanager
async def studio_at(base_url: str, photo: Photo, at_once: int = 2) -> AsyncIterator[Studio]:
    studio = Studio(Folders.find())
    try:
        studio.settings.replace_all(
            studio.settings.current.with_profile(EndpointProfile(SERVER, base_url, auth="none"))
        )
        studio.settings.replace(endpoint=SERVER, running_at_once=at_once)
        await studio.open([photo("chelsea.png")])
        studio.parameters.set(prompt="Make it warmer", size="1024x1024", quality="low", n=4, stream=True)
        yield studio
    finally:
        await studio.close()


async def start(studio: Studio) -> list[Job]:
    """The runs of the edit as it stands, the first one first."""
    return studio.jobs.together(studio.start(await studio.prepare()))


async def over(studio: Studio) -> None:
    """Waits until every run has ended and is entered in the ledger."""
    await until(studio.jobs.finished, lambda: not (studio.jobs.running or studio.jobs.waiting))


async def test_several_streamed_pictures_are_as_many_requests_of_one(photo: Photo, good: Script) -> None:
    async with FaultServer(good) as server, studio_at(server.base_url, photo) as studio:
        jobs = await start(studio)
        await over(studio)

        assert [(job.place, job.of, job.state) for job in jobs] == [
            (place, 4, JobState.SAVED) for place in (1, 2, 3, 4)
        ]
        assert server.posts == 4
        assert not any(b'name="n"' in one.body for one in server.requests)
        assert all(b'name="stream"\r\n\r\ntrue' in one.body for one in server.requests)
        assert len({job.results[0].path for job in jobs}) == 4


async def test_several_pictures_without_a_stream_are_one_request(photo: Photo) -> None:
    rocket = photo("rocket.png").read_bytes()
    async with (
        FaultServer(Script(body=plain(rocket, rocket, rocket, rocket))) as server,
        studio_at(server.base_url, photo) as studio,
    ):
        studio.parameters.set(stream=False)

        (job,) = await start(studio)
        await over(studio)

        assert (server.posts, job.of, len(job.results)) == (1, 1, 4)
        assert b'name="n"\r\n\r\n4' in server.requests[0].body


async def test_runs_side_by_side_begin_in_their_order_and_keep_to_the_places(
    photo: Photo, good: Script
) -> None:
    async with FaultServer(good) as server, studio_at(server.base_url, photo, at_once=1) as studio:
        begun: list[int] = []
        studio.jobs.changed.connect(
            lambda job: begun.append(job.place) if job.started and job.place not in begun else None
        )

        await start(studio)
        most = studio.jobs.running
        await over(studio)

        assert begun == [1, 2, 3, 4]
        assert most == 1


async def test_one_of_four_that_is_refused_leaves_the_others_alone(photo: Photo, good: Script) -> None:
    no = Script(400, body=refusal("No.", code="moderation_blocked"))
    scripts = (good, no, good, good)
    async with FaultServer(*scripts) as server, studio_at(server.base_url, photo, at_once=1) as studio:
        jobs = await start(studio)
        await over(studio)

        assert [job.state for job in jobs] == [
            JobState.SAVED,
            JobState.FAILED,
            JobState.SAVED,
            JobState.SAVED,
        ]
        assert [entry.cost is not None for entry in studio.ledger.entries()].count(True) == 3


async def test_one_of_four_that_is_cancelled_leaves_the_others_alone(photo: Photo, good: Script) -> None:
    async with (
        FaultServer(STALLS, good) as server,
        studio_at(server.base_url, photo, at_once=1) as studio,
    ):
        jobs = await start(studio)
        await until(
            studio.jobs.changed, lambda: jobs[0].waiting is not None and jobs[0].waiting.phase == "waiting"
        )

        studio.jobs.cancel(jobs[2])
        studio.jobs.cancel(jobs[0])
        await over(studio)

        states = [job.state for job in jobs]
        assert states == [JobState.CANCELLED, JobState.SAVED, JobState.CANCELLED, JobState.SAVED]
        assert (server.posts, jobs[0].may_have_been_billed) == (3, True)


async def test_runs_side_by_side_are_priced_as_so_many_single_edits(photo: Photo) -> None:
    async with FaultServer() as server, studio_at(server.base_url, photo) as studio:
        studio.parameters.set(n=1, partial_images=3)
        single = studio.edit.state.estimate

        studio.parameters.set(n=4)
        whole = studio.edit.state.estimate

        assert whole.high == pytest.approx(4 * single.high)
        assert (whole.text_in, whole.images_in) == pytest.approx((4 * single.text_in, 4 * single.images_in))
        assert whole.partials == pytest.approx(4 * 3 * 100 * 30 / 1_000_000)
        assert whole.share(4).high == pytest.approx(single.high)


async def test_each_run_side_by_side_is_entered_with_its_own_price(photo: Photo, good: Script) -> None:
    async with FaultServer(good) as server, studio_at(server.base_url, photo) as studio:
        order = await studio.prepare()
        studio.start(order)
        await over(studio)

        entries = studio.ledger.entries()
        assert len({entry.job for entry in entries}) == 4
        assert sum(entry.estimate_high for entry in entries) == pytest.approx(order.estimate.high)


async def test_same_edit_of_several_pictures_asks_once_for_all_of_them(photo: Photo, good: Script) -> None:
    async with FaultServer(good) as server, studio_at(server.base_url, photo) as studio:
        await start(studio)
        await over(studio)

        questions = await studio.questions(await studio.prepare())

        assert [question.yes for question in questions] == ["Run again"]


async def test_cap_is_held_against_all_runs_of_an_edit_at_once(photo: Photo, good: Script) -> None:
    async with FaultServer(good) as server, studio_at(server.base_url, photo) as studio:
        order = await studio.prepare()

        studio.settings.replace(daily_cap=order.estimate.high + 0.001)
        below = await studio.questions(order)
        studio.settings.replace(daily_cap=order.estimate.high - 0.001)
        above = await studio.questions(order)

        assert below == []
        assert [doubt.yes for doubt in above] == ["Generate all the same"]
