"""The window: canvas in the middle, tools, inspector, tray and runs around it, and how they come to life."""

from PySide6.QtCore import QByteArray, QEvent, QSettings, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QMenuBar,
    QVBoxLayout,
    QWidget,
)

from overpaint.studio.studio import Studio
from overpaint.ui.actions.registry import ON_CANVAS_ONLY, ActionRegistry, with_tools
from overpaint.ui.app.tool_options_bar import ToolOptionsBar
from overpaint.ui.app.toolbox import Toolbox
from overpaint.ui.app.window_parts import Parts, Shell
from overpaint.ui.app.wiring import Wiring
from overpaint.ui.canvas.canvas import Canvas
from overpaint.ui.canvas.navigator import Navigator
from overpaint.ui.canvas.presenter import CanvasPresenter
from overpaint.ui.endpoint.menu import EndpointMenu
from overpaint.ui.history.history_panel import HistoryPanel
from overpaint.ui.inspector.inspector_panel import Inspector
from overpaint.ui.masks.saved_masks_panel import MasksPanel
from overpaint.ui.pictures.thumbnails import Thumbnails
from overpaint.ui.runs.runs_panel import RunsPanel
from overpaint.ui.shell.status_bar import StatusBar
from overpaint.ui.theme import window_theme
from overpaint.ui.theme.canvas_colours import DARK, LIGHT
from overpaint.ui.tools.options.brush_settings import BrushSettingsStore
from overpaint.ui.tools.tool_spec import Toolset
from overpaint.ui.tools.toolset import tool_actions
from overpaint.ui.tray.tray_panel import TrayPanel
from overpaint.ui.widgets.docks import dock

_INSPECTOR_WIDTH = 316
_HISTORY_WIDTH = 180
_SMALLEST = (1024, 640)
_USUAL = (1440, 900)
_FRAME = 40
"""What the desktop may put around a window, above all its title; else the foot would be off the screen."""
_LAYOUT = 1
_LOW = 800


