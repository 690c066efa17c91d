"""The workspace in which a picture is edited: the canvas, with inspector, tray and runs around it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDockWidget,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from overpaint.studio.studio import Studio
from overpaint.ui.actions.keymap import Keymap
from overpaint.ui.actions.registry import ActionRegistry
from overpaint.ui.app.edit_strip import LOWEST, EditStrip
from overpaint.ui.app.tool_options_bar import ToolOptionsBar
from overpaint.ui.app.toolbox import Toolbox
from overpaint.ui.canvas.canvas import Canvas
from overpaint.ui.canvas.navigator import Navigator
from overpaint.ui.canvas.presenter import CanvasPresenter
from overpaint.ui.inspector.inspector_panel import Inspector
from overpaint.ui.pictures.thumbnails import Thumbnails
from overpaint.ui.results.compare import Compare
from overpaint.ui.results.floating_bar import COMPARE_BUTTONS, RESULT_BUTTONS, WAITING_BUTTONS, FloatingBar
from overpaint.ui.results.seam_panel import SeamPanel
from overpaint.ui.results.waiting import Waiting
from overpaint.ui.runs.runs_panel import RunsPanel
from overpaint.ui.shell.workspace import Workspace
from overpaint.ui.theme.canvas_colours import DARK, LIGHT
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.tools.options.brush_settings import BrushSettingsStore
from overpaint.ui.tools.tool_spec import Toolset
from overpaint.ui.tray.tray_panel import TrayPanel
from overpaint.ui.widgets.docks import dock
from overpaint.ui.widgets.late import Late, LateDock
from overpaint.ui.widgets.text_focus import edits_text

if TYPE_CHECKING:
    from overpaint.ui.history.history_panel import HistoryPanel
    from overpaint.ui.masks.saved_masks_panel import MasksPanel

_INSPECTOR_WIDTH = 316
_HISTORY_WIDTH = 180
_EMPTY = "Drop pictures here, paste, or press {add}"


class EditWorkspace(Workspace):
    """Makes the widgets; :class:`~overpaint.ui.app.edit_wiring.EditWiring` connects them with the studio."""

    id = "edit"
    title = "Edit"
    icon = "brush"

    def __init__(self, studio: Studio, tokens: Tokens, tools: Toolset, keymap: Keymap) -> None:
        self.tools = tools
        self._studio, self._tokens, self._keymap = studio, tokens, keymap
        self._thumbnails = thumbnails = Thumbnails(studio.tasks, studio.reader)
        self.canvas = Canvas(studio.session, DARK if tokens.dark else LIGHT, tools, keymap=keymap)
        self.navigator = Navigator(self.canvas, studio.session)
        self.options = ToolOptionsBar(keymap)
        self.inspector = Inspector(studio.edit, studio.tasks)
        self.tray = TrayPanel(studio.session, studio.picture_import, thumbnails, tokens, keymap)
        self.runs = RunsPanel(studio.jobs, thumbnails, tokens)
        self.strip = EditStrip(self.tray, self.runs)
        self.stage = CanvasPresenter(
            self.canvas,
            studio.session,
            studio.jobs,
            studio.tasks,
            studio.reader,
            lambda: (studio.folders.drafts, studio.gallery_folder),
            studio.kept_results,
        )
        self.seam = SeamPanel(studio.settings)
        self.inspector.add_section(self.seam)
        self.compare = Compare(self.canvas, self.stage, studio.tasks)
        self.result_bar = FloatingBar(self.canvas, "resultBar", "The result")
        self.waiting = Waiting(self.canvas, studio.jobs)
        self.compare_bar = FloatingBar(self.canvas, "compareBar", "Compare")
        self.brushes = BrushSettingsStore(studio.settings)
        self.history = Late(self._make_history)
        self.masks = Late(self._make_masks)

    def add_actions(self, actions: ActionRegistry) -> None:
        """Makes what shows actions, and with that everything that the window is given."""
        self._actions = actions
        self.options.add_actions(actions)
        self.result_bar.add(actions, *RESULT_BUTTONS)
        self.waiting.bar.add(actions, *WAITING_BUTTONS)
        self.compare_bar.add(actions, *COMPARE_BUTTONS)
        self.inspector.bar.follow(actions.keymap)
        actions.keymap.follow(_EMPTY, self.canvas.show_when_empty)
        self.toolbox = Toolbox(actions, self.tools)
        self.widget = QWidget()
        column = QVBoxLayout(self.widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.options)
        column.addWidget(self.canvas, 1)
        self.bars = (self.toolbox,)
        self.docks = (
            dock("Inspector", "inspectorDock", self.inspector),
            self.strip.dock,
            LateDock("History", "historyDock", self.history),
            LateDock("Masks", "masksDock", self.masks),
        )

    def place(self, window: QMainWindow) -> None:
        """Docks where they stand at first; history and masks wait in the View menu."""
        inspector, strip, history, masks = self.docks
        window.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.toolbox)
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, inspector)
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, strip)
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, history)
        window.splitDockWidget(history, masks, Qt.Orientation.Vertical)
        history.hide()
        masks.hide()

    def set_sizes(self, window: QMainWindow) -> None:
        """How wide the panels are at first, and how high."""
        inspector, _, history, _ = self.docks
        window.resizeDocks([inspector], [_INSPECTOR_WIDTH], Qt.Orientation.Horizontal)
        window.resizeDocks([history], [_HISTORY_WIDTH], Qt.Orientation.Horizontal)
        self.strip.set_height(LOWEST)

    @property
    def first_focus(self) -> QWidget:
        """The canvas."""
        return self.canvas

    def leave(self) -> None:
        """A stroke ends: its release may never come."""
        self.canvas.finish_stroke()

    def press_key(self, event: QKeyEvent) -> bool:
        """What a key does on the canvas it does from every button as well; texts and lists keep theirs."""
        focus = QApplication.focusWidget()
        if focus is self.canvas or edits_text(focus) or isinstance(focus, QAbstractItemView):
            return False
        return self._actions.press_elsewhere(
            event, "elsewhere results", "elsewhere"
        ) or self.canvas.press_draft(event)

    def set_tokens(self, tokens: Tokens) -> None:
        """Colours and icons of every part."""
        self._tokens = tokens
        for panel in (self.tray, self.runs, self.history.made, self.masks.made):
            if panel is not None:
                panel.set_tokens(tokens)
        for part in (self.options, self.inspector):
            part.set_icons(tokens)

    def _make_history(self) -> "HistoryPanel":
        from overpaint.ui.history.history_panel import HistoryPanel  # loads here, when it is shown

        return HistoryPanel(self._studio.session, self._tokens)

    def _make_masks(self) -> "MasksPanel":
        from overpaint.ui.masks.saved_masks_panel import MasksPanel  # loads here, when it is needed

        commands = self._studio.saved_mask_commands
        return MasksPanel(self._studio.session, commands, self._thumbnails, self._tokens, self._keymap)

    @property
    def masks_dock(self) -> QDockWidget:
        """The dock of the saved masks."""
        return self.docks[3]
