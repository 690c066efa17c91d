"""The ledger: sums by local day and month, later knowledge over earlier, and no line lost to another's."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from tests.library.faults import failing_disk

from overpaint.core.errors import DiskFull
from overpaint.core.results.job_state import JobState
from overpaint.core.results.usage import Usage
from overpaint.library.journal.ledger import Ledger, LedgerEntry, Totals
from overpaint.library.storage.locks import lock_if_free

APP = Path(__file__).parents[3] / "app"
NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "state" / "ledger.jsonl")


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Local time is three hours ahead of UTC."""
    if sys.platform == "win32":
        pytest.skip("Windows can't change the time zone of one process")
    monkeypatch.setenv("TZ", "XYZ-3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def entry(
    job: str, at: datetime = NOON, cost: float | None = 0.25, state: JobState = JobState.SAVED
) -> LedgerEntry:
    return LedgerEntry(
        job=job,
        at=at,
        state=state,
        endpoint="OpenAI",
        model="gpt-image-2",
        request_id="req_1",
        estimate_low=0.1,
        estimate_high=0.5,
        cost=cost,
        usage=Usage(10, 20, 30),
    )


def test_entries_when_added_then_they_come_back_in_order_of_time(ledger: Ledger):
    late, early = entry("late", NOON + timedelta(hours=1)), entry("early")
    ledger.add(late)
    ledger.add(early)

    assert ledger.entries() == [early, late]
    assert Ledger(ledger.path).entries() == [early, late]


def test_entries_when_a_job_is_added_again_then_the_later_knowledge_counts(ledger: Ledger):
    ledger.add(entry("a", cost=None, state=JobState.SENT))
    ledger.entries()
    ledger.add(entry("a"))

    assert ledger.entries() == [entry("a")]
    assert ledger.today(NOON) == Totals(runs=1, spent=0.25, tokens=60)


def test_entries_when_a_later_look_knows_no_cost_then_the_one_that_was_known_stays(ledger: Ledger):
    ledger.add(entry("a"))
    ledger.entries()
    ledger.add(entry("a", cost=None, state=JobState.OUTCOME_UNKNOWN))

    assert ledger.entries() == Ledger(ledger.path).entries() == [entry("a")]
    assert ledger.find("a") == entry("a")
    assert ledger.find("b") is None


def test_today_when_there_is_no_ledger_yet_then_zero(ledger: Ledger):
    assert ledger.today() == Totals()
    assert ledger.entries() == []


@pytest.mark.usefixtures("zone")
def test_totals_when_midnight_is_local_then_days_and_months_are_too(ledger: Ledger):
    # 21:30 UTC is half past midnight of the next day there.
    ledger.add(entry("yesterday", datetime(2026, 11, 21, 20, 59, tzinfo=UTC)))
    ledger.add(entry("today", datetime(2026, 11, 21, 21, 30, tzinfo=UTC)))
    ledger.add(entry("month's first", datetime(2026, 10, 31, 21, 30, tzinfo=UTC)))
    ledger.add(entry("last month", datetime(2026, 10, 31, 20, 59, tzinfo=UTC)))
    ledger.add(entry("last year", datetime(2025, 11, 22, 12, 0, tzinfo=UTC)))

    assert ledger.today(NOON).runs == 1
    assert ledger.this_month(NOON).runs == 3
    assert ledger.this_month(NOON.astimezone(timezone(timedelta(hours=-8)))).runs == 3


@pytest.mark.parametrize(
    ("state", "billed", "is_open"),
    [
        (JobState.SENT, False, True),
        (JobState.OUTCOME_UNKNOWN, False, True),
        (JobState.INTENT, False, False),
        (JobState.FAILED, False, False),
        (JobState.FAILED, True, True),
        (JobState.CANCELLED, True, True),
    ],
)
def test_totals_when_cost_is_unknown_then_the_estimate_stands_in_if_it_may_be_billed(
    ledger: Ledger, state: JobState, billed: bool, is_open: bool
):
    ledger.add(entry("known"))
    ledger.add(LedgerEntry(job="x", at=NOON, state=state, estimate_high=0.5, may_have_been_billed=billed))

    totals = ledger.today(NOON)

    assert (totals.spent, totals.open_high) == (0.25, 0.5 if is_open else 0)
    assert totals.at_most == totals.spent + totals.open_high


def test_entries_when_last_line_is_torn_at_any_byte_then_others_stay_and_the_next_is_whole(ledger: Ledger):
    ledger.add(entry("first"))
    whole = ledger.path.read_bytes()
    ledger.add(entry("torn"))
    both = ledger.path.read_bytes()

    for cut in range(len(whole), len(both)):
        # Without its line feed alone a line is still whole.
        known = {"first", "torn"} if cut == len(both) - 1 else {"first"}
        ledger.path.write_bytes(both[:cut])
        before = {one.job for one in Ledger(ledger.path).entries()}
        ledger.add(entry("next"))

        after = {one.job for one in Ledger(ledger.path).entries()}
        assert (before, after) == (known, known | {"next"})


def test_entries_when_lines_are_foreign_then_they_are_passed_over(ledger: Ledger):
    ledger.add(entry("first"))
    with ledger.path.open("ab") as file:
        file.write(b'\xff\n{}\nnull\n{"job":"x","at":"2026-11-22T12:00:00","state":"sent"}\n{"job":1}\n')
    ledger.add(entry("second"))

    assert {one.job for one in ledger.entries()} == {"first", "second"}


def test_entries_when_file_was_replaced_then_it_is_read_anew(ledger: Ledger):
    ledger.add(entry("old"))
    ledger.entries()
    ledger.path.unlink()
    assert ledger.entries() == []

    ledger.add(entry("new"))

    assert ledger.entries() == [entry("new")]


def test_add_when_any_step_fails_then_words_and_no_earlier_line_is_lost(ledger: Ledger):
    ledger.add(entry("first"))

    for step in range(1, 5):
        with failing_disk(step, lasting=True) as disk:
            refused = is_refused(ledger)
        assert refused == disk.has_failed

        assert "first" in {one.job for one in Ledger(ledger.path).entries()}

    ledger.add(entry("last"))
    assert "last" in {one.job for one in Ledger(ledger.path).entries()}


def is_refused(ledger: Ledger) -> bool:
    try:
        ledger.add(entry("refused"))
    except DiskFull:
        return True
    return False


def test_add_when_a_line_is_being_written_then_other_writers_wait(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
):
    write, others = os.write, []

    def look(handle: int, data: bytes) -> int:
        others.append(lock_if_free(ledger.path.with_name("ledger.jsonl.lock")))
        return write(handle, data)

    monkeypatch.setattr(os, "write", look)

    ledger.add(entry("first"))

    assert others == [None]


def test_add_when_two_processes_write_at_once_then_every_line_is_there(ledger: Ledger):
    script = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from overpaint.core.results.job_state import JobState
from overpaint.library.journal.ledger import Ledger, LedgerEntry
ledger = Ledger(Path(sys.argv[1]))
for number in range(150):
    ledger.add(LedgerEntry(job=f"{sys.argv[2]} {number}", at=datetime.now(UTC), state=JobState.SAVED))
"""
    environment = {**os.environ, "PYTHONPATH": str(APP)}
    started = [
        subprocess.Popen([sys.executable, "-c", script, str(ledger.path), name], env=environment)
        for name in ("one", "two")
    ]
    ended = [process.wait(timeout=60) for process in started]

    assert ended == [0, 0]
    assert {one.job for one in ledger.entries()} == {
        f"{name} {n}" for name in ("one", "two") for n in range(150)
    }
