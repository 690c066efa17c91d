"""The runs of one click: a line about them, and their tiles below it."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from overpaint.core.foreign_words import visible
from overpaint.studio.runs.job import Job
from overpaint.ui.runs.run_outcome import together_words
from overpaint.ui.runs.run_tile import RunTile
from overpaint.ui.widgets.literal import tip
from overpaint.ui.widgets.strip import BETWEEN, GAP, HEAD

_NARROWEST, _WIDEST = 96, 190
"""Pixels of the words: a single tile stands under as many as are of use."""
_LONGEST = 80


class RunGroup(QWidget):
    """Its tiles stand in the order of their numbers."""

    def __init__(self) -> None:
        super().__init__()
        self._tiles: list[RunTile] = []
        self._head = _Head()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._row = QHBoxLayout()
        self._row.setSpacing(GAP)
        self._row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(BETWEEN)
        column.addWidget(self._head)
        column.addLayout(self._row)
        column.addStretch()

    @property
    def tiles(self) -> Sequence[RunTile]:
        """From left to right."""
        return self._tiles

    def add(self, tile: RunTile) -> None:
        """Takes a run in at its place."""
        at = next((at for at, one in enumerate(self._tiles) if one.job.place > tile.job.place), None)
        self._tiles.insert(len(self._tiles) if at is None else at, tile)
        self._row.insertWidget(self._tiles.index(tile), tile)
        self.refresh()

    def remove(self, tile: RunTile) -> None:
        """Lets a run go."""
        self._tiles.remove(tile)
        self._row.removeWidget(tile)
        tile.hide()
        tile.deleteLater()
        self.refresh()

    def refresh(self) -> None:
        """Says what it is about, how many there are, and what they cost."""
        if self._tiles:
            jobs = [tile.job for tile in self._tiles]
            self._head.show_words(jobs[0].request.params.prompt, *_facts(jobs))


def _facts(jobs: Sequence[Job]) -> tuple[str, ...]:
    count = str(len(jobs)) if len(jobs) > 1 else ""
    return tuple(filter(None, (count, together_words(jobs))))


class _Head(QLabel):
    """Shortens the prompt, and never what follows it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("runGroupHead")
        self.setProperty("role", "note")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFixedHeight(HEAD)
        self._prompt, self._facts = "", ""

    def show_words(self, prompt: str, *facts: str) -> None:
        prompt = visible(prompt, longest=_LONGEST)
        self._prompt, self._facts = prompt, "".join(f" · {fact}" for fact in facts)
        self.setText(self._prompt + self._facts)
        self.setToolTip(tip(self.text()))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.text()) + 6
        return QSize(max(_NARROWEST, min(words, _WIDEST)), HEAD)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        metrics = self.fontMetrics()
        room = self.width() - 2 - metrics.horizontalAdvance(self._facts)
        words = metrics.elidedText(self._prompt, Qt.TextElideMode.ElideRight, room) + self._facts
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.contentsRect().adjusted(2, 0, 0, 0), side, words)
        painter.end()
