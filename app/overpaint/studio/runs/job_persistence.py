"""Writes down what a run brought: picture in the gallery, state in the journal, price in the ledger."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from overpaint.core.errors import DiskFull, StorageError
from overpaint.core.results.edit_events import Completed
from overpaint.core.results.job_state import JobState, may_follow
from overpaint.library.gallery.gallery import Gallery, SavedResult
from overpaint.library.gallery.provenance import RunFacts
from overpaint.library.journal.journal import JobRecord, Journal
from overpaint.library.journal.ledger import Ledger, LedgerEntry
from overpaint.studio.runs.job import Job
from overpaint.studio.unexpected import Contained

T = TypeVar("T")
_RECENT = 1000
_KEPT = 50
_AGE = timedelta(days=1)
_log = logging.getLogger(__name__)


async def to_the_end(work: Callable[..., T], *arguments: object) -> T:
    """The result of ``work`` on a worker thread, never given up half-way.

    A cancellation that comes meanwhile takes effect at the first wait after it, so that whoever called
    learns what was done.
    """
    future = asyncio.get_running_loop().run_in_executor(None, work, *arguments)
    cancelled = False
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError:
            cancelled = True
    task = asyncio.current_task()
    if cancelled and task is not None:
        task.uncancel()
        task.cancel()
    return future.result()


def keep(job: Job, completed: Completed, gallery: Gallery, *, own_folder: Path, version: str) -> SavedResult:
    """Saves a finished picture with all that is known of its run. Raises :class:`StorageError`."""
    if gallery.folder == own_folder.resolve() and not gallery.folder.exists():
        gallery.create()
    return gallery.save(completed, job.request, **facts_of(job, version))


def facts_of(job: Job, version: str) -> RunFacts:
    """What the sidecars of a run's pictures say of it."""
    return RunFacts(
        when=job.created,
        cost=job.cost,
        estimate=job.estimate if job.estimate.known else None,
        host=job.host,
        run=job.id,
        app_version=version,
    )


async def store_elsewhere(
    job: Job, gallery: Gallery, journal: Journal, *, own_folder: Path, version: str
) -> None:
    """Saves the pictures of a run that its own gallery did not take. Raises :class:`StorageError`."""
    record = await to_the_end(_reopened, job, journal)
    failure: StorageError | None = None
    try:
        for completed in tuple(job.unsaved):
            saved = await to_the_end(_keep_one, job, completed, gallery, own_folder, version, record)
            failure = saved.failure or failure
        job.error, job.state = failure, JobState.SAVED
    finally:
        if record is not None:
            with Contained("closing the record of a run"):
                await to_the_end(close_record, job, record)


def note(
    record: JobRecord | None, state: JobState, /, *, at_once: bool = True, **facts: object
) -> StorageError | None:
    """Notes a state in the journal; gives its trouble back, since no edit ends because of it."""
    if record is None:
        return None
    try:
        if not may_follow(record.state, state):  # a further picture of the same edit: it is as far already
            record.note(**facts)
        elif at_once:
            record.advance(state, **facts)
        else:
            record.advance_unsynced(state, **facts)
    except StorageError as fault:
        return fault
    return None


def price_facts(job: Job) -> dict[str, Any]:
    """What a run cost, as the journal notes it with its first picture."""
    if job.usage is None:
        return {}
    return {"cost": job.cost, "usage": job.usage.wire()}


def not_noted(trouble: StorageError) -> StorageError:
    """The journal's or the ledger's trouble about a run whose pictures are saved: no reason to pay again."""
    failure = type(trouble)(
        f"The picture is saved, but Overpaint couldn't note all about its run. {trouble.message}",
        cause=trouble.cause,
        next_step="The next start completes it, once there is room. Nothing needs to be sent again.",
    )
    failure.__cause__ = trouble
    return failure


