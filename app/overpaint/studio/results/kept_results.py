"""Keeps the rest of every picture untouched: results are laid in as they come, off the main thread."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from overpaint.core.errors import OverpaintError
from overpaint.core.results.blending import Seam
from overpaint.core.results.kept_composite import Composite
from overpaint.library.gallery.gallery import SavedResult
from overpaint.studio.config.settings_store import SettingsStore
from overpaint.studio.event import Event, Names
from overpaint.studio.results import kept_words
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_queue import Jobs
from overpaint.studio.runs.run_source import source_file
from overpaint.studio.tasks import Tasks
from overpaint.studio.unexpected import Contained

if TYPE_CHECKING:
    from overpaint.studio.results.kept_result import KeptResult

_IN_MEMORY = 2
"""Results whose pixels stay in memory, so that their seam can be set without reading anything again."""


class KeptState(msgspec.Struct, frozen=True):
    """How it stands with a result: the ``kept`` file once there is one, and how it was made; ``words`` say
    what kept it from being laid in, or ``""``. ``busy`` while it is being worked out."""

    kept: Path | None = None
    composite: Composite | None = None
    words: str = ""
    busy: bool = False


class KeptResults:
    """Whatever goes wrong here, the result itself is saved and shown as it came.

    ``changed`` carries the path of a result about which there is news.
    """

    def __init__(
        self,
        jobs: Jobs,
        settings: SettingsStore,
        tasks: Tasks,
        places: Callable[[], tuple[Sequence[Path], Sequence[Path]]],
    ) -> None:
        """``places`` gives the files and folders in which the picture of a run is looked for."""
        self._jobs = jobs
        self._settings = settings
        self._tasks = tasks
        self._places = places
        self._states: dict[Path, KeptState] = {}
        self._saved: dict[Path, SavedResult] = {}
        self._open: OrderedDict[Path, KeptResult] = OrderedDict()
        self._wanted: dict[Path, Seam] = {}
        self._working = asyncio.Lock()
        self.changed: Event[[Path]] = Event()
        jobs.added.connect(self._came)
        jobs.changed.connect(self._came)
        jobs.finished.connect(self._came)
        jobs.dismissed.connect(self._gone)
        settings.changed.connect(self._switched, ["keep_rest"])
        settings.changed.connect(self._seam_changed, ["seam"])

    def state_of(self, saved: SavedResult) -> KeptState:
        """How it stands with a result; an empty state for one that nobody has asked about."""
        return self._states.get(saved.path, KeptState())

    def picture_of(self, saved: SavedResult) -> Path:
        """The file that is shown and used for a result: the kept one where the rest is to be kept."""
        state = self.state_of(saved)
        on = self._settings.current.keep_rest
        return state.kept if on and state.kept is not None else saved.path

    def set_seam(self, saved: SavedResult, seam: Seam) -> None:
        """Sets the seam of a result that is kept; the newest wish wins."""
        if self.state_of(saved).kept is None:
            return
        self._wanted[saved.path] = seam
        self._tasks.start(self._mend(saved.path), f"seam of {saved.path.name}")

    def _came(self, job: Job) -> None:
        if not self._settings.current.keep_rest:
            return
        for saved in job.results:
            if saved.path not in self._states and (saved.painted or saved.mask) is not None:
                self._saved[saved.path] = saved
                self._states[saved.path] = KeptState(busy=True)
                self._tasks.start(self._keep(job, saved), f"keep {saved.path.name}")

    def _gone(self, job: Job) -> None:
        for saved in job.results:
            for known in (self._states, self._saved, self._open, self._wanted):
                known.pop(saved.path, None)

    def _switched(self, _: Names) -> None:
        if self._settings.current.keep_rest:
            for job in self._jobs.all:
                self._came(job)
        for path in tuple(self._states):
            self.changed.emit(path)

    def _seam_changed(self, _: Names) -> None:
        for path in tuple(self._open):
            self.set_seam(self._saved[path], self._settings.current.seam)

    async def _keep(self, job: Job, saved: SavedResult) -> None:
        """One at a time: each takes the memory of several pictures."""
        state = KeptState(words=kept_words.NOT_KEPT)
        going = threading.Event()
        try:
            async with self._working:
                with Contained("laying a result into its picture"):
                    state, made = await asyncio.to_thread(self._laid_in, job, saved, going)
                    self._remember(saved.path, made)
        finally:
            going.set()
            if saved.path in self._states:
                self._states[saved.path] = state
                self.changed.emit(saved.path)

    def _remember(self, path: Path, made: "KeptResult | None") -> None:
        if made is not None and path in self._states:
            self._open[path] = made
        while len(self._open) > _IN_MEMORY:
            self._open.popitem(last=False)

    def _laid_in(
        self, job: Job, saved: SavedResult, stop: threading.Event
    ) -> "tuple[KeptState, KeptResult | None]":
        from overpaint.studio.results.keep import keep  # loads here, with OpenCV

        files, folders = self._places()
        source = source_file(job.request, files, folders)
        if source is None:
            return KeptState(words=kept_words.SOURCE_GONE), None
        try:
            seam = self._settings.current.seam
            kept, made = keep(saved, source, seam, goes_on=lambda: not stop.is_set())
        except OverpaintError as fault:
            return KeptState(words=fault.sentence()), None
        return KeptState(kept.kept, made.composite), made

    async def _mend(self, path: Path) -> None:
        async with self._working:
            seam, made, saved = self._wanted.pop(path, None), self._open.get(path), self._saved.get(path)
            if seam is None or made is None or saved is None:
                return
            with Contained("setting the seam of a result"):
                state = await asyncio.to_thread(_with_seam, saved, made, seam)
                if path in self._states:
                    self._states[path] = state
                    self.changed.emit(path)


def _with_seam(saved: SavedResult, made: "KeptResult", seam: Seam) -> KeptState:
    from overpaint.studio.results.keep import store  # loads here, with OpenCV

    try:
        kept = store(saved, made, made.pixels(seam))
    except OverpaintError as fault:
        return KeptState(saved.kept, made.composite, words=fault.sentence())
    return KeptState(kept.kept, made.composite)
