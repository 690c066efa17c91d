"""What became of a run, in full, with its buttons: opened from its tile."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from overpaint.core.foreign_words import visible
from overpaint.studio.runs.job import Job
from overpaint.ui.runs.run_outcome import in_a_word, message, next_step, service_words
from overpaint.ui.widgets.labels import label
from overpaint.ui.widgets.popup import Popup

_WIDTH = 380


class RunDetails(Popup):
    """``acted`` carries the name of a button, as :class:`~overpaint.ui.runs.run_tile.RunTile` tells it on."""

    acted = Signal(str)

    def __init__(self, parent: QWidget, job: Job) -> None:
        super().__init__(parent, "runDetails", "What became of the run")
        self._job = job
        self._step = ""
        self._title = label("", "title", "runTitle")
        self._message = label("", "problem", "runMessage")
        self._service = label("", "note", "runService")
        for words in (self._message, self._service):
            words.setWordWrap(True)
            words.setFixedWidth(_WIDTH)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._act = _button("runAction", "")
        self._act.clicked.connect(lambda: self._do(self._step))
        self._more = _button("runMore", "Save the reply…")
        self._more.clicked.connect(lambda: self._do("save reply"))
        self._other = _button("runDismiss", "Dismiss")
        self._other.clicked.connect(lambda: self._do("dismiss"))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self._act, self._more, self._other):
            buttons.addWidget(button)
        buttons.addStretch()
        for words in (self._title, self._message, self._service):
            self.column.addWidget(words)
        self.column.addLayout(buttons)
        self.refresh()

    def refresh(self) -> None:
        """Shows how the run ended; closes where there is nothing to tell any more."""
        job = self._job
        if job.running or not message(job):
            self.close()
            return
        self._title.setText(in_a_word(job).capitalize())
        self._message.setText(message(job))
        self._service.setText(service_words(job))
        self._service.setVisible(bool(service_words(job)))
        self._step, words = next_step(job)
        self._act.setText(words)
        self._act.setAccessibleName(words)
        self._act.setVisible(bool(self._step))
        self._more.setVisible(job.kept_reply is not None)
        self.setAccessibleDescription(visible(message(job)))
        self.adjustSize()

    def _do(self, step: str) -> None:
        self.close()  # what follows may open a dialog
        self.acted.emit(step)


def _button(name: str, words: str) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setAccessibleName(words)
    return button
