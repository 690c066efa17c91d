"""What the user does with prompts: take an earlier one, name pictures, save and apply presets."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QPixmap

from overpaint.studio.config.prompt_history import HistoryCursor
from overpaint.studio.studio import Studio
from overpaint.ui.actions.action import Action
from overpaint.ui.actions.keymap import Keymap
from overpaint.ui.pictures.thumbnails import Thumbnails
from overpaint.ui.prompt.buttons import PromptButtons
from overpaint.ui.prompt.preset_actions import PresetActions
from overpaint.ui.prompt.prompt_edit import PromptEdit
from overpaint.ui.prompt.prompt_keys import PROMPT_KEYS
from overpaint.ui.shell.clipboard import when_clipboard_answers
from overpaint.ui.shell.ports import DialogParent, Notices

if TYPE_CHECKING:
    from overpaint.library.lists.prompt_store import Place
    from overpaint.ui.prompt.history_popup import HistoryPopup

_THUMBNAIL = 56


class PromptActions:
    """Connects the prompt's box with the studio's history, and with the tray's pictures."""

    def __init__(
        self,
        studio: Studio,
        edit: PromptEdit,
        buttons: PromptButtons,
        dialogs: DialogParent,
        notices: Notices,
        keymap: Keymap,
        *,
        write: Callable[[], object],
    ) -> None:
        """``write`` brings the prompt into sight and gives it the keys."""
        self._studio = studio
        self._edit = edit
        self._buttons = buttons
        self._dialogs = dialogs
        self._notices = notices
        self._keymap = keymap
        self._write = write
        edit.keymap = keymap
        buttons.follow(keymap)
        self._steps = HistoryCursor(studio.prompts)
        self._thumbnails = Thumbnails(studio.tasks, studio.reader)
        self._popup: HistoryPopup | None = None
        self._removed: list[Place] = []
        self._presets = PresetActions(studio, buttons.menu, dialogs, notices, keymap)
        self._bind()

    def actions(self) -> tuple[Action, ...]:
        """The way to the prompt, earlier ones, presets, and the keys heard in the prompt and its lists."""
        prompt = Action("prompt", "Write the prompt", self._write, ("P", "F6"), menu="Run", group="prompt")
        history = Action(
            "prompt_history",
            "Earlier prompts…",
            self._open_history,
            ("Ctrl+Shift+H",),
            menu="Run",
            group="prompt",
        )
        return (prompt, history, *self._presets.actions(), *PROMPT_KEYS)

    def _bind(self) -> None:
        self._edit.names.show_pictures_by(self._look)
        self._edit.ask_clipboard = lambda take: when_clipboard_answers(
            take, self._studio.tasks, self._notices
        )
        self._edit.older_wanted.connect(lambda: self._step(self._steps.older))
        self._edit.newer_wanted.connect(lambda: self._step(self._steps.newer))
        self._buttons.history.clicked.connect(self._open_history)

    def _look(self, name: str, show: Callable[[QPixmap | None], object]) -> None:
        item = next((one for one in self._studio.session.tray if one.name == name), None)
        if item is not None:
            self._thumbnails.load(item.picture.path, _THUMBNAIL, show)

    # --- earlier prompts

    def _open_history(self) -> None:
        if self._popup is None:
            self._popup = self._made_popup()
        self._popup.open_with(self._buttons.history, self._studio.prompts.all)

    def _made_popup(self) -> "HistoryPopup":
        from overpaint.ui.prompt.history_popup import HistoryPopup  # loads here, when it is opened

        popup = HistoryPopup(self._dialogs.widget, self._keymap)
        popup.taken.connect(self._take)
        popup.starred.connect(self._studio.prompts.star)
        popup.removed.connect(self._remove)
        popup.undo_wanted.connect(self._put_back)
        return popup

    def _show_popup(self) -> None:
        if self._popup is not None:
            self._popup.show_prompts(self._studio.prompts.all)

    def _take(self, text: str) -> None:
        self._studio.parameters.set(prompt=text)
        self._edit.setFocus()

    def _step(self, step: Callable[[str], str | None]) -> None:
        text = step(self._studio.parameters.params.prompt)
        if text is not None:
            self._studio.parameters.set(prompt=text)
            self._edit.go_to_end()

    def _remove(self, text: str) -> None:
        place = self._studio.prompts.remove(text)
        if place is not None:
            self._removed.append(place)
            self._show_popup()
            self._notices.notify("Prompt removed", act="Undo", todo=self._put_back)

    def _put_back(self) -> None:
        if self._removed:
            self._studio.prompts.put_back(self._removed.pop())
            self._show_popup()
            self._notices.notify("Prompt is back")
