"""Every act that can be taken back, oldest first; a click goes to the moment after it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from overpaint.studio.session import Session
from overpaint.ui.theme import Tokens
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
        self._list = QListWidget()
        self._list.setObjectName("historyList")
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
        self.refresh()

    def set_tokens(self, tokens: Tokens) -> None:
        """Paints in the theme's colours."""
        self._tokens = tokens
        self.refresh()

    def refresh(self) -> None:
        """Shows the history as it stands."""
        history = self._session.history
        names = [_START, *history.names()]
        self._list.blockSignals(True)
        if [self._list.item(row).text() for row in range(self._list.count())] != names:
            self._list.clear()
            self._list.addItems(names)
        for row in range(len(names)):
            self._dress(self._list.item(row), undone=row > history.position)
        self._list.setCurrentRow(history.position)
        self._list.blockSignals(False)
        self._list.scrollToItem(self._list.item(history.position))

    def _dress(self, item: QListWidgetItem, *, undone: bool) -> None:
        item.setForeground(QColor(self._tokens.disabled if undone else self._tokens.text))

    def _go(self, row: int) -> None:
        if row >= 0:
            self._session.go_to(row)
