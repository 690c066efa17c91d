"""What the window does by itself, whatever workspace is in it: settings, endpoint, gallery, look and help."""

from collections.abc import Coroutine
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from shiboken6 import isValid

from overpaint.studio.studio import Studio
from overpaint.ui.actions.action import Action
from overpaint.ui.actions.registry import ActionRegistry
from overpaint.ui.app.workspaces import Workspaces
from overpaint.ui.endpoint.endpoint_actions import EndpointActions
from overpaint.ui.endpoint.menu import EndpointMenu
from overpaint.ui.runs.gallery_folder import GalleryFolder
from overpaint.ui.shell.ports import DialogParent, Notices
from overpaint.ui.shell.workspace import Workspace

if TYPE_CHECKING:
    from overpaint.ui.settings.settings_dialog import SettingsDialog


class WindowActions:
    """The actions that need no picture; ``galleries`` and ``endpoints`` are for the workspaces too."""

    def __init__(
        self,
        studio: Studio,
        endpoint_menu: EndpointMenu,
        dialogs: DialogParent,
        notices: Notices,
        workspaces: Workspaces,
    ) -> None:
        self._studio = studio
        self._workspaces = workspaces
        self._dialogs = dialogs
        self.galleries = GalleryFolder(studio, dialogs, notices)
        self.endpoints = EndpointActions(studio, endpoint_menu, dialogs, notices)

    def actions(self) -> tuple[Action, ...]:
        """Everything that is done without a picture."""
        return (
            *self.galleries.actions(),
            Action("settings", "Settings…", self._start_settings, ("Ctrl+,",), menu="File", group="settings"),
            Action("quit", "Quit", self._dialogs.widget.close, ("Ctrl+Q",), menu="File", group="quit"),
            Action(
                "panels",
                "Hide panels",
                lambda: self._workspaces.hide_panels(not self._workspaces.panels_put_away),
                ("Tab",),
                "canvas",
                menu="View",
                group="panels",
                checked=lambda now: now.panels_hidden,
            ),
            self._wearing("system", "As the system does"),
            self._wearing("dark", "Dark"),
            self._wearing("light", "Light"),
            *self.endpoints.actions(),
            Action("keys", "Keyboard shortcuts", self._keys, ("F1",), menu="Help", group="keys"),
            Action("about", "About Overpaint", self._about, menu="Help", group="about"),
        )

    def _wearing(self, look: str, title: str) -> Action:
        run = partial(self._studio.settings.replace, theme=look)
        return Action(
            f"look_{look}",
            title,
            run,
            menu="View/Theme",
            group="within",
            checked=lambda now: now.theme == look,
        )

    def bind(self, actions: ActionRegistry) -> None:
        """Lists the workspaces in the menu as soon as there is more than one."""
        self._actions = actions
        self._workspaces.changed.connect(self._list_workspaces)
        self._list_workspaces()

    def _list_workspaces(self) -> None:
        declared = {action.id for action in self._actions.declared}
        several = self._workspaces.all if len(self._workspaces.all) > 1 else ()
        new = [one for one in map(self._entering, several) if one.id not in declared]
        if new:
            self._actions.add(new)
        docks = [dock for workspace in self._workspaces.all for dock in workspace.docks]
        for dock in docks:
            dock.toggleViewAction().setObjectName(f"act_{dock.objectName()}")
        self._actions.list_in_menu("View/Panels", "within", [dock.toggleViewAction() for dock in docks])

    def _entering(self, workspace: Workspace) -> Action:
        return Action(
            f"workspace_{workspace.id}",
            workspace.title,
            partial(self._workspaces.enter, workspace.id),
            menu="View",
            group="workspaces",
            checked=lambda now: now.workspace == workspace.id,
        )

    def _start_settings(self) -> None:
        self._start(self._settings(), "settings")

    async def _settings(self) -> None:
        from overpaint.ui.settings.settings_dialog import SettingsDialog  # loads here, when it is opened

        store = self._studio.settings
        kept = await self._studio.kept_bytes()
        dialog = SettingsDialog(store.current, self._dialogs.widget, self._undo_bytes(), kept)
        dialog.cleared.connect(lambda: self._start(self._clear_kept(dialog), "clear what is kept"))
        changed = await dialog.ask()
        if changed is None:
            return
        gallery = str(changed.pop("gallery"))
        store.replace(**changed)
        if gallery != store.current.gallery:
            await self.galleries.use(Path(gallery) if gallery else self._studio.folders.pictures)

    async def _clear_kept(self, dialog: "SettingsDialog") -> None:
        await self._studio.clear_kept()
        left = await self._studio.kept_bytes()
        if isValid(dialog):  # it may have been closed meanwhile
            dialog.show_kept(left)

    def _undo_bytes(self) -> int:
        """Memory that undo uses, with what has just been done packed as it stays."""
        self._studio.session.history.settle()
        return self._studio.session.history.bytes_used

    def _keys(self) -> None:
        from overpaint.ui.app.help_dialogs import show_keys  # loads here, when it is opened

        show_keys(self._dialogs.widget, self._actions)

    def _about(self) -> None:
        from overpaint.ui.app.help_dialogs import show_about  # loads here, when it is opened

        folders = self._studio.folders
        show_about(
            self._dialogs.widget,
            f"Settings: {folders.config}\nJournal and log: {folders.state}\n"
            f"Gallery: {self._studio.gallery_folder}",
        )

    def _start(self, work: Coroutine[object, object, None], name: str) -> None:
        self._studio.tasks.start(work, name)
