"""Writes the settings a moment after they changed, off the main thread and one write at a time."""

import asyncio
import logging
from collections.abc import Callable

from overpaint.core.errors import SettingsError
from overpaint.studio.config.settings_store import SettingsStore
from overpaint.studio.event import Names
from overpaint.studio.tasks import Tasks
from overpaint.studio.unexpected import Contained, report

_PAUSE = 0.5
_log = logging.getLogger(__name__)


class SettingsAutosave:
    """Settings are written at most twice a second, however fast a slider moves.

    ``note`` puts into the store what is remembered there only when it is written. A write that fails is
    told once through ``tasks.failed``, and again only after one that went well.
    """

    def __init__(self, settings: SettingsStore, tasks: Tasks, note: Callable[[], None]) -> None:
        self._settings = settings
        self._tasks = tasks
        self._note = note
        self._wanted = False
        self._going = False
        self._failing = False
        self._closed = False

    def schedule(self, _: Names = frozenset()) -> None:
        """Something changed, whatever it is called: it is on the disk within a second."""
        self._wanted = True
        if not self._going and not self._closed:
            self._going = True
            self._tasks.start(self._follow(), "save settings")

    async def close(self) -> None:
        """Writes what is left to write; nothing is written afterwards."""
        self._closed = True
        with Contained("noting what the settings remember"):
            self._note()
        try:
            await asyncio.to_thread(self._settings.save)
        except SettingsError as fault:
            _log.warning("settings not saved at the end: %s", fault.cause)

    async def _follow(self) -> None:
        try:
            while self._wanted:
                await asyncio.sleep(_PAUSE)
                with Contained("noting what the settings remember"):
                    self._note()
                self._wanted = False
                await self._write()
        finally:
            self._going = False

    async def _write(self) -> None:
        try:
            await asyncio.to_thread(self._settings.save)
        except SettingsError as fault:
            if not self._failing:
                self._tasks.failed.emit(fault)
            self._failing = True
        except Exception as error:  # noqa: BLE001 - reported; the next write may go well all the same
            if not self._failing:
                report(error, "saving the settings")
            self._failing = True
        else:
            self._failing = False
