"""One edit from intent to saved file: journal, engine, client, spool, gallery, in that order and one way."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from overpaint.core.errors import (
    BadReply,
    ConnectionFailed,
    DiskFull,
    EditError,
    EngineError,
    KeyRefused,
    NotAllowed,
    OutcomeUnknown,
    OverpaintError,
    ReadOnly,
    StorageError,
)
from overpaint.core.request.edit_request import EditRequest
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelTable
from overpaint.core.results import prices
from overpaint.core.results.edit_events import Completed, EditEvent, Partial, Waiting
from overpaint.core.results.job_state import JobState
from overpaint.core.results.usage import Usage
from overpaint.library.gallery.gallery import Gallery
from overpaint.library.journal.journal import JobRecord, Journal
from overpaint.library.journal.ledger import Ledger
from overpaint.library.journal.spool import Spool
from overpaint.library.journal.stored_job import BODY, read_job
from overpaint.studio.config.key_store import KEY_VARIABLE, KeyStore
from overpaint.studio.document.effective_spec import effective_spec
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_persistence import (
    close_record,
    enter_in_ledger,
    keep,
    not_noted,
    note,
    price_facts,
    to_the_end,
)
from overpaint.studio.runs.offline_engine import OfflineEngine
from overpaint.studio.runs.spooled_reply import received
from overpaint.studio.unexpected import Contained, report

if TYPE_CHECKING:
    from overpaint.api.client import EditClient

Notify = Callable[[Job], None]

_NOT_SAVED = "Something went wrong inside Overpaint as the picture was saved."


@dataclass(frozen=True, slots=True)
class RunTools:
    """What a run works with; the functions give what the settings say at that moment. ``readable`` gives a
    request whose pictures an endpoint can read.

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
    readable: Callable[[EditRequest, EndpointProfile], Awaitable[EditRequest]]


async def run(job: Job, tools: RunTools, tell: Notify) -> None:
    """Runs a job to its end. Failures end in ``job.error``; cancelling the task cancels the edit.

    Nothing is sent before the intent is on the disk, and every picture is saved before it is told of. Once
    the body has left, an error of whatever kind ends the run as one that may have been billed, with the
    picture in memory where it had come; those that nobody expected go to the sink as well.
    """
    job.started = time.monotonic()
    _tell(job, tell)
    record = await _noted(job, tools)
    if record is not None:
        await _run(job, tools, record, tell)
    _tell(job, tell)


async def _noted(job: Job, tools: RunTools) -> JobRecord | None:
    """The job's record, with its intent on the disk; None, with the job ended, where that can't be."""
    try:
        return await to_the_end(_opened, job, tools)
    except StorageError as fault:
        _end(job, JobState.FAILED, _unwritten(fault))
    except Exception as error:  # noqa: BLE001 - reported, and the end of the run
        report(error, "noting an edit before it is sent")
        _end(job, JobState.FAILED, unexpected_error(billed=False))
    return None


async def _run(job: Job, tools: RunTools, record: JobRecord, tell: Notify) -> None:
    spool = Spool(record)
    try:
        await _edit(job, tools, record, spool, tell)
        _end(job, JobState.SAVED, job.error)
    except asyncio.CancelledError:
        _end(job, JobState.CANCELLED, job.error)
        settled = job.results or job.unsaved or job.refused_for_now
        job.may_have_been_billed = record.state.has_left and not job.free and not settled
    except OverpaintError as fault:
        await to_the_end(_end_after_failure, job, tools, record, spool, fault)
    except Exception as error:  # noqa: BLE001 - reported, and the end of the run
        report(error, "running an edit")
        await to_the_end(_end_after_error, job, tools, record, spool)
    finally:
        await to_the_end(_close, job, tools, record, spool)


def _end_after_failure(
    job: Job, tools: RunTools, record: JobRecord, spool: Spool, fault: OverpaintError
) -> None:
    """The end of a run that failed in a way that has words: pictures may still stand in what was kept of the
    reply, whole in one that was cut, or in a shape that only a look through all of it finds."""
    if record.state.has_left and isinstance(fault, EditError):
        with Contained("looking through a reply"):
            spool.close()
            _keep_what_came(job, tools, record)
    if len(job.results) + len(job.unsaved) >= job.request.params.n:
        _end(job, JobState.SAVED, job.error)
        return
    if isinstance(fault, BadReply) and fault.may_have_been_billed and not (job.results or job.unsaved):
        body = record.folder / BODY
        if body.exists():
            job.kept_reply, fault.reply_file = body, str(body)
    _end(job, _state_after(fault, record), fault)


def _end_after_error(job: Job, tools: RunTools, record: JobRecord, spool: Spool) -> None:
    """The end after an error that nobody expected: what has come of the reply is still saved."""
    billed = record.state.has_left and not job.free
    if record.state.has_left:
        with Contained("reading what had come of a reply"):
            spool.close()
            _keep_what_came(job, tools, record)
    if len(job.results) + len(job.unsaved) >= job.request.params.n:
        _end(job, JobState.SAVED, job.error)
    else:
        _end(job, JobState.OUTCOME_UNKNOWN if billed else JobState.FAILED, unexpected_error(billed=billed))


def _keep_what_came(job: Job, tools: RunTools, record: JobRecord) -> None:
    kept = read_job(record.folder)
    finished = [event for event in received(kept) if isinstance(event, Completed)] if kept else []
    keep_finished(job, finished[len(job.results) + len(job.unsaved) :], tools, record)


