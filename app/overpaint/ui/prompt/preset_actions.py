"""What the user does with presets: save, apply, rename, remove, and exchange them in files."""

from collections.abc import Coroutine, Sequence
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtWidgets import QMenu

from overpaint.core.errors import OverpaintError
from overpaint.core.request.params import EditParams
from overpaint.library.lists.preset_store import Preset, tidy
from overpaint.studio.studio import Studio
from overpaint.ui.actions.action import Action
from overpaint.ui.actions.choices import add_choice
from overpaint.ui.actions.keymap import Keymap
from overpaint.ui.shell.ports import DialogParent, Notices
from overpaint.ui.widgets.literal import literal, tip

if TYPE_CHECKING:
    from overpaint.ui.prompt.preset_dialog import PresetDialog

_SHORT = 40
_SUGGESTED = 40


class PresetActions:
    """Fills the menu of presets beside the prompt, and opens their dialogs."""

    def __init__(
        self, studio: Studio, menu: QMenu, dialogs: DialogParent, notices: Notices, keymap: Keymap
    ) -> None:
        self._studio = studio
        self._menu = menu
        self._dialogs = dialogs
        self._notices = notices
        self._keymap = keymap
        self._removed: list[Preset] = []
        self._menu.aboutToShow.connect(self._fill_menu)
        self._fill_menu()

    def actions(self) -> tuple[Action, ...]:
        """Saving the prompt as a preset, and the dialog of all presets."""
        return (
            Action(
                "save_preset",
                "Save as preset…",
                self._start_saving,
                ("Ctrl+Shift+S",),
                menu="Run",
                group="prompt",
            ),
            Action("presets", "Change presets…", self._open, menu="Run", group="prompt"),
        )

    def _start_saving(self) -> None:
        self._start(self._save(), "save preset")

    def _fill_menu(self) -> None:
        menu = self._menu
        menu.clear()
        for preset in self._studio.presets.all:
            words = f"{literal(preset.name)}\t{literal(_short(preset.params.prompt))}"
            run = partial(self._apply, preset.name)
            add_choice(menu, words, run, tip=tip(preset.params.prompt))
        if not self._studio.presets.all:
            add_choice(menu, "No preset was saved yet", None)
        menu.addSeparator()
        menu.addAction("Save as preset…", self._start_saving)
        menu.addAction("Change presets…", self._open)

    def _apply(self, name: str) -> None:
        preset = self._studio.presets.find(name)
        if preset is None:
            return
        parameters = self._studio.parameters
        before = parameters.params
        parameters.set(**_values(preset.applied_to(before)))
        self._notices.notify(
            f"Preset “{name}” applied", act="Undo", todo=lambda: parameters.set(**_values(before))
        )

    async def _save(self) -> None:
        from overpaint.ui.prompt.preset_dialog import ask_for_name  # loads here, when it is opened

        params = self._studio.parameters.params
        name = await ask_for_name(self._dialogs.widget, _suggested(params.prompt))
        if name:
            saved = self._studio.presets.save(name, params)
            self._notices.notify(
                f"Preset “{saved.name}” saved",
                act="Undo",
                todo=lambda: self._studio.presets.remove(saved.name),
            )

    # --- the dialog

    def _open(self) -> None:
        """The dialog is shown what the shelf holds whenever that changes, until it is closed."""
        from overpaint.ui.dialogs.awaited import show
        from overpaint.ui.prompt.preset_dialog import PresetDialog  # loads here, when it is opened

        dialog, shelf = PresetDialog(self._dialogs.widget, self._keymap), self._studio.presets
        dialog.renamed.connect(lambda old, new: self._rename(dialog, old, new))
        dialog.removed.connect(lambda names: self._remove(dialog, names))
        dialog.undo_wanted.connect(lambda: self._put_back(dialog))
        dialog.import_wanted.connect(lambda: self._start(self._import(dialog), "import presets"))
        dialog.export_wanted.connect(lambda names: self._start(self._export(dialog, names), "export presets"))
        dialog.show_presets(shelf.all)
        show(dialog)

    def _rename(self, dialog: "PresetDialog", old: str, new: str) -> None:
        renamed = self._studio.presets.rename(old, new)
        dialog.show_presets(self._studio.presets.all, renamed.name if renamed else old)
        dialog.say("" if renamed else "A preset needs a name.", bad=renamed is None)

    def _remove(self, dialog: "PresetDialog", names: Sequence[str]) -> None:
        gone = [self._studio.presets.remove(name) for name in names]
        self._removed = [preset for preset in gone if preset is not None]
        dialog.show_presets(self._studio.presets.all)
        dialog.say(f"{_counted(self._removed)} removed.", undo=bool(self._removed))

    def _put_back(self, dialog: "PresetDialog") -> None:
        for preset in self._removed:
            self._studio.presets.store(preset)
        self._removed = []
        dialog.show_presets(self._studio.presets.all)
        dialog.say("")

    async def _import(self, dialog: "PresetDialog") -> None:
        from overpaint.ui.dialogs.file_dialogs import ask_for_presets  # loads here, when it is opened

        file = await ask_for_presets(self._dialogs.widget, self._dialogs.memory)
        if file is None:
            return
        try:
            read = await self._studio.presets.take_in(file)
        except OverpaintError as fault:
            dialog.say(fault.sentence(), bad=True)
            return
        dialog.show_presets(self._studio.presets.all)
        dialog.say(" ".join((f"{_counted(read.presets)} imported.", *read.remarks)))

    async def _export(self, dialog: "PresetDialog", names: Sequence[str]) -> None:
        from overpaint.ui.dialogs.file_dialogs import ask_where_to_export  # loads here, when it is opened

        chosen = [one for one in self._studio.presets.all if not names or one.name in names]
        name = _file_stem(chosen[0].name) if len(chosen) == 1 else "Presets"
        file = await ask_where_to_export(self._dialogs.widget, self._dialogs.memory, f"{name}.json")
        if file is None:
            return
        try:
            await self._studio.presets.export(file, chosen)
        except OverpaintError as fault:
            dialog.say(fault.sentence(), bad=True)
            return
        dialog.say(f"{_counted(chosen)} exported to “{file.name}”.")

    def _start(self, work: Coroutine[object, object, None], name: str) -> None:
        self._studio.tasks.start(work, name)


def _values(params: EditParams) -> dict[str, object]:
    return msgspec.structs.asdict(params)


def _counted(presets: Sequence[Preset]) -> str:
    return f"Preset “{presets[0].name}”" if len(presets) == 1 else f"{len(presets)} presets"


def _suggested(prompt: str) -> str:
    """The beginning of a prompt, cut between words."""
    words = tidy(prompt)
    return (
        words
        if len(words) <= _SUGGESTED
        else words[: _SUGGESTED + 1].rpartition(" ")[0] or words[:_SUGGESTED]
    )


def _short(prompt: str) -> str:
    words = " ".join(prompt[:200].split())
    return words if len(words) <= _SHORT else f"{words[: _SHORT - 1]}…"


def _file_stem(name: str) -> str:
    return "".join(character if character.isalnum() or character in " -_" else "-" for character in name)
