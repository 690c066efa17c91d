"""The prompt in the inspector: its text, what is wrong with it, its fields, and how it is sent."""

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from overpaint.core.foreign_words import visible
from overpaint.core.request import prompt_syntax as rules
from overpaint.core.request.params import MAX_PROMPT
from overpaint.ui.prompt.buttons import PromptButtons
from overpaint.ui.prompt.fields_box import FieldsBox
from overpaint.ui.prompt.prompt_edit import PromptEdit
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.collapsible import Disclosure
from overpaint.ui.widgets.labels import label, set_tone

_COUNT_FROM = MAX_PROMPT * 9 // 10
_MOST_LINES_SENT = 8


class PromptBox(QWidget):
    """``edited`` carries the prompt at every keystroke, ``filled`` a field's name and value.

    ``buttons`` stand beside the title: presets and history.
    """

    edited = Signal(str)
    filled = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.buttons = PromptButtons()
        self.edit = PromptEdit()
        self.fields = FieldsBox(self.edit)
        self._counter = label("", "note", "promptCounter")
        self._counter.hide()
        self._strange = _StrangeName()
        self.preview = Disclosure("Prompt as sent", "promptPreview")
        self._sent = _SentText()
        self.preview.body.setContentsMargins(0, 4, 0, 0)
        self.preview.body.addWidget(self._sent)
        self._text: str | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self.edit, self._counter, self._strange, self.fields, self.preview):
            column.addWidget(part)
        self.edit.textChanged.connect(self._changed)
        self.fields.filled.connect(self.filled)
        self._strange.as_words.connect(self._mend)

    def set_icons(self, tokens: Tokens) -> None:
        """Draws icons and marks in the theme's colours."""
        self.buttons.set_icons(tokens)
        self.edit.set_tokens(tokens)
        self.preview.set_icons(tokens)

    def show_prompt(
        self,
        text: str,
        pictures: Sequence[str],
        values: Mapping[str, str],
        sent: str,
        left_out: Collection[str] = (),
    ) -> None:
        """Shows a prompt without telling anyone, with what its names and fields mean now, and as it is
        ``sent``; cursor and undo of the text stay while it is the same. ``left_out`` are the names of
        pictures that are there and not sent."""
        if text != self._text:
            first, self._text = self._text is None, text
            if first:
                self.edit.setPlainText(text)
            else:
                self.edit.put_text(text)
        self.edit.show_meaning(pictures, values)
        self.fields.show_fields(rules.fields(text), values, pictures, left_out)
        self._strange.show_names(rules.unknown(text, (*pictures, *left_out)))
        self.preview.setVisible(sent != text)
        self._sent.show_text(sent)
        self._count(len(sent))

    @property
    def at_fault(self) -> QWidget:
        """Where the prompt is put right: the text, or when that is sound the first field that isn't."""
        sound = self._strange.isHidden()
        return (self.fields.at_fault if sound else None) or self.edit

    def set_problem(self, message: str) -> None:
        """Marks the field; the words stand beside the button."""
        set_tone(self.edit, "bad" if message else "")

    def _changed(self) -> None:
        """Qt tells of new colours in the text as well; those change nothing."""
        text = self.edit.toPlainText()
        if text != self._text and self._text is not None:
            self._text = text
            self.edited.emit(text)

    def _mend(self, name: str) -> None:
        self.edit.put_text(rules.as_words(self.edit.toPlainText(), name))
        self.edit.setFocus()

    def _count(self, length: int) -> None:
        over = length > MAX_PROMPT
        words = f"{length:,} of {MAX_PROMPT:,} characters"
        self._counter.setText(f"{words}: {length - MAX_PROMPT:,} too many" if over else words)
        self._counter.setProperty("role", "problem" if over else "note")
        self._counter.style().unpolish(self._counter)
        self._counter.style().polish(self._counter)
        self._counter.setVisible(length >= _COUNT_FROM)


class _StrangeName(QWidget):
    """Says that no picture has a name in the prompt; ``as_words`` asks to send it as it stands."""

    as_words = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self._words = label("", "problem", "promptStrange")
        self._words.setWordWrap(True)
        self._mend = QPushButton("Send it as plain words")
        self._mend.setObjectName("promptStrangeMend")
        self._mend.setProperty("role", "link")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        row.addWidget(self._mend)
        self._mend.clicked.connect(lambda: self.as_words.emit(self._name))
        self.hide()

    def show_names(self, names: Sequence[str]) -> None:
        """Shows the first of the names that no picture has, and how many more there are."""
        self.setVisible(bool(names))
        if names:
            self._name = names[0]
            more = f" And {len(names) - 1} more." if names[1:] else ""
            self._words.setText(f"There is no picture named “{_short(self._name)}”.{more}")
            self._mend.setAccessibleName(f"Send “{_short(self._name)}” as plain words")


class _SentText(QPlainTextEdit):
    """The prompt as it is sent, as high as it needs, to be read and copied."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self.setObjectName("promptSent")
        self.setAccessibleName("Prompt as it is sent")
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self.updateGeometry())

    def show_text(self, text: str) -> None:
        """Shows a text, once it can be seen: laying out a long one takes its time at every keystroke."""
        self._text = text
        if self.isVisible():
            self._put()

    def showEvent(self, event: QShowEvent) -> None:
        self._put()
        super().showEvent(event)

    def _put(self) -> None:
        if self._text != self.toPlainText():
            self.setPlainText(self._text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()  # at another width the words take another number of lines

    def sizeHint(self) -> QSize:
        lines = min(max(round(self.document().size().height()), 1), _MOST_LINES_SENT)
        margins = 2 * round(self.document().documentMargin()) + 18
        return QSize(240, lines * self.fontMetrics().lineSpacing() + margins)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())


def _short(name: str) -> str:
    return visible(name, longest=40)
