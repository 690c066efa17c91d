"""What fills the centre of the window, with the docks and bars that belong to it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QToolBar, QWidget

from overpaint.ui.theme.window_theme import Tokens


class Workspace:
    """A workspace has its own widget in the centre, and docks and bars that are seen in it alone.

    ``docks`` and ``bars`` must have object names, by which their places are remembered. ``icon`` is one of
    ``theme.icons``. A subclass sets the six before it is added to the window.
    """

    id: str
    title: str
    icon: str
    widget: QWidget
    docks: tuple[QDockWidget, ...] = ()
    bars: tuple[QToolBar, ...] = ()

    def place(self, window: QMainWindow) -> None:
        """Puts docks and bars where they stand at first; hides those that wait to be asked for."""
        for bar in self.bars:
            window.addToolBar(Qt.ToolBarArea.LeftToolBarArea, bar)
        for dock in self.docks:
            window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)

    def set_sizes(self, window: QMainWindow) -> None:
        """Gives docks their first sizes, once the window has its own and none are remembered."""

    def enter(self) -> None:
        """It has come into sight."""

    def leave(self) -> None:
        """It is about to go out of sight, or the window to close: whatever is under way comes to its end."""

    def press_key(self, event: QKeyEvent) -> bool:
        """A key that nothing with the focus had a use for; False when it means nothing here either."""
        return False

    def set_tokens(self, tokens: Tokens) -> None:
        """Wears the theme's colours."""

    @property
    def first_focus(self) -> QWidget:
        """What has the keys when it is entered for the first time."""
        return self.widget

    @property
    def panels(self) -> tuple[QWidget, ...]:
        """Everything that stands around the centre."""
        return (*self.docks, *self.bars)
