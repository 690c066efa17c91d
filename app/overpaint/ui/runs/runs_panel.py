"""The runs since the start, newest first, with partial pictures, clocks, and words where one failed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_queue import Jobs
from overpaint.ui.pictures.thumbnails import Thumbnails
from overpaint.ui.runs.run_tile import SIZE, RunTile
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.labels import label
from overpaint.ui.widgets.strip import Strip

if TYPE_CHECKING:
    from overpaint.library.gallery.gallery import SavedResult

_TICK = 500
_HINT_WIDTH = 560
HINT = "Paint over what should change, say what you want, press Generate"


class RunsPanel(Strip):
    """``chosen`` carries the run to show; ``acted`` a run and what its button asks for."""

    chosen = Signal(object)
    acted = Signal(object, str)

    def __init__(self, jobs: Jobs, thumbnails: Thumbnails, tokens: Tokens) -> None:
        super().__init__("Runs", "runsStrip", SIZE.height() + 18)
        self._jobs = jobs
        self._thumbnails = thumbnails
        self._tokens = tokens
        self._tiles: dict[Job, RunTile] = {}
        self._shown: dict[Job, SavedResult | bytes | None] = {}
        self._selected: Job | None = None
        self._empty = _Hint()
        self.row.insertWidget(0, self._empty, 1)
        self.facts.setText("none yet")
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK)
        self._clock.timeout.connect(self._tick)
        jobs.added.connect(self._added)
        jobs.changed.connect(self._changed)
        jobs.finished.connect(self._changed)
        jobs.dismissed.connect(self._dismissed)
        for job in reversed(jobs.all):
            self._added(job)

    def set_tokens(self, tokens: Tokens) -> None:
        """Paints in the theme's colours."""
        self._tokens = tokens
        for tile in self._tiles.values():
            tile.set_tokens(tokens)

    def show_words(self, words: str) -> None:
        """What the endpoint in force understands, said while there is no run yet."""
        self._empty.more.setText(words)

    @property
    def focused(self) -> Job | None:
        """The run whose tile, or a button of it, has the focus."""
        focus = QApplication.focusWidget()
        found = (job for job, tile in self._tiles.items() if focus is not None and tile.isAncestorOf(focus))
        return next(found, None)

    def select(self, job: Job | None) -> None:
        """Puts the ring round the run that is on the canvas; keys that were on another tile follow it."""
        follows = self.focused is not None and job in self._tiles
        self._selected = job
        for one, tile in self._tiles.items():
            tile.picture.set_selected(one is job)
        if follows and job is not None:
            self._tiles[job].picture.setFocus()
            self.view.ensureWidgetVisible(self._tiles[job])

    def _added(self, job: Job) -> None:
        tile = RunTile(job, self._tokens)
        tile.chosen.connect(lambda: self.chosen.emit(job))
        tile.acted.connect(lambda step: self.acted.emit(job, step))
        self._tiles[job] = tile
        self.row.insertWidget(0, tile)
        self._empty.hide()
        self.facts.setText("newest\nfirst")
        self.view.horizontalScrollBar().setValue(0)
        self._changed(job)
        self._clock.start()

    def _changed(self, job: Job) -> None:
        tile = self._tiles.get(job)
        if tile is None:
            return
        self._refresh(tile)
        newest = job.newest
        if newest is not None and self._shown.get(job) is not newest:
            self._shown[job] = newest
            source = newest if isinstance(newest, bytes) else newest.path
            self._thumbnails.load(source, SIZE.width() * 2, tile.picture.set_picture)
        elif job not in self._shown:
            self._shown[job] = None
            self._thumbnails.load(job.request.pictures[0].path, SIZE.width() * 2, tile.picture.set_picture)

    def _refresh(self, tile: RunTile) -> None:
        """Of runs that were asked for together the first that still goes on can end them all."""
        going = [one for one in self._jobs.together(tile.job) if one.running]
        together = len(going) if going and going[0] is tile.job else 1
        tile.refresh(self._jobs.usual_seconds(tile.job), together)

    def _dismissed(self, job: Job) -> None:
        tile = self._tiles.pop(job, None)
        self._shown.pop(job, None)
        if tile is not None:
            self.row.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self._empty.setVisible(not self._tiles)
        self.facts.setText("newest\nfirst" if self._tiles else "none yet")

    def _tick(self) -> None:
        going = [job for job in self._tiles if job.running]
        for job in going:
            self._refresh(self._tiles[job])
        if not going:
            self._clock.stop()


class _Hint(QWidget):
    """What to do first, while there is no run yet."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("firstHint")
        self.setMaximumWidth(_HINT_WIDTH)
        self.more = label("", "note", "wordsHint")
        self.more.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addStretch()
        column.addWidget(label(HINT, "title", "firstHintWords"))
        column.addWidget(self.more)
        column.addStretch()
