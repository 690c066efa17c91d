"""Durable writing into folders: a file is whole or absent, no other file is replaced, failures come in words.

A file is written under a temporary name in its own folder, forced to the disk, then given its name in
one step; the folder's entry is forced to the disk as well. Temporary names begin with a dot, and their files
are locked while somebody writes them (``temporary_files``).
"""

import errno
import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

from overpaint.core.errors import StorageError
from overpaint.library.storage.locks import FileLock
from overpaint.library.storage.storage_errors import reason, storage_errors
from overpaint.library.storage.temporary_files import SUFFIX

Data = bytes | Iterable[bytes]
"""What can be written: one piece, or pieces in their order."""

_NO_LINKS = {errno.EPERM, errno.ENOSYS, errno.EMLINK, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}
_NO_SYNC = {
    errno.EINVAL,
    errno.EBADF,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.ENOSYS,
    errno.EPERM,
    errno.EACCES,
}
"""What a file system, or a sandbox, says that knows no such thing: no trouble of the disk."""


def write_atomic(path: Path, data: Data) -> None:
    """Writes a file whole and durably in place of the one that may be there.

    Raises StorageError (DiskFull, ReadOnly, FolderMissing); the old file is then untouched.
    """
    with storage_errors(path.parent), Folder(path.parent) as folder:
        folder.replace(path.name, data)


