"""Every act that can be taken back, oldest first; a click goes to the moment after it."""

from itertools import takewhile

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from overpaint.core.foreign_words import visible
from overpaint.studio.document.session import Session
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.labels import label

_START = "Start"
_NARROWEST = 168


class HistoryPanel(QWidget):
    """Bound to the session's history: the chosen row is where the work stands, rows below it are undone."""

    def __init__(self, session: Session, tokens: Tokens) -> None:
        super().__init__()
        self.setObjectName("historyPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._tokens = tokens
        self._names: list[str] = []
        self._dressed = 0
        self._list = _List()
        self._list.setObjectName("undoList")
        self._list.setAccessibleName("History: acts that can be undone, oldest first")
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 6, 6)
        title = label("History", "label")
        title.setIndent(8)
        column.addWidget(title)
        column.addWidget(self._list)
        self.setMinimumWidth(_NARROWEST)
        self._list.currentRowChanged.connect(self._go)
        session.history_changed.connect(self.refresh)

    def set_tokens(self, tokens: Tokens) -> None:
        """Paints in the theme's colours."""
        self._tokens = tokens
        self._names = []
        self._list.clear()
        self.refresh()

    def refresh(self) -> None:
        """Shows the history as it stands, once it can be seen; only what became different is touched."""
        if not self.isVisible():
            return
        history = self._session.history
        shown = [_START, *(visible(name) for name in history.names())]
        same = sum(
            1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(self._names, shown, strict=False))
        )
        self._list.blockSignals(True)
        for row in reversed(range(same, len(self._names))):
            self._list.takeItem(row)
        self._list.addItems(shown[same:])
        self._names = shown
        low, high = sorted((self._dressed, history.position))
        for row in {*range(same, len(shown)), *range(low, min(high + 1, same))}:
            self._dress(self._list.item(row), undone=row > history.position)
        self._dressed = history.position
        self._list.setCurrentRow(history.position)
        self._list.blockSignals(False)
        self._list.scrollToItem(self._list.item(history.position))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _dress(self, item: QListWidgetItem, *, undone: bool) -> None:
        item.setForeground(QColor(self._tokens.dim if undone else self._tokens.text))
        font = item.font()
        font.setItalic(undone)
        item.setFont(font)
        words = f"{item.text()}, undone" if undone else item.text()
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words)

    def _go(self, row: int) -> None:
        """Goes to a moment; the mark stays where it was while a stroke goes on, which nothing interrupts."""
        if row >= 0:
            self._session.go_to(row)
            self.refresh()


class _List(QListWidget):
    """Keeps the chosen row in sight when its own room becomes another: at first it has none at all."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scrollToItem(self.currentItem())