def keep_finished(job: Job, finished: Sequence[Completed], tools: RunTools, record: JobRecord | None) -> None:
    """Saves pictures that were found in what was kept of a reply, with what they cost."""
    for completed in finished:
        if completed.usage is not None and job.usage is None:
            _price(job, completed.usage, tools, tools.profile(job.request.endpoint))
        _keep(job, completed, tools, record)


def _price(job: Job, usage: Usage, tools: RunTools, profile: EndpointProfile) -> None:
    job.usage = usage
    with Contained("pricing an edit"):
        spec = tools.table.find(job.request.params.model)
        job.cost = 0.0 if job.free else prices.cost(usage, spec, profile.price_multiplier)


def unexpected_error(*, billed: bool) -> EditError:
    """What a run says of itself that ended by an error which nobody expected."""
    if not billed:
        return EditError("Something went wrong inside Overpaint.", next_step="Nothing was billed.")
    return OutcomeUnknown(
        "Something went wrong inside Overpaint after the edit had been sent.",
        next_step="It may have been billed.",
        may_have_been_billed=True,
    )


def save_error(error: Exception) -> StorageError:
    """What a run says of itself whose picture an error that nobody expected kept from being saved; reports
    that error."""
    report(error, "saving a picture")
    return StorageError(_NOT_SAVED, cause=type(error).__name__)


def _tell(job: Job, tell: Notify) -> None:
    with Contained("telling of a run"):  # whoever listens can't stop what is paid for
        tell(job)


def _opened(job: Job, tools: RunTools) -> JobRecord:
    gallery = tools.gallery().folder
    record = tools.journal.open_job(job.request, job.host, job.estimate, when=job.created, gallery=gallery)
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
                await _taken(job, event, tools, record, profile)
                _tell(job, tell)
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
    request = await tools.readable(job.request, profile)
    return tools.client().edit(request, profile, key, spec, _Spooling(spool))


class _Spooling:
    """The spool as the client sees it: on worker threads, one step after the other, and once the body has
    left, an error in keeping the reply doesn't keep it from being read. A step that has begun is done to its
    end, also when the edit is cancelled meanwhile."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    async def sent(self) -> None:
        """Notes that the body leaves; an error here ends the edit before it has."""
        await to_the_end(self._spool.sent)

    async def head(self, status: int, headers: Mapping[str, str], request_id: str) -> None:
        """Keeps the head of the reply."""
        with Contained("keeping the head of a reply"):
            await to_the_end(self._spool.head, status, headers, request_id)

    async def write(self, chunk: bytes) -> None:
        """Keeps more of its body."""
        with Contained("keeping a reply"):
            await to_the_end(self._spool.write, chunk)

    async def flush(self) -> None:
        """Returns when what is kept is on the disk."""
        with Contained("keeping a reply"):
            await asyncio.to_thread(self._spool.flush)


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


async def _taken(
    job: Job, event: EditEvent, tools: RunTools, record: JobRecord, profile: EndpointProfile
) -> None:
    """Takes an event in; an error in that ends no run whose picture is still to come."""
    before = len(job.results) + len(job.unsaved)
    taking = Contained("taking in what an edit brings")
    with taking:
        await _take(job, event, tools, record, profile)
    if taking.failed and isinstance(event, Completed) and len(job.results) + len(job.unsaved) == before:
        job.unsaved.append(event)
        job.error = job.error or StorageError(_NOT_SAVED)


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
            with Contained("noting a partial picture"):
                await to_the_end(_note_partial, record, event)
        case Completed():
            job.request_id = event.request_id or job.request_id
            if event.usage is not None:
                _price(job, event.usage, tools, profile)
            await to_the_end(_keep, job, event, tools, record)


def _note_partial(record: JobRecord, partial: Partial) -> None:
    note(record, JobState.PARTIAL, at_once=False, index=partial.index)


def _keep(job: Job, completed: Completed, tools: RunTools, record: JobRecord | None) -> None:
    """Saves a finished picture, or holds it in memory where its gallery doesn't take it.

    The journal's own trouble comes second: with it full, the gallery may lie on another disk.
    """
    trouble: StorageError | None = None
    with Contained("noting a finished picture"):
        trouble = note(record, JobState.BYTES_COMPLETE, index=completed.index, **price_facts(job))
    try:
        saved = keep(job, completed, tools.gallery(), own_folder=tools.own_folder, version=tools.version)
    except StorageError as fault:
        job.unsaved.append(completed)
        job.error = fault
        return
    except Exception as error:  # noqa: BLE001 - reported; the picture has been paid for
        job.unsaved.append(completed)
        job.error = save_error(error)
        return
    job.results.append(saved)
    with Contained("noting a saved picture"):
        trouble = note(record, JobState.SAVED, file=str(saved.path)) or trouble
    job.error = saved.failure or job.error or (trouble and not_noted(trouble))


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
    with Contained("closing the spool"):
        spool.close()
    trouble: StorageError | None = None
    entering = Contained("entering a run in the ledger")
    # First of all, so that a run whose end is in the journal has its line in the ledger.
    with entering:
        if record.state.has_left and not job.free and not job.left_open:
            trouble = enter_in_ledger(job, tools.ledger, record)
    with Contained("closing the record of a run"):
        owed = trouble is not None or entering.failed
        trouble = close_record(job, record, owed=owed) or trouble
    if trouble is not None:
        job.error = job.error or (not_noted(trouble) if job.results else trouble)
