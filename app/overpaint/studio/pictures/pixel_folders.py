"""Where reading processes lay pixels down for the window: folders that go with it, however it ends."""

import os
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from overpaint.library.storage.locks import FileLock, lock_if_free

_MEMORY = Path("/dev/shm")
_PREFIX = "overpaint-pixels-"
_LOCK = "lock"
_NEW_FOR = 60.0
"""Seconds in which a folder may not be locked yet by whoever made it."""


@dataclass(frozen=True, slots=True)
class PixelFolders:
    """Folders for the pixels of one reading process, the best place first, and the locks that say that the
    window which made them is still there."""

    paths: tuple[Path, ...]
    locks: tuple[FileLock, ...] = ()

    @classmethod
    def make(cls) -> Self:
        """New ones: in memory where the platform shows it as a disk, and among temporary files. Raises
        OSError."""
        paths = tuple(Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place)) for place in _places())
        locks = (lock_if_free(path / _LOCK) for path in paths)
        return cls(paths, tuple(lock for lock in locks if lock is not None))

    def hold(self, file: Path) -> bool:
        """Whether a file is directly in one of them."""
        return file.parent in self.paths and file.name not in ("..", _LOCK)

    def remove(self) -> None:
        """Takes them away with all that is left in them."""
        for lock in self.locks:
            lock.release()
        for path in self.paths:
            shutil.rmtree(path, ignore_errors=True)


def sweep() -> None:
    """Takes away what programs left that were killed together with their reading processes."""
    for place in _places():
        for folder in place.glob(f"{_PREFIX}*"):
            with suppress(OSError):  # it goes by itself just now, or belongs to somebody else
                if _is_old(folder):
                    _remove_unless_used(folder)


def _places() -> list[Path]:
    places = [_MEMORY] if os.access(_MEMORY, os.W_OK) else []
    return [*places, Path(tempfile.gettempdir())]


def _is_old(folder: Path) -> bool:
    return time.time() - folder.lstat().st_mtime > _NEW_FOR


def _remove_unless_used(folder: Path) -> None:
    lock = lock_if_free(folder / _LOCK)
    if lock is not None:
        lock.release()  # Windows takes away no open file
        shutil.rmtree(folder, ignore_errors=True)
