"""Makes the kept picture of a result anew, from what its sidecar says."""

from pathlib import Path

from overpaint.core.errors import StorageError
from overpaint.core.request import sizes
from overpaint.core.request.edit_request import EditRequest, Picture
from overpaint.core.request.sizes import Size
from overpaint.core.results.blending import Seam
from overpaint.core.results.kept_composite import Composite
from overpaint.library.gallery import sidecar as sidecars
from overpaint.library.gallery.gallery import Gallery, SavedResult
from overpaint.library.gallery.result_files import result_of
from overpaint.studio.results import kept_words
from overpaint.studio.results.keep import keep
from overpaint.studio.results.kept_result import NotKept
from overpaint.studio.runs.run_source import source_file


def keep_again(file: Path, seam: Seam | None, folders: tuple[Path, ...]) -> tuple[Path, Composite]:
    """The kept picture of a result, written beside it, and how it was made. Without a ``seam`` it is that
    of the kept picture before. The picture it was made of may also lie in ``folders``.

    Raises :class:`NotKept` where the result must stand as it came, StorageError for files that can't be read
    or written. Blocks.
    """
    result = result_of(file)
    if result is None:
        raise StorageError(
            f"“{file.name}” has no details beside it, so nobody knows what it was made of.",
            next_step="Choose a result in a gallery of Overpaint.",
        )
    saved = Gallery(result.parent).result(result.name)
    source, before = _source_of(saved, folders)
    kept, made = keep(saved, source, seam or (before.seam if before is not None else Seam()))
    return kept.kept or saved.path, made.composite


def _source_of(saved: SavedResult, folders: tuple[Path, ...]) -> tuple[Path, Composite | None]:
    if saved.sidecar is None:
        raise NotKept(kept_words.SOURCE_GONE)
    details = sidecars.read(saved.sidecar)
    if not details.sources or not details.sources[0].sha256:
        raise NotKept(kept_words.SOURCE_GONE)
    first = details.sources[0]
    size = sizes.parse(first.size) or Size(1, 1)
    picture = Picture(Path(first.path), first.name, "", size, first.bytes)
    request = EditRequest(details.params, (picture,), source_hash=first.sha256)
    source = source_file(request, (), (saved.path.parent, *folders))
    if source is None:
        raise NotKept(kept_words.SOURCE_GONE)
    return source, details.composite
