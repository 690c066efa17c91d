"""Widgets that are made when they are first needed, so that a start doesn't wait for what nobody sees."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtWidgets import QDockWidget, QWidget

from overpaint.ui.widgets.docks import add_thin_grip

W = TypeVar("W", bound=QWidget)


class Late(Generic[W]):
    """A widget that ``make`` makes at the first :meth:`get`."""

    def __init__(self, make: Callable[[], W]) -> None:
        self._make = make
        self._when_made: list[Callable[[W], object]] = []
        self.made: W | None = None

    def get(self) -> W:
        """The widget, made now if it isn't there."""
        if self.made is None:
            self.made = self._make()
            for todo in self._when_made:
                todo(self.made)
        return self.made

    def when_made(self, todo: Callable[[W], object]) -> None:
        """Calls ``todo`` with the widget as soon as there is one, in the order of these calls."""
        self._when_made.append(todo)
        if self.made is not None:
            todo(self.made)


class LateDock(QDockWidget):
    """A dock whose content is made when the dock is shown for the first time, or asked for before that."""

    def __init__(self, title: str, name: str, content: Late[W]) -> None:
        super().__init__(title)
        self.setObjectName(name)
        self.setAccessibleName(title)
        add_thin_grip(self, title)
        self._content = content
        content.when_made(self.setWidget)

    def setVisible(self, visible: bool) -> None:
        """Qt asks this before it shows the children: content that comes later would have no focus yet."""
        if visible:
            self._content.get()
        super().setVisible(visible)
