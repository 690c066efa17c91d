"""One window for one user: a second start rings at the first, hands its files over, and ends.

The window listens on the loopback interface; port and a secret lie in a file that only the user can read. It
speaks first, and says something that only it can know: whoever has its port by now is told nothing.
"""

import asyncio
import hashlib
import logging
import os
import secrets
import socket
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from overpaint.core.errors import StorageError
from overpaint.library.storage.durable_files import Folder, make_folder, read_bounded
from overpaint.library.storage.storage_errors import storage_errors
from overpaint.studio.event import Event

_FILE = "window.json"
_LIMIT = 1_000_000
_SECONDS = 2.0
_TAKEN = b"taken\n"
_log = logging.getLogger(__name__)


class _Sign(msgspec.Struct, frozen=True):
    """What the file says."""

    port: int
    secret: str


class _Handed(msgspec.Struct, frozen=True):
    """What another start says: files by their names as the system has them, which need be no text."""

    secret: str
    files: tuple[bytes, ...]


class SingleInstance:
    """``received`` carries the files of another start, which may be none: it wanted to see the window."""

    def __init__(self, folder: Path) -> None:
        self.received: Event[[list[Path]]] = Event()
        self._folder = folder
        self._secret = secrets.token_hex(16)
        self._server: asyncio.Server | None = None

    async def listen(self) -> None:
        """From now on other starts come here. Where that can't be, each opens a window of its own."""
        try:
            self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0, limit=_LIMIT)
            port = self._server.sockets[0].getsockname()[1]
            await asyncio.to_thread(self._put_up, port)
        except (OSError, StorageError) as fault:
            _log.warning("other starts can't find this window: %s", fault)

    async def close(self) -> None:
        """Other starts open a window of their own again."""
        if self._server is not None:
            self._server.close()
            await asyncio.to_thread(self._take_down)

    def _put_up(self, port: int) -> None:
        with storage_errors(self._folder):
            make_folder(self._folder)
            with Folder(self._folder, private=True) as folder:
                folder.replace(_FILE, msgspec.json.encode(_Sign(port, self._secret)))

    def _take_down(self) -> None:
        """Unless another window has put its own there."""
        sign = _sign(self._folder)
        if sign is not None and sign.secret == self._secret:
            with suppress(OSError):
                (self._folder / _FILE).unlink()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_SECONDS):
                writer.write(_greeting(self._secret))
                files = _handed(await reader.readline(), self._secret)
                if files is not None:
                    self.received.emit(files)
                    writer.write(_TAKEN)
                await writer.drain()
        except (OSError, TimeoutError, ValueError) as fault:  # readline raises ValueError for too long a line
            _log.info("somebody rang and said nothing: %s", fault)
        finally:
            writer.close()


def hand_over(folder: Path, files: Sequence[Path]) -> bool:
    """Hands files to the window that is open already; False when there is none, or it doesn't answer."""
    sign = _sign(folder)
    if sign is None:
        return False
    greeting = _greeting(sign.secret)
    words = msgspec.json.encode(_Handed(sign.secret, tuple(map(os.fsencode, files)))) + b"\n"
    with (
        suppress(OSError),
        socket.create_connection(("127.0.0.1", sign.port), _SECONDS) as line,
        line.makefile("rb") as answers,
    ):
        if answers.readline(len(greeting)) == greeting and len(words) <= _LIMIT:
            line.sendall(words)
            return answers.readline(len(_TAKEN)) == _TAKEN
    return False


def _greeting(secret: str) -> bytes:
    return hashlib.blake2b(secret.encode(), digest_size=16).hexdigest().encode() + b"\n"


def _handed(words: bytes, secret: str) -> list[Path] | None:
    """The files that somebody hands over who knows the secret; None from anybody else."""
    try:
        handed = msgspec.json.decode(words, type=_Handed)
    except msgspec.MsgspecError:
        return None
    if not secrets.compare_digest(handed.secret.encode(), secret.encode()):
        return None
    return [Path(os.fsdecode(file)) for file in handed.files]


def _sign(folder: Path) -> _Sign | None:
    try:
        return msgspec.json.decode(read_bounded(folder / _FILE, _LIMIT), type=_Sign)
    except (StorageError, msgspec.MsgspecError):
        return None
