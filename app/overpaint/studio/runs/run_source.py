"""Finds the picture that a run was made of, by its content: wherever it lies now, and whatever lies in its
place by now."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from overpaint.core.request.edit_request import EditRequest
from overpaint.library.gallery.provenance import hash_of_version


def source_file(request: EditRequest, others: Iterable[Path], folders: Iterable[Path]) -> Path | None:
    """A file with the very bytes of the picture that was edited: the one that was sent, one of ``others``, or
    one in ``folders``; None where there is none any more. Blocks.

    A request without a hash is of an older version: then length and time of its own file have to do.
    """
    picture = request.pictures[0]
    if not request.source_hash:
        return picture.path if _is_untouched(picture.path, picture.bytes, picture.modified) else None
    for file in _candidates(picture.path, picture.bytes, others, folders):
        with suppress(OSError):
            if hash_of_version(file) == request.source_hash:
                return file
    return None


def _candidates(own: Path, length: int, others: Iterable[Path], folders: Iterable[Path]) -> Iterator[Path]:
    for file in (own, *others):
        with suppress(OSError):
            if file.stat().st_size == length:
                yield file
    for folder in folders:
        with suppress(OSError), os.scandir(folder) as entries:
            yield from (Path(one.path) for one in entries if _has_length(one, length))


def _has_length(entry: os.DirEntry[str], length: int) -> bool:
    return entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_size == length


def _is_untouched(file: Path, length: int, modified: int) -> bool:
    try:
        found = file.stat()
    except OSError:
        return False
    return found.st_size == length and modified in (0, found.st_mtime_ns)
