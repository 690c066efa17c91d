"""Which results a result was made from: told by what the pictures hold, not by what they are called."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from overpaint.core.errors import StorageError
from overpaint.library.gallery import sidecar
from overpaint.library.gallery.sidecar import SIDECAR_ENDING, Source


def parents_of(gallery: Path, sources: Iterable[Source], told: Iterable[Path]) -> tuple[Path, ...]:
    """The results among the pictures of an edit, each once.

    Those are ``told`` ones, sources that lie beside a sidecar which knows their contents, and sources with
    the contents of a result in the ``gallery``, wherever they lie and whatever they are called now.
    """
    found = dict.fromkeys(told)
    for source in sources:
        if source.sha256 and (parent := _result_like(source, gallery)) is not None:
            found[parent] = None
    return tuple(found)


def _result_like(source: Source, gallery: Path) -> Path | None:
    path = Path(source.path)
    beside = path.with_name(path.stem + SIDECAR_ENDING) if path.name else path
    for details in (beside, *_sidecars(gallery)):
        result = _result_of(details)
        if result is not None and result[0] == source.sha256:
            return path if details is beside else gallery / result[1]
    return None


def _sidecars(gallery: Path) -> Iterator[Path]:
    try:
        yield from sorted(gallery.glob(f"*{SIDECAR_ENDING}"))
    except OSError:
        return


def _result_of(details: Path) -> tuple[str, str] | None:
    """The hash and the file name of the result that a sidecar is about; None where there is none to read."""
    try:
        found = details.stat()
    except OSError:
        return None
    return _read(details, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=20_000)
def _read(details: Path, _length: int, _changed: int) -> tuple[str, str] | None:
    # A sidecar is written once: each is read once, however many edits follow.
    try:
        result = sidecar.read(details).result
    except StorageError:
        return None
    return (result.sha256, result.file) if result.sha256 else None
