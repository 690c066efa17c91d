"""Has files from outside opened and decoded by processes of their own: no file can hurt the window."""

import asyncio
import contextlib
import itertools
import os
import queue
import signal
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from overpaint.core.errors import OverpaintError, PictureError, PictureTooLarge, StorageError
from overpaint.core.request.edit_request import Picture
from overpaint.imaging.reading import reader_protocol
from overpaint.imaging.reading.reader_protocol import (
    Answer,
    Decode,
    Decoded,
    Failed,
    Garbled,
    Look,
    Looked,
    ReadRequest,
    Take,
    Taken,
)
from overpaint.studio.config.key_store import KEY_VARIABLE
from overpaint.studio.pictures.mapped_pixels import Pixels, mapped
from overpaint.studio.pictures.pixel_folders import PixelFolders, sweep
from overpaint.studio.pictures.reader_protocol_check import matches_request

MOST_SECONDS = 20.0
"""A picture that takes longer is given up, and the process with it. It gives up by itself after five
seconds of the processor's time, however long these take; see ``imaging.reading.reader_process``."""

MOST_PROCESSES = 2
"""So many pictures are read at a time; each may take a gigabyte while it is decoded."""

_PREVIEW_BYTES = 24_000_000
_LAST_BREATH = 2.0
_OUT_OF_TIME = getattr(signal, "SIGXCPU", 0)
_CONFUSED = "confused"
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
        start_process: Callable[[], "ReadingProcess"] | None = None,
    ) -> None:
        self._most_seconds = most_seconds
        self._most_processes = most_processes
        self._start_process = start_process or ReadingProcess
        self._queue: queue.PriorityQueue[_Asked] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._hands: list[_Hand] = []
        self._previews: OrderedDict[Path, Pixels] = OrderedDict()
        self._open = 0
        self._guard = threading.Lock()
        self._closed = False

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that run now."""
        return tuple(hand.pid for hand in self._hands if hand.pid is not None)

    async def prepare(
        self, file: Path, into: Path, *, shrink: bool = False, keep_metadata: bool = False
    ) -> TakenPicture:
        """A file as a picture that can be sent: itself, or a copy in ``into``; see ``imaging.prepare``.

        Raises :class:`PictureError`, :class:`PictureTooLarge` where ``shrink`` would help, or
        :class:`StorageError`.
        """
        answer, body = await self._ask(Take(file, into, shrink, keep_metadata), file.name)
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
        for hand in self._hands:
            hand.end()
        for _ in self._hands:
            self._queue.put(_wake_up())
        for hand in self._hands:
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
                self._hands.append(_Hand(self._queue, self._most_seconds, self._start_process))
        try:
            answer, data = await asyncio.wrap_future(asked.answer)
        except _Lost as fault:
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


class _Lost(Exception):
    """A process ended, or was ended, with its order undone."""

    def __init__(self, what: str, cause: str) -> None:
        super().__init__(f"{what} {cause}")
        self.what = what
        self.cause = cause


class _Hand:
    """A thread that hands one order after the other to a process of its own."""

    def __init__(
        self,
        orders: "queue.PriorityQueue[_Asked]",
        most_seconds: float,
        start_process: Callable[[], "ReadingProcess"],
    ) -> None:
        self._orders = orders
        self._most_seconds = most_seconds
        self._start_process = start_process
        self._process: ReadingProcess | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="reader", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        process = self._process
        return process.pid if process is not None and process.alive else None

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
            asked = self._orders.get()
            if not asked.answer.set_running_or_notify_cancel():
                continue
            try:
                asked.answer.set_result(self._fresh().ask(asked.order, asked.body, self._most_seconds))
            except (_Lost, OverpaintError) as fault:
                asked.answer.set_exception(fault)
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


class ReadingProcess:
    """One reading process and the folders in which it lays pixels down. Raises :class:`PictureError` when
    it can't be started."""

    def __init__(self) -> None:
        try:
            self._folders = PixelFolders.make()
        except OSError as fault:
            raise _unstartable(fault) from fault
        try:
            self._process = subprocess.Popen(
                [*_command(), *map(str, self._folders.paths)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(
                    subprocess, "CREATE_NO_WINDOW", 0
                ),  # on Windows it would open a console
                env={name: value for name, value in os.environ.items() if name != KEY_VARIABLE},
            )
        except OSError as fault:
            self._folders.remove()
            raise _unstartable(fault) from fault
        sweep()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self.pid = self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can take an order."""
        return self._process.poll() is None and not self._stdin.closed

    def ask(self, order: ReadRequest, body: bytes, seconds: float) -> tuple[Answer, bytes]:
        """Its answer. Raises :class:`_Lost` when none comes in time."""
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self._process.kill()

        watchdog = threading.Timer(seconds, give_up)
        watchdog.daemon = True
        watchdog.start()
        try:
            self._stdin.write(reader_protocol.encode(order, len(body)))
            self._stdin.write(body)
            self._stdin.flush()
            frame = reader_protocol.read_answer(cast("BinaryIO", self._stdout))
        except Garbled as fault:
            raise self._lost(late, _CONFUSED) from fault
        except (OSError, ValueError) as fault:  # the pipe is broken, or was closed at the end of the program
            raise self._lost(late) from fault
        finally:
            watchdog.cancel()
        if frame is None:
            raise self._lost(late)
        if not matches_request(order, *frame, self._folders):
            raise self._lost(late, _CONFUSED)
        return frame

    def end(self) -> None:
        """Kills it and takes away what it left."""
        with contextlib.suppress(OSError):  # what was still to be written can't be any more
            self._stdin.close()
        self._process.kill()
        self._process.wait()
        self._stdout.close()
        self._folders.remove()

    def _lost(self, late: threading.Event, what: str = "ended") -> _Lost:
        self._process.kill()
        code = self._process.wait()
        is_late = late.is_set() or (code == -_OUT_OF_TIME and code)
        return _Lost("took too long for" if is_late else what, f"exit code {code}")


def _unstartable(fault: OSError) -> PictureError:
    return PictureError("The process that reads pictures couldn't be started.", cause=str(fault))


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "--read-pictures"]
    return [
        sys.executable,
        "-P",
        "-m",
        "overpaint.imaging.reading.reader_process",
    ]  # -P: nothing from where it runs


def _array(shape: tuple[int, int], data: bytearray) -> Pixels:
    return np.frombuffer(data, np.uint8).reshape(*shape, 4)
