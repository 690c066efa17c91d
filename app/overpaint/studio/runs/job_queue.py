"""Starts, queues and ends the runs of edits."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from overpaint.core.errors import EditError, StorageError
from overpaint.core.request.edit_request import EditRequest
from overpaint.core.results.job_state import JobState
from overpaint.core.results.prices import Estimate
from overpaint.library.gallery.gallery import Gallery
from overpaint.studio.event import Event
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_persistence import set_aside, store_elsewhere, to_the_end
from overpaint.studio.runs.job_runner import RunTools, run, unexpected_error
from overpaint.studio.runs.recovery.kept_reply import NOTHING_FOUND, look_again
from overpaint.studio.tasks import Tasks

if TYPE_CHECKING:
    import asyncio


_PARTIALS_KEPT = 12
"""Ended runs without a picture of which the last partial stays in memory, the newest first."""


class Jobs:
    """All runs since the start, newest first.

    ``added`` and ``changed`` tell about a run; ``finished`` comes when it ended either way, and once more
    when its pictures were saved elsewhere; ``dismissed`` when it left the list.
    """

    def __init__(self, tools: RunTools, tasks: Tasks, at_once: Callable[[], int]) -> None:
        self._tools = tools
        self._tasks = tasks
        self._at_once = at_once
        self._running: dict[Job, asyncio.Task[None]] = {}
        self._moving: set[Job] = set()
        self._durations: dict[str, float] = {}
        self.all: list[Job] = []
        self.added: Event[[Job]] = Event()
        self.changed: Event[[Job]] = Event()
        self.finished: Event[[Job]] = Event()
        self.dismissed: Event[[Job]] = Event()

    def start_together(self, requests: Sequence[EditRequest], host: str, each: Estimate) -> list[Job]:
        """Runs requests side by side, as many as there are places; ``each`` is the likely price of one."""
        now = datetime.now().astimezone()
        jobs: list[Job] = []
        for at, request in enumerate(requests):
            when = now + timedelta(microseconds=at)
            jobs.append(Job(_name(when), request, host, each, when, place=at + 1, of=len(requests)))
        for job in reversed(jobs):  # the first stands in front of the others, and begins first
            job.group = _name(now) if len(jobs) > 1 else ""
            self.show(job)
        self._fill_places()
        return jobs

    def show(self, job: Job) -> None:
        """Puts a run in front of the others."""
        self.all.insert(0, job)
        self.added.emit(job)

    def cancel(self, job: Job) -> None:
        """Ends a run at once; what it already saved stays."""
        task = self._running.get(job)
        if task is not None:
            task.cancel()
        elif job.queued and job.running:
            _end_early(job, JobState.CANCELLED)
            self.changed.emit(job)
            self.finished.emit(job)

    def close(self) -> None:
        """Ends the queue: nothing follows into the places that are free once the runs are cancelled."""
        for job in self.all:
            job.closing = job.running
            if job.queued and job.running:
                self.cancel(job)

    def save_elsewhere(self, job: Job, gallery: Gallery) -> None:
        """Saves the pictures of a run that its own gallery didn't take into another one."""
        if job.unsaved and job not in self._moving:
            self._moving.add(job)
            self._tasks.start(self._save_elsewhere(job, gallery), f"save {job.id}")

    def look_again(self, job: Job) -> None:
        """Looks through the kept reply of a run that brought no picture; sends nothing."""
        if job.kept_reply is not None and job not in self._moving:
            self._moving.add(job)
            self._tasks.start(self._look_again(job), f"look again {job.id}")

    def together(self, job: Job) -> list[Job]:
        """The runs that were asked for together with one, itself among them."""
        return [one for one in self.all if one is job or (one.group and one.group == job.group)]

    def dismiss(self, job: Job) -> None:
        """Takes an ended run out of the list; its files stay."""
        if not job.running and job in self.all:
            self.all.remove(job)
            self.dismissed.emit(job)
            if job.kept_reply is not None:
                self._tasks.start(to_the_end(set_aside, job, self._tools.journal), f"dismiss {job.id}")

    @property
    def running(self) -> int:
        """How many runs go on now."""
        return len(self._running)

    @property
    def waiting(self) -> int:
        """How many runs wait for their turn."""
        return sum(1 for job in self.all if job.queued and job.running)

    def usual_seconds(self, job: Job) -> float | None:
        """How long the last run of the same kind took; None when there was none yet."""
        return self._durations.get(_kind(job))

    def _fill_places(self) -> None:
        queue = [job for job in reversed(self.all) if job.queued and job.running]
        queue.sort(key=lambda job: job.created)
        for job in queue[: max(0, self._at_once() - len(self._running))]:
            job.queued = False
            task = self._tasks.start(run(job, self._tools, self._tell), f"run {job.id}")
            self._running[job] = task
            task.add_done_callback(partial(self._ended, job))

    def _tell(self, job: Job) -> None:
        self.changed.emit(job)

    def _ended(self, job: Job, task: "asyncio.Task[None]") -> None:
        self._running.pop(job, None)
        if job.running:  # it was cancelled before its first step, or not even its last branch was reached
            _end_early(job, JobState.CANCELLED if task.cancelled() else JobState.OUTCOME_UNKNOWN)
        if job.state is JobState.SAVED:
            self._durations[_kind(job)] = job.seconds
        self._free_partials()
        self.changed.emit(job)
        self.finished.emit(job)
        self._fill_places()

    def _free_partials(self) -> None:
        """Lets go of the last partial of runs that brought their picture, and of all but a few others."""
        ended = [job for job in self.all if not job.running and job.partial is not None]
        for job in (*(one for one in ended if one.results), *ended[_PARTIALS_KEPT:]):
            job.partial = None

    async def _save_elsewhere(self, job: Job, gallery: Gallery) -> None:
        tools = self._tools
        try:
            await store_elsewhere(
                job, gallery, tools.journal, own_folder=tools.own_folder, version=tools.version
            )
        finally:
            self._moving.discard(job)
            self.changed.emit(job)
            self.finished.emit(job)

    async def _look_again(self, job: Job) -> None:
        try:
            if not await to_the_end(look_again, job, self._tools) and isinstance(job.error, EditError):
                job.error.message = NOTHING_FOUND
        except StorageError as fault:
            job.error = fault
        finally:
            self._moving.discard(job)
            self.changed.emit(job)
            self.finished.emit(job)


def _end_early(job: Job, state: JobState) -> None:
    job.state, job.queued, job.ended = state, False, time.monotonic()
    if state is JobState.OUTCOME_UNKNOWN:
        job.may_have_been_billed = not job.free
        job.error = unexpected_error(billed=job.may_have_been_billed)


def _name(when: datetime) -> str:
    return f"{when:%Y%m%d-%H%M%S-%f}"


def _kind(job: Job) -> str:
    params = job.request.params
    return (
        f"{job.host} {params.model} {params.quality} {params.size} {params.n} {job.request.mask is not None}"
    )
