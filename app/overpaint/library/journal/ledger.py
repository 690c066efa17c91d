"""The ledger: every run with its price, one line each, and what was spent today and this month."""

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from overpaint.core.results.job_state import JobState
from overpaint.core.results.usage import Usage
from overpaint.library.storage import jsonlines
from overpaint.library.storage.durable_files import make_folder, sync_file, write_all
from overpaint.library.storage.locks import lock
from overpaint.library.storage.storage_errors import storage_errors


class LedgerEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One run as it is known now. Sums are US dollars, ``cost`` is None where the service said no usage.

    ``job`` is the job's id: a later entry of the same job takes the earlier one's place, unless it knows no
    cost where that one did. ``at`` is when the run was asked for, with a time zone.
    """

    job: str
    at: datetime
    state: JobState
    endpoint: str = ""
    model: str = ""
    request_id: str = ""
    estimate_low: float = 0.0
    estimate_high: float = 0.0
    cost: float | None = None
    usage: Usage | None = None
    may_have_been_billed: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it may have cost something without its cost being known."""
        return self.cost is None and (self.may_have_been_billed or self.state.has_left)


class Totals(msgspec.Struct, frozen=True):
    """Sums over some runs: ``spent`` is known, ``open_high`` is what runs of unknown cost came to at most.

    Sums are US dollars, ``tokens`` those that the services reported.
    """

    runs: int = 0
    spent: float = 0.0
    open_high: float = 0.0
    tokens: int = 0

    @property
    def at_most(self) -> float:
        """What a spending cap is held against, in US dollars."""
        return self.spent + self.open_high


class Ledger:
    """The runs in one file (JSON lines). Any number of threads and processes may add to it.

    A line that a crash tore is passed over, and costs no other line. Methods raise StorageError.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._guard = threading.Lock()
        self._runs: dict[str, LedgerEntry] = {}
        self._read = 0
        self._file: tuple[int, int] | None = None

    def add(self, entry: LedgerEntry) -> None:
        """Writes a run, or what is now known of it; on the disk when this returns."""
        # Windows' appending isn't one step, so writers take turns everywhere.
        with storage_errors(self.path.parent):
            make_folder(self.path.parent)
            with lock(self.path.with_name(self.path.name + ".lock")):
                _append_line(self.path, jsonlines.encode(entry))

    def entries(self) -> list[LedgerEntry]:
        """Every run, oldest first."""
        with self._guard:
            return sorted((*self._runs_now(),), key=lambda entry: entry.at)

    def find(self, job: str) -> LedgerEntry | None:
        """The run of a job; None where it was never entered."""
        return next((entry for entry in self.entries() if entry.job == job), None)

    def today(self, now: datetime | None = None) -> Totals:
        """Sums over the local day that ``now`` lies in."""
        today = _local(now).date()
        return self._totals(lambda at: at.date() == today)

    def this_month(self, now: datetime | None = None) -> Totals:
        """Sums over the local calendar month that ``now`` lies in."""
        month = _local(now)
        return self._totals(lambda at: (at.year, at.month) == (month.year, month.month))

    def since(self, moment: datetime) -> Totals:
        """Sums over the runs asked for since ``moment``, which has a time zone."""
        return self._totals(lambda at: at >= moment)

    def _totals(self, belongs: Callable[[datetime], bool]) -> Totals:
        runs = [entry for entry in self.entries() if belongs(_local(entry.at))]
        return Totals(
            runs=len(runs),
            spent=sum(entry.cost for entry in runs if entry.cost is not None),
            open_high=sum(entry.estimate_high for entry in runs if entry.is_open),
            tokens=sum(entry.usage.total_tokens for entry in runs if entry.usage),
        )

    def _runs_now(self) -> list[LedgerEntry]:
        # Only what was added since the last look is read, unless the file was replaced or cut.
        with storage_errors(self.path.parent):
            if not self.path.exists():
                self._runs, self._read = {}, 0
                return []
            with self.path.open("rb") as file:
                found = os.fstat(file.fileno())
                if self._file != (found.st_dev, found.st_ino) or found.st_size < self._read:
                    self._file, self._runs, self._read = (found.st_dev, found.st_ino), {}, 0
                file.seek(self._read)
                fresh = file.read()
        whole = fresh.rfind(b"\n") + 1
        _take_in(self._runs, fresh[:whole])
        self._read += whole
        runs = dict(self._runs)
        _take_in(runs, fresh[whole:])
        return list(runs.values())


def _take_in(runs: dict[str, LedgerEntry], lines: bytes) -> None:
    for entry in jsonlines.decode_lines(lines, LedgerEntry):
        known = runs.get(entry.job)
        # What a service has billed stays so, whatever a later look at a torn reply makes of it.
        forgets = known is not None and known.cost is not None and entry.cost is None
        if entry.at.tzinfo is not None and not forgets:
            runs[entry.job] = entry


def _append_line(path: Path, line: bytes) -> None:
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o600)
    try:
        torn = jsonlines.lacks_end(handle)
        write_all(handle, (b"\n" if torn else b"") + line + b"\n")
        sync_file(handle)
    finally:
        os.close(handle)


def _local(when: datetime | None) -> datetime:
    return (when or datetime.now(UTC)).astimezone()
