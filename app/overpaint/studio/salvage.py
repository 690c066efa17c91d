"""Takes up the runs that an earlier start left unfinished: saves what had arrived, says what is unknown."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

from overpaint.api.recorded import read_recorded
from overpaint.core import prices
from overpaint.core.errors import EditError, OutcomeUnknown, StorageError
from overpaint.core.jobs import JobState
from overpaint.core.prices import Estimate
from overpaint.core.reply import Completed, Partial
from overpaint.library.journal import JobRecord, KeptJob
from overpaint.studio.job import Job
from overpaint.studio.run import RunTools

_CHUNK = 256 * 1024


async def salvage(tools: RunTools) -> list[Job]:
    """Every run left unfinished, oldest first, ended now: saved, failed, or with its outcome unknown.

    Runs of other windows that still go on are left alone. Raises :class:`StorageError` when the journal
    can't be read.
    """
    found = await asyncio.to_thread(tools.journal.unfinished)
    jobs = [await asyncio.to_thread(_taken_up, kept, tools) for kept in reversed(found)]
    return [job for job in jobs if job is not None]


def _taken_up(kept: KeptJob, tools: RunTools) -> Job | None:
    record = tools.journal.resume(kept)
    if record is None:
        return None
    job = _job_of(kept)
    with record:
        try:
            _recover(job, kept, tools, record)
        except StorageError as fault:
            job.error = fault
    return job


def _job_of(kept: KeptJob) -> Job:
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


def _recover(job: Job, kept: KeptJob, tools: RunTools, record: JobRecord) -> None:
    pictures = 0
    for event in _received(kept):
        if isinstance(event, Partial):
            job.partial = event
            continue
        pictures += 1
        if event.usage is not None:
            job.usage = event.usage
            job.cost = 0.0 if job.free else prices.cost(event.usage, tools.table.find(kept.params.model))
        if pictures > len(kept.saved):
            _save(job, event, tools, record)
    _settle(job, kept, record)


def _received(kept: KeptJob) -> list[Partial | Completed]:
    if kept.head is None or kept.body is None:
        return []
    return read_recorded(kept.head.status, kept.head.headers, _chunks(kept.body))


def _chunks(body: Path) -> Iterator[bytes]:
    with body.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _save(job: Job, completed: Completed, tools: RunTools, record: JobRecord) -> None:
    gallery = tools.gallery()
    record.advance(JobState.BYTES_COMPLETE, index=completed.index, salvaged=True)
    try:
        if not gallery.folder.exists():
            gallery.create()
        saved = gallery.find(completed.data) or gallery.save(
            completed, job.request, when=job.created, cost=job.cost, host=job.host, app_version=tools.version
        )
    except StorageError as fault:
        job.unsaved.append(completed)
        job.error, job.state = fault, JobState.BYTES_COMPLETE
        return
    job.results.append(saved)
    record.advance(JobState.SAVED, file=str(saved.path), salvaged=True)


def _settle(job: Job, kept: KeptJob, record: JobRecord) -> None:
    """Ends a run without a whole picture: it never left, or nobody knows what became of it."""
    if job.results or job.unsaved:
        job.state = JobState.SAVED if job.results else JobState.BYTES_COMPLETE
        return
    if not kept.state.has_left:
        job.state = JobState.FAILED
        job.error = EditError(
            "Overpaint was closed before this edit was sent.", next_step="Nothing was billed."
        )
        record.advance(JobState.FAILED, kind="never_sent")
        return
    job.state = JobState.OUTCOME_UNKNOWN
    job.may_have_been_billed = not job.free
    billed = "It may have been billed." if job.may_have_been_billed else ""
    job.error = OutcomeUnknown(
        "Overpaint was closed before the picture was complete.",
        next_step=billed,
        may_have_been_billed=job.may_have_been_billed,
        request_id=job.request_id,
    )
    record.advance(JobState.OUTCOME_UNKNOWN, kind=job.error.kind)
