"""The prompt: a text field that grows with its words and counts them near the limit."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from overpaint.core.params import MAX_PROMPT
from overpaint.ui.widgets.labels import label, set_tone

_FEWEST_LINES = 4
_MOST_LINES = 12
_COUNT_FROM = MAX_PROMPT - 2_000


class PromptEdit(QPlainTextEdit):
    """Between four and twelve lines high. Tab leaves it, as in every other field."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("promptEdit")
        self.setAccessibleName("Prompt: what should change")
        self.setPlaceholderText("Say what should change, for example “remove the balloon”")
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(self._refit)

    def sizeHint(self) -> QSize:
        lines = min(max(round(self.document().size().height()), _FEWEST_LINES), _MOST_LINES)
        margins = 2 * round(self.document().documentMargin()) + 14
        return QSize(240, lines * self.fontMetrics().lineSpacing() + margins)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def _refit(self) -> None:
        self.updateGeometry()


class PromptBox(QWidget):
    """``edited`` carries the prompt at every keystroke."""

    edited = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.edit = PromptEdit()
        self._counter = label("", "note", "promptCounter")
        self._counter.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.edit)
        column.addWidget(self._counter)
        self.edit.textChanged.connect(self._changed)

    def show_prompt(self, text: str) -> None:
        """Shows a prompt without telling anyone; the cursor stays while it is the same text."""
        if self.edit.toPlainText() != text:
            self.edit.blockSignals(True)
            self.edit.setPlainText(text)
            self.edit.blockSignals(False)
            self._count(text)

    def set_problem(self, message: str) -> None:
        """Marks the field; the words stand beside the button."""
        set_tone(self.edit, "bad" if message else "")

    def _changed(self) -> None:
        text = self.edit.toPlainText()
        self._count(text)
        self.edited.emit(text)

    def _count(self, text: str) -> None:
        over = len(text) > MAX_PROMPT
        self._counter.setText(f"{len(text):,} of {MAX_PROMPT:,} characters")
        self._counter.setProperty("role", "problem" if over else "note")
        self._counter.style().unpolish(self._counter)
        self._counter.style().polish(self._counter)
        self._counter.setVisible(len(text) > _COUNT_FROM)
