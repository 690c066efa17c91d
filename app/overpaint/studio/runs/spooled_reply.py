"""Reads the pictures out of a reply as the journal keeps it, byte for byte as it came."""

from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path

from overpaint.core.results.edit_events import Completed, Partial
from overpaint.library.journal.journal import StoredJob
from overpaint.library.storage.storage_errors import storage_errors

_CHUNK = 256 * 1024


def received(kept: StoredJob) -> list[Partial | Completed]:
    """The pictures that had come, in their order; none where no reply was kept. Blocks.

    Where no reader finds a finished one, the reply is looked through for anything that is a whole picture.
    Raises :class:`StorageError` when the reply can't be read.
    """
    if kept.head is None or kept.body is None:
        return []
    from overpaint.api.reply.recorded_reply import (  # loads on a worker thread, when there is a reply
        read_recorded,
        scan_recorded,
    )

    status, headers = kept.head.status, kept.head.headers
    with storage_errors(kept.folder):
        events = read_recorded(status, headers, _chunks(kept.body))
        if any(isinstance(one, Completed) for one in events) or not kept.body.stat().st_size:
            return events
        with kept.body.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as body:
            return [*events, *scan_recorded(status, headers, body)]


def _chunks(body: Path) -> Iterator[bytes]:
    with body.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
