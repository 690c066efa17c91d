"""A list that is changed at once in memory, and on the disk in the background."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from overpaint.core.errors import StorageError
from overpaint.library.lists.private_list import PrivateList
from overpaint.studio.background_writer import BackgroundWriter
from overpaint.studio.event import Event
from overpaint.studio.tasks import Tasks
from overpaint.studio.unexpected import Contained

T = TypeVar("T")


class PersistentList(Generic[T]):
    """``all`` are the entries as they stand, ``changed`` tells that they are others.

    Changes are functions that give the same when they are done twice: they are made in memory, then on
    whatever is on the disk, as another window may have written meanwhile. Nothing in memory is lost by a
    write that fails: it is done again with the next change.
    """

    def __init__(self, kept: PrivateList[T], tasks: Tasks) -> None:
        self._kept = kept
        self._tasks = tasks
        self._open: list[Callable[[tuple[T, ...]], tuple[T, ...]]] = []
        self._writer = BackgroundWriter(self._write, tasks, "a list")
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
        self._writer.schedule()

    async def close(self) -> None:
        """Writes what is left to write."""
        await self._writer.close()

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
