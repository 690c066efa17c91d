"""One run in the strip: its newest picture, its clock and Cancel while it goes on, its words at the end."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from overpaint.core.errors import (
    ContentRefused,
    EditError,
    InvalidRequest,
    KeyRefused,
    NotAllowed,
    NotFound,
    OverpaintError,
    StorageError,
)
from overpaint.core.foreign_words import visible
from overpaint.core.request.params import words_for
from overpaint.core.results.job_state import JobState
from overpaint.studio.runs.job import Job
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.labels import fitted, label
from overpaint.ui.widgets.literal import tip
from overpaint.ui.widgets.tile import PictureTile

SIZE = QSize(122, 92)
_WORDS_WIDTH = 310
_SIDE_BY_SIDE = 128
_MOST_LINES = 3
_CAME_TO_NOTHING = QColor(20, 21, 24, 140)


class RunTile(QWidget):
    """``chosen`` brings it onto the canvas; ``acted`` carries the name of a button: ``cancel``,
    ``cancel all``, ``again``, ``plain``, ``path``, ``settings``, ``folder``, ``look``, ``save reply`` or
    ``dismiss``."""

    chosen = Signal()
    acted = Signal(str)

    def __init__(self, job: Job, tokens: Tokens) -> None:
        super().__init__()
        self.job = job
        self.setObjectName(f"run_{job.created:%H%M%S%f}")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.picture = _RunPicture(job, tokens)
        self.picture.chosen.connect(self.chosen)
        self._message = label("", "note", "runMessage")
        self._message.setWordWrap(True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._act = self._button("runAction")
        self._more = self._button("runMore")
        self._more.setText("Save the reply…")
        self._more.setAccessibleName("Save the reply…")
        self._more.clicked.connect(lambda: self.acted.emit("save reply"))
        self._other = self._button("runDismiss")
        self._other.clicked.connect(lambda: self.acted.emit("cancel all" if job.running else "dismiss"))
        self._step = ""
        self._act.clicked.connect(lambda: self.acted.emit(self._step))
        self._side = self._words()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.picture)
        row.addWidget(self._side)
        self.refresh(None)

    def refresh(self, usual: float | None, together: int = 1) -> None:
        """Shows how far it has come; ``usual`` seconds is what such a run takes, ``together`` how many runs
        its second button would cancel, itself among them."""
        job = self.job
        self.picture.progress = min(job.seconds / usual, 0.98) if job.running and usual else None
        self.picture.set_caption(*_caption(job))
        self.picture.setAccessibleName(visible(_spoken(job)))
        self.picture.setToolTip(tip(job.request.params.prompt))
        self._show_step(*_next_step(job))
        self._more.setVisible(job.kept_reply is not None)
        words = _message(job)
        self._message.setFixedWidth(self._words_width(words))
        self._message.ensurePolished()
        shown = fitted(words, self._message.font(), self._message.maximumWidth(), _MOST_LINES)
        self._message.setText(shown)
        self._message.setToolTip(tip(_details(job)) if shown != words or _details(job) != words else "")
        self._message.setProperty("role", "problem" if job.error is not None else "note")
        self._message.style().unpolish(self._message)
        self._message.style().polish(self._message)
        self._side.setVisible(bool(words))
        cancel_all = f"Cancel all {together}" if together > 1 else ""
        self._show_other(cancel_all if job.running else "Dismiss" if words else "")
        self.picture.update()

    def set_tokens(self, tokens: Tokens) -> None:
        """Paints in the theme's colours."""
        self.picture.set_tokens(tokens)

    def _words_width(self, words: str) -> int:
        """The same while it goes on, so that nothing jumps; then as much as the words need."""
        if self.job.running:
            return _SIDE_BY_SIDE if self.job.of > 1 else _WORDS_WIDTH
        self._message.ensurePolished()
        return min(self._message.fontMetrics().horizontalAdvance(words) + 2, _WORDS_WIDTH)

    def _words(self) -> QWidget:
        side = QWidget()
        buttons = QHBoxLayout()
        buttons.setSpacing(14)
        buttons.addWidget(self._act)
        buttons.addWidget(self._more)
        buttons.addWidget(self._other)
        buttons.addStretch()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 10, 0)
        column.setSpacing(2)
        column.addStretch()
        column.addWidget(self._message)
        column.addLayout(buttons)
        column.addStretch()
        return side

    def _button(self, name: str) -> QPushButton:
        button = QPushButton()
        button.setObjectName(name)
        button.setProperty("role", "link")
        return button

    def _show_step(self, step: str, words: str) -> None:
        self._step = step
        self._act.setText(words)
        self._act.setAccessibleName(words)
        self._act.setVisible(bool(step))

    def _show_other(self, words: str) -> None:
        self._other.setText(words)
        self._other.setAccessibleName(words)
        self._other.setVisible(bool(words))


