"""Writes the settings a moment after they changed."""

import asyncio
from collections.abc import Callable

from overpaint.studio.background_writer import BackgroundWriter
from overpaint.studio.config.settings_store import SettingsStore
from overpaint.studio.tasks import Tasks
from overpaint.studio.unexpected import Contained

_PAUSE = 0.5


class SettingsAutosave(BackgroundWriter):
    """Settings are written at most twice a second, however fast a slider moves.

    ``note`` puts into the store what is remembered there only when it is written.
    """

    def __init__(self, settings: SettingsStore, tasks: Tasks, note: Callable[[], None]) -> None:
        super().__init__(self._save, tasks, "the settings", pause=_PAUSE)
        self._settings = settings
        self._note = note

    async def _save(self) -> None:
        with Contained("noting what the settings remember"):
            self._note()
        self._wanted = False  # what was noted just now is in this write
        await asyncio.to_thread(self._settings.save)