def read_bounded(path: Path, limit: int) -> bytes:
    """A file's bytes, at most ``limit`` of them. Raises StorageError when it can't be read or is longer."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as exc:
        raise StorageError(
            f"Couldn't read “{path.name}” in {path.parent}.",
            cause=reason(exc),
            next_step="Check that the disk is connected and that you may read the file.",
        ) from exc
    if len(data) > limit:
        raise StorageError(f"“{path.name}” in {path.parent} is far too long to be what its name says.")
    return data


def make_folder(path: Path) -> None:
    """Makes a folder, and those above it, durably; one that is there is left alone. Raises OSError."""
    if path.is_dir():
        return
    if path.parent == path:  # a drive that isn't connected
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    make_folder(path.parent)
    path.mkdir(exist_ok=True)
    with Folder(path.parent) as above:
        above.sync()


class Folder:
    """A folder held open, so that no name given later can lead out of it, even if its path is swapped.

    Raises OSError throughout; callers wrap it in :func:`storage_errors`. Names are plain file names:
    a name with a separator in it is a bug and raises ValueError. ``private`` keeps files from other users.
    """

    def __init__(self, path: Path, *, private: bool = False) -> None:
        self.path = path
        self._mode = 0o600 if private else 0o666
        self._handle: int | None = None
        self._written: dict[str, FileLock] = {}
        if sys.platform == "win32":  # folders can't be opened there; names are joined to the path
            if not path.is_dir():
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        else:
            self._handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def __enter__(self) -> "Folder":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the folder's handle; calling it twice is harmless."""
        for name in tuple(self._written):
            self._let_go(name)
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def replace(self, name: str, data: Data) -> None:
        """Writes a file whole in place of the one of that name."""
        temporary = self.reserve()
        with self._discarding(temporary):
            self.write(temporary, data)
            os.replace(self._at(temporary), self._at(name), src_dir_fd=self._handle, dst_dir_fd=self._handle)
            self._let_go(temporary)
        self.sync()

    def add(self, name: str, data: Data) -> bool:
        """Writes a file whole under a free name; False when the name is taken."""
        temporary = self.reserve()
        with self._discarding(temporary):
            self.write(temporary, data)
            return self.rename_into_place(temporary, name)

    def reserve(self, stem: str = "") -> str:
        """Creates an empty temporary file that no other process has and returns its name.

        With a ``stem`` the name follows from it, and FileExistsError says that another process holds it.
        """
        if stem:
            name = f".{stem}{SUFFIX}"
            while not self._reserved(name):
                pass
            return name
        while True:
            with suppress(FileExistsError):
                return self.reserve(secrets.token_hex(8))

    def write(self, temporary: str, data: Data) -> None:
        """Writes a reserved file's contents, once, and forces them to the disk."""
        handle = self._written[temporary].handle
        for piece in (data,) if isinstance(data, bytes) else data:
            write_all(handle, piece)
        sync_file(handle)
        if sys.platform == "win32":  # no open file can be given another name there
            self._let_go(temporary)

    def rename_into_place(self, temporary: str, name: str) -> bool:
        """Gives a filled temporary file its name, durably; False, and the file removed, if it is taken."""
        try:
            self._name_exclusively(temporary, name)
        except FileExistsError:
            self.discard(temporary)
            return False
        self.sync()
        return True

    def has(self, name: str) -> bool:
        """Whether anything, a dangling link included, has that name."""
        try:
            os.stat(self._at(name), dir_fd=self._handle, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True

    def discard(self, name: str) -> None:
        """Removes a file if it can be removed: what stays behind is swept later."""
        if sys.platform == "win32":
            self._let_go(name)
        with suppress(OSError):
            os.unlink(self._at(name), dir_fd=self._handle)
        self._let_go(name)

    def sync(self) -> None:
        """Forces the folder's entries to the disk, where the platform knows how."""
        if self._handle is not None:
            sync_file(self._handle)

    def _reserved(self, name: str) -> bool:
        """Creates a temporary file and locks it; False when a sweep took it away between the two."""
        held = FileLock(self._create(name))
        try:
            if sys.platform != "win32":  # being open is enough there
                held.wait()
            there = sys.platform == "win32" or os.fstat(held.handle).st_nlink > 0
        except OSError:
            held.release()
            raise
        if there:
            self._written[name] = held
        else:
            held.release()
        return there

    def _let_go(self, name: str) -> None:
        held = self._written.pop(name, None)
        if held is not None:
            held.release()

    def _create(self, name: str) -> int:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)
        return os.open(self._at(name), flags | getattr(os, "O_BINARY", 0), self._mode, dir_fd=self._handle)

    def _name_exclusively(self, temporary: str, name: str) -> None:
        if sys.platform == "win32":
            Path(self._at(temporary)).rename(self._at(name))  # refuses a name that is taken, in one step
            return
        try:
            os.link(self._at(temporary), self._at(name), src_dir_fd=self._handle, dst_dir_fd=self._handle)
        except OSError as exc:
            if exc.errno not in _NO_LINKS:
                raise
            self._name_without_links(temporary, name)
        else:
            self.discard(temporary)

    def _name_without_links(self, temporary: str, name: str) -> None:
        # FAT and some network shares: an empty file holds the name, then ours takes that file's place.
        os.close(self._create(name))
        with self._discarding(name):
            os.replace(self._at(temporary), self._at(name), src_dir_fd=self._handle, dst_dir_fd=self._handle)

    @contextmanager
    def _discarding(self, name: str) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.discard(name)
            raise

    def _at(self, name: str) -> str:
        if not name or name in (".", "..") or "/" in name or "\0" in name or "\\" in name:
            raise ValueError(f"{name!r} is no plain file name.")
        return name if self._handle is not None else str(self.path / name)


def write_all(handle: int, data: bytes) -> None:
    """Writes every byte to an open file, however few the system takes at a time. Raises OSError."""
    rest = memoryview(data)
    while rest:
        written = os.write(handle, rest)
        if written <= 0:
            raise OSError(errno.EIO, "the disk took no byte")
        rest = rest[written:]


def sync_file(handle: int) -> None:
    """Forces an open file or folder to the disk itself, where that can be asked for. Raises OSError."""
    if sys.platform == "darwin":
        import fcntl

        with suppress(OSError):  # network shares don't know it; fsync below is what they have
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
            return
    try:
        os.fsync(handle)
    except OSError as exc:
        if exc.errno not in _NO_SYNC:
            raise