class Window(Shell):
    """The one window. It shows the studio and hands every act of the user to :class:`Wiring`."""

    def __init__(self, studio: Studio, memory: QSettings, tools: Toolset) -> None:
        super().__init__(memory, window_theme.tokens_for(studio.settings.current.theme))
        self.setObjectName("window")
        self.setWindowTitle("Overpaint")
        self.setMinimumSize(*_SMALLEST)
        self.setAcceptDrops(True)
        self.setDockOptions(QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AnimatedDocks)
        self._studio = studio
        self._toolset = tools
        self._leaving = self._asking_to_leave = False
        self.parts = self._make_parts()
        self.wiring = Wiring(studio, self, self.parts, tools)
        self.actions_ = ActionRegistry(self, self.wiring.by_name(), with_tools(tool_actions(tools)))
        self._lay_out()
        self.wiring.bind(self.actions_, self._tools)
        self._put_on()
        self._dress()
        self._restore()
        studio.settings.changed.connect(self._look_changed, ["theme"])
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._look_changed)

    # --- making it

    def _make_parts(self) -> Parts:
        studio = self._studio
        thumbnails = Thumbnails(studio.tasks, studio.reader)
        canvas = Canvas(studio.session, DARK if self.tokens.dark else LIGHT, self._toolset)
        return Parts(
            canvas=canvas,
            navigator=Navigator(canvas, studio.session),
            options=ToolOptionsBar(),
            inspector=Inspector(studio.edit, studio.tasks),
            tray=TrayPanel(studio.session, studio.picture_import, thumbnails, self.tokens),
            runs=RunsPanel(studio.jobs, thumbnails, self.tokens),
            status=StatusBar(),
            endpoints=EndpointMenu(studio.settings),
            stage=CanvasPresenter(canvas, studio.session, studio.jobs, studio.tasks, studio.reader),
            brushes=BrushSettingsStore(studio.settings),
            history=HistoryPanel(studio.session, self.tokens),
            masks=MasksPanel(studio.session, studio.saved_mask_commands, thumbnails, self.tokens),
        )

    def _lay_out(self) -> None:
        parts = self.parts
        parts.options.add_actions(self.actions_)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(parts.options)
        column.addWidget(parts.canvas, 1)
        self.setCentralWidget(middle)
        self._tools = Toolbox(self.actions_, self._toolset)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self._tools)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self._docks = (
            dock("Inspector", "inspectorDock", parts.inspector),
            dock("Tray", "trayDock", parts.tray, grip=parts.tray.head),
            dock("Runs", "runsDock", parts.runs, grip=parts.runs.head),
        )
        self._history = dock("History", "historyDock", parts.history)
        self._masks = dock("Masks", "masksDock", parts.masks)
        self.panels = [*self._docks, self._history, self._masks, self._tools]
        inspector, tray, runs = self._docks
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, inspector)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, tray)
        self.splitDockWidget(tray, runs, Qt.Orientation.Vertical)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self._history)
        self.splitDockWidget(self._history, self._masks, Qt.Orientation.Vertical)
        self._history.hide()
        self._masks.hide()
        self.resizeDocks([inspector], [_INSPECTOR_WIDTH], Qt.Orientation.Horizontal)
        self.resizeDocks([self._history], [_HISTORY_WIDTH], Qt.Orientation.Horizontal)
        self._menus = QMenuBar()
        self._menus.setObjectName("menuBar")
        self.actions_.fill(self._menus)
        self.setMenuWidget(_menu_row(self._menus, parts.endpoints))
        self._list_docks()
        self.setStatusBar(parts.status)
        for name in ON_CANVAS_ONLY:
            action = self.actions_[name]
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            parts.canvas.addAction(action)

    def _list_docks(self) -> None:
        menu = self._menus.findChild(QMenu, "menuView")
        if menu is not None:
            menu.addSeparator()
        for one in (*self._docks, self._history, self._masks):
            action = one.toggleViewAction()
            action.setObjectName(f"act_{one.objectName()}")
            if menu is not None:
                menu.addAction(action)

    # --- how it looks

    def _put_on(self) -> None:
        """Style sheet and palette, once the widgets stand: polished one by one they take twice as long."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            window_theme.apply(app, self.tokens)

    def _look_changed(self, _: object) -> None:
        tokens = window_theme.tokens_for(self._studio.settings.current.theme)
        if tokens != self.tokens:
            self.tokens = tokens
            self._put_on()
            self._dress()

    def _dress(self) -> None:
        """Colours and icons of every part, and the mark in the menu."""
        tokens = self.tokens
        parts = self.parts
        self.wiring.set_colours(DARK if tokens.dark else LIGHT)
        parts.tray.set_tokens(tokens)
        parts.runs.set_tokens(tokens)
        parts.history.set_tokens(tokens)
        parts.masks.set_tokens(tokens)
        for part in (parts.options, parts.inspector, parts.endpoints, self._tools):
            part.set_icons(tokens)
        self.wiring.show_theme()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window the inspector reaches down to the foot, beside tray and runs."""
        super().resizeEvent(event)
        low = event.size().height() < _LOW
        area = Qt.DockWidgetArea.RightDockWidgetArea if low else Qt.DockWidgetArea.BottomDockWidgetArea
        if self.corner(Qt.Corner.BottomRightCorner) != area:
            self.setCorner(Qt.Corner.BottomRightCorner, area)

    # --- what comes in from outside

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.wiring.tray.take_mime(event.mimeData(), "Dropped picture")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Holding ``\\`` shows the picture before; text fields have taken theirs already."""
        if event.key() == Qt.Key.Key_Backslash:
            self.parts.canvas.show_before(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backslash and not event.isAutoRepeat():
            self.parts.canvas.show_before(False)
        else:
            super().keyReleaseEvent(event)

    # --- coming back and going

    def present(self) -> None:
        """Comes to the front, wherever it is."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def changeEvent(self, event: QEvent) -> None:
        """Whoever comes back from another program may have changed a picture there."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.wiring.tray.reload_changed()

    def _restore(self) -> None:
        room = self.screen().availableSize()
        self.resize(min(_USUAL[0], room.width()), min(_USUAL[1], room.height() - _FRAME))
        frame, layout = self.memory.value("window"), self.memory.value("layout")
        if isinstance(frame, QByteArray):
            self.restoreGeometry(frame)
        if isinstance(layout, QByteArray):
            self.restoreState(layout, _LAYOUT)
        self.actions_["panels"].setChecked(False)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Asks first where something would be lost."""
        self.parts.canvas.finish_stroke()
        if not self._leaving and (unsaved_on_close := self._studio.unsaved_on_close()):
            event.ignore()
            self._studio.tasks.start(self._leave(unsaved_on_close), "leave")
            return
        if self.actions_["panels"].isChecked():
            self.hide_panels(False)
        self.memory.setValue("window", self.saveGeometry())
        self.memory.setValue("layout", self.saveState(_LAYOUT))
        super().closeEvent(event)
        self._studio.closed.emit()

    async def _leave(self, unsaved_on_close: list[str]) -> None:
        from overpaint.ui.dialogs.confirm import confirm  # loads here, when it is opened

        if self._asking_to_leave:
            return
        self._asking_to_leave = True
        self._leaving = await confirm(
            self, "Close Overpaint?", " ".join(unsaved_on_close), "Close all the same"
        )
        self._asking_to_leave = False
        if self._leaving:
            self.close()

    def docks(self) -> tuple[QDockWidget, ...]:
        """Inspector, tray and runs."""
        return self._docks


def _menu_row(menus: QMenuBar, right: QWidget) -> QWidget:
    """The menus at the left, the endpoint at the right."""
    row = QWidget()
    row.setObjectName("menuRow")
    row.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    line = QHBoxLayout(row)
    line.setContentsMargins(4, 0, 0, 0)
    line.addWidget(menus, 1, Qt.AlignmentFlag.AlignVCenter)
    line.addWidget(right, 0)
    return row
