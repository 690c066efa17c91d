"""Takes up the runs that an earlier start left unfinished: saves what had arrived, says what is unknown."""

import asyncio
import time
from pathlib import Path

from overpaint.core.errors import EditError, OutcomeUnknown, SettingsError, StorageError
from overpaint.core.results import prices
from overpaint.core.results.edit_events import Completed, Partial
from overpaint.core.results.job_state import JobState
from overpaint.core.results.prices import Estimate
from overpaint.library.gallery.gallery import SavedResult
from overpaint.library.journal.journal import JobRecord, StoredJob
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_persistence import close_record, enter_in_ledger, keep, note
from overpaint.studio.runs.job_runner import RunTools, save_error
from overpaint.studio.runs.kept_reply import shown_again
from overpaint.studio.runs.spooled_reply import received
from overpaint.studio.unexpected import Contained


async def recover(tools: RunTools) -> list[Job]:
    """Every run left unfinished, oldest first, ended now: saved, failed, or with its outcome unknown.

    Runs of other windows that still go on are left alone. One that can't be taken up keeps no other from
    it: it is shown as it was left, and tried again at the next start. Raises :class:`StorageError` when the
    journal can't be read.
    """
    found = await asyncio.to_thread(_left, tools)
    jobs: list[Job] = []
    for kept in reversed(found):
        with Contained(f"taking up the interrupted run {kept.id}"):
            job = _job_of(kept)
            taking_up = Contained(f"taking up the interrupted run {kept.id}")
            with taking_up:
                if not await asyncio.to_thread(_take_up, job, kept, tools):
                    continue
            if taking_up.failed:
                _leave_for_next_start(job, kept)
            jobs.append(job)
    return jobs


def _left(tools: RunTools) -> list[StoredJob]:
    """Runs that have no end, and those whose reply could not be read: this version may be able to."""
    return sorted(
        (*tools.journal.unfinished(), *tools.journal.unread()), key=lambda kept: kept.id, reverse=True
    )


def _take_up(job: Job, kept: StoredJob, tools: RunTools) -> bool:
    """Ends a run; False when another process has it."""
    try:
        record = tools.journal.resume(kept)
    except StorageError as fault:
        job.error = fault
        return True
    if record is None:
        return False
    with record:
        _recover(job, kept, tools, record)
        _settle(job, kept)
        trouble = close_record(job, record)
    if kept.state.has_left and not job.free and not (kept.is_unread and job.kept_reply):
        trouble = enter_in_ledger(job, tools.ledger) or trouble
    job.error = job.error or trouble
    return True


def _job_of(kept: StoredJob) -> Job:
    now = time.monotonic()
    job = Job(
        kept.id,
        kept.request(),
        kept.intent.host,
        kept.intent.estimate or Estimate(),
        kept.opened.astimezone(),
    )
    job.queued, job.recovered, job.request_id = False, True, kept.request_id
    job.state, job.started, job.ended = kept.state, now, now
    return job


def _recover(job: Job, kept: StoredJob, tools: RunTools, record: JobRecord) -> None:
    """Saves the finished pictures in the reply that aren't in a gallery yet."""
    try:
        events = received(kept)
    except StorageError as fault:
        job.error = fault
        return
    finished = [event for event in events if isinstance(event, Completed)]
    job.partial = next((event for event in reversed(events) if isinstance(event, Partial)), None)
    job.usage = next((event.usage for event in finished if event.usage is not None), None)
    if job.usage is not None:
        job.cost = _cost(job, tools)
    for completed in _unsaved(finished, kept, job):
        _save(job, completed, tools, record)


def _cost(job: Job, tools: RunTools) -> float | None:
    if job.free or job.usage is None:
        return 0.0
    try:
        multiplier = tools.profile(job.request.endpoint).price_multiplier
    except SettingsError:
        multiplier = 1.0  # the profile has been removed since
    return prices.cost(job.usage, tools.table.find(job.request.params.model), multiplier)


def _unsaved(finished: list[Completed], kept: StoredJob, job: Job) -> list[Completed]:
    """The pictures that were not saved before; those that were become results of the job.

    A saved file that the user has moved away since counts as saved: it is the first of the pictures
    that no file holds.
    """
    there = [path for path in kept.saved if path.is_file()]
    left: list[Completed] = []
    for completed in finished:
        twin = next((path for path in there if _holds(path, completed.data)), None)
        if twin is None:
            left.append(completed)
        else:
            there.remove(twin)
            job.results.append(SavedResult(twin))
    return left[len(kept.saved) - len(job.results) :]


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _save(job: Job, completed: Completed, tools: RunTools, record: JobRecord) -> None:
    gallery = tools.gallery()
    note(record, JobState.BYTES_COMPLETE, index=completed.index, salvaged=True)
    try:
        saved = gallery.find(completed.data) if gallery.folder.is_dir() else None
        saved = saved or keep(job, completed, gallery, own_folder=tools.own_folder, version=tools.version)
    except StorageError as fault:
        job.unsaved.append(completed)
        job.error = fault
        return
    except Exception as error:  # noqa: BLE001 - reported; the picture has been paid for
        job.unsaved.append(completed)
        job.error = save_error(error)
        return
    job.results.append(saved)
    note(record, JobState.SAVED, file=str(saved.path), salvaged=True)


def _settle(job: Job, kept: StoredJob) -> None:
    """Says how a run ended: saved, never sent, refused, or nobody knows."""
    if job.unsaved:
        job.state = JobState.BYTES_COMPLETE
    elif job.results or kept.saved:
        job.state = JobState.SAVED
    elif job.error is not None:
        return  # its reply can't be read now; the next start tries again
    elif kept.is_unread:
        job.state, job.kept_reply, job.may_have_been_billed = kept.state, kept.body, not job.free
        job.error = shown_again(str(kept.facts.get("message", "")), job)
    elif not kept.state.has_left:
        job.state = JobState.FAILED
        job.error = EditError(
            "Overpaint was closed before this edit was sent.", next_step="Nothing was billed."
        )
    elif kept.head is not None and 400 <= kept.head.status < 500:
        job.state = JobState.FAILED
        job.error = EditError(
            f"The service refused this edit (HTTP {kept.head.status}) as Overpaint was closed.",
            next_step="Nothing was billed.",
            status=kept.head.status,
            request_id=job.request_id,
        )
    else:
        had_come = kept.state is JobState.BYTES_COMPLETE
        _leave_open(job, "could be saved" if had_come else "was complete")


def _leave_for_next_start(job: Job, kept: StoredJob) -> None:
    """What an error has kept from being ended: the journal has it for unfinished still."""
    job.may_have_been_billed = kept.state.has_left and not job.free and not job.results
    if job.error is None and not job.results:
        job.error = OutcomeUnknown(
            "Something went wrong inside Overpaint as this edit was taken up.",
            next_step="The next start tries it again.",
            may_have_been_billed=job.may_have_been_billed,
            request_id=job.request_id,
        )


def _leave_open(job: Job, what_was_missing: str) -> None:
    job.state = JobState.OUTCOME_UNKNOWN
    job.may_have_been_billed = not job.free
    job.error = OutcomeUnknown(
        f"Overpaint was closed before the picture {what_was_missing}.",
        next_step="It may have been billed." if job.may_have_been_billed else "",
        may_have_been_billed=job.may_have_been_billed,
        request_id=job.request_id,
    )
