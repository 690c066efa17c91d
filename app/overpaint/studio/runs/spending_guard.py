"""Asks before money is spent twice or beyond the user's cap: what is doubtful about a request, in words."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from overpaint.core.request.edit_request import EditRequest
from overpaint.core.results.prices import Estimate
from overpaint.library.journal.ledger import Totals
from overpaint.studio.runs.job import Job

SAME_WITHIN = 600.0
"""Seconds in which an identical request is taken for a slip."""


class SpendingQuestion(msgspec.Struct, frozen=True):
    """A question before sending: ``words`` say what is doubtful, ``yes`` what the button to go on says."""

    title: str
    words: str
    yes: str


def same_request_question(
    wanted: str, sent: Mapping[Job, str], after: Job | None = None
) -> SpendingQuestion | None:
    """Whether an identical request ran in the last minutes, or still runs, where it costs something.

    ``wanted`` is the :func:`fingerprint` of the request; ``sent`` holds, newest first, that of each run as it
    was when it was prepared. ``after`` is a run that the user has just asked to repeat: it and those before
    it are no news to them.
    """
    for job, sent_as in sent.items():
        if sent_as != wanted or job.free or not _is_recent(job) or not _may_have_cost(job):
            continue
        if after is not None and job.asked <= after.asked:
            continue
        when = "is still running" if job.running else f"ran {_ago(_age(job))}"
        return SpendingQuestion(
            "Run the same again?",
            f"Exactly this edit {when}. Running it again is billed again.",
            "Run again",
        )
    return None


def recent(sent: Mapping[Job, str]) -> dict[Job, str]:
    """The runs that an identical request may still be held against; the others can be forgotten."""
    return {job: sent_as for job, sent_as in sent.items() if _is_recent(job)}


def over_cap_question(
    estimate: Estimate, cap: float | None, today: Totals, running: Iterable[Job]
) -> SpendingQuestion | None:
    """Whether an edit could take today's spending over ``cap`` US dollars (0: no cap; None: not known).

    Runs that still go on count with the most they may cost, as do those of unknown outcome.
    """
    if cap is None:
        return SpendingQuestion(
            "Go on without your cap?",
            "The spending cap couldn't be read from the settings, so this edit can't be held against it. "
            "Set it in Settings, and this isn't asked again.",
            "Generate",
        )
    if cap <= 0:
        return None
    spent = today.at_most + sum(job.estimate.high for job in running if not job.free)
    if not estimate.known:
        return SpendingQuestion(
            "Go on without a price?",
            f"The price of this edit isn't known, so it can't be held against your cap of ${cap:.2f} a day.",
            "Generate",
        )
    if spent + estimate.high <= cap:
        return None
    return SpendingQuestion(
        "Go over today's cap?",
        f"Today's edits come to ${spent:.2f} at most. This one may cost up to ${estimate.high:.2f} more, "
        f"above your cap of ${cap:.2f} a day.",
        "Generate all the same",
    )


def fingerprint(request: EditRequest) -> str:
    """The same for requests that would send the same bytes to the same endpoint, as their files are now.

    Blocks: it looks at the files.
    """
    digest = hashlib.blake2b(digest_size=16)
    digest.update(msgspec.json.encode(request.params))
    digest.update(request.endpoint.encode())
    for picture in request.pictures:
        digest.update(f"{picture.path}\0{picture.bytes}\0{_changed(picture.path)}\0".encode())
    digest.update(request.mask or b"")
    return digest.hexdigest()


def _changed(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def _is_recent(job: Job) -> bool:
    return job.running or _age(job) <= SAME_WITHIN


def _age(job: Job) -> float:
    """Seconds since it was asked for; an earlier start of the program had another monotonic clock."""
    return (datetime.now(UTC) - job.created).total_seconds() if job.recovered else job.age


def _may_have_cost(job: Job) -> bool:
    return job.running or bool(job.results or job.unsaved) or job.may_have_been_billed


def _ago(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} minutes ago" if minutes > 1 else "a moment ago"
