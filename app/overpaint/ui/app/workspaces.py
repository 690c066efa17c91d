"""The workspaces of the window: one is in the centre, and each finds everything as it was left."""

from PySide6.QtCore import QByteArray, QObject, QSettings, Qt, Signal
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget
from shiboken6 import isValid

from overpaint.ui.shell.workspace import Workspace
from overpaint.ui.theme.window_theme import Tokens

LAYOUT = 2
"""The version of what is remembered of docks and bars: what another one remembered isn't looked at."""


class Workspaces(QObject):
    """The only way to fill the window's centre. ``changed`` comes with every change of what is
    in it: another workspace, one more, or panels hidden or shown all together.
    """

    changed = Signal()

    def __init__(self, window: QMainWindow, memory: QSettings) -> None:
        super().__init__(window)
        self._window, self._memory = window, memory
        self._stack = QStackedWidget()
        self._stack.setObjectName("workspaces")
        window.setCentralWidget(self._stack)
        self._by_id: dict[str, Workspace] = {}
        self._current: Workspace | None = None
        self._layouts: dict[str, QByteArray] = {}
        self._shown_at_first: dict[str, list[QWidget]] = {}
        self._focus: dict[str, QWidget] = {}
        self._put_away: list[QWidget] = []
        self._hidden = False
        self._unsized = False

    # --- which there are

    def add(self, workspace: Workspace) -> None:
        """Takes a workspace in, and enters the first one. Raises ValueError for an id that is taken."""
        if workspace.id in self._by_id:
            raise ValueError(f"There is a workspace called {workspace.id!r} already.")
        self._by_id[workspace.id] = workspace
        self._stack.addWidget(workspace.widget)
        workspace.place(self._window)
        self._shown_at_first[workspace.id] = [one for one in workspace.panels if not _was_hidden(one)]
        if self._current is None:
            self._current = workspace
            workspace.enter()
        else:
            for panel in workspace.panels:
                panel.hide()
        self._offer_docks()
        self.changed.emit()

    @property
    def all(self) -> tuple[Workspace, ...]:
        """Every workspace in the order in which they came."""
        return tuple(self._by_id.values())

    @property
    def current(self) -> Workspace:
        """The one in the centre. Raises LookupError before there is one."""
        if self._current is None:
            raise LookupError("The window has no workspace yet.")
        return self._current

    # --- from one to another

    def enter(self, workspace_id: str) -> None:
        """Brings a workspace into the centre. Raises KeyError for an id that is none."""
        new, old = self._by_id[workspace_id], self.current
        if new is old:
            return
        self._leave(old)
        self._current = new
        self._stack.setCurrentWidget(new.widget)
        self._lay_out(new)
        self.settle()
        self._offer_docks()
        new.enter()
        focus = self._focus.get(new.id)
        (focus if focus is not None and isValid(focus) and focus.isVisible() else new.first_focus).setFocus()
        self.changed.emit()

    def _leave(self, workspace: Workspace) -> None:
        workspace.leave()
        self.hide_panels(False)
        focus = QApplication.focusWidget()
        if focus is not None and self._window.isAncestorOf(focus):
            self._focus[workspace.id] = focus
        self._layouts[workspace.id] = self._window.saveState(LAYOUT)
        for panel in workspace.panels:
            panel.hide()

    def _lay_out(self, workspace: Workspace) -> None:
        layout = self._layouts.get(workspace.id) or self._memory.value(self._key(workspace))
        if not isinstance(layout, QByteArray) or not self._window.restoreState(layout, LAYOUT):
            for panel in self._shown_at_first[workspace.id]:
                panel.show()
            self._unsized = True
        for other in self.all:
            for panel in other.panels if other is not workspace else ():
                panel.hide()

    # --- what is remembered

    def restore(self) -> None:
        """Puts the panels of the current workspace where they were at the last close."""
        self._lay_out(self.current)

    def settle(self) -> None:
        """Gives panels that nothing is remembered of their first sizes, once the window has its own."""
        if self._unsized:
            self._unsized = False
            self.current.set_sizes(self._window)

    def remember(self) -> None:
        """Keeps the places of all panels for the next start."""
        self.hide_panels(False)
        self._layouts[self.current.id] = self._window.saveState(LAYOUT)
        for workspace_id, layout in self._layouts.items():
            self._memory.setValue(self._key(self._by_id[workspace_id]), layout)

    def _key(self, workspace: Workspace) -> str:
        return "layout" if workspace is self.all[0] else f"layout-{workspace.id}"

    # --- panels

    @property
    def panels_hidden(self) -> bool:
        """Whether every panel is out of sight."""
        return not any(panel.isVisible() for panel in self.current.panels)

    @property
    def panels_put_away(self) -> bool:
        """Whether the panels were hidden all together and wait to come back."""
        return self._hidden

    def hide_panels(self, hidden: bool) -> None:
        """Hides every panel, or shows those again that were hidden so."""
        away = _shown(self.current) if hidden else self._put_away
        for panel in away:
            panel.setVisible(not hidden)
        self._put_away = [*self._put_away, *away] if hidden else []
        self._hidden = hidden
        self.changed.emit()

    def show_panel(self, name: str) -> None:
        """Brings a panel into sight, by its object name."""
        for panel in self.current.panels:
            if panel.objectName() == name:
                panel.show()
                panel.raise_()

    def _offer_docks(self) -> None:
        """The menu lists the docks of the current workspace alone."""
        for workspace in self.all:
            for dock in workspace.docks:
                dock.toggleViewAction().setVisible(workspace is self._current)

    # --- for each of them

    def set_tokens(self, tokens: Tokens) -> None:
        """Dresses every workspace in the theme's colours."""
        for workspace in self.all:
            workspace.set_tokens(tokens)


def _shown(workspace: Workspace) -> list[QWidget]:
    return [panel for panel in workspace.panels if not panel.isHidden()]


def _was_hidden(panel: QWidget) -> bool:
    """Whether somebody has hidden it; a panel that was never shown counts as hidden for Qt."""
    asked = panel.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
    return asked and panel.isHidden()
