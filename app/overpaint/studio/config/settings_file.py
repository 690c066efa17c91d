"""The settings file on the disk: read whole, changed by one window at a time, and never lost when broken."""

import itertools
import tomllib
from collections.abc import Callable
from pathlib import Path

import tomli_w

from overpaint.core.errors import StorageError
from overpaint.library.storage.durable_files import Folder, make_folder, read_bounded
from overpaint.library.storage.locks import lock
from overpaint.library.storage.storage_errors import storage_errors
from overpaint.studio.config.settings_document import Document

_LIMIT = 16_000_000


class NotToml(StorageError):
    """The file is there and can be opened, but holds no settings."""

    kind = "settings_broken"


class SettingsFile:
    """One TOML file that belongs to the user. Methods raise StorageError; the file is then as it was."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Document | None:
        """What the file says, None where there is none. Raises :class:`NotToml` when that isn't TOML.

        An empty file is none of ours: it is what some file systems leave of one after a power failure.
        """
        data = self._bytes()
        return None if data is None else _decoded(data)

    def update(self, change: Callable[[Document | None], Document]) -> tuple[Document, str]:
        """Replaces the file durably by what ``change`` makes of it, of None where there is none.

        One that isn't TOML counts as none and is kept under a numbered name, which comes second of what is
        returned; the first is what the file says now.
        """
        folder = self.path.parent
        with storage_errors(folder):
            make_folder(folder)
            with lock(self.path.with_name(f"{self.path.name}.lock")):
                before, data, kept_as = None, self._bytes(), ""
                if data is not None:
                    try:
                        before = _decoded(data)
                    except NotToml:
                        kept_as = self._set_aside(data)
                after = change(before)
                if after != before:
                    # A paste may have left half a surrogate pair in a text, which no file can hold.
                    written = tomli_w.dumps(after).encode(errors="replace")
                    with Folder(folder, private=True) as opened:
                        opened.replace(self.path.name, written)
        return after, kept_as

    def _bytes(self) -> bytes | None:
        try:
            return read_bounded(self.path, _LIMIT)
        except StorageError as fault:
            if isinstance(fault.__cause__, FileNotFoundError):
                return None
            raise

    def _set_aside(self, data: bytes) -> str:
        """Keeps a copy of what the file held, under the first name that was never used."""
        with Folder(self.path.parent, private=True) as folder:
            for number in itertools.count(1):
                name = f"{self.path.stem}.broken-{number}{self.path.suffix}"
                if not folder.has(name) and folder.add(name, data):
                    return name
        raise AssertionError("numbers don't end")


def _decoded(data: bytes) -> Document:
    try:
        document = tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as fault:
        raise NotToml("The settings file isn't TOML.", cause=str(fault)) from fault
    if not data.strip():
        raise NotToml("The settings file is empty.")
    return document
