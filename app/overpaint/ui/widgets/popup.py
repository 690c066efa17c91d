"""A panel that opens below or above what it belongs to, and closes with Esc or a click elsewhere."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from overpaint.ui.actions.standard_keys import cancels

_GAP = 4


class Popup(QFrame):
    """Its parts go into ``column``, one below the other."""

    def __init__(self, parent: QWidget, name: str, spoken: str) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setWindowTitle(spoken)
        self.setProperty("role", "popup")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 14, 16, 14)
        self.column.setSpacing(10)

    def open_below(self, anchor: QWidget) -> None:
        """Shows it with its left edge at that of ``anchor``, moved as far as the screen asks for."""
        below = anchor.mapToGlobal(QPoint(0, anchor.height() + _GAP))
        self.move(below)
        self.show()  # only now does the style sheet say how large it is
        room = anchor.screen().availableGeometry()
        left = min(below.x(), room.right() + 1 - self.width())
        top = min(below.y(), room.bottom() + 1 - self.height())
        self.move(max(left, room.left()), max(top, room.top()))
        self.focusNextChild()

    def open_above(self, anchor: QWidget) -> None:
        """The same, with its foot above ``anchor``."""
        corner = anchor.mapToGlobal(QPoint())
        self.move(corner)
        self.show()
        room = anchor.screen().availableGeometry()
        left = min(corner.x(), room.right() + 1 - self.width())
        self.move(max(left, room.left()), max(corner.y() - _GAP - self.height(), room.top()))
        self.focusNextChild()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes it."""
        if cancels(event):
            self.close()
        else:
            super().keyPressEvent(event)
