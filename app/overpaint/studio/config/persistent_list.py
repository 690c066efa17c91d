"""A list that is changed at once in memory, and on the disk in the background."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from overpaint.core.errors import StorageError
from overpaint.library.lists.private_list import PrivateList
from overpaint.studio.event import Event
from overpaint.studio.tasks import Tasks
from overpaint.studio.unexpected import Contained, report

T = TypeVar("T")
_log = logging.getLogger(__name__)


class PersistentList(Generic[T]):
    """``all`` are the entries as they stand, ``changed`` tells that they are others.

    Changes are functions that give the same when they are done twice: they are made in memory, then on
    whatever is on the disk, as another window may have written meanwhile. A write that fails is told once
    through ``tasks.failed``, and again after one that went well; nothing in memory is lost by it.
    """

    def __init__(self, kept: PrivateList[T], tasks: Tasks) -> None:
        self._kept = kept
        self._tasks = tasks
        self._open: list[Callable[[tuple[T, ...]], tuple[T, ...]]] = []
        self._going = self._failing = False
        self._turn = asyncio.Lock()
        self.all: tuple[T, ...] = ()
        self.changed: Event[[]] = Event()

    async def load(self) -> None:
        """Reads what is on the disk; a list that can't be read is told and stays as it is in memory."""
        async with self._turn:  # what is written while it is read would be missing from what was read
            try:
                found = await asyncio.to_thread(self._kept.load)
            except StorageError as fault:
                self._tasks.failed.emit(fault)
                return
            self._put(_all_done(self._open, found))

    def change(self, act: Callable[[tuple[T, ...]], tuple[T, ...]]) -> None:
        """Makes a change, here at once and soon on the disk."""
        after = act(self.all)  # one that fails here changes nothing anywhere
        self._open.append(act)
        self._put(after)
        if not self._going:
            self._going = True
            self._tasks.start(self._follow(), "remember")

    async def close(self) -> None:
        """Writes what is left to write."""
        try:
            await self._write()
        except StorageError as fault:
            _log.warning("list not saved at the end: %s", fault.cause)

    async def _follow(self) -> None:
        try:
            while self._open:
                await self._write()
            self._failing = False
        except StorageError as fault:
            if not self._failing:
                self._tasks.failed.emit(fault)
            self._failing = True
        except Exception as error:  # noqa: BLE001 - reported; the next write may go well all the same
            if not self._failing:
                report(error, "writing a list")
            self._failing = True
        finally:
            self._going = False

    async def _write(self) -> None:
        async with self._turn:
            acts = tuple(self._open)
            if acts:
                after = await asyncio.to_thread(self._kept.change, lambda before: _all_done(acts, before))
                del self._open[: len(acts)]
                self._put(_all_done(self._open, after))

    def _put(self, entries: tuple[T, ...]) -> None:
        if entries != self.all:
            self.all = entries
            self.changed.emit()


def _all_done(
    acts: Sequence[Callable[[tuple[T, ...]], tuple[T, ...]]], entries: tuple[T, ...]
) -> tuple[T, ...]:
    for act in acts:
        with Contained("changing a list as it is on the disk"):  # the other changes are worth as much
            entries = act(entries)
    return entries
