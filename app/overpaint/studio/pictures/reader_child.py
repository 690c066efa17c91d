"""A process in which pictures are read: started, asked, given up and ended."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from typing import BinaryIO, cast

from overpaint.core.errors import PictureError
from overpaint.imaging.reading import reader_protocol
from overpaint.imaging.reading.reader_protocol import Answer, Garbled, ReadRequest
from overpaint.studio.config.key_store import KEY_VARIABLE
from overpaint.studio.pictures.pixel_folders import PixelFolders, sweep
from overpaint.studio.pictures.reader_protocol_check import matches_request

_OUT_OF_TIME = getattr(signal, "SIGXCPU", 0)
_CONFUSED = "confused"


class Lost(Exception):
    """A process ended, or was ended, with its order undone."""

    def __init__(self, what: str, cause: str) -> None:
        super().__init__(f"{what} {cause}")
        self.what = what
        self.cause = cause


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
        """Its answer. Raises :class:`Lost` when none comes in time."""
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

    def _lost(self, late: threading.Event, what: str = "ended") -> Lost:
        self._process.kill()
        code = self._process.wait()
        is_late = late.is_set() or (code == -_OUT_OF_TIME and code)
        return Lost("took too long for" if is_late else what, f"exit code {code}")


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
