"""The user's presets: saved, applied, renamed, removed, and exchanged in files."""

import asyncio
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import msgspec

from overpaint.core.request.params import EditParams
from overpaint.library.lists import preset_store
from overpaint.library.lists.preset_store import Imported, Preset
from overpaint.library.lists.private_list import PrivateList
from overpaint.studio.config.persistent_list import PersistentList
from overpaint.studio.tasks import Tasks


class Presets(PersistentList[Preset]):
    """By name, no two alike."""

    def __init__(self, file: Path, tasks: Tasks) -> None:
        super().__init__(PrivateList(file, preset_store.stored), tasks)

    def find(self, name: str) -> Preset | None:
        """The preset of that name."""
        return next((one for one in self.all if one.name == name), None)

    def save(self, name: str, params: EditParams) -> Preset:
        """Keeps parameters under a name, numbered where it is taken. Raises ValueError for a blank name."""
        if not preset_store.tidy(name):
            raise ValueError("A preset needs a name.")
        preset = preset_store.named(Preset.of(name, params), self.all)
        self.store(preset)
        return preset

    def store(self, preset: Preset) -> None:
        """Keeps a preset in place of the one of its name: how a removed or replaced one comes back."""
        self.change(partial(preset_store.placed, preset=preset))

    def rename(self, old: str, new: str) -> Preset | None:
        """Gives a preset another name, numbered where it is taken; None for a blank name, or no preset."""
        found, wanted = self.find(old), preset_store.tidy(new)
        if found is None or not wanted:
            return None
        others = preset_store.without(self.all, old)
        preset = preset_store.named(msgspec.structs.replace(found, name=wanted), others)
        self.change(partial(preset_store.placed, preset=preset, after=old))
        return preset

    def remove(self, name: str) -> Preset | None:
        """Removes a preset and gives it back; None when there is none of that name."""
        found = self.find(name)
        if found is not None:
            self.change(partial(preset_store.without, name=name))
        return found

    async def take_in(self, file: Path) -> Imported:
        """Adds the presets of a file, numbered where their names are taken; returns them as they are called
        now, with what was passed over. Raises SettingsError or StorageError."""
        read = await asyncio.to_thread(preset_store.read_file, file)
        added: list[Preset] = []
        for preset in read.presets:
            added.append(preset_store.named(preset, (*self.all, *added)))
        self.change(partial(_with_all, more=tuple(added)))
        return Imported(tuple(added), read.remarks)

    async def export(self, file: Path, chosen: Iterable[Preset]) -> None:
        """Writes presets into a file. Raises StorageError."""
        await asyncio.to_thread(preset_store.write_file, file, tuple(chosen))


def _with_all(kept: preset_store.Presets, more: preset_store.Presets) -> preset_store.Presets:
    for preset in more:
        kept = preset_store.placed(kept, preset)
    return kept
