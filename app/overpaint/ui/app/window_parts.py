"""What the acts of the window know of it: its parts, and the few things that only the whole window can do."""

import msgspec
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMainWindow, QWidget

from overpaint.ui.app.tool_options_bar import ToolOptionsBar
from overpaint.ui.canvas.canvas import Canvas
from overpaint.ui.canvas.navigator import Navigator
from overpaint.ui.canvas.presenter import CanvasPresenter
from overpaint.ui.endpoint.menu import EndpointMenu
from overpaint.ui.history.history_panel import HistoryPanel
from overpaint.ui.inspector.inspector_panel import Inspector
from overpaint.ui.masks.saved_masks_panel import MasksPanel
from overpaint.ui.runs.runs_panel import RunsPanel
from overpaint.ui.shell.status_bar import StatusBar
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.tools.options.brush_settings import BrushSettingsStore
from overpaint.ui.tray.tray_panel import TrayPanel


class Parts(msgspec.Struct, frozen=True):
    """The widgets of the window, for those who connect them."""

    canvas: Canvas
    navigator: Navigator
    options: ToolOptionsBar
    inspector: Inspector
    tray: TrayPanel
    runs: RunsPanel
    status: StatusBar
    endpoints: EndpointMenu
    stage: CanvasPresenter
    brushes: BrushSettingsStore
    history: HistoryPanel
    masks: MasksPanel


class Shell(QMainWindow):
    """The window as its acts see it: the parent of dialogs, with its memory, its colours and its panels.

    ``memory`` keeps geometry and the last folder between two starts, ``tokens`` are the colours that are
    worn now, ``panels`` whatever stands around the canvas.
    """

    def __init__(self, memory: QSettings, tokens: Tokens) -> None:
        super().__init__()
        self.memory = memory
        self.tokens = tokens
        self.panels: list[QWidget] = []
        self._put_away: list[QWidget] = []

    @property
    def panels_hidden(self) -> bool:
        """Whether every panel is out of sight."""
        return not any(panel.isVisible() for panel in self.panels)

    def hide_panels(self, hidden: bool) -> None:
        """Hides every panel, or shows those again that were hidden so."""
        away = [panel for panel in self.panels if not panel.isHidden()] if hidden else self._put_away
        for panel in away:
            panel.setVisible(not hidden)
        self._put_away = [*self._put_away, *away] if hidden else []

    def show_panel(self, name: str) -> None:
        """Brings a panel into sight, by its object name."""
        for panel in self.panels:
            if panel.objectName() == name:
                panel.show()
                panel.raise_()
