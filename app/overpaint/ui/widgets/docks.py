"""Docks that look like part of the window: no frame, and a grip instead of a title bar."""

from PySide6.QtWidgets import QDockWidget, QWidget

from overpaint.ui.widgets.labels import label


def dock(title: str, name: str, content: QWidget, *, grip: QWidget | None = None) -> QDockWidget:
    """A dock for ``content``. ``grip`` is moved out of the content to be the handle at its left; without
    one, the title above is the handle."""
    made = QDockWidget(title)
    made.setObjectName(name)
    made.setAccessibleName(title)
    if grip is not None:
        made.setFeatures(made.features() | QDockWidget.DockWidgetFeature.DockWidgetVerticalTitleBar)
        made.setTitleBarWidget(grip)
    else:
        add_thin_grip(made, title)
    made.setWidget(content)
    return made


def add_thin_grip(dock: QDockWidget, title: str) -> None:
    """Puts a strip above a dock by which it is dragged."""
    grip = label("", "note", "dockGrip")
    grip.setAccessibleName(title)
    grip.setFixedHeight(4)
    dock.setTitleBarWidget(grip)
