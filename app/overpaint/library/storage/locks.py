"""Locks between processes: held by an open file, and gone with the process however it ends.

Some network shares know no locks. There the program does without locks: a job that can be run by one window
alone is better than none that can be run at all.
"""

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_NO_LOCKS = {
    errno.ENOLCK,
    errno.ENOSYS,
    errno.EINVAL,
    errno.ENOTSUP,
    getattr(errno, "EOPNOTSUPP", errno.ENOTSUP),
}


def lock(path: Path) -> "FileLock":
    """Locks a file, which is created if need be; waits while it is held elsewhere. Raises OSError."""
    held = FileLock(_open(path))
    held.wait()
    return held


def lock_if_free(path: Path) -> "FileLock | None":
    """Locks a file, which is created if need be; None when it is held elsewhere. Raises OSError."""
    held = FileLock(_open(path))
    try:
        held.try_lock()
    except OSError:  # however the platform says that somebody holds it
        held.release()
        return None
    return held


def holds_lock(handle: int) -> bool | None:
    """Whether somebody else holds the lock on an open file, which is taken otherwise until the handle is
    closed; None where locks aren't known. Raises OSError."""
    if sys.platform == "win32":
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError as exc:
        if exc.errno in _NO_LOCKS:
            return None
        raise
    return False


class FileLock:
    """An exclusive lock on an open file. Two of them exclude each other also within one process."""

    def __init__(self, handle: int) -> None:
        self._handle: int | None = handle

    @property
    def handle(self) -> int:
        """The open file. Raises ValueError once the lock has been released."""
        if self._handle is None:
            raise ValueError("The lock has been released.")
        return self._handle

    def try_lock(self) -> None:
        """Locks at once or raises OSError."""
        if sys.platform == "win32":
            msvcrt.locking(self.handle, msvcrt.LK_NBLCK, 1)
        else:
            _flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def wait(self) -> None:
        """Waits until no one else holds the lock, then takes it. Raises OSError."""
        if sys.platform == "win32":
            while True:  # LK_LOCK gives up after ten seconds
                with suppress(OSError):
                    msvcrt.locking(self.handle, msvcrt.LK_LOCK, 1)
                    return
        else:
            _flock(self.handle, fcntl.LOCK_EX)

    def release(self) -> None:
        """Gives the lock up; calling it twice is harmless."""
        handle, self._handle = self._handle, None
        if handle is None:
            return
        if sys.platform != "win32":  # closing alone leaves it with a child that was forked meanwhile
            _flock(handle, fcntl.LOCK_UN)
        os.close(handle)

    def __enter__(self) -> "FileLock":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)


def _flock(handle: int, operation: int) -> None:
    if sys.platform != "win32":
        try:
            fcntl.flock(handle, operation)
        except OSError as exc:
            if exc.errno not in _NO_LOCKS:
                raise
