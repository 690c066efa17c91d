"""Reads the pictures out of a reply as the journal keeps it, byte for byte as it came."""

from collections.abc import Iterator
from pathlib import Path

from overpaint.core.results.edit_events import Completed, Partial
from overpaint.library.journal.journal import StoredJob
from overpaint.library.storage.storage_errors import storage_errors

_CHUNK = 256 * 1024


def received(kept: StoredJob) -> list[Partial | Completed]:
    """The pictures that had come, in their order; none where no reply was kept. Blocks.

    Raises :class:`StorageError` when the reply can't be read.
    """
    if kept.head is None or kept.body is None:
        return []
    from overpaint.api.reply.recorded_reply import (
        read_recorded,  # loads on a worker thread, when there is a reply
    )

    with storage_errors(kept.folder):
        return read_recorded(kept.head.status, kept.head.headers, _chunks(kept.body))


def _chunks(body: Path) -> Iterator[bytes]:
    with body.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
