"""What the galleries hold already of a run that was cut off: each finished picture is saved once."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from overpaint.core.errors import StorageError
from overpaint.core.results.edit_events import Completed
from overpaint.library.gallery import sidecar
from overpaint.library.gallery.gallery import Gallery, SavedResult
from overpaint.library.gallery.sidecar import Sidecar
from overpaint.library.journal.journal import StoredJob
from overpaint.studio.runs.job import Job


def galleries_of(kept: StoredJob, current: Gallery) -> list[Gallery]:
    """Where pictures of a run may lie, the folder that they were meant for first; each is there."""
    meant = [Path(kept.intent.gallery)] if kept.intent.gallery else []
    folders = dict.fromkeys([*meant, current.folder])
    return [Gallery(folder) for folder in folders if folder.is_dir()]


def split(
    finished: Sequence[Completed], kept: StoredJob, galleries: Sequence[Gallery], run: str
) -> tuple[list[tuple[SavedResult, Completed]], list[Completed]]:
    """The pictures of a reply that are saved, with their files, and those that aren't.

    A saved file that the user has moved away since counts as saved: it is the first of the pictures that no
    file holds. Raises StorageError when a gallery can't be read.
    """
    found: list[tuple[SavedResult, Completed]] = []
    left: list[Completed] = []
    noted = [path for path in kept.saved if path.is_file()]
    for completed in finished:
        saved = _noted(completed, noted) or _found(completed, galleries, run, [one.path for one, _ in found])
        if saved is None:
            left.append(completed)
        else:
            found.append((saved, completed))
            noted = [path for path in noted if path != saved.path]
    moved = sum(1 for path in kept.saved if not path.is_file())
    return found, left[moved:]


def told_by_sidecars(job: Job, galleries: Sequence[Gallery]) -> tuple[list[SavedResult], Sidecar | None]:
    """The pictures whose sidecars name a run, and what the first of these says of it; for a run of which the
    journal doesn't hold the reply. Raises StorageError when a gallery can't be read."""
    results = [one for gallery in galleries for one in gallery.of_run(job.id, job.created)]
    for one in results:
        with suppress(StorageError):
            if one.sidecar is not None:
                return results, sidecar.read(one.sidecar)
    return results, None


def _noted(completed: Completed, noted: Sequence[Path]) -> SavedResult | None:
    """The picture in one of the files that the journal names."""
    for path in noted:
        with suppress(OSError):
            if path.stat().st_size == len(completed.data) and path.read_bytes() == completed.data:
                return Gallery(path.parent).result(path.name)
    return None


def _found(
    completed: Completed, galleries: Sequence[Gallery], run: str, taken: Sequence[Path]
) -> SavedResult | None:
    for gallery in galleries:
        saved = gallery.find(completed.data, run, but=taken)  # pictures of one reply may be equal
        if saved is not None:
            return saved
    return None
