"""Runs that an earlier start left unfinished: what had come is saved once, the rest is said as it is."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from tests.api.wire import EVENT_STREAM, completed, partial, plain
from tests.conftest import Photo
from tests.studio.making import WHEN, Workshop, request

from overpaint.core.errors import OutcomeUnknown
from overpaint.core.request.edit_request import EditRequest
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.results.edit_events import Completed
from overpaint.core.results.job_state import JobState
from overpaint.core.results.prices import Estimate
from overpaint.core.results.usage import Usage
from overpaint.library.gallery.gallery import Gallery
from overpaint.library.journal.journal import JobRecord
from overpaint.library.journal.spool import Spool
from overpaint.studio.runs.recovery.crash_recovery import recover

JSON = {"content-type": "application/json"}
Left = Callable[..., EditRequest]


@pytest_asyncio.fixture
async def workshop(tmp_path: Path) -> AsyncIterator[Workshop]:
    one = Workshop(
        tmp_path, EndpointProfile("Test server", "https://api.example.com/v1", price_multiplier=2.0)
    )
    yield one
    await one.close()


def left(
    workshop: Workshop, asked: EditRequest, body: bytes = b"", *, status: int = 200, stream: bool = True
) -> JobRecord:
    """A job as a process that died leaves it: sent, with so much of the reply."""
    record = workshop.tools.journal.open_job(asked, "api.example.com", Estimate(), when=WHEN)
    spool = Spool(record)
    spool.sent()
    if body:
        spool.head(status, EVENT_STREAM if stream else JSON, "req_1")
        spool.write(body)
    spool.close()
    return record


async def test_finished_reply_is_saved_once_with_price_and_ledger(workshop: Workshop, photo: Photo) -> None:
    final = photo("rocket.png").read_bytes()
    left(workshop, request(photo("chelsea.png"), model="gpt-image-2"), completed(final)).close()

    (job,) = await recover(workshop.tools)
    again = await recover(workshop.tools)

    assert workshop.pictures == [final]
    assert (job.state, job.recovered, job.error) == (JobState.SAVED, True, None)
    assert again == []
    (entry,) = workshop.tools.ledger.entries()
    assert entry.cost == job.cost == pytest.approx(2 * 0.0126, abs=0.0005)


async def test_picture_saved_but_not_noted_is_not_saved_again(workshop: Workshop, photo: Photo) -> None:
    asked = request(photo("chelsea.png"))
    final = photo("rocket.png").read_bytes()
    left(workshop, asked, completed(final)).close()
    gallery = Gallery(workshop.gallery_folder)
    gallery.create()
    (workshop.gallery_folder / "2026-11-22 14-02-31 saved as it died.png").write_bytes(final)

    (job,) = await recover(workshop.tools)

    assert workshop.pictures == [final]
    assert job.state is JobState.SAVED
    assert job.results[0].path.stem.endswith("saved as it died")


async def test_second_of_two_pictures_is_saved_whichever_came_first(workshop: Workshop, photo: Photo) -> None:
    first, second = photo("rocket.png").read_bytes(), photo("coffee.png").read_bytes()
    asked = request(photo("chelsea.png"), n=2)
    record = left(workshop, asked, plain(first, second), stream=False)
    workshop.gallery_folder.mkdir()
    kept = workshop.gallery_folder / "2026-11-22 14-02-31 the second.png"
    kept.write_bytes(second)
    record.advance(JobState.BYTES_COMPLETE)
    record.advance(JobState.SAVED, file=str(kept))
    record.advance(JobState.BYTES_COMPLETE)
    record.close()

    (job,) = await recover(workshop.tools)

    assert sorted(workshop.pictures) == sorted([first, second])
    assert len(job.results) == 2


async def test_saved_picture_that_the_user_moved_away_does_not_come_back(
    workshop: Workshop, photo: Photo
) -> None:
    first, second = photo("rocket.png").read_bytes(), photo("coffee.png").read_bytes()
    record = left(workshop, request(photo("chelsea.png"), n=2), plain(first, second), stream=False)
    record.advance(JobState.BYTES_COMPLETE)
    record.advance(JobState.SAVED, file=str(workshop.root / "moved away.png"))
    record.advance(JobState.BYTES_COMPLETE)
    record.close()

    await recover(workshop.tools)

    assert workshop.pictures == [second]


async def test_cut_reply_keeps_its_partial_and_says_the_outcome_is_unknown(
    workshop: Workshop, photo: Photo
) -> None:
    shown = photo("coffee.png").read_bytes()
    body = partial(shown, 0) + completed(photo("rocket.png").read_bytes())[:-400]
    left(workshop, request(photo("chelsea.png")), body).close()

    (job,) = await recover(workshop.tools)

    assert job.newest == shown
    assert isinstance(job.error, OutcomeUnknown)
    assert job.state is workshop.kept.state is JobState.OUTCOME_UNKNOWN
    assert job.may_have_been_billed
    assert workshop.tools.ledger.entries()[0].is_open


async def test_run_that_was_saved_but_not_entered_gets_its_line_in_the_ledger_without_a_word(
    workshop: Workshop, photo: Photo
) -> None:
    final = photo("rocket.png").read_bytes()
    record = left(workshop, request(photo("chelsea.png"), model="gpt-image-2"), completed(final))
    gallery = Gallery(workshop.gallery_folder)
    gallery.create()
    record.advance(JobState.BYTES_COMPLETE)
    kept = workshop.gallery_folder / "2026-11-22 14-02-31 saved.png"
    kept.write_bytes(final)
    record.advance(JobState.SAVED, file=str(kept))
    record._held.release()  # what is left of a process that was killed here

    assert await recover(workshop.tools) == await recover(workshop.tools) == []

    (entry,) = workshop.tools.ledger.entries()
    assert entry.state is JobState.SAVED
    assert entry.cost == pytest.approx(2 * 0.0126, abs=0.0005)
    assert gallery.results()[0].sidecar is not None
    assert workshop.pictures == [final]


async def test_run_whose_journal_filled_up_keeps_its_price_and_is_not_called_unknown(
    workshop: Workshop, photo: Photo
) -> None:
    final = photo("rocket.png").read_bytes()
    asked = request(photo("chelsea.png"), model="gpt-image-2")
    record = left(workshop, asked, completed(final)[:500])
    record._held.release()
    gallery = Gallery(workshop.gallery_folder)
    gallery.create()
    gallery.save(Completed(0, final, "png", Usage(1, 2, 3)), asked, when=WHEN, cost=0.25, run=record.id)

    assert (await recover(workshop.tools))[0].state is JobState.SAVED

    (entry,) = workshop.tools.ledger.entries()
    assert (entry.state, entry.cost, entry.usage) == (JobState.SAVED, 0.25, Usage(1, 2, 3))
    assert workshop.kept.state is JobState.SAVED
    assert workshop.pictures == [final]


async def test_edit_that_never_left_says_that_nothing_was_billed(workshop: Workshop, photo: Photo) -> None:
    workshop.tools.journal.open_job(request(photo("chelsea.png")), "api.example.com").close()

    (job,) = await recover(workshop.tools)

    assert job.state is workshop.kept.state is JobState.FAILED
    assert job.error is not None
    assert "Nothing was billed" in job.error.sentence()
    assert workshop.tools.ledger.entries() == []


async def test_refusal_that_was_received_is_no_open_question(workshop: Workshop, photo: Photo) -> None:
    left(workshop, request(photo("chelsea.png")), b'{"error": {}}', status=400, stream=False).close()

    (job,) = await recover(workshop.tools)

    assert job.state is workshop.kept.state is JobState.FAILED
    assert not job.may_have_been_billed


async def test_edit_of_the_offline_engine_is_never_said_to_be_billed(
    workshop: Workshop, photo: Photo
) -> None:
    left(workshop, request(photo("chelsea.png"), endpoint="Offline engine")).close()

    (job,) = await recover(workshop.tools)

    assert job.error is not None
    assert "billed" not in job.error.sentence()
    assert not job.may_have_been_billed


async def test_gallery_that_is_gone_leaves_the_picture_in_memory_and_the_job_for_next_time(
    workshop: Workshop, photo: Photo
) -> None:
    final = photo("rocket.png").read_bytes()
    left(workshop, request(photo("chelsea.png")), completed(final)).close()
    workshop.gallery_folder = workshop.root / "unplugged disk"

    (job,) = await recover(workshop.tools)
    workshop.gallery_folder = workshop.root / "pictures"
    (later,) = await recover(workshop.tools)

    assert [one.data for one in job.unsaved] == [final]
    assert job.error is not None
    assert later.state is JobState.SAVED
    assert workshop.pictures == [final]


async def test_run_of_a_living_window_is_left_alone(workshop: Workshop, photo: Photo) -> None:
    with left(workshop, request(photo("chelsea.png")), completed(photo("rocket.png").read_bytes())):
        assert await recover(workshop.tools) == []

        assert workshop.pictures == []
