"""One edit from intent to saved file: journal, engine, client, spool, gallery, in that order and one way."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from overpaint.api.client import EditClient
from overpaint.core import prices
from overpaint.core.endpoint import EndpointProfile
from overpaint.core.errors import EditError, KeyRefused, OverpaintError, StorageError
from overpaint.core.jobs import JobState
from overpaint.core.models import ModelTable
from overpaint.core.reply import Completed, EditEvent, Partial, Waiting
from overpaint.library.gallery import Gallery, SavedResult
from overpaint.library.journal import JobRecord, Journal
from overpaint.library.ledger import Ledger, LedgerEntry
from overpaint.library.spool import Spool
from overpaint.studio.job import Job
from overpaint.studio.keys import KeyStore
from overpaint.studio.offline import OfflineEngine

T = TypeVar("T")
Tell = Callable[[Job], None]


@dataclass(frozen=True, slots=True)
class RunTools:
    """What a run works with; the functions give what the settings say at that moment."""

    client: EditClient
    engine: OfflineEngine
    keys: KeyStore
    journal: Journal
    ledger: Ledger
    table: ModelTable
    gallery: Callable[[], Gallery]
    profile: Callable[[str], EndpointProfile]
    version: str


async def run(job: Job, tools: RunTools, tell: Tell) -> None:
    """Runs a job to its end. Expected failures end in ``job.error``; cancelling the task cancels the edit.

    Nothing is sent before the intent is on the disk, and every picture is saved before it is told of.
    """
    job.started = time.monotonic()
    tell(job)
    try:
        record = await to_the_end(_opened, job, tools)
    except StorageError as fault:
        _end(job, JobState.FAILED, fault)
        tell(job)
        return
    spool = Spool(record)
    try:
        await _edit(job, tools, record, spool, tell)
        _end(job, JobState.SAVED if job.results else JobState.BYTES_COMPLETE, job.error)
    except asyncio.CancelledError:
        _end(job, JobState.SAVED if job.results else JobState.CANCELLED, None)
        job.may_have_been_billed = record.state.has_left and not job.free
    except OverpaintError as fault:
        _end(job, _state_after(fault, record, job), fault)
    finally:
        await to_the_end(_close, job, tools, record, spool)
    tell(job)


async def save_kept(job: Job, gallery: Gallery, tools: RunTools) -> None:
    """Saves the pictures of a run that its own gallery did not take. Raises :class:`StorageError`."""
    for completed in tuple(job.unsaved):
        saved = await to_the_end(_save, job, gallery, completed, tools)
        job.unsaved.remove(completed)
        job.results.append(saved)
        record = await asyncio.to_thread(_reopened, job, tools)
        if record is not None:
            with record:
                record.advance(JobState.SAVED, file=str(saved.path))
    job.error, job.state = None, JobState.SAVED


async def to_the_end(work: Callable[..., T], *arguments: object) -> T:
    """The result of ``work`` on a worker thread, waited for even when the task is cancelled meanwhile."""
    future = asyncio.get_running_loop().run_in_executor(None, work, *arguments)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        await asyncio.wait([future])
        future.exception()
        raise


async def _edit(job: Job, tools: RunTools, record: JobRecord, spool: Spool, tell: Tell) -> None:
    profile = tools.profile(job.request.endpoint)
    key = ""
    if profile.is_offline:
        address = await tools.engine.address()
        profile, key = address.profile(), address.token
    elif profile.auth != "none":
        key = await tools.keys.get(profile)
        if not key:
            raise KeyRefused(f"{profile.name} needs a key.", next_step="Type it in the endpoint settings.")
    spec = tools.table.find(job.request.params.model)
    async for event in tools.client.edit(job.request, profile, key, spec, spool):
        await _take(job, event, tools, record, profile)
        tell(job)


async def _take(
    job: Job, event: EditEvent, tools: RunTools, record: JobRecord, profile: EndpointProfile
) -> None:
    match event:
        case Waiting():
            job.waiting = event
            job.request_id = event.request_id or job.request_id
            job.state = record.state
        case Partial():
            job.partial, job.state = event, JobState.PARTIAL
            record.advance_unsynced(JobState.PARTIAL, index=event.index)
        case Completed():
            job.request_id = event.request_id or job.request_id
            if event.usage is not None:
                job.usage = event.usage
                spec = tools.table.find(job.request.params.model)
                job.cost = 0.0 if job.free else prices.cost(event.usage, spec, profile.price_multiplier)
            try:
                saved = await to_the_end(_keep, job, event, tools, record)
            except StorageError as fault:
                job.unsaved.append(event)
                job.error = fault
            else:
                job.results.append(saved)
                job.error = saved.failure or job.error


def _keep(job: Job, completed: Completed, tools: RunTools, record: JobRecord) -> SavedResult:
    """Saves a finished picture and notes it in the journal. Raises :class:`StorageError`."""
    record.advance(JobState.BYTES_COMPLETE, index=completed.index)
    saved = _save(job, tools.gallery(), completed, tools)
    record.advance(JobState.SAVED, file=str(saved.path))
    return saved


def _opened(job: Job, tools: RunTools) -> JobRecord:
    record = tools.journal.open_job(job.request, job.host, job.estimate, when=job.created)
    job.id = record.id
    return record


def _reopened(job: Job, tools: RunTools) -> JobRecord | None:
    kept = next((one for one in tools.journal.recent(200) if one.id == job.id), None)
    return tools.journal.resume(kept) if kept is not None else None


def _save(job: Job, gallery: Gallery, completed: Completed, tools: RunTools) -> SavedResult:
    if not gallery.folder.exists() and gallery.folder == tools.gallery().folder:
        gallery.create()
    return gallery.save(
        completed,
        job.request,
        when=job.created,
        cost=job.cost,
        estimate=job.estimate if job.estimate.known else None,
        host=job.host,
        app_version=tools.version,
    )


def _state_after(fault: OverpaintError, record: JobRecord, job: Job) -> JobState:
    if job.results:
        return JobState.SAVED
    billed = isinstance(fault, EditError) and fault.may_have_been_billed
    return JobState.OUTCOME_UNKNOWN if billed and record.state.has_left else JobState.FAILED


def _end(job: Job, state: JobState, fault: OverpaintError | None) -> None:
    job.state, job.error, job.ended = state, fault, time.monotonic()
    if isinstance(fault, EditError):
        job.request_id = fault.request_id or job.request_id
        job.may_have_been_billed = fault.may_have_been_billed and not job.free


def _close(job: Job, tools: RunTools, record: JobRecord, spool: Spool) -> None:
    """Writes how the job ended, in journal and ledger; trouble in writing it is the job's trouble."""
    spool.close()
    try:
        with record:
            if job.state.is_end and job.state is not JobState.SAVED:
                record.advance(job.state, **_facts(job))
        if not job.free:
            tools.ledger.add(_entry(job))
    except StorageError as fault:
        job.error = job.error or fault


def _facts(job: Job) -> dict[str, object]:
    if job.error is None:
        return {}
    return {"kind": job.error.kind, "message": job.error.message, "request_id": job.request_id}


def _entry(job: Job) -> LedgerEntry:
    return LedgerEntry(
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
