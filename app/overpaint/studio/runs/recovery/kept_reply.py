"""Replies that may have been paid for and in which no picture was found: kept, and looked through again.

The reply stays in the journal, byte for byte. A later version may read what this one can't, so the next
starts look once more and show the run until the user dismisses it. Looking sends nothing.
"""

import shutil
from pathlib import Path

from overpaint.core.errors import EditError, OutcomeUnknown, StorageError
from overpaint.core.results.edit_events import Completed
from overpaint.core.results.job_state import JobState
from overpaint.library.journal.stored_job import read_job
from overpaint.library.storage.storage_errors import storage_errors
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_persistence import close_record, enter_in_ledger, resumed
from overpaint.studio.runs.job_runner import RunTools, keep_finished
from overpaint.studio.runs.spooled_reply import received
from overpaint.studio.unexpected import Contained

NOTHING_FOUND = "There is still no picture to be found in the reply."


def look_again(job: Job, tools: RunTools) -> bool:
    """Looks through a kept reply once more and saves what is found; False when there is nothing. Blocks.

    Raises :class:`StorageError` when the reply can't be read.
    """
    if job.kept_reply is None:
        return False
    kept = read_job(job.kept_reply.parent)
    found = [event for event in received(kept) if isinstance(event, Completed)] if kept is not None else []
    if not found:
        return False
    record = resumed(job, tools.journal)
    keep_finished(job, found, tools, record)
    job.state = JobState.BYTES_COMPLETE if job.unsaved else JobState.SAVED
    job.kept_reply, job.may_have_been_billed = None, False
    if isinstance(job.error, EditError):
        job.error = None
    trouble = None if job.free else enter_in_ledger(job, tools.ledger, record)
    if record is not None:
        with Contained("closing the record of a run"):
            close_record(job, record, owed=trouble is not None)
    job.error = job.error or trouble
    return True


def save_reply(job: Job, place: Path) -> None:
    """Copies a kept reply to a place that the user chose. Raises :class:`StorageError`. Blocks."""
    if job.kept_reply is None:
        raise StorageError("The reply isn't there any more.")
    with storage_errors(place.parent):
        shutil.copyfile(job.kept_reply, place)


def reply_name(job: Job) -> str:
    """A file name for a kept reply, by what it looks like. Blocks."""
    start = b""
    if job.kept_reply is not None:
        with Contained("reading the start of a reply"), job.kept_reply.open("rb") as file:
            start = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    ending = "json" if start[:1] in (b"{", b"[") else "txt" if start.isascii() else "bin"
    return f"reply {job.created:%Y-%m-%d %H.%M.%S}.{ending}"


def shown_again(message: str, job: Job) -> OutcomeUnknown:
    """What a run says of itself at a later start, whose reply nobody could read."""
    return OutcomeUnknown(
        message or "The reply of this edit brought no picture that Overpaint could find.",
        next_step="It may have been billed. The reply is kept: look through it again, or save it.",
        may_have_been_billed=True,
        request_id=job.request_id,
    )
