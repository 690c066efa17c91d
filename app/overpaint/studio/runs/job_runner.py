"""One edit from intent to saved file: journal, engine, client, spool, gallery, in that order and one way."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from overpaint.core.errors import (
    ConnectionFailed,
    DiskFull,
    EditError,
    EngineError,
    KeyRefused,
    NotAllowed,
    OverpaintError,
    ReadOnly,
    StorageError,
)
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelTable
from overpaint.core.results import prices
from overpaint.core.results.edit_events import Completed, EditEvent, Partial, Waiting
from overpaint.core.results.job_state import JobState
from overpaint.library.gallery.gallery import Gallery
from overpaint.library.journal.journal import JobRecord, Journal
from overpaint.library.journal.ledger import Ledger
from overpaint.library.journal.spool import Spool
from overpaint.studio.config.key_store import KEY_VARIABLE, KeyStore
from overpaint.studio.document.effective_spec import effective_spec
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_persistence import close_record, enter_in_ledger, keep, note, to_the_end
from overpaint.studio.runs.offline_engine import OfflineEngine

if TYPE_CHECKING:
    from overpaint.api.client import EditClient

Notify = Callable[[Job], None]


@dataclass(frozen=True, slots=True)
class RunTools:
    """What a run works with; the functions give what the settings say at that moment.

    ``own_folder`` is the one gallery folder that is made when it is missing: another one that is missing
    lies on a disk that isn't there.
    """

    client: "Callable[[], EditClient]"
    engine: OfflineEngine
    keys: KeyStore
    journal: Journal
    ledger: Ledger
    table: ModelTable
    gallery: Callable[[], Gallery]
    own_folder: Path
    profile: Callable[[str], EndpointProfile]
    version: str


async def run(job: Job, tools: RunTools, tell: Notify) -> None:
    """Runs a job to its end. Expected failures end in ``job.error``; cancelling the task cancels the edit.

    Nothing is sent before the intent is on the disk, and every picture is saved before it is told of.
    """
    job.started = time.monotonic()
    tell(job)
    try:
        record = await to_the_end(_opened, job, tools)
    except StorageError as fault:
        _end(job, JobState.FAILED, _unwritten(fault))
        tell(job)
        return
    spool = Spool(record)
    try:
        await _edit(job, tools, record, spool, tell)
        _end(job, JobState.SAVED, job.error)
    except asyncio.CancelledError:
        _end(job, JobState.CANCELLED, job.error)
        settled = job.results or job.unsaved or job.refused_for_now
        job.may_have_been_billed = record.state.has_left and not job.free and not settled
    except OverpaintError as fault:
        _end(job, _state_after(fault, record), fault)
    finally:
        await to_the_end(_close, job, tools, record, spool)
    tell(job)


def _opened(job: Job, tools: RunTools) -> JobRecord:
    record = tools.journal.open_job(job.request, job.host, job.estimate, when=job.created)
    job.id = record.id
    return record


def _unwritten(fault: StorageError) -> OverpaintError:
    """Why nothing was sent: an edit that isn't in the journal could be paid for and lost."""
    match fault:
        case DiskFull():
            step = "Free some space on that disk and try again."
        case ReadOnly():
            step = "Change the folder's permissions and try again."
        case _:
            step = "Check that its disk works and try again."
    refusal = NotAllowed(
        f"Nothing was sent, because Overpaint couldn't note the edit first. {fault.message}",
        cause=fault.cause,
        next_step=step,
    )
    refusal.__cause__ = fault
    return refusal


async def _edit(job: Job, tools: RunTools, record: JobRecord, spool: Spool, tell: Notify) -> None:
    profile = tools.profile(job.request.endpoint)
    try:
        async with aclosing(await _events(job, profile, tools, spool)) as events:
            async for event in events:
                await _take(job, event, tools, record, profile)
                tell(job)
    except EditError as fault:
        if profile.is_offline and (fault.may_have_been_billed or isinstance(fault, ConnectionFailed)):
            raise await _engine_failed(fault, tools.engine) from fault
        raise


