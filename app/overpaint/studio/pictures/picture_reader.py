"""Has files from outside opened and decoded by processes of their own: no file can hurt the window."""

import asyncio
import contextlib
import itertools
import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from overpaint.core.errors import OverpaintError, PictureError, PictureTooLarge, StorageError
from overpaint.core.request.edit_request import Picture
from overpaint.imaging.reading.reader_protocol import (
    Answer,
    Decode,
    Decoded,
    Failed,
    Look,
    Looked,
    MaskRead,
    ReadMask,
    ReadRequest,
    Take,
    Taken,
)
from overpaint.studio.pictures.mapped_pixels import Pixels, mapped
from overpaint.studio.pictures.reader_child import Lost, ReadingProcess

MOST_SECONDS = 20.0
"""A picture that takes longer is given up, and the process with it. It gives up by itself after five
seconds of the processor's time, however long these take; see ``imaging.reading.reader_process``."""

MOST_PROCESSES = 2
"""So many pictures are read at a time as a rule; each may take a gigabyte while it is decoded."""

MOST_BESIDE_SLOW = 4
"""So many are while slow ones would keep others waiting."""

SLOW_SECONDS = 0.5
"""After so long a picture counts as slow, and those behind it get another process."""

_START_SECONDS = 1.0
"""What a new process takes to be ready, at most, where nothing is wrong."""

_IDLE_SECONDS = 5.0
"""What such a process is kept for when nothing waits any more."""

_PREVIEW_BYTES = 24_000_000
_LAST_BREATH = 2.0
_ERRORS = {one.kind: one for one in (PictureError, PictureTooLarge, StorageError)}


@dataclass(frozen=True, slots=True)
class TakenPicture:
    """A picture that can be sent; ``change`` says in words how it differs from its file, or is ``""``."""

    picture: Picture
    change: str


@dataclass(order=True, slots=True)
class _Asked:
    """An order in the queue: urgent ones first, then by their number."""

    rank: int
    number: int
    order: ReadRequest = field(compare=False)
    body: bytes = field(compare=False)
    answer: "Future[tuple[Answer, bytes]]" = field(compare=False)


