"""What the user does with prompts: take an earlier one, name pictures, save and apply presets."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QPixmap

from overpaint.studio.config.prompt_history import HistoryCursor
from overpaint.studio.studio import Studio
from overpaint.ui.app.window_parts import Parts, Shell
from overpaint.ui.pictures.thumbnails import Thumbnails
from overpaint.ui.prompt.preset_actions import PresetActions

if TYPE_CHECKING:
    from overpaint.library.lists.prompt_store import Place
    from overpaint.ui.prompt.history_popup import HistoryPopup

_THUMBNAIL = 56


class PromptActions:
    """Connects the prompt's box with the studio's history, and with the tray's pictures."""

    def __init__(self, studio: Studio, window: Shell, parts: Parts) -> None:
        self._studio = studio
        self._window = window
        self._parts = parts
        self._box = parts.inspector.prompt
        self._steps = HistoryCursor(studio.prompts)
        self._thumbnails = Thumbnails(studio.tasks, studio.reader)
        self._popup: HistoryPopup | None = None
        self._removed: list[Place] = []
        self._presets = PresetActions(studio, window, parts)
        self._bind()

    def by_name(self) -> dict[str, Callable[[], object]]:
        """What to call for each act of the menus."""
        return {
            "prompt_history": self._open_history,
            **self._presets.by_name(),
        }

    def _bind(self) -> None:
        box = self._box
        box.edit.names.show_pictures_by(self._look)
        box.edit.older_wanted.connect(lambda: self._step(self._steps.older))
        box.edit.newer_wanted.connect(lambda: self._step(self._steps.newer))
        box.buttons.history.clicked.connect(self._open_history)

    def _look(self, name: str, show: Callable[[QPixmap | None], object]) -> None:
        item = next((one for one in self._studio.session.tray if one.name == name), None)
        if item is not None:
            self._thumbnails.load(item.picture.path, _THUMBNAIL, show)

    # --- earlier prompts

    def _open_history(self) -> None:
        if self._popup is None:
            self._popup = self._made_popup()
        self._popup.open_with(self._box.buttons.history, self._studio.prompts.all)

    def _made_popup(self) -> "HistoryPopup":
        from overpaint.ui.prompt.history_popup import HistoryPopup  # loads here, when it is opened

        popup = HistoryPopup(self._window)
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
        self._box.edit.setFocus()

    def _step(self, step: Callable[[str], str | None]) -> None:
        text = step(self._studio.parameters.params.prompt)
        if text is not None:
            self._studio.parameters.set(prompt=text)
            self._box.edit.go_to_end()

    def _remove(self, text: str) -> None:
        place = self._studio.prompts.remove(text)
        if place is not None:
            self._removed.append(place)
            self._show_popup()
            self._parts.status.notify("Prompt removed", act="Undo", todo=self._put_back)

    def _put_back(self) -> None:
        if self._removed:
            self._studio.prompts.put_back(self._removed.pop())
            self._show_popup()
            self._parts.status.notify("Prompt is back")
