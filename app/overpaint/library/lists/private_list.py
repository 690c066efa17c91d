"""A list on disk that belongs to one user: an entry a line, private, and changed by one process at a time."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Generic, TypeVar

from overpaint.core.errors import StorageError
from overpaint.library.storage.durable_files import Folder, make_folder, read_bounded
from overpaint.library.storage.jsonlines import decode_lines, encode
from overpaint.library.storage.locks import lock
from overpaint.library.storage.storage_errors import storage_errors

_LIMIT = 64_000_000

T = TypeVar("T")


def structs(kind: type[T]) -> Callable[[bytes], Iterator[T]]:
    """Reads lines as one kind of msgspec structure; lines that are torn or foreign are passed over."""
    return lambda data: decode_lines(data, kind)


class PrivateList(Generic[T]):
    """Entries in one file of JSON lines, which nobody but the user may read. Methods raise StorageError."""

    def __init__(self, path: Path, read: Callable[[bytes], Iterator[T]]) -> None:
        """``read`` makes entries of the file's bytes and passes over what it doesn't understand."""
        self._path = path
        self._read = read

    def load(self) -> tuple[T, ...]:
        """The entries in their order; none while there is no file."""
        try:
            return tuple(self._read(read_bounded(self._path, _LIMIT)))
        except StorageError as fault:
            if isinstance(fault.__cause__, FileNotFoundError | NotADirectoryError):
                return ()
            raise

    def change(self, act: Callable[[tuple[T, ...]], tuple[T, ...]]) -> tuple[T, ...]:
        """Replaces the entries by what ``act`` makes of those on the disk, durably; returns them."""
        with storage_errors(self._path.parent):
            make_folder(self._path.parent)
            with lock(self._path.with_name(f"{self._path.name}.lock")):
                before = self.load()
                after = act(before)
                if after != before:
                    with Folder(self._path.parent, private=True) as folder:
                        folder.replace(self._path.name, (encode(entry) + b"\n" for entry in after))
        return after
