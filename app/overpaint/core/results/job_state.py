"""The states of a job on its way from intent to saved file, and which may follow which."""

from enum import StrEnum


class JobState(StrEnum):
    """How far a job has come. The order is that of a good run; the rest are its ends."""

    INTENT = "intent"
    SENT = "sent"
    REQUEST_ID = "request id"
    PARTIAL = "partial"
    BYTES_COMPLETE = "bytes complete"
    SAVED = "saved"
    FAILED = "failed"
    CANCELLED = "cancelled"
    OUTCOME_UNKNOWN = "outcome unknown"

    @property
    def is_end(self) -> bool:
        """Whether nothing more is expected to happen."""
        return self in ENDS

    @property
    def has_left(self) -> bool:
        """Whether the request's body had surely left, so that the service may have worked for it.

        ``failed`` and ``cancelled`` do not say; the state before them does.
        """
        return self in _AFTER_SENDING


ENDS = frozenset({JobState.SAVED, JobState.FAILED, JobState.CANCELLED, JobState.OUTCOME_UNKNOWN})
_RISING = (
    JobState.INTENT,
    JobState.SENT,
    JobState.REQUEST_ID,
    JobState.PARTIAL,
    JobState.BYTES_COMPLETE,
    JobState.SAVED,
)
_AFTER_SENDING = frozenset({*_RISING[1:], JobState.OUTCOME_UNKNOWN})


def may_follow(before: JobState, after: JobState) -> bool:
    """Whether a job may go from one state to another: forward in a good run, or to an end.

    A partial may follow a partial; ``saved`` needs complete bytes first; a saved job may be followed by
    more bytes and saves when one edit brings several pictures; a job found unfinished after a crash may
    still be saved from what was spooled.
    """
    if before in (JobState.FAILED, JobState.CANCELLED):
        return False
    if before is JobState.OUTCOME_UNKNOWN:
        return after in (JobState.BYTES_COMPLETE, JobState.SAVED)
    if before is JobState.SAVED:
        return after in (JobState.BYTES_COMPLETE, JobState.SAVED, JobState.OUTCOME_UNKNOWN)
    if after in ENDS and after is not JobState.SAVED:
        return True
    if after is JobState.SAVED:
        return before is JobState.BYTES_COMPLETE
    return after is before is JobState.PARTIAL or _RISING.index(after) > _RISING.index(before)
