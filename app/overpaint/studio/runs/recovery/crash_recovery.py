"""Takes up the runs that an earlier start left unfinished: saves what had arrived, says what is unknown."""

import asyncio
import time
from contextlib import suppress

import msgspec

from overpaint.core.errors import EditError, OutcomeUnknown, SettingsError, StorageError
from overpaint.core.results import prices
from overpaint.core.results.edit_events import Completed, Partial
from overpaint.core.results.job_state import JobState
from overpaint.core.results.prices import Estimate
from overpaint.core.results.usage import Usage
from overpaint.library.gallery.gallery import Gallery, SavedResult
from overpaint.library.gallery.sidecar import Sidecar
from overpaint.library.journal.journal import JobRecord, StoredJob
from overpaint.library.storage.temporary_files import sweep_abandoned
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_persistence import (
    close_record,
    enter_in_ledger,
    facts_of,
    keep,
    note,
    price_facts,
)
from overpaint.studio.runs.job_runner import RunTools, save_error
from overpaint.studio.runs.recovery.kept_reply import shown_again
from overpaint.studio.runs.recovery.saved_before import galleries_of, split, told_by_sidecars
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
    """Ends a run and writes what follows from that; whether there is something to tell of it, which there
    isn't when another process has it, or the user has seen how it ended."""
    try:
        record = tools.journal.resume(kept)
    except StorageError as fault:
        job.error = fault
        return True
    if record is None:
        return False
    owed = False
    try:
        entered = tools.ledger.find(job.id)
        was_saved = entered is not None and entered.state is JobState.SAVED
        is_told = was_saved or (kept.is_told and not kept.is_unread)
        _recover(job, kept, tools, record, is_saved=is_told)
        _settle(job, kept, is_told=is_told)
        if kept.state.has_left and not job.free and job.kept_reply is None:
            trouble = enter_in_ledger(job, tools.ledger, record)
            owed, job.error = trouble is not None, job.error or trouble
    finally:
        job.error = close_record(job, record, owed=owed) or job.error
    return not is_told or bool(job.unsaved)


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


def _recover(job: Job, kept: StoredJob, tools: RunTools, record: JobRecord, *, is_saved: bool) -> None:
    """Saves the finished pictures in the reply that aren't in a gallery yet, unless all of them are known to
    be saved, and completes the details of those that are."""
    try:
        events = received(kept)
        finished = [event for event in events if isinstance(event, Completed)]
        job.partial = next((event for event in reversed(events) if isinstance(event, Partial)), None)
        galleries = galleries_of(kept, tools.gallery())
        found, left = split(finished, kept, galleries, job.id)
        results, told = ([], None) if finished else told_by_sidecars(job, galleries)
    except StorageError as fault:
        job.error = fault
        return
    _price(job, kept, finished, told, tools)
    job.results += results
    for saved, completed in found:
        job.results.append(_completed(job, saved, completed, tools))
    for saved in job.results:
        if saved.path not in kept.saved:
            note(record, JobState.BYTES_COMPLETE, **price_facts(job))
            note(record, JobState.SAVED, file=str(saved.path))
    for completed in [] if is_saved else left:
        _save(job, completed, galleries, tools, record)
    for gallery in galleries:
        with suppress(StorageError):
            sweep_abandoned(gallery.folder)


def _price(
    job: Job, kept: StoredJob, finished: list[Completed], told: Sidecar | None, tools: RunTools
) -> None:
    """What it used and cost: by its reply, by what the journal has noted, or by the sidecar of a picture."""
    job.usage = next((event.usage for event in finished if event.usage is not None), None)
    if job.usage is not None:
        job.cost = _cost(job, tools)
    elif (usage := Usage.from_wire(kept.facts.get("usage"))) is not None:
        noted = kept.facts.get("cost")
        job.usage, job.cost = usage, noted if isinstance(noted, float | int) else _cost(job, tools)
    elif told is not None:
        job.usage, job.cost = told.usage, told.run_cost


def _completed(job: Job, saved: SavedResult, completed: Completed, tools: RunTools) -> SavedResult:
    """A picture that was saved before, with the mask and the sidecar that it may lack."""
    try:
        gallery = Gallery(saved.path.parent)
        return gallery.complete(saved, completed, job.request, **facts_of(job, tools.version))
    except StorageError as fault:
        return msgspec.structs.replace(saved, failure=fault)


def _cost(job: Job, tools: RunTools) -> float | None:
    if job.free or job.usage is None:
        return 0.0
    try:
        multiplier = tools.profile(job.request.endpoint).price_multiplier
    except SettingsError:
        multiplier = 1.0  # the profile has been removed since
    return prices.cost(job.usage, tools.table.find(job.request.params.model), multiplier)


def _save(
    job: Job, completed: Completed, galleries: list[Gallery], tools: RunTools, record: JobRecord
) -> None:
    note(record, JobState.BYTES_COMPLETE, index=completed.index, salvaged=True, **price_facts(job))
    try:
        saved = _saved_somewhere(job, completed, galleries, tools)
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


def _saved_somewhere(
    job: Job, completed: Completed, galleries: list[Gallery], tools: RunTools
) -> SavedResult:
    """Saves a picture where it was meant to go, or where today's go. Raises StorageError when that fails."""
    for gallery in galleries:
        with suppress(StorageError):
            return keep(job, completed, gallery, own_folder=tools.own_folder, version=tools.version)
    gallery = tools.gallery()
    return keep(job, completed, gallery, own_folder=tools.own_folder, version=tools.version)


def _settle(job: Job, kept: StoredJob, *, is_told: bool) -> None:
    """Says how a run ended: as was said before, saved, never sent, refused, or nobody knows."""
    if is_told and kept.state.is_end and not job.unsaved:
        job.state = kept.state
    elif job.unsaved:
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
