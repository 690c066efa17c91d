"""Docks that look like part of the window: no frame, and a grip instead of a title bar."""

from PySide6.QtWidgets import QDockWidget, QWidget

from overpaint.ui.widgets.labels import label


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
    grip = label("", "note", "dockGrip")
    grip.setAccessibleName(title)
    grip.setFixedHeight(4)
    dock.setTitleBarWidget(grip)
