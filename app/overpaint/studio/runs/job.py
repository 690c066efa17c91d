"""One run of an edit, as it is shown while it goes on and afterwards."""

import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from overpaint.core.errors import OverpaintError
from overpaint.core.request.edit_request import EditRequest
from overpaint.core.request.endpoint_profile import OFFLINE
from overpaint.core.results.edit_events import Completed, Partial, Waiting
from overpaint.core.results.job_state import JobState
from overpaint.core.results.prices import Estimate
from overpaint.core.results.usage import Usage
from overpaint.library.gallery.gallery import SavedResult


@dataclass(eq=False, slots=True)
class Job:
    """Its fields change only in ``job_runner.py`` and ``job_queue.py``; views read them when told to.

    ``unsaved`` holds finished pictures that could not be written, until they are saved elsewhere.
    ``group`` is the same for runs that were asked for together, of which this is number ``place`` of ``of``;
    a run by itself has none. ``may_have_been_billed`` is what an end without a picture leaves open.
    ``recovered`` marks a run that an earlier start of the program left unfinished, ``closing`` one that ends
    because the program does. ``kept_reply`` is the file of a reply that may have been billed and in which no
    picture was found.
    """

    id: str
    request: EditRequest
    host: str
    estimate: Estimate
    created: datetime
    state: JobState = JobState.INTENT
    queued: bool = True
    waiting: Waiting | None = None
    partial: Partial | None = None
    results: list[SavedResult] = field(default_factory=list)
    unsaved: list[Completed] = field(default_factory=list)
    error: OverpaintError | None = None
    usage: Usage | None = None
    cost: float | None = None
    request_id: str = ""
    may_have_been_billed: bool = False
    recovered: bool = False
    closing: bool = False
    group: str = ""
    place: int = 1
    of: int = 1
    kept_reply: Path | None = None
    asked: float = field(default_factory=time.monotonic)
    waiting_since: float = 0.0
    started: float | None = None
    ended: float | None = None

    @property
    def running(self) -> bool:
        """Whether it still goes on, or waits for its turn."""
        return self.ended is None

    @property
    def newest(self) -> SavedResult | bytes | None:
        """The newest picture there is of it: saved, or encoded bytes in memory. The same object each time
        until there is a newer one, so that it need be decoded only once."""
        if self.results:
            return self.results[-1]
        if self.unsaved:
            return self.unsaved[-1].data
        return self.partial.data if self.partial is not None else None

    @property
    def age(self) -> float:
        """Seconds since it was asked for."""
        return time.monotonic() - self.asked

    @property
    def refused_for_now(self) -> bool:
        """Whether the service has just refused it for its rate limit, so that nothing has run."""
        return self.waiting is not None and self.waiting.phase == "rate limited"

    @property
    def seconds_to_wait(self) -> float:
        """What is left of a wait that the service asked for; 0 when there is none."""
        if self.waiting is None or not self.waiting.seconds:
            return 0.0
        return max(0.0, self.waiting.seconds - (time.monotonic() - self.waiting_since))

    @property
    def left_open(self) -> bool:
        """Whether the next start is to tell of it: it may have been billed, and nobody saw how it ended."""
        return self.closing and self.may_have_been_billed

    @property
    def free(self) -> bool:
        """Whether it costs nothing, being the offline engine's."""
        return self.request.endpoint == OFFLINE

    @property
    def seconds(self) -> float:
        """How long it has gone on, or took."""
        if self.started is None:
            return 0.0
        return (self.ended if self.ended is not None else time.monotonic()) - self.started
