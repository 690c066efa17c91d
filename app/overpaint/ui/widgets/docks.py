"""Docks that look like part of the window: no frame, and a grip instead of a title bar."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDockWidget, QWidget

_GRIP = 4


def dock(title: str, name: str, content: QWidget) -> QDockWidget:
    """A dock for ``content``, which is dragged by the grip above it."""
    made = QDockWidget(title)
    made.setObjectName(name)
    made.setAccessibleName(title)
    add_thin_grip(made, title)
    made.setWidget(content)
    return made


def add_thin_grip(dock: QDockWidget, title: str) -> None:
    """Puts a strip above a dock by which it is dragged."""
    grip = _Grip()
    grip.setObjectName("dockGrip")
    grip.setAccessibleName(title)
    dock.setTitleBarWidget(grip)


class _Grip(QWidget):
    """A dock asks its title bar what it would like: a fixed height alone isn't looked at."""

    def sizeHint(self) -> QSize:
        return QSize(20, _GRIP)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
