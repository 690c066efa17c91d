"""That an edit is under way, said over the canvas: a line along its upper edge, and a bar at its foot."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_queue import Jobs
from overpaint.studio.runs.run_words import progress, waiting_words
from overpaint.ui.canvas.canvas import Canvas
from overpaint.ui.results.floating_bar import FloatingBar
from overpaint.ui.theme.window_theme import DARK
from overpaint.ui.widgets.labels import label

_LINE = 3
_GROUND = QColor(0, 0, 0, 120)
_UNKNOWN = 90
"""How strong the line is, of 255, where nothing tells how far it has come."""


class Waiting(QObject):
    """``bar`` says what the run on the canvas is doing, with its clock and Cancel; the line stands for the
    newest run where the canvas shows the picture."""

    def __init__(self, canvas: Canvas, jobs: Jobs) -> None:
        super().__init__(canvas)
        self._jobs = jobs
        self._shown: Job | None = None
        self._line = _Line(canvas)
        self.bar = FloatingBar(canvas, "waitingBar", "The run on the canvas")
        self._words = label("", "on picture", "waitingWords")
        self.bar.put_first(self._words)

    def show_job(self, job: Job | None) -> None:
        """The run that is on the canvas, None for the picture."""
        self._shown = job
        self.refresh()

    def refresh(self) -> None:
        """Says how far it has come by now."""
        on_canvas = self._shown if self._shown is not None and self._shown.running else None
        if on_canvas is not None:
            self._words.setText(waiting_words(on_canvas, self._jobs.usual_seconds(on_canvas)))
        self.bar.want(on_canvas is not None)
        self.bar.fit()
        going = on_canvas or next((job for job in reversed(self._jobs.all) if job.running), None)
        self._line.show_progress(going is not None, progress(going, self._usual(going)) if going else None)

    def _usual(self, job: Job) -> float | None:
        return self._jobs.usual_seconds(job)


class _Line(QWidget):
    """As wide as the canvas; filled as far as the run has come."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.setObjectName("waitingLine")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._canvas = canvas
        self._progress: float | None = None
        self.hide()
        canvas.resized.connect(self._fit)

    def show_progress(self, going: bool, share: float | None) -> None:
        """``share`` is from 0 to 1, None where it isn't known."""
        if share != self._progress:
            self._progress = share
            self.update()
        if going != self.isVisibleTo(self._canvas):
            self._fit()
            self.setVisible(going)

    def paintEvent(self, event: QPaintEvent) -> None:
        accent = QColor(DARK.accent)
        painter = QPainter(self)
        painter.fillRect(self.rect(), _GROUND)
        if self._progress is None:
            accent.setAlpha(_UNKNOWN)
        share = 1.0 if self._progress is None else self._progress
        painter.fillRect(0, 0, round(self.width() * share), self.height(), accent)
        painter.end()

    def _fit(self) -> None:
        self.setGeometry(0, 0, self._canvas.width(), _LINE)
        self.raise_()
