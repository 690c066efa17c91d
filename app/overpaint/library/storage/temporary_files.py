"""Temporary files of writes, locked by whoever writes one, so that those of dead processes can be told."""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from overpaint.library.storage.locks import holds_lock
from overpaint.library.storage.storage_errors import storage_errors

SUFFIX = ".overpaint-tmp"
STALE_SECONDS = 24 * 3600.0
"""Where locks aren't known, a temporary file older than this was left by a crash: no write takes a day."""


def is_temporary(name: str) -> bool:
    """Whether a file name is one that a write under way, or a crashed one, uses."""
    return name.startswith(".") and name.endswith(SUFFIX)


def sweep_abandoned(folder: Path) -> int:
    """Removes the temporary files in a folder that nobody writes now; returns how many. Raises StorageError.

    Where locks can't tell they go after a day. Files that can't be removed stay; they harm nothing.
    """
    removed = 0
    with storage_errors(folder), os.scandir(folder) as entries:
        for entry in entries:
            if is_temporary(entry.name) and entry.is_file(follow_symlinks=False):
                with suppress(OSError):
                    removed += _removed(Path(entry.path))
    return removed


def _removed(path: Path) -> bool:
    if sys.platform == "win32":  # no open file can be removed there, and what is written is open
        path.unlink()
        return True
    handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        held = holds_lock(handle)  # ours from here on where it was free: a writer that comes now waits
        if held is None:
            held = time.time() - os.fstat(handle).st_mtime < STALE_SECONDS
        if not held:
            path.unlink()
        return not held
    finally:
        os.close(handle)
