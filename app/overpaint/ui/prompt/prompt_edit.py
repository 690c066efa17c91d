"""The prompt's text: it grows with its words, offers pictures by name, and steps through older prompts."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from overpaint.core.request import prompt_syntax as rules
from overpaint.ui.actions.keymap import Keymap
from overpaint.ui.prompt.highlighter import PromptMarks
from overpaint.ui.prompt.name_list import NameList
from overpaint.ui.prompt.prompt_keys import PROMPT_KEYS
from overpaint.ui.prompt.utf16 import difference, units
from overpaint.ui.theme.window_theme import Tokens

_PLACEHOLDER = (
    "Say what should change, for example “remove the balloon”.\n"
    "@ names a picture, {braces} make a field to fill in."
)
_FEWEST_LINES = 4
_MOST_LINES = 12
_TAKING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class PromptEdit(QPlainTextEdit):
    """Between four and twelve lines high. Tab leaves it, as in every other field.

    ``older_wanted`` and ``newer_wanted`` ask for another prompt in place of the text; ``pictures_given``
    carries the data of a paste or a drop that is pictures and no text. ``ask_clipboard`` is called with what
    takes the clipboard's data, and calls that as soon as they are there.
    """

    older_wanted = Signal()
    newer_wanted = Signal()
    pictures_given = Signal(QMimeData)

    def __init__(self) -> None:
        super().__init__()
        self.keymap = Keymap(PROMPT_KEYS)
        self.setObjectName("promptEdit")
        self.setAccessibleName("Prompt: what should change")
        self.setPlaceholderText(_PLACEHOLDER)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.names = NameList(self)
        self._marks = PromptMarks(self.document())
        self._pictures: Sequence[str] = ()
        self.ask_clipboard: Callable[[Callable[[QMimeData], object]], object] = lambda take: take(
            QGuiApplication.clipboard().mimeData()
        )
        self._left: int | None = None
        self._lines = _FEWEST_LINES
        self.document().documentLayout().documentSizeChanged.connect(self._refit)
        self.cursorPositionChanged.connect(self._moved)
        self.names.accepted.connect(self._take)

    # --- what it shows

    def set_tokens(self, tokens: Tokens) -> None:
        """Marks names in the theme's colours."""
        self._marks.set_tokens(tokens)

    def show_meaning(self, pictures: Sequence[str], values: Mapping[str, str]) -> None:
        """The pictures that can be named, in their order, and what was typed for the fields."""
        before, self._pictures = self._pictures, tuple(pictures)
        self._marks.show_meaning(pictures, values)
        if self._pictures != before:
            self._offer()

    def put_text(self, text: str) -> None:
        """Replaces the text, or what of it differs, so that undo in the text leads back."""
        old = self.toPlainText()
        start, end, new = difference(old, text)
        cursor = QTextCursor(self.document())
        cursor.setPosition(units(old[:start]))
        cursor.setPosition(units(old[:end]), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(new)

    def go_to_end(self) -> None:
        """Puts the cursor after the last word."""
        self.moveCursor(QTextCursor.MoveOperation.End)

    def sizeHint(self) -> QSize:
        margins = 2 * round(self.document().documentMargin()) + 14
        return QSize(240, self._lines * self.fontMetrics().lineSpacing() + margins)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._refit()  # a long paragraph that came whole was laid out only now, and Qt doesn't tell of it

    def _refit(self) -> None:
        lines = min(max(round(self.document().size().height()), _FEWEST_LINES), _MOST_LINES)
        if lines != self._lines:
            self._lines = lines
            self.updateGeometry()

    # --- keys

    def event(self, event: QEvent) -> bool:
        """While names are offered, the keys that choose among them are theirs, before any shortcut."""
        if isinstance(event, QKeyEvent) and self.names.isVisible() and self._steers(event):
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self._steer(Qt.Key(event.key()))
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        wanted = {"prompt_older": self.older_wanted, "prompt_newer": self.newer_wanted}
        if (signal := wanted.get(self.keymap.matches(event, "prompt"))) is not None:
            signal.emit()
            return
        if event.matches(QKeySequence.StandardKey.Paste):
            self.ask_clipboard(self._paste)
            return
        before = self.document().revision()
        super().keyPressEvent(event)
        if self.document().revision() != before:
            self._offer()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return _is_pictures(source) or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if _is_pictures(source):
            self.pictures_given.emit(source)
        else:
            super().insertFromMimeData(source)

    def _paste(self, source: QMimeData) -> None:
        before = self.document().revision()
        if self.canInsertFromMimeData(source):
            self.insertFromMimeData(source)
        if self.document().revision() != before:
            self._offer()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        super().inputMethodEvent(event)
        self._offer()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.names.hide()
        super().focusOutEvent(event)

    def _steers(self, event: QKeyEvent) -> bool:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return plain and (event.key() in _TAKING or event.key() in _STEPS or event.key() == Qt.Key.Key_Escape)

    def _steer(self, key: Qt.Key) -> None:
        if key in _STEPS:
            self.names.step(_STEPS[key])
        elif key in _TAKING:
            self.names.accept()
        else:
            begun = rules.being_typed(self._before())
            self._left = None if begun is None else self.textCursor().block().position() + begun[0]
            self.names.hide()

    # --- names

    def _moved(self) -> None:
        if self.names.isVisible():
            self._offer()

    def _offer(self) -> None:
        """Offers the pictures that the name before the cursor may become, unless it is the one's own."""
        begun = rules.being_typed(self._before()) if self.hasFocus() else None
        names = rules.offered(begun[1], self._pictures) if begun is not None else []
        if begun is None or not names or [rules.token(name) for name in names] == [f"@{begun[1]}"]:
            self.names.hide()
        elif self.textCursor().block().position() + begun[0] != self._left:
            self._left = None
            self.names.offer(names, self._pictures, self.viewport().y() + self.cursorRect().bottom())

    def _take(self, name: str) -> None:
        before = self._before()
        begun = rules.being_typed(before)
        if begun is not None:
            cursor = self.textCursor()
            start = cursor.block().position() + units(before[: begun[0]])
            cursor.setPosition(start, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(rules.token(name))

    def _before(self) -> str:
        """The line up to the cursor."""
        cursor = QTextCursor(self.textCursor())
        cursor.setPosition(cursor.position())
        cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock, QTextCursor.MoveMode.KeepAnchor)
        return cursor.selectedText()


def _is_pictures(source: QMimeData) -> bool:
    """Whether data is pixels without text, or files: a file manager adds their paths as text."""
    formats = frozenset(source.formats())
    if "text/uri-list" in formats:
        lines = bytes(source.data("text/uri-list").data()).split()
        return any(line.lower().startswith(b"file:") for line in lines)
    has_text = any(one.startswith("text/plain") for one in formats)
    return not has_text and any(one.startswith(("image/", "application/x-qt-image")) for one in formats)
