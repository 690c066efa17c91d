"""The window: menus, endpoint and status line around a workspace, what comes in from outside, and its end."""

from PySide6.QtCore import QByteArray, QEvent, QSettings, QSize, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QMenuBar, QWidget

from overpaint.studio.studio import Studio
from overpaint.studio.unexpected import Contained
from overpaint.ui.actions.keymap import Keymap
from overpaint.ui.actions.registry import ActionRegistry
from overpaint.ui.app.edit_wiring import EditWiring
from overpaint.ui.app.edit_workspace import EditWorkspace
from overpaint.ui.app.runtime.error_sink import ErrorSink
from overpaint.ui.app.window_actions import WindowActions
from overpaint.ui.app.workspaces import Workspaces
from overpaint.ui.endpoint.menu import EndpointMenu
from overpaint.ui.shell.status_bar import StatusBar
from overpaint.ui.theme import window_theme
from overpaint.ui.theme.canvas_colours import DARK, LIGHT
from overpaint.ui.tools.tool_spec import Toolset

_SMALLEST = (1024, 640)
"""Where the screen has as much; a scaled one may have half of it."""
_USUAL = (1440, 900)
_FRAME = 40
"""What the desktop may put around a window, above all its title; else the foot would be off the screen."""
_NARROW = 900


class Window(QMainWindow):
    """The one window; the parent of every dialog. Its centre belongs to ``workspaces``.

    ``memory`` keeps geometry and the last folder between two starts, ``tokens`` are the colours that are
    worn now.
    """

    def __init__(self, studio: Studio, memory: QSettings, tools: Toolset) -> None:
        super().__init__()
        self.memory = memory
        self.tokens = window_theme.tokens_for(studio.settings.current.theme)
        self.setObjectName("window")
        self.setWindowTitle("Overpaint")
        self._fit_into_screen()
        self.setAcceptDrops(True)
        self.setDockOptions(QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AnimatedDocks)
        self._studio = studio
        self._leaving = self._asking_to_leave = False
        self._keymap = Keymap()
        self.edit = EditWorkspace(studio, self.tokens, tools, self._keymap)
        self.status = StatusBar()
        self.error_sink = ErrorSink(studio, self.status)
        self.endpoints = EndpointMenu(studio.settings)
        self.workspaces = Workspaces(self, memory)
        self.window_actions = WindowActions(studio, self.endpoints, self, self.status, self.workspaces)
        self.wiring = EditWiring(
            studio,
            self.edit,
            self,
            self.status,
            keymap=self._keymap,
            workspaces=self.workspaces,
            window_actions=self.window_actions,
        )
        self.actions_ = ActionRegistry(self, self._keymap, self.wiring.state)
        self.actions_.add((*self.window_actions.actions(), *self.wiring.actions()))
        self._lay_out()
        self.wiring.bind(self.actions_)
        self.window_actions.bind(self.actions_)
        self._put_on()
        self._dress()
        self._restore()
        self.actions_.start()
        studio.settings.changed.connect(self._look_changed, ["theme"])
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._look_changed)

    @property
    def widget(self) -> QWidget:
        """The parent of every dialog."""
        return self

    # --- making it

    def _lay_out(self) -> None:
        self.edit.add_actions(self.actions_)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self.workspaces.add(self.edit)
        self._menus = QMenuBar()
        self._menus.setObjectName("menuBar")
        self.actions_.fill(self._menus)
        self.setMenuWidget(_menu_row(self._menus, self.endpoints))
        self.setStatusBar(self.status)
        for scope in ("canvas", "elsewhere", "elsewhere results"):
            self.actions_.attach(scope, self.edit.canvas)
        for scope in ("runs", "elsewhere results"):
            self.actions_.attach(scope, self.edit.runs)

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
        self.wiring.set_colours(DARK if self.tokens.dark else LIGHT)
        self.workspaces.set_tokens(self.tokens)
        self.endpoints.set_icons(self.tokens)
        self.actions_.set_tokens(self.tokens)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.workspaces.settle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the endpoint says less."""
        super().resizeEvent(event)
        self.endpoints.set_compact(event.size().width() < _NARROW)

    # --- what comes in from outside

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.wiring.tray.take_mime(event.mimeData(), "Dropped picture")

    def event(self, event: QEvent) -> bool:
        """Before a key is taken for a shortcut, the actions follow whatever happened just now. Keys that are
        held begin here: a list would look for the character among its rows."""
        if event.type() == QEvent.Type.ScreenChangeInternal:
            self._fit_into_screen()
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            self.actions_.flush()
            if self.actions_.press(event, "window"):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that nothing with the focus has a use for go to the workspace."""
        if not self.actions_.press(event, "window") and not self.workspaces.current.press_key(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self.actions_.release(event):
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

    @property
    def _room(self) -> QSize:
        """What the screen has for the inside of the window."""
        room = self.screen().availableSize()
        return QSize(room.width(), room.height() - _FRAME)

    def _fit_into_screen(self) -> None:
        """Demands no more than the screen has that the window is on."""
        self.setMinimumSize(QSize(*_SMALLEST).boundedTo(self._room))

    def _restore(self) -> None:
        room = self._room
        self.resize(min(_USUAL[0], room.width()), min(_USUAL[1], room.height()))
        frame = self.memory.value("window")
        if isinstance(frame, QByteArray):
            self.restoreGeometry(frame)
        self.workspaces.restore()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Asks first where something would be lost. An error keeps no window open."""
        with Contained("closing the window"):
            self.workspaces.current.leave()
            if not self._leaving and (unsaved_on_close := self._studio.unsaved_on_close()):
                event.ignore()
                self._studio.tasks.start(self._leave(unsaved_on_close), "leave")
                return
        with Contained("remembering the window"):
            self.workspaces.remember()
            self.memory.setValue("window", self.saveGeometry())
        event.accept()
        super().closeEvent(event)
        self._studio.closed.emit()

    async def _leave(self, unsaved_on_close: list[str]) -> None:
        from overpaint.ui.dialogs.confirm import confirm  # loads here, when it is opened

        if self._asking_to_leave:
            return
        self._asking_to_leave = True
        asking = Contained("asking before the window closes")
        with asking:
            self._leaving = await confirm(
                self, "Close Overpaint?", " ".join(unsaved_on_close), "Close all the same"
            )
        self._asking_to_leave = False
        if asking.failed:
            self._leaving = True  # who can't be asked, and closes once more, has answered
        elif self._leaving:
            self.close()


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
