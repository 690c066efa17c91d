"""How far a run has come, in words that are the same wherever it is shown."""

import time
from datetime import datetime
from pathlib import Path

import pytest

from overpaint.core.request.edit_request import EditRequest, Picture
from overpaint.core.request.params import EditParams
from overpaint.core.request.sizes import Size
from overpaint.core.results.edit_events import Partial, Waiting
from overpaint.core.results.prices import Estimate
from overpaint.studio.runs import run_words
from overpaint.studio.runs.job import Job


def job(**changes: object) -> Job:
    picture = Picture(Path("cup.png"), "cup.png", "png", Size(60, 40), 100)
    request = EditRequest(EditParams(prompt="x", partial_images=3), (picture,))
    made = Job("one", request, "api.example.com", Estimate(), datetime(2026, 1, 1))
    made.queued = False
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def test_run_in_the_queue_waits_for_its_turn() -> None:
    waiting = job(queued=True)

    assert run_words.waiting_words(waiting, 40) == "Waits for its turn"
    assert (run_words.short_phase(waiting), run_words.seconds_words(waiting)) == ("queued", "")
    assert run_words.progress(waiting, 40) is None


def test_clock_says_what_such_a_run_usually_takes_once_that_is_known() -> None:
    going = job(started=time.monotonic() - 34.2, waiting=Waiting("waiting"))

    assert run_words.clock_words(going, 40.2) == "34 s of about 40 s"
    assert run_words.clock_words(going, None) == "34 s"
    assert run_words.waiting_words(going, 40.2) == "Waiting for the picture… · 34 s of about 40 s"


def test_partial_is_told_by_the_same_number_everywhere() -> None:
    second = Partial(1, b"", "png")
    going = job(started=time.monotonic() - 27.1, waiting=Waiting("waiting"), partial=second, of=4, place=2)

    assert run_words.waiting_words(going, None) == "2 of 4 · Partial 2 of 3 · 27 s"
    assert run_words.short_phase(going) == "partial 2"
    assert run_words.progress(going, None) == pytest.approx(2 / 4)


def test_progress_by_the_clock_never_says_that_it_is_over() -> None:
    late = job(started=time.monotonic() - 90.0)

    assert run_words.progress(late, 40) == pytest.approx(0.98)
    late.ended = time.monotonic()
    assert run_words.progress(late, 40) is None
