"""The runs since the start by the click that asked for them, newest first: partials, clocks and failures."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, QTimer, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_queue import Jobs
from overpaint.ui.pictures.thumbnails import Thumbnails
from overpaint.ui.runs.run_group import RunGroup
from overpaint.ui.runs.run_menu import run_menu
from overpaint.ui.runs.run_tile import RunTile
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.labels import FittedLabel, label
from overpaint.ui.widgets.strip import HIGHEST, Strip

if TYPE_CHECKING:
    from overpaint.library.gallery.gallery import SavedResult

_TICK = 500
_BETWEEN_GROUPS = 18
_HINT_WIDTH, _HINT_LINES = 560, 3
HINT = "Paint over what should change, say what you want, press Generate"


class RunsPanel(Strip):
    """``chosen`` carries the run to show; ``acted`` a run and what its button asks for. The line of words
    above belongs to each group of its own."""

    chosen = Signal(object)
    acted = Signal(object, str)
    ticked = Signal()
    """Every clock of a run that goes on moves with it."""

    def __init__(self, jobs: Jobs, thumbnails: Thumbnails, tokens: Tokens) -> None:
        super().__init__("Results", "runsStrip", headed=False)
        self._jobs = jobs
        self._thumbnails = thumbnails
        self._tokens = tokens
        self._tiles: dict[Job, RunTile] = {}
        self._groups: list[RunGroup] = []
        """From left to right."""
        self._shown: dict[Job, SavedResult | bytes | None] = {}
        self._selected: Job | None = None
        self.row.setSpacing(_BETWEEN_GROUPS)
        self._empty = _Hint()
        self.row.insertWidget(0, self._empty, 1)
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

    def fit_tiles(self) -> None:
        for tile in self._tiles.values():
            tile.setFixedSize(self.tile_size)

    def sizeHint(self) -> QSize:
        """It takes whatever is left."""
        return self.minimumSizeHint()

    def show_words(self, words: str) -> None:
        """What the endpoint in force understands, said while there is no run yet."""
        self._empty.more.setText(words)

    @property
    def focused(self) -> Job | None:
        """The run whose tile, or a button of it, has the focus."""
        focus = QApplication.focusWidget()
        found = (job for job, tile in self._tiles.items() if _has_focus(tile, focus))
        return next(found, None)

    def select(self, job: Job | None) -> None:
        """Puts the ring round the run that is on the canvas; keys that were on another tile follow it."""
        follows = self.focused is not None and job in self._tiles
        self._selected = job
        for one, tile in self._tiles.items():
            tile.set_selected(one is job)
        if job in self._tiles:
            self.view.ensureWidgetVisible(self._tiles[job])
            if follows:
                self._tiles[job].setFocus()

    def open_details(self, job: Job) -> None:
        """Opens what there is to tell of how a run ended, at its tile."""
        if (tile := self._tiles.get(job)) is not None:
            self.view.ensureWidgetVisible(tile)
            tile.open_details()

    def _added(self, job: Job) -> None:
        tile = RunTile(job, self.tile_size, self._tokens)
        tile.chosen.connect(lambda: self.chosen.emit(job))
        tile.acted.connect(lambda step: self.acted.emit(job, step))
        tile.customContextMenuRequested.connect(lambda at: self._open_menu(tile, at))
        self._tiles[job] = tile
        self._group_for(job).add(tile)
        self._empty.hide()
        self.view.horizontalScrollBar().setValue(0)
        self._changed(job)
        self._clock.start()

    def _group_for(self, job: Job) -> RunGroup:
        """Runs that were asked for alone are a group by themselves."""
        for group in self._groups:
            if job.group and group.tiles[0].job.group == job.group:
                return group
        self._groups.insert(0, RunGroup())
        self.row.insertWidget(0, self._groups[0])
        return self._groups[0]

    def _group_of(self, tile: RunTile) -> RunGroup:
        return next(group for group in self._groups if tile in group.tiles)

    def _changed(self, job: Job) -> None:
        tile = self._tiles.get(job)
        if tile is None:
            return
        tile.refresh(self._jobs.usual_seconds(job))
        self._group_of(tile).refresh()
        newest = job.newest
        if newest is not None and self._shown.get(job) is not newest:
            self._shown[job] = newest
            source = newest if isinstance(newest, bytes) else newest.path
            self._thumbnails.load(source, 2 * HIGHEST, tile.set_picture)
        elif job not in self._shown:
            self._shown[job] = None
            self._thumbnails.load(job.request.pictures[0].path, 2 * HIGHEST, tile.set_picture)

    def _dismissed(self, job: Job) -> None:
        """The keys that were on it go to its neighbour."""
        tile = self._tiles.get(job)
        if tile is None:
            return
        order = [one for group in self._groups for one in group.tiles]
        at, had_focus = order.index(tile), _has_focus(tile, QApplication.focusWidget())
        others = [one for one in order if one is not tile]
        if had_focus and others:
            others[min(at, len(others) - 1)].setFocus()
        self._tiles.pop(job)
        self._shown.pop(job, None)
        group = self._group_of(tile)
        group.remove(tile)
        if not group.tiles:
            self._groups.remove(group)
            self.row.removeWidget(group)
            group.hide()
            group.deleteLater()
        self._empty.setVisible(not self._tiles)

    def _open_menu(self, tile: RunTile, at: QPoint) -> None:
        tile.setFocus()
        menu = run_menu(tile, self._jobs.together(tile.job))
        menu.popup(tile.mapToGlobal(at))

    def _tick(self) -> None:
        going = [job for job in self._tiles if job.running]
        for job in going:
            self._tiles[job].refresh(self._jobs.usual_seconds(job))
        if not going:
            self._clock.stop()
        self.ticked.emit()


def _has_focus(tile: RunTile, focus: QWidget | None) -> bool:
    return focus is not None and (focus is tile or tile.isAncestorOf(focus))


class _Hint(QWidget):
    """What to do first, while there is no run yet."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("firstHint")
        self.setMaximumWidth(_HINT_WIDTH)
        self.more = FittedLabel("note", "wordsHint", _HINT_LINES)
        title = label(HINT, "title", "firstHintWords")
        title.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addStretch()
        column.addWidget(title)
        column.addWidget(self.more)
        column.addStretch()
