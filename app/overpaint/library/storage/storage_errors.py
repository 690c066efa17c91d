"""What the disk says when it refuses, as the StorageErrors that a person can act on."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from overpaint.core.errors import DiskFull, FolderMissing, ReadOnly, StorageError

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_GONE = {errno.ENOENT, errno.ENOTDIR, getattr(errno, "ESTALE", errno.ENOENT), errno.ENODEV, errno.ENXIO}


@contextmanager
def storage_errors(folder: Path) -> Iterator[None]:
    """Turns every OSError of its block into the StorageError that names the folder."""
    try:
        yield
    except OSError as exc:
        raise storage_error(exc, folder) from exc


def storage_error(exc: OSError, folder: Path) -> StorageError:
    """The failure to write into a folder, in words, with one next step."""
    if is_full(exc):
        return DiskFull(
            f"There is no room left in {folder}.",
            cause=reason(exc),
            next_step="Free some space on that disk and try again, or choose another folder.",
        )
    if exc.errno in _FORBIDDEN:
        return ReadOnly(
            f"Overpaint isn't allowed to write in {folder}.",
            cause=reason(exc),
            next_step="Change the folder's permissions, or choose another folder.",
        )
    if exc.errno in _GONE:
        return FolderMissing(
            f"The folder {folder} isn't there.",
            cause=reason(exc),
            next_step="Connect its disk or create it again, or choose another folder.",
        )
    return StorageError(
        f"Couldn't write in {folder}.",
        cause=reason(exc),
        next_step="Check that its disk works, or choose another folder.",
    )


def is_full(exc: OSError) -> bool:
    """Whether a disk had no room, or a user no more of it."""
    return exc.errno in _FULL


def reason(exc: OSError) -> str:
    """The system's own words for a failure."""
    return exc.strerror or type(exc).__name__