def close_record(job: Job, record: JobRecord, *, owed: bool = False) -> StorageError | None:
    """Notes how a job ended and closes its record; gives trouble in that back.

    While a picture is unsaved the journal takes the job for unfinished: the next start saves it. So it does
    with one that is ``left_open``: the next start tells of it; and with one to which something is ``owed``,
    or whose pictures lack details: the next start writes them. Of all others that are saved the reply goes.
    """
    owed = owed or any(saved.failure is not None for saved in job.results)
    all_saved = not job.unsaved and len(job.results) >= job.request.params.n
    trouble: StorageError | None = None
    try:
        if job.unsaved:
            if record.state is JobState.SAVED:
                trouble = note(record, JobState.BYTES_COMPLETE)
        elif job.state.is_end and job.state is not JobState.SAVED and not job.left_open:
            trouble = _note_end(job, record)
    finally:
        closing = _closed(record, owed=owed, keep_reply=not all_saved)
    return closing or trouble


def _closed(record: JobRecord, *, owed: bool, keep_reply: bool) -> StorageError | None:
    try:
        record.close(owed=owed, keep_reply=keep_reply)
    except StorageError as fault:
        return fault
    return None


def enter_in_ledger(job: Job, ledger: Ledger, record: JobRecord | None) -> StorageError | None:
    """Writes the run and its price down; gives trouble in that back."""
    entry = LedgerEntry(
        job=job.id,
        at=job.created,
        state=job.state,
        endpoint=job.request.endpoint,
        model=job.request.params.model,
        request_id=job.request_id,
        estimate_low=job.estimate.low,
        estimate_high=job.estimate.high,
        cost=job.cost,
        usage=job.usage,
        may_have_been_billed=job.may_have_been_billed,
    )
    fault = _added(entry, ledger)
    if isinstance(fault, DiskFull) and record is not None and record.free_spare():
        fault = _added(entry, ledger)
    return fault


def _added(entry: LedgerEntry, ledger: Ledger) -> StorageError | None:
    try:
        ledger.add(entry)
    except StorageError as fault:
        return fault
    return None


def set_aside(job: Job, journal: Journal) -> None:
    """Notes that the user has done with a run whose reply brought no picture: no start shows it again."""
    record = _reopened(job, journal)
    if record is not None:
        with Contained("noting that a run is done with"), record:
            record.note(set_aside=True)


def clear_old(journal: Journal) -> None:
    """Removes old jobs whose pictures are safe, and what a crash left of their replies. Trouble can wait."""
    _clear(journal, _AGE, _KEPT)


def clear_settled(journal: Journal) -> None:
    """Removes all jobs whose pictures are safe, or that brought nothing."""
    _clear(journal, timedelta(0), 0)


def _clear(journal: Journal, older_than: timedelta, keep: int) -> None:
    try:
        journal.tidy(older_than, keep)
    except StorageError as fault:
        _log.warning("old jobs stay in the journal: %s", fault.cause)


def _reopened(job: Job, journal: Journal) -> JobRecord | None:
    """The job's record once more; None where it has gone or can't be read: that holds up no picture."""
    with Contained("taking up the record of a run"):
        return resumed(job, journal)
    return None


def resumed(job: Job, journal: Journal) -> JobRecord | None:
    """The job's record, taken up to be written further; None where it has gone, can't be read, or is
    another process's."""
    try:
        kept = next((one for one in journal.recent(_RECENT) if one.id == job.id), None)
        return journal.resume(kept) if kept is not None else None
    except StorageError as fault:
        _log.warning("journal of %s can't be taken up: %s", job.id, fault.cause)
        return None


def _keep_one(
    job: Job,
    completed: Completed,
    gallery: Gallery,
    own_folder: Path,
    version: str,
    record: JobRecord | None,
) -> SavedResult:
    saved = keep(job, completed, gallery, own_folder=own_folder, version=version)
    job.unsaved.remove(completed)
    job.results.append(saved)
    with Contained("noting a saved picture"):
        note(record, JobState.SAVED, file=str(saved.path))
    return saved


def _note_end(job: Job, record: JobRecord) -> StorageError | None:
    if (fault := job.error) is None:
        return note(record, job.state)
    return note(record, job.state, kind=fault.kind, message=fault.message, request_id=job.request_id)
