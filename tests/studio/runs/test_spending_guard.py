"""What is asked before money is spent: the same edit again, and today's cap; and that nothing slips past."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.api.wire import EVENT_STREAM, completed, refusal
from tests.conftest import Photo
from tests.fault_server import FaultServer, Script
from tests.studio.making import SERVER, WHEN, job, request, until

from overpaint.core.errors import SettingsError
from overpaint.core.request.endpoint_profile import OFFLINE, EndpointProfile
from overpaint.core.results.job_state import JobState
from overpaint.core.results.prices import Estimate
from overpaint.library.gallery.gallery import SavedResult
from overpaint.library.journal.ledger import LedgerEntry, Totals
from overpaint.studio.config.folders import Folders
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.spending_guard import (
    SAME_WITHIN,
    fingerprint,
    over_cap_question,
    recent,
    same_request_question,
)
from overpaint.studio.studio import Studio

DOLLARS = st.floats(0, 100, allow_nan=False).map(lambda value: round(value, 3))


def ended(asked: Job, *, seconds_ago: float = 0.0, billed: bool = True) -> Job:
    """A run that is over; by default it may have cost something."""
    asked.asked -= seconds_ago
    asked.started = asked.ended = asked.asked
    asked.may_have_been_billed = billed
    return asked


def sent(*jobs: Job) -> dict[Job, str]:
    return {one: fingerprint(one.request) for one in jobs}


def price(high: float) -> Estimate:
    return Estimate(high / 2, high, output=high, known=True)


# --- the same again


def test_same_edit_when_it_still_runs_then_is_asked_about(photo: Photo) -> None:
    asked = request(photo("chelsea.png"))

    doubt = same_request_question(fingerprint(asked), sent(job(asked)))

    assert doubt is not None
    assert doubt.words == "Exactly this edit is still running. Running it again is billed again."
    assert doubt.yes == "Run again"


@pytest.mark.parametrize(
    ("seconds", "when"),
    [(3, "a moment ago"), (89, "a moment ago"), (95, "2 minutes ago"), (SAME_WITHIN - 1, "10 minutes ago")],
)
def test_same_edit_when_it_ran_lately_then_the_question_says_when(
    photo: Photo, seconds: float, when: str
) -> None:
    asked = request(photo("chelsea.png"))

    doubt = same_request_question(fingerprint(asked), sent(ended(job(asked), seconds_ago=seconds)))

    assert doubt is not None
    assert f"ran {when}" in doubt.words


def test_same_edit_when_it_ran_long_ago_then_is_forgotten_unless_it_still_runs(photo: Photo) -> None:
    asked = request(photo("chelsea.png"))
    over = ended(job(asked), seconds_ago=SAME_WITHIN + 1)
    running = job(asked)
    running.asked -= SAME_WITHIN + 1

    kept = recent(sent(over, running))

    assert same_request_question(fingerprint(asked), sent(over)) is None
    assert list(kept) == [running]
    assert same_request_question(fingerprint(asked), kept) is not None


def test_same_edit_when_it_cost_nothing_then_nothing_is_asked(photo: Photo) -> None:
    asked, free = request(photo("chelsea.png")), request(photo("chelsea.png"), endpoint=OFFLINE)

    assert same_request_question(fingerprint(asked), sent(ended(job(asked), billed=False))) is None
    assert same_request_question(fingerprint(free), sent(job(free))) is None


def test_same_edit_when_its_picture_came_then_is_asked_about_though_nothing_is_unsure(photo: Photo) -> None:
    asked = request(photo("chelsea.png"))
    done = ended(job(asked), billed=False)
    done.results.append(SavedResult(photo("rocket.png")))

    assert same_request_question(fingerprint(asked), sent(done)) is not None


def test_same_edit_of_an_earlier_start_is_held_against_the_clock_on_the_wall(photo: Photo) -> None:
    asked = request(photo("chelsea.png"))
    old, young = ended(job(asked)), ended(job(asked))
    old.recovered = young.recovered = True
    young.created = datetime.now(UTC) - timedelta(minutes=5)

    doubt = same_request_question(fingerprint(asked), sent(young))

    assert old.created == WHEN
    assert same_request_question(fingerprint(asked), sent(old)) is None
    assert doubt is not None
    assert "ran 5 minutes ago" in doubt.words


def test_repeated_run_when_it_was_repeated_already_then_is_asked_about(photo: Photo) -> None:
    asked = request(photo("chelsea.png"))
    first = ended(job(asked), seconds_ago=60)
    second = job(asked)

    assert same_request_question(fingerprint(asked), sent(first), after=first) is None
    assert same_request_question(fingerprint(asked), sent(second, first), after=first) is not None


@pytest.mark.parametrize(
    "changes",
    [{"prompt": "Make it colder"}, {"size": "1024x1024"}, {"stream": False}, {"n": 2}, {"quality": "low"}],
)
def test_fingerprint_of_other_parameters_differs(photo: Photo, changes: dict[str, object]) -> None:
    asked = request(photo("chelsea.png"))

    assert fingerprint(replace(asked, params=asked.params.replace(**changes))) != fingerprint(asked)


def test_fingerprint_of_another_mask_picture_order_or_endpoint_differs(photo: Photo) -> None:
    asked = request(photo("chelsea.png"), photo("coffee.png"))
    others = [
        replace(asked, mask=b"one"),
        replace(asked, mask=b"two"),
        replace(asked, endpoint="OpenAI"),
        replace(asked, pictures=asked.pictures[::-1]),
        replace(asked, pictures=asked.pictures[:1]),
    ]

    assert len({fingerprint(one) for one in (asked, *others)}) == 6


def test_fingerprint_of_a_picture_that_was_edited_since_differs(photo: Photo, tmp_path: Path) -> None:
    file = tmp_path / "cat.png"
    file.write_bytes(photo("chelsea.png").read_bytes())
    asked = request(file)
    before = fingerprint(asked)

    os.utime(file, (1, 1))

    assert fingerprint(asked) != before
    assert same_request_question(fingerprint(asked), {job(asked): before}) is None


def test_fingerprint_of_a_picture_that_is_gone_is_still_one(photo: Photo, tmp_path: Path) -> None:
    file = tmp_path / "cat.png"
    file.write_bytes(photo("chelsea.png").read_bytes())
    asked = request(file)
    file.unlink()

    assert fingerprint(asked) == fingerprint(asked)


# --- the cap


@given(DOLLARS, DOLLARS, DOLLARS, DOLLARS, DOLLARS)
def test_cap_is_asked_about_exactly_where_the_worst_case_passes_it(
    cap: float, spent: float, unsure: float, under_way: float, next_one: float
) -> None:
    running = job(request())
    running.estimate = price(under_way)
    today = Totals(runs=1, spent=spent, open_high=unsure)

    doubt = over_cap_question(price(next_one), cap, today, [running])

    worst = spent + unsure + under_way + next_one
    assert (doubt is not None) == (cap > 0 and worst > cap)


def test_cap_when_it_would_be_passed_then_the_question_names_the_sums() -> None:
    doubt = over_cap_question(price(0.40), 1.0, Totals(spent=0.5, open_high=0.25), [])

    assert doubt is not None
    assert doubt.words == (
        "Today's edits come to $0.75 at most. This one may cost up to $0.40 more, "
        "above your cap of $1.00 a day."
    )


def test_cap_counts_no_run_of_the_offline_engine() -> None:
    free = job(request(endpoint=OFFLINE))
    free.estimate = price(5)

    assert over_cap_question(price(0.4), 1.0, Totals(), [free]) is None


@pytest.mark.parametrize(("cap", "asks"), [(0.0, False), (5.0, True)])
def test_cap_with_an_unknown_price_asks_where_there_is_a_cap(cap: float, asks: bool) -> None:
    doubt = over_cap_question(Estimate(), cap, Totals(), [])

    assert (doubt is not None) == asks
    if doubt is not None:
        assert "isn't known" in doubt.words


# --- the studio that asks them


@asynccontextmanager
async def studio_at(base_url: str, photo: Photo) -> AsyncIterator[Studio]:
    studio = Studio(Folders.find())
    try:
        studio.settings.replace_all(
            studio.settings.current.with_profile(EndpointProfile(SERVER, base_url, auth="none"))
        )
        studio.settings.replace(endpoint=SERVER)
        await studio.open([photo("chelsea.png")])
        studio.parameters.set(prompt="Make it warmer", size="1024x1024", quality="low")
        yield studio
    finally:
        await studio.close()


async def run_once(studio: Studio) -> Job:
    one = studio.start(await studio.prepare())
    await until(studio.jobs.finished, lambda: not one.running)
    return one


async def test_studio_remembers_a_run_whose_tile_was_dismissed(photo: Photo) -> None:
    cut = Script(200, EVENT_STREAM, completed(photo("rocket.png").read_bytes()), cut_at=40)
    async with FaultServer(cut) as server, studio_at(server.base_url, photo) as studio:
        studio.jobs.dismiss(await run_once(studio))

        questions = await studio.questions(await studio.prepare())

        assert [question.yes for question in questions] == ["Run again"]


async def test_studio_asks_nothing_about_a_run_that_was_refused(photo: Photo) -> None:
    async with (
        FaultServer(Script(400, body=refusal("No such size.", param="size"))) as server,
        studio_at(server.base_url, photo) as studio,
    ):
        await run_once(studio)

        assert await studio.questions(await studio.prepare()) == []


async def test_studio_holds_the_cap_against_the_ledger_and_both_questions_come(photo: Photo) -> None:
    script = Script(200, EVENT_STREAM, completed(photo("rocket.png").read_bytes()))
    async with FaultServer(script) as server, studio_at(server.base_url, photo) as studio:
        done = await run_once(studio)
        assert done.cost
        order = await studio.prepare()

        studio.settings.replace(daily_cap=done.cost + order.estimate.high + 0.001)
        below = await studio.questions(order)
        studio.settings.replace(daily_cap=done.cost + order.estimate.high - 0.001)
        above = await studio.questions(order)

        assert [doubt.yes for doubt in below] == ["Run again"]
        assert [doubt.yes for doubt in above] == ["Run again", "Generate all the same"]


async def test_studio_asks_before_anything_that_costs_while_the_cap_cannot_be_read(photo: Photo) -> None:
    async with studio_at("http://127.0.0.1:9/v1", photo) as studio:
        studio.settings.replace(daily_cap=None)
        order = await studio.prepare()

        (question,) = await studio.questions(order)
        assert "spending cap couldn't be read" in question.words

        studio.settings.replace(daily_cap=0.0)
        assert await studio.questions(order) == []


async def test_studio_counts_spending_of_yesterday_for_no_cap_of_today(photo: Photo) -> None:
    async with FaultServer() as server, studio_at(server.base_url, photo) as studio:
        yesterday = datetime.now(UTC) - timedelta(days=1)
        studio.ledger.add(LedgerEntry(job="1", at=yesterday, state=JobState.SAVED, cost=50.0))
        studio.settings.replace(daily_cap=1.0)

        assert await studio.questions(await studio.prepare()) == []


async def test_studio_asks_nothing_for_what_is_free(photo: Photo) -> None:
    async with studio_at("http://127.0.0.1:9/v1", photo) as studio:
        studio.settings.replace(endpoint=OFFLINE, daily_cap=0.01)
        order = await studio.prepare()

        assert await studio.questions(order) == []


async def test_studio_repeats_a_run_at_its_endpoint_as_it_is_now(photo: Photo) -> None:
    refused = Script(400, body=refusal("Streaming is not supported."))
    async with FaultServer(refused) as server, studio_at(server.base_url, photo) as studio:
        done = await run_once(studio)
        moved = EndpointProfile(SERVER, "http://localhost:9/v1", auth="none", price_multiplier=3)
        studio.settings.replace_all(studio.settings.current.with_profile(moved))

        order = await studio.repeat(done, stream=False)

        assert order.host == "localhost"
        assert order.request == replace(done.request, params=done.request.params.replace(stream=False))
        assert order.estimate.output == pytest.approx(3 * done.estimate.output)
        assert order.estimate.partials == 0


async def test_studio_repeats_no_run_whose_endpoint_is_gone(photo: Photo) -> None:
    async with FaultServer(Script(400)) as server, studio_at(server.base_url, photo) as studio:
        done = await run_once(studio)
        studio.settings.replace_all(studio.settings.current.without_profile(SERVER))

        with pytest.raises(SettingsError, match="no endpoint named"):
            await studio.repeat(done)