class _RunPicture(PictureTile):
    """The picture of a run, with a thin bar at its foot while it goes on."""

    def __init__(self, job: Job, tokens: Tokens) -> None:
        super().__init__(SIZE, tokens)
        self.setObjectName("runPicture")
        self.progress: float | None = None
        self._job = job

    def paint_over(self, painter: QPainter, area: QRect) -> None:
        if not (self._job.running or self._job.results or self._job.unsaved):
            painter.fillRect(area, _CAME_TO_NOTHING)
        if not self._job.running:
            return
        bar = QRect(area.left(), area.bottom() - 2, area.width(), 3)
        painter.fillRect(bar, QColor(0, 0, 0, 160))
        if self.progress is not None:
            painter.fillRect(
                bar.adjusted(0, 0, round(-bar.width() * (1 - self.progress)), 0), QColor(self.tokens.accent)
            )


def _caption(job: Job) -> tuple[str, str]:
    left, right = _state(job)
    return (f"{job.place} of {job.of} · {left}" if job.of > 1 else left), right


def _state(job: Job) -> tuple[str, str]:
    seconds = f"{job.seconds:.0f} s"
    if job.running:
        return ("queued", "") if job.queued else (seconds, "")
    if job.results:
        quality = "" if job.of > 1 else words_for("quality", job.request.params.quality).lower() + " · "
        return ("recovered" if job.recovered else f"{quality}{seconds}", price_words(job))
    if job.unsaved:
        return ("not saved", price_words(job))
    if job.state is JobState.CANCELLED:
        return ("cancelled", "")
    return ("unfinished" if job.partial is not None else "failed", "")


def price_words(job: Job) -> str:
    """What a run cost, as far as it is known."""
    if job.free:
        return "free"
    if job.cost is not None:
        return f"${job.cost:.2f}" if job.cost >= 0.005 else "< $0.01"
    return f"≈ {job.estimate.words()}" if job.estimate.known else ""


def _message(job: Job) -> str:
    if job.running:
        return _phase(job)
    if job.error is not None:
        billed = " It may have been billed." if job.may_have_been_billed else ""
        said = job.error.sentence()
        return said if "billed" in said else said + billed
    if job.state is JobState.CANCELLED:
        return "Cancelled. It may have been billed." if job.may_have_been_billed else "Cancelled."
    return ""


def _details(job: Job) -> str:
    """All that is known of how it ended, with the service's own words."""
    own = job.error.service_message if isinstance(job.error, EditError) else ""
    words = _message(job)
    return f"{words}\n{job.host} said: {own}" if own and own not in words else words


def _phase(job: Job) -> str:
    if job.queued:
        return "Waits for its turn."
    waiting = job.waiting
    if waiting is None or waiting.phase == "connecting":
        return f"Connecting to {job.host}…"
    match waiting.phase:
        case "uploading":
            share = f" {100 * waiting.sent // waiting.total} %" if waiting.total else ""
            return f"Uploading…{share}"
        case "rate limited":
            return f"{job.host} asks to wait: {job.seconds_to_wait:.0f} s more."
        case _ if job.partial is not None:
            return f"Partial picture {job.partial.index + 1} has come."
        case _:
            return "Waiting for the picture…"


def _next_step(job: Job) -> tuple[str, str]:
    if job.running:
        return "cancel", "Cancel"
    return _mend(job.error, job) if job.error is not None else _again(job)


def _again(job: Job) -> tuple[str, str]:
    return ("again", "Run again") if job.state is JobState.CANCELLED else ("", "")


def _mend(fault: OverpaintError, job: Job) -> tuple[str, str]:
    if job.kept_reply is not None:
        return "look", "Look again"
    if isinstance(fault, ContentRefused):
        return "", ""  # the same again would be refused again
    if isinstance(fault, StorageError):
        return "folder", "Save to another folder…" if job.unsaved else "Choose another folder…"
    if isinstance(fault, InvalidRequest) and fault.field == "stream":
        return "plain", "Try without streaming"
    if isinstance(fault, NotFound) and fault.other_path:
        return "path", "Try the other path"
    if isinstance(fault, KeyRefused | NotFound | NotAllowed) and not _is_local(fault):
        return "settings", "Endpoint settings…"
    return "again", "Try again"


def _is_local(fault: OverpaintError) -> bool:
    """Whether it was a file of one's own, or one's own disk, that kept the edit from leaving."""
    return isinstance(fault, NotAllowed) and (
        fault.field == "image" or isinstance(fault.__cause__, StorageError)
    )


def _spoken(job: Job) -> str:
    left, right = _caption(job)
    return f"Run “{job.request.params.prompt[:60]}”: {left} {right} {_message(job)}".strip()