class PictureReader:
    """Some processes, started when they are first needed. One that dies or takes too long costs the
    picture that it was reading, and the next order gets another. ``start_process`` gives a running one, or
    raises :class:`PictureError`."""

    def __init__(
        self,
        most_seconds: float = MOST_SECONDS,
        most_processes: int = MOST_PROCESSES,
        most_beside_slow: int = MOST_BESIDE_SLOW,
        start_process: Callable[[], ReadingProcess] | None = None,
    ) -> None:
        self._most_seconds = most_seconds
        self._most_processes = most_processes
        self._most_beside_slow = most_beside_slow
        self._start_process = start_process or ReadingProcess
        self._queue: queue.PriorityQueue[_Asked] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._hands: tuple[_Hand, ...] = ()
        self._previews: OrderedDict[Path, Pixels] = OrderedDict()
        self._open = 0
        self._guard = threading.Lock()
        self._closed = False

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that run now."""
        return tuple(hand.pid for hand in self._hands if hand.pid is not None)

    async def prepare(
        self,
        file: Path,
        into: Path,
        *,
        shrink: bool = False,
        keep_metadata: bool = False,
        formats: tuple[str, ...] = (),
    ) -> TakenPicture:
        """A file as a picture that can be sent: itself, or a copy in ``into``; see ``make_uploadable``.

        Raises :class:`PictureError`, :class:`PictureTooLarge` where ``shrink`` would help, or
        :class:`StorageError`.
        """
        answer, body = await self._ask(Take(file, into, shrink, keep_metadata, formats), file.name)
        assert isinstance(answer, Taken)
        self._keep_preview(answer.picture.path, _array(answer.preview, bytearray(body)))
        return TakenPicture(answer.picture, answer.change)

    async def look(self, file: Path) -> Picture:
        """A file that can be sent as it is, by its header. Raises :class:`PictureError`."""
        answer, _ = await self._ask(Look(file), file.name)
        assert isinstance(answer, Looked)
        return answer.picture

    async def pixels(self, source: Path | bytes, edge: int = 0, *, urgent: bool = False) -> Pixels:
        """A picture of a file, or of encoded bytes, as (height, width, 4) uint8: premultiplied BGRA, sRGB.

        ``edge`` bounds its longer side, 0 doesn't; ``urgent`` goes before all that waits. Raises
        :class:`PictureError` or :class:`StorageError`.
        """
        path, body = (source, b"") if isinstance(source, Path) else (None, source)
        name = path.name if path is not None else "The picture"
        answer, data = await self._ask(Decode(path, edge), name, body, urgent=urgent)
        assert isinstance(answer, Decoded)
        if answer.file is None:
            return _array(answer.shape, bytearray(data))
        return mapped(answer.shape, answer.file)

    async def mask(self, file: Path) -> NDArray[np.uint8]:
        """The coverage, (height, width) uint8, of a mask in a PNG file of any kind. Raises
        :class:`PictureError`."""
        answer, data = await self._ask(ReadMask(file), file.name)
        assert isinstance(answer, MaskRead)
        return np.frombuffer(bytearray(data), np.uint8).reshape(answer.shape)

    def preview(self, file: Path) -> Pixels | None:
        """A small version of a picture that came in not long ago, as ``pixels`` gives it."""
        return self._previews.get(file)

    def close(self) -> None:
        """Ends the processes, whatever they do; what waits is cancelled. May be called on any thread."""
        with self._guard:
            self._closed = True
        with contextlib.suppress(queue.Empty):
            while True:
                self._queue.get_nowait().answer.cancel()
        hands = self._hands
        for hand in hands:
            hand.end()
        for _ in hands:
            self._queue.put(_wake_up())
        for hand in hands:
            hand.join()

    def _keep_preview(self, file: Path, preview: Pixels) -> None:
        self._previews.pop(file, None)
        self._previews[file] = preview
        while sum(one.nbytes for one in self._previews.values()) > _PREVIEW_BYTES:
            self._previews.popitem(last=False)

    async def _ask(
        self, order: ReadRequest, name: str, body: bytes = b"", *, urgent: bool = False
    ) -> tuple[Answer, bytes]:
        asked = _Asked(0 if urgent else 1, next(self._numbers), order, body, Future())
        with self._guard:
            if self._closed:
                raise PictureError("Overpaint is closing.")
            self._open += 1
            self._queue.put(asked)
            if self._open > len(self._hands) and len(self._hands) < self._most_processes:
                self._hands = (*self._hands, self._hand())
        try:
            answer, data = await self._answer(asked)
        except Lost as fault:
            raise PictureError(
                f"{name} {fault.what} the process that reads pictures, so it was left out.",
                cause=fault.cause,
                next_step="Open and save it again elsewhere.",
            ) from fault
        finally:
            with self._guard:
                self._open -= 1
        if isinstance(answer, Failed):
            kind: type[OverpaintError] = _ERRORS.get(answer.kind, StorageError)
            raise kind(answer.message, cause=answer.cause, next_step=answer.next_step)
        return answer, data

    async def _answer(self, asked: "_Asked") -> tuple[Answer, bytes]:
        """The answer; while it waits behind slow pictures, further processes are started for it."""
        future = asyncio.wrap_future(asked.answer)
        try:
            while not (future.done() or asked.answer.running()):
                await asyncio.wait({future}, timeout=SLOW_SECONDS)
                if not (future.done() or asked.answer.running()):
                    self._help_out()
            return await future
        finally:
            future.cancel()  # nobody waits for it any more; without effect on one that is done

    def _help_out(self) -> None:
        with self._guard:
            stuck = not self._closed and all(hand.is_slow for hand in self._hands)
            if stuck and len(self._hands) < self._most_beside_slow:
                self._hands = (*self._hands, self._hand(self._dismiss))

    def _hand(self, dismiss: "Callable[[_Hand], None] | None" = None) -> "_Hand":
        return _Hand(self._queue, self._most_seconds, self._start_process, dismiss)

    def _dismiss(self, hand: "_Hand") -> None:
        with self._guard:
            self._hands = tuple(one for one in self._hands if one is not hand)


class _Hand:
    """A thread that hands one order after the other to a process of its own. With ``dismiss`` it ends when
    there are none for a while, and calls that first."""

    def __init__(
        self,
        orders: "queue.PriorityQueue[_Asked]",
        most_seconds: float,
        start_process: Callable[[], ReadingProcess],
        dismiss: "Callable[[_Hand], None] | None",
    ) -> None:
        self._orders = orders
        self._most_seconds = most_seconds
        self._start_process = start_process
        self._dismiss = dismiss
        self._process: ReadingProcess | None = None
        self._busy_since: float | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="reader", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        process = self._process
        return process.pid if process is not None and process.alive else None

    @property
    def is_slow(self) -> bool:
        """Whether it has been at its picture for long."""
        since = self._busy_since
        return since is not None and time.monotonic() - since >= SLOW_SECONDS

    def end(self) -> None:
        """Ends the process now, and the thread with the next order it gets."""
        self._ended.set()
        if self._process is not None:
            self._process.end()

    def join(self) -> None:
        """Waits a moment for the thread."""
        self._thread.join(_LAST_BREATH)

    def _work(self) -> None:
        while not self._ended.is_set():
            try:
                asked = self._orders.get(timeout=_IDLE_SECONDS if self._dismiss else None)
            except queue.Empty:
                break
            if not asked.answer.set_running_or_notify_cancel():
                continue
            try:
                known, process = self._process, self._fresh()
                self._busy_since = time.monotonic() + (0 if process is known else _START_SECONDS)
                asked.answer.set_result(process.ask(asked.order, asked.body, self._most_seconds))
            except (Lost, OverpaintError) as fault:
                asked.answer.set_exception(fault)
            self._busy_since = None
        if self._dismiss is not None:
            self._dismiss(self)
        if self._process is not None:
            self._process.end()

    def _fresh(self) -> "ReadingProcess":
        if self._process is None or not self._process.alive:
            if self._process is not None:
                self._process.end()
            self._process = self._start_process()
        return self._process


def _wake_up() -> _Asked:
    """An order that nobody waits for."""
    asked = _Asked(-1, -1, Decode(), b"", Future())
    asked.answer.cancel()
    return asked


def _array(shape: tuple[int, int], data: bytearray) -> Pixels:
    return np.frombuffer(data, np.uint8).reshape(*shape, 4)