async def _events(
    job: Job, profile: EndpointProfile, tools: RunTools, spool: Spool
) -> AsyncGenerator[EditEvent, None]:
    spec = effective_spec(tools.table.find(job.request.params.model), profile)
    key = ""
    if profile.is_offline:
        address = await tools.engine.address()
        profile, key = address.profile(), address.token
    elif profile.auth != "none":
        key = await tools.keys.get(profile)
        if not key:
            step = f"Type it in the endpoint settings, or set {KEY_VARIABLE}."
            raise KeyRefused(f"{profile.host_words} needs a key.", next_step=step)
    return tools.client().edit(job.request, profile, key, spec, spool)


async def _engine_failed(fault: EditError, engine: OfflineEngine) -> EngineError:
    """What a cut means where nothing can be billed: the engine went away, or doesn't answer."""
    words = await engine.exit_reason()
    if words is None:
        return EngineError(
            "The offline engine didn't finish the edit.", cause=fault.cause, next_step="Try again."
        )
    return EngineError(
        "The offline engine ended in the middle of the edit.",
        cause=words or fault.cause,
        next_step="Try again: it starts anew.",
    )


async def _take(
    job: Job, event: EditEvent, tools: RunTools, record: JobRecord, profile: EndpointProfile
) -> None:
    match event:
        case Waiting():
            job.waiting, job.waiting_since = event, time.monotonic()
            job.request_id = event.request_id or job.request_id
            job.state = record.state
        case Partial():
            job.partial, job.state = event, JobState.PARTIAL
            note(record, JobState.PARTIAL, at_once=False, index=event.index)
        case Completed():
            job.request_id = event.request_id or job.request_id
            if event.usage is not None:
                job.usage = event.usage
                spec = tools.table.find(job.request.params.model)
                job.cost = 0.0 if job.free else prices.cost(event.usage, spec, profile.price_multiplier)
            await to_the_end(_keep, job, event, tools, record)


def _keep(job: Job, completed: Completed, tools: RunTools, record: JobRecord) -> None:
    """Saves a finished picture, or holds it in memory where its gallery doesn't take it.

    The journal's own trouble comes second: with it full, the gallery may lie on another disk.
    """
    trouble = note(record, JobState.BYTES_COMPLETE, index=completed.index)
    try:
        saved = keep(job, completed, tools.gallery(), own_folder=tools.own_folder, version=tools.version)
    except StorageError as fault:
        job.unsaved.append(completed)
        job.error = fault
        return
    trouble = note(record, JobState.SAVED, file=str(saved.path)) or trouble
    job.results.append(saved)
    job.error = saved.failure or job.error or trouble


def _state_after(fault: OverpaintError, record: JobRecord) -> JobState:
    billed = isinstance(fault, EditError) and fault.may_have_been_billed
    return JobState.OUTCOME_UNKNOWN if billed and record.state.has_left else JobState.FAILED


def _end(job: Job, state: JobState, fault: OverpaintError | None) -> None:
    """Ends the run; what came of it outweighs how it ended."""
    if job.unsaved:
        state = JobState.BYTES_COMPLETE
    elif job.results:
        state = JobState.SAVED
    job.state, job.error, job.ended = state, fault, time.monotonic()
    if isinstance(fault, EditError):
        job.request_id = fault.request_id or job.request_id
        job.may_have_been_billed = fault.may_have_been_billed and not job.free


def _close(job: Job, tools: RunTools, record: JobRecord, spool: Spool) -> None:
    """Writes how the job ended, in journal and ledger; trouble in writing it is the job's trouble."""
    was_sent = record.state.has_left
    spool.close()
    trouble = close_record(job, record)
    if was_sent and not job.free and not job.left_open:
        trouble = enter_in_ledger(job, tools.ledger) or trouble
    job.error = job.error or trouble
