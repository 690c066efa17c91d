"""What the masks panel and its actions do: save the mask under a name, and bring a saved one back."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from overpaint.core.masks.mask_combine import Combine
from overpaint.core.masks.undo_entries import Entry
from overpaint.studio.document.saved_masks import LONGEST_NAME, SavedMask
from overpaint.studio.studio import Studio
from overpaint.ui.actions.action import Action
from overpaint.ui.masks.stretch_words import stretch_words
from overpaint.ui.shell.ports import CanvasPort, DialogParent, Notices

if TYPE_CHECKING:
    from overpaint.ui.masks.saved_masks_panel import MasksPanel
    from overpaint.ui.widgets.late import Late

_BUSY = "That can't be done in the middle of a stroke. Try once more."
_NOTHING = "Nothing is painted yet, so there is no mask to save."
_NONE = "No mask is saved with this picture yet."
_CHOOSE = "Choose one of the saved masks, then do it once more."
_LATER = "Something else was done since, so nothing was undone. The history leads back further."
_HOWS: dict[str, Combine] = {
    "load": "replace",
    "add": "add",
    "subtract": "subtract",
    "intersect": "intersect",
}


class SavedMaskActions:
    """Works on the saved masks of the picture on the canvas; each action is one entry of the history."""

    def __init__(
        self,
        studio: Studio,
        panel: "Late[MasksPanel]",
        canvas: CanvasPort,
        dialogs: DialogParent,
        notices: Notices,
        show: Callable[[], object],
    ) -> None:
        """``show`` brings the masks panel into sight."""
        self._studio = studio
        self._panel = panel
        self._canvas = canvas
        self._dialogs = dialogs
        self._notices = notices
        self._show = show
        panel.when_made(self._connect)

    def actions(self) -> tuple[Action, ...]:
        """Saving and showing; what is done with a saved mask has keys in the panel's list."""
        return (
            Action(
                "save_mask",
                "Save mask as…",
                self._start_saving,
                ("Ctrl+Alt+S",),
                menu="Mask",
                group="saved",
                repeats=False,
                enabled=lambda now: now.has_picture,
            ),
            Action(
                "saved_masks",
                "Show saved masks",
                self._show_panel,
                ("Ctrl+Alt+M",),
                menu="Mask",
                group="saved",
            ),
            self._with_chosen("load", "Load saved mask", "Return", "Enter"),
            self._with_chosen("add", "Add saved mask", "+"),
            self._with_chosen("subtract", "Subtract saved mask", "-"),
            self._with_chosen("intersect", "Intersect with saved mask", "*"),
            self._with_chosen("rename", "Rename saved mask…", "F2"),
            self._with_chosen("delete", "Delete saved mask", "Del"),
        )

    def _connect(self, panel: "MasksPanel") -> None:
        panel.save_wanted.connect(self._start_saving)
        panel.wanted.connect(self._act)

    def _with_chosen(self, name: str, title: str, *keys: str) -> Action:
        run = partial(self._act_on_chosen, name)
        return Action(f"{name}_saved", title, run, keys, "masks", menu="Mask/Saved mask", group="saved")

    def _act_on_chosen(self, name: str) -> None:
        """Does it with the mask that is chosen in the panel; with several, the panel must be in sight."""
        panel = self._panel.get()
        if panel.chosen is None:
            self._notices.notify(_NONE, bad=True)
        elif panel.isVisible() or len(self._studio.saved_mask_commands.masks) == 1:
            self._act(name, panel.chosen)
        else:
            self._show_panel()
            self._notices.notify(_CHOOSE)

    def _show_panel(self) -> None:
        self._show()
        self._panel.get().take_focus()

    def _start_saving(self) -> None:
        self._studio.tasks.start(self._save(), "save mask")

    async def _save(self) -> None:
        from overpaint.ui.dialogs.ask_name import ask_name  # loads here, when it is opened

        self._canvas.finish_stroke()
        item = self._studio.session.current
        if item is None or item.mask.bounds().empty:
            self._notices.notify(_NOTHING, bad=True)
            return
        name = await ask_name(
            self._dialogs.widget,
            "Save mask",
            f"The mask of “{item.name}” as it is now, to come back to later.",
            item.shelf.free_name(""),
            LONGEST_NAME,
        )
        if name is None:
            return
        saved = await self._studio.saved_mask_commands.save(name)
        if saved is None:
            self._notices.notify(_BUSY, bad=True)
            return
        self._panel.get().choose(saved)
        self._notices.notify(f"Mask saved as “{saved.name}”.", act="Show", todo=self._show_panel)

    def _act(self, name: str, saved: SavedMask) -> None:
        self._canvas.finish_stroke()
        if name == "rename":
            self._studio.tasks.start(self._rename(saved), "rename mask")
        elif name == "delete":
            self._delete(saved)
        else:
            self._studio.tasks.start(self._take(saved, _HOWS[name]), "take mask")

    async def _take(self, saved: SavedMask, how: Combine) -> None:
        item = self._studio.session.current
        if await self._studio.saved_mask_commands.load(saved, how) and item is not None:
            width, height = saved.pixels
            if words := stretch_words(width, height, item.mask):
                self._notices.notify(words)

    async def _rename(self, saved: SavedMask) -> None:
        from overpaint.ui.dialogs.ask_name import ask_name  # loads here, when it is opened

        words = f"A new name for the mask “{saved.name}”."
        name = await ask_name(self._dialogs.widget, "Rename mask", words, saved.name, LONGEST_NAME)
        if name is not None and not self._studio.saved_mask_commands.rename(saved, name):
            self._notices.notify(_BUSY, bad=True)

    def _delete(self, saved: SavedMask) -> None:
        if self._studio.saved_mask_commands.delete(saved):
            words = f"Mask “{saved.name}” deleted."
            put_back = partial(self._undo, self._studio.session.history.next_undo)
            self._notices.notify(words, act="Undo", todo=put_back)
        else:
            self._notices.notify(_BUSY, bad=True)

    def _undo(self, deletion: Entry | None) -> None:
        """Takes a deletion back, as long as nothing was done since: that mustn't be undone in its place."""
        self._canvas.finish_stroke()
        if self._studio.session.history.next_undo is deletion:
            self._studio.session.undo()
        else:
            self._notices.notify(_LATER, bad=True)
