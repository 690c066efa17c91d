"""Writes to the disk a moment after something changed, in the background and one write at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from overpaint.core.errors import OverpaintError
from overpaint.studio.tasks import Tasks
from overpaint.studio.unexpected import report

_log = logging.getLogger(__name__)


class BackgroundWriter:
    """Calls ``write`` soon after :meth:`schedule`, however often that is called: ``pause`` seconds later.

    A write that fails is told once, and again only after one that went well: through ``tasks.failed`` what
    was to be expected (:class:`OverpaintError`), to the sink for errors all else. ``failing`` says that the
    last one failed. It is repeated after ``retry`` seconds, or else with the next change. ``what`` is being
    written, in words: "the settings".
    """

    def __init__(
        self,
        write: Callable[[], Awaitable[None]],
        tasks: Tasks,
        what: str,
        *,
        pause: float = 0.0,
        retry: float | None = None,
    ) -> None:
        self._write = write
        self._tasks = tasks
        self._what = what
        self._pause = pause
        self._retry = retry
        self._turn = asyncio.Lock()
        self._wanted = self._going = self._closed = False
        self.failing = False

    def schedule(self, *_: object) -> None:
        """Something changed, whatever an event says of it. Nothing happens after :meth:`close`."""
        self._wanted = True
        if not self._going and not self._closed:
            self._going = True
            self._tasks.start(self._follow(), f"write {self._what}")

    async def close(self) -> None:
        """Writes what is left to write, once a write that goes on has ended; nothing is written afterwards.

        An expected failure is logged, as nobody may be there any more to be told; others are raised.
        """
        self._closed = True
        try:
            await self._once()
        except OverpaintError as fault:
            self.failing = True
            _log.warning("%s not written at the end: %s", self._what, fault.cause)

    async def _follow(self) -> None:
        try:
            while self._wanted or (self.failing and self._retry is not None):
                await asyncio.sleep(self._retry if self.failing and self._retry is not None else self._pause)
                await self._attempt()
        finally:
            self._going = False

    async def _attempt(self) -> None:
        told = self.failing
        try:
            await self._once()
        except OverpaintError as fault:
            self.failing = True
            if not told:
                self._tasks.failed.emit(fault)
        except Exception as error:  # noqa: BLE001 - reported; the next write may go well all the same
            self.failing = True
            if not told:
                report(error, f"writing {self._what}")
        else:
            self.failing = False

    async def _once(self) -> None:
        async with self._turn:
            self._wanted = False
            await self._write()
