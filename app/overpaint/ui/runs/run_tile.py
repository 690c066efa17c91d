"""One run in the strip: its newest picture, its clock and Cancel while it goes on, a word where it failed."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QToolButton

from overpaint.core.foreign_words import visible
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.run_words import progress, seconds_words
from overpaint.ui.runs.run_details import RunDetails
from overpaint.ui.runs.run_outcome import caption, message, price_words, spoken
from overpaint.ui.theme.icons import icon
from overpaint.ui.theme.window_theme import DARK, Tokens
from overpaint.ui.widgets.literal import tip
from overpaint.ui.widgets.tile import PictureTile

_CAME_TO_NOTHING = QColor(20, 21, 24, 140)
_SIGN_BAD, _SIGN_QUIET = QColor("#c62f3b"), QColor(110, 114, 121)
_CANCEL = 20
_WHITE = "#ffffff"


class RunTile(PictureTile):
    """``chosen`` brings it onto the canvas; ``acted`` carries the name of a button: ``cancel``,
    ``cancel all``, ``again``, ``plain``, ``path``, ``settings``, ``folder``, ``look``, ``save reply`` or
    ``dismiss``. Where there is something to tell of how it ended, a click opens it."""

    acted = Signal(str)

    def __init__(self, job: Job, size: QSize, tokens: Tokens) -> None:
        super().__init__(size, tokens)
        self.job = job
        self.setObjectName(f"run_{job.created:%H%M%S%f}")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._progress: float | None = None
        self._details: RunDetails | None = None
        self._cancel = _cancel_button(self)
        self._cancel.clicked.connect(lambda: self.acted.emit("cancel"))
        self.chosen.connect(self._tell)
        self._place()
        self.refresh(None)

    @property
    def details(self) -> RunDetails | None:
        """What is told of how it ended, while it is open."""
        return self._details if self._details is not None and self._details.isVisible() else None

    def refresh(self, usual: float | None) -> None:
        """Shows how far it has come; ``usual`` seconds is what such a run takes."""
        job = self.job
        self._progress = progress(job, usual)
        self.set_caption(*caption(job))
        self.setAccessibleName(visible(spoken(job)))
        self.setToolTip(tip(_facts(job)))
        self._cancel.setVisible(job.running)
        if self._details is not None:
            self._details.refresh()
        self.update()

    def open_details(self) -> None:
        """Opens what there is to tell of how it ended; nothing for a run that has its picture."""
        if self.job.running or not message(self.job):
            return
        if self._details is None:
            self._details = RunDetails(self, self.job)
            self._details.acted.connect(self.acted)
        self._details.open_above(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def enterEvent(self, event: QEnterEvent) -> None:
        """What is told on hovering is of this moment."""
        self.setToolTip(tip(_facts(self.job)))
        super().enterEvent(event)

    def paint_over(self, painter: QPainter, area: QRect) -> None:
        job = self.job
        if not (job.running or job.results or job.unsaved):
            painter.fillRect(area, _CAME_TO_NOTHING)
        if not job.running and message(job):
            colour = _SIGN_BAD if job.error is not None else _SIGN_QUIET
            self.badge(painter, "!", QPointF(area.left() + 5, area.top() + 5), colour, round_=True)
        if not job.running:
            return
        bar = QRect(area.left(), area.bottom() - 2, area.width(), 3)
        painter.fillRect(bar, QColor(0, 0, 0, 160))
        if self._progress is not None:
            painter.fillRect(
                bar.adjusted(0, 0, round(-bar.width() * (1 - self._progress)), 0), QColor(self.tokens.accent)
            )

    def _tell(self) -> None:
        if self.job.error is not None or self.job.newest is None:
            self.open_details()

    def _place(self) -> None:
        self._cancel.move(self.width() - _CANCEL - 6, 6)


def _cancel_button(tile: RunTile) -> QToolButton:
    button = QToolButton(tile)
    button.setObjectName("runCancel")
    button.setProperty("role", "on picture")
    button.setAccessibleName("Cancel")
    button.setToolTip("Cancel")
    button.setFixedSize(_CANCEL, _CANCEL)
    button.setIconSize(QSize(14, 14))
    button.setIcon(icon("cancel", DARK, colour=_WHITE))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button


def _facts(job: Job) -> str:
    """What was asked for, what came of it, how long it took and what it cost."""
    place = f"Result {job.place} of {job.of}" if job.of > 1 and job.results else ""
    spent = " · ".join(filter(None, (place, seconds_words(job), price_words(job))))
    told = spent if job.results else message(job)
    return "\n".join(filter(None, (job.request.params.prompt, told)))
