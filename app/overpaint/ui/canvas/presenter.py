"""What is on the canvas: the current picture, or a run's newest picture in its place."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from overpaint.core.errors import OverpaintError
from overpaint.library.gallery.gallery import SavedResult
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem
from overpaint.studio.pictures.picture_reader import PictureReader
from overpaint.studio.results.kept_results import KeptResults
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_queue import Jobs
from overpaint.studio.runs.run_source import source_file
from overpaint.studio.runs.run_words import partial_words
from overpaint.studio.tasks import Tasks
from overpaint.ui.canvas.canvas import Canvas
from overpaint.ui.viewport.preview_pyramid import PreviewPyramid
from overpaint.ui.viewport.pyramids import PicturePyramid, decode_levels

_KEPT_PICTURES = 2
_LARGE_PIXELS = 12_000_000
"""Smaller pictures are decoded before anybody misses them."""


class CanvasPresenter(QObject):
    """Decodes off the main thread and puts what is ready onto the canvas, newest request first.

    ``showing`` carries the run whose picture is shown, or None for the picture itself; ``shown`` what
    has just reached the canvas: a picture's path, a partial's bytes, or a saved result; ``failed_to_show``
    words for a picture that can't be shown any more.
    """

    showing = Signal(object)
    shown = Signal(object)
    failed_to_show = Signal(str)

    def __init__(
        self,
        canvas: Canvas,
        session: Session,
        jobs: Jobs,
        tasks: Tasks,
        reader: PictureReader,
        folders: Callable[[], Sequence[Path]],
        kept: KeptResults,
    ) -> None:
        """``folders`` are where the pictures of runs are looked for that lie elsewhere by now; ``kept`` has
        those in which nothing changed but what was painted."""
        super().__init__(canvas)
        self._canvas = canvas
        self._session = session
        self._jobs = jobs
        self._tasks = tasks
        self._reader = reader
        self._folders = folders
        self._kept = kept
        self._decoded: OrderedDict[Path, PicturePyramid] = OrderedDict()
        self._shown_size: tuple[int, int] | None = None
        self._request = 0
        self._source_of: tuple[Job, PicturePyramid | None] | None = None
        self._job: Job | None = None
        self._newest: SavedResult | bytes | None = None
        self._chosen: SavedResult | None = None
        session.current_changed.connect(self.show_picture)
        session.picture_reloaded.connect(self._renewed)
        jobs.changed.connect(self._changed)
        jobs.finished.connect(self._changed)
        jobs.dismissed.connect(self._dismissed)
        kept.changed.connect(self._kept_anew)
        canvas.painting_resumed.connect(self._picked_back)

    @property
    def job(self) -> Job | None:
        """The run that is shown, None while it is the picture."""
        return self._job

    @property
    def result(self) -> SavedResult | None:
        """The finished result that is shown: the one that was chosen, or the run's newest."""
        if self._job is None:
            return None
        if self._chosen in self._job.results:
            return self._chosen
        return self._job.results[-1] if self._job.results else None

    @property
    def variations(self) -> tuple[tuple[Job, SavedResult], ...]:
        """The finished results that were asked for together with the one that is shown, itself among them, in
        their order."""
        if self._job is None:
            return ()
        return tuple((job, saved) for job in self._jobs.together(self._job) for saved in job.results)

    async def levels_of(self, saved: SavedResult) -> PicturePyramid:
        """A result's picture, decoded on a worker thread. Raises :class:`OverpaintError` and OSError."""
        data = await asyncio.to_thread(self._kept.picture_of(saved).read_bytes)
        return await asyncio.to_thread(decode_levels, data)

    def show_picture(self) -> None:
        """Shows the session's current picture with its mask."""
        self._leave_job()
        item = self._session.current
        self._request += 1
        if item is None:
            self._shown_size = None
            self._canvas.set_picture(None, None, keep_view=False)
            return
        self._tasks.start(self._show_picture(item, self._request), "show picture")

    def show_job(self, job: Job, chosen: SavedResult | None = None) -> None:
        """Shows a run: the result that was ``chosen``, or the newest picture there is as they come. The
        picture that it was made of comes onto the canvas with it, while that is in the tray: one goes on with
        that one."""
        if (item := self._made_of(job)) is not None:
            self._session.show(item.id)
        self._job, self._newest, self._chosen = job, None, chosen
        self.showing.emit(job)
        self._changed(job)
        if job.newest is None:
            self._canvas.set_result(None)

    def _made_of(self, job: Job) -> TrayItem | None:
        """The picture of the tray that a run was made of: of twins the one that is shown."""
        file, current = job.request.pictures[0].path, self._session.current
        twins = [item for item in self._session.tray if item.picture.path == file]
        return current if current in twins else next(iter(twins), None)

    def back(self) -> None:
        """Shows the picture again in place of a result."""
        if self._job is not None:
            self._canvas.set_result(None)
            self._leave_job()

    def _renewed(self, item: TrayItem) -> None:
        self._decoded.pop(item.picture.path, None)
        if item is self._session.current:
            self.show_picture()

    def _leave_job(self) -> None:
        if self._job is not None:
            self._job, self._newest, self._chosen = None, None, None
            self.showing.emit(None)

    def _picked_back(self) -> None:
        self._leave_job()

    def _kept_anew(self, path: Path) -> None:
        """The picture that stands for a result is another one by now."""
        if self._job is not None and self.result is not None and self.result.path == path:
            self._newest = None
            self._changed(self._job)

    def _dismissed(self, job: Job) -> None:
        if job is self._job:
            self.back()

    def _changed(self, job: Job) -> None:
        if job is not self._job:
            return
        newest = self.result or job.newest
        if newest is not None and newest is not self._newest:
            self._newest = newest
            self._tasks.start(self._show_result(job, newest), "show result")
        elif newest is not None:
            self._canvas.set_caption(caption(job, self._canvas.result_size))

    async def _show_picture(self, asked: TrayItem, request: int) -> None:
        path = asked.picture.path
        levels = self._decoded.get(path)
        preview = None
        if levels is None:
            preview = self._preview(asked)
            try:
                levels = await self._load(path)
            except OverpaintError as fault:
                self._show_none(request)
                self.failed_to_show.emit(fault.sentence())
                return
        item = self._session.current
        if request != self._request or item is None or item.picture.path != path:
            return
        if preview is not None and self._canvas.picture is preview:
            self._canvas.sharpen(levels)
        else:
            self._put(levels, item)
        self.shown.emit(path)

    def _show_none(self, request: int) -> None:
        """Rather an empty canvas than another picture under the name and the mask of the one that is gone."""
        if request == self._request:
            self._shown_size = None
            self._canvas.set_picture(None, None, keep_view=False)

    def _preview(self, item: TrayItem) -> PreviewPyramid | None:
        """Shows a large picture as far as it is known already, so that painting can begin."""
        pixels = self._reader.preview(item.picture.path)
        size = (item.picture.size.width, item.picture.size.height)
        if pixels is None or item.picture.size.area < _LARGE_PIXELS:
            return None
        levels = PreviewPyramid.of(pixels, size)
        if levels is not None:
            self._put(levels, item)
        return levels

    def _put(self, levels: PicturePyramid, item: TrayItem) -> None:
        keep = self._shown_size == levels.size
        self._shown_size = levels.size
        self._canvas.set_result(None)
        self._canvas.set_picture(levels, item.mask, keep_view=keep)
        if self._job is not None:  # a run was chosen meanwhile, whose result that has taken away
            self._newest = None
            self._changed(self._job)

    async def _load(self, path: Path) -> PicturePyramid:
        pixels = await self._reader.pixels(path, urgent=True)
        levels = await asyncio.to_thread(PicturePyramid.build, pixels)
        self._decoded[path] = levels
        while len(self._decoded) > _KEPT_PICTURES:
            self._decoded.popitem(last=False)
        return levels

    async def _show_result(self, job: Job, newest: SavedResult | bytes) -> None:
        try:
            if isinstance(newest, bytes):
                levels = await asyncio.to_thread(decode_levels, newest)
            else:
                levels = await self.levels_of(newest)
            source = await self._source(job)
        except (OverpaintError, OSError) as fault:
            why = fault.strerror if isinstance(fault, OSError) else fault
            file = f" in {newest.path}" if isinstance(newest, SavedResult) else ""
            self.failed_to_show.emit(f"The result{file} can't be shown: {why}")
            return
        if self._job is job and self._newest is newest:
            self._canvas.set_result(levels, caption(job, levels.size), source)
            self.shown.emit(newest)

    async def _source(self, job: Job) -> PicturePyramid | None:
        """The picture that a run was made of, as it was then; None where it isn't to be found any more."""
        if self._source_of is None or self._source_of[0] is not job:
            others = [item.picture.path for item in self._session.tray]
            file = await asyncio.to_thread(source_file, job.request, others, self._folders())
            levels = None
            if file is not None:
                with suppress(OverpaintError):
                    levels = self._decoded.get(file) or await self._load(file)
            self._source_of = (job, levels)
        return self._source_of[1]


def caption(job: Job, size: tuple[int, int] | None) -> str:
    """The words on the picture of a run that is over: which result it is, or how far it came. While it goes
    on, others say it."""
    if job.running:
        return ""
    if not (job.results or job.unsaved):
        return f"Unfinished: {partial_words(job).partition(' of')[0].lower()}"
    place = f"Result {job.place} of {job.of}" if job.of > 1 else "Result"
    return f"{place} · {size[0]} × {size[1]}" if size is not None else place
