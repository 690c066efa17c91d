"""Finished pictures that no folder takes and no window holds: they go wherever there is room."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from overpaint.core.errors import OverpaintError, StorageError
from overpaint.core.results.edit_events import Completed
from overpaint.library.gallery.gallery import Gallery
from overpaint.library.journal.stored_job import read_job
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_persistence import store_elsewhere
from overpaint.studio.runs.job_runner import RunTools
from overpaint.studio.runs.spooled_reply import received
from overpaint.studio.unexpected import Contained

_MEMORY = Path("/dev/shm")


class NotKept(StorageError):
    """Pictures that no disk took, with their bytes, so that they can still be handed on."""

    def __init__(self, fault: OverpaintError, pictures: tuple[Completed, ...]) -> None:
        super().__init__(fault.message, cause=fault.cause)
        self.kind = fault.kind
        self.pictures = pictures


async def save_anywhere(job: Job, tools: RunTools, gallery: Path) -> str:
    """Saves what its own folder didn't take in the ``gallery``, or else among temporary files; tells in words
    what went wrong and where the pictures are.

    Raises :class:`StorageError` when no place takes them all: with the word that the journal has them, where
    it has, otherwise :class:`NotKept`.
    """
    fault = job.error or StorageError("The picture couldn't be saved.")
    before = len(job.results)
    for place in await asyncio.to_thread(lambda: list(_places(gallery))):
        with Contained("saving a picture in another place"), suppress(StorageError):
            await store_elsewhere(
                job, Gallery(place), tools.journal, own_folder=gallery, version=tools.version
            )
        await asyncio.to_thread(_remove_if_empty, place)
        if not job.unsaved:
            there = ", ".join(dict.fromkeys(str(saved.path.parent) for saved in job.results[before:]))
            return f"{fault.message} The picture was saved in {there} instead."
    if await asyncio.to_thread(_is_in_journal, job, tools):
        fault.next_step = "The picture is kept in Overpaint's journal: the window saves it at its next start."
        raise fault
    raise NotKept(fault, tuple(job.unsaved))


def _places(gallery: Path) -> Iterator[Path]:
    """The gallery, then private folders among temporary files, and in memory where that is like a disk."""
    yield gallery
    for place in dict.fromkeys((Path(tempfile.gettempdir()), _MEMORY)):
        with suppress(OSError):
            yield Path(tempfile.mkdtemp(prefix="overpaint-saved-", dir=place))


def _remove_if_empty(place: Path) -> None:
    with suppress(OSError):
        place.rmdir()


def _is_in_journal(job: Job, tools: RunTools) -> bool:
    """Whether all that wasn't saved can be read from the kept reply."""
    with Contained("looking for a picture in the journal"):
        kept = read_job(tools.journal.folder / job.id)
        events = received(kept) if kept is not None else []
        there = {event.data for event in events if isinstance(event, Completed)}
        return all(one.data in there for one in job.unsaved)
    return False
