"""How a run ended, in words, and what can be done about it."""

from collections.abc import Sequence

from overpaint.core.errors import (
    BadReply,
    ConnectionFailed,
    ContentRefused,
    EditError,
    InvalidRequest,
    KeyRefused,
    NotAllowed,
    NotFound,
    OverpaintError,
    QuotaExhausted,
    StorageError,
    TimedOut,
)
from overpaint.core.results.job_state import JobState
from overpaint.core.results.prices import dollars
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.run_words import phase_words, seconds_words, short_phase

_IN_A_WORD: tuple[tuple[type[OverpaintError], str], ...] = (
    (ContentRefused, "refused"),
    (KeyRefused, "key refused"),
    (QuotaExhausted, "no credit"),
    (ConnectionFailed, "not reached"),
    (TimedOut, "no answer"),
    (BadReply, "no picture"),
)


def caption(job: Job) -> tuple[str, str]:
    """What a tile says at its foot: nothing of a run whose picture speaks for itself."""
    if job.running:
        return short_phase(job), seconds_words(job)
    if job.results:
        return ("recovered", "") if job.recovered else ("", "")
    return in_a_word(job), ""


def in_a_word(job: Job) -> str:
    """How a run without a saved picture ended."""
    if job.unsaved:
        return "not saved"
    if job.state is JobState.CANCELLED:
        return "cancelled"
    if job.partial is not None:
        return "unfinished"
    return next((word for kind, word in _IN_A_WORD if isinstance(job.error, kind)), "failed")


def price_words(job: Job) -> str:
    """What a run cost, as far as it is known."""
    if job.free or not _costs(job):
        return "free" if job.free else ""
    if job.cost is not None:
        return dollars(job.cost)
    return f"≈ {job.estimate.words()}" if job.estimate.known else ""


def together_words(jobs: Sequence[Job]) -> str:
    """What runs that were asked for together cost, with those that still go on at their likely price."""
    if len(jobs) == 1:
        return price_words(jobs[0])
    if all(job.free for job in jobs):
        return "free"
    costing = [job for job in jobs if _costs(job)]
    if not costing or not all(job.cost is not None or job.estimate.known for job in costing):
        return ""
    exact = all(job.cost is not None for job in costing)
    total = sum(job.estimate.high if job.cost is None else job.cost for job in costing)
    return dollars(total) if exact else f"≈ {dollars(total)}"


def _costs(job: Job) -> bool:
    """Whether it has brought something, may yet, or may have been billed for nothing."""
    brings = job.running or bool(job.results or job.unsaved)
    return brings or job.cost is not None or job.may_have_been_billed


def message(job: Job) -> str:
    """What a run that goes on is doing, or why it ended without a picture; nothing for one that has it."""
    if job.running:
        return phase_words(job)
    if job.error is not None:
        billed = " It may have been billed." if job.may_have_been_billed else ""
        said = job.error.sentence()
        return said if "billed" in said else said + billed
    if job.state is JobState.CANCELLED:
        return "Cancelled. It may have been billed." if job.may_have_been_billed else "Cancelled."
    return ""


def service_words(job: Job) -> str:
    """What the service itself said of it, where that isn't in the message already."""
    own = job.error.service_message if isinstance(job.error, EditError) else ""
    return f"{job.host} said: {own}" if own and own not in message(job) else ""


def next_step(job: Job) -> tuple[str, str]:
    """What a button offers first: the name of the step and its words, both ``""`` for nothing."""
    if job.running:
        return "cancel", "Cancel"
    return _mend(job.error, job) if job.error is not None else _again(job)


def spoken(job: Job) -> str:
    """All of it, for those who hear it."""
    place = f", {job.place} of {job.of}" if job.of > 1 else ""
    left, right = caption(job)
    ended = "" if job.running or not job.results else f"{seconds_words(job)} {price_words(job)}"
    words = " ".join(filter(None, (left, right, ended, message(job), service_words(job))))
    return f"Run “{job.request.params.prompt[:60]}”{place}: {words}".strip()


def _again(job: Job) -> tuple[str, str]:
    return ("again", "Run again") if job.state is JobState.CANCELLED else ("", "")


def _mend(fault: OverpaintError, job: Job) -> tuple[str, str]:
    if job.kept_reply is not None:
        return "look", "Look again"
    if isinstance(fault, ContentRefused):
        return "", ""  # the same again would be refused again
    if isinstance(fault, StorageError):
        return "folder", "Save to another folder…" if job.unsaved else "Choose another folder…"
    if isinstance(fault, InvalidRequest) and fault.field == "stream":
        return "plain", "Try without streaming"
    if isinstance(fault, NotFound) and fault.other_path:
        return "path", "Try the other path"
    if isinstance(fault, KeyRefused | NotFound | NotAllowed) and not _is_local(fault):
        return "settings", "Endpoint settings…"
    return "again", "Try again"


def _is_local(fault: OverpaintError) -> bool:
    """Whether it was a file of one's own, or one's own disk, that kept the edit from leaving."""
    return isinstance(fault, NotAllowed) and (
        fault.field == "image" or isinstance(fault.__cause__, StorageError)
    )
