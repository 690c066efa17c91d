"""A gallery: a folder the user chose, with every result's original bytes, its mask and its sidecar.

One result is ``STEM.png`` (or ``.jpg``, ``.webp``), ``STEM.mask.png`` and ``STEM.painted.png`` when there
was a mask, as it was sent and as it was painted, and ``STEM.overpaint.json``. They are written in that order,
each whole and on the disk before the next, so a crash can cost the details but never the picture, and never
leaves details without a picture.
"""

import hashlib
import os
from collections.abc import Callable, Container
from datetime import datetime
from pathlib import Path
from typing import Unpack

import msgspec

from overpaint.core.errors import FolderMissing, StorageError
from overpaint.core.request.edit_request import EditRequest
from overpaint.core.request.picture_formats import named, result_suffixes
from overpaint.core.results.edit_events import Completed
from overpaint.core.results.kept_composite import Composite
from overpaint.library.gallery import sidecar as sidecars
from overpaint.library.gallery.provenance import RunFacts, describe, hash_of_file
from overpaint.library.gallery.result_files import (
    COMPANIONS,
    KEPT_ENDING,
    MASK_ENDING,
    PAINTED_ENDING,
    is_result,
)
from overpaint.library.gallery.result_names import file_stem, numbered, written_at
from overpaint.library.gallery.sidecar import SIDECAR_ENDING, Sidecar
from overpaint.library.storage.durable_files import Folder, make_folder, read_bounded
from overpaint.library.storage.storage_errors import storage_errors
from overpaint.library.storage.temporary_files import sweep_abandoned

_PROBE_BYTES = 64 * 1024


class SavedResult(msgspec.Struct, frozen=True):
    """A result in a gallery; ``sidecar``, ``mask`` (as it was sent), ``painted`` (as it was painted) and
    ``kept`` (the picture with nothing changed but that) are None where there is none.

    ``failure`` is set by :meth:`Gallery.save` alone: the picture is safe, but its mask or details are not.
    """

    path: Path
    sidecar: Path | None = None
    mask: Path | None = None
    painted: Path | None = None
    kept: Path | None = None
    failure: StorageError | None = None


class Gallery:
    """The results in one folder. Any number of windows and processes may share it.

    Every method raises StorageError (DiskFull, ReadOnly, FolderMissing) with words for the user.
    """

    def __init__(self, folder: Path) -> None:
        """``folder`` may be missing; links in its path are followed once, now, and never again."""
        self._folder = folder.resolve()

    @property
    def folder(self) -> Path:
        """Where the results lie, absolute and without links."""
        return self._folder

    def check(self) -> None:
        """Raises the StorageError that a save would meet now; removes what crashed saves left."""
        with storage_errors(self._folder), self._open() as folder:
            probe = folder.reserve()
            try:
                folder.write(probe, bytes(_PROBE_BYTES))
            finally:
                folder.discard(probe)
        sweep_abandoned(self._folder)

    def create(self) -> None:
        """Makes the folder, and those above it, if they aren't there."""
        with storage_errors(self._folder):
            make_folder(self._folder)

    def save(self, completed: Completed, request: EditRequest, **facts: Unpack[RunFacts]) -> SavedResult:
        """Keeps a finished picture byte for byte, with its mask and sidecar; returns where.

        Its name begins with the local time of the edit. Nothing that was in the folder is touched. When the
        picture is safe but the mask or the sidecar could not be written, the result says so in ``failure``;
        when the picture isn't, StorageError is raised and nothing new is left in the folder.
        """
        ending = named(completed.format).suffix
        with storage_errors(self._folder), self._open() as folder:
            wished = file_stem(facts["when"].astimezone(), request.params.prompt)
            stem = _save_picture(folder, wished, ending, completed.data)
        return self.complete(SavedResult(self._folder / (stem + ending)), completed, request, **facts)

    def complete(
        self, saved: SavedResult, completed: Completed, request: EditRequest, **facts: Unpack[RunFacts]
    ) -> SavedResult:
        """Writes mask and sidecar of a picture that lies here without them, as :meth:`save` does."""
        if saved.sidecar is not None:
            return saved
        with storage_errors(self._folder), self._open() as folder:
            details = describe(completed, request, saved.path, **facts)
            return self._save_details(folder, saved, details, request)

    def keep(self, saved: SavedResult, data: bytes, composite: Composite) -> SavedResult:
        """Puts the kept picture of a result, a PNG, beside it in the place of an earlier one, and notes in
        the sidecar how it was made. The result itself is not touched."""
        kept = saved.path.stem + KEPT_ENDING
        with storage_errors(self._folder), self._open() as folder:
            folder.replace(kept, data)
            if saved.sidecar is not None:
                facts = msgspec.structs.replace(sidecars.read(saved.sidecar), composite=composite)
                folder.replace(saved.sidecar.name, sidecars.encode(facts))
        return msgspec.structs.replace(saved, kept=self._folder / kept)

    def results(self) -> list[SavedResult]:
        """Every picture in the folder, newest first; those without a sidecar too."""
        with storage_errors(self._folder), os.scandir(self._folder) as entries:
            names = {entry.name for entry in entries if entry.is_file(follow_symlinks=False)}
        found = [self._with_companions(name, names.__contains__) for name in names if is_result(name)]
        aged = [(age, one) for one in found if (age := _age(one.path)) is not None]
        return [one for _, one in sorted(aged, key=lambda pair: pair[0], reverse=True)]

    def result(self, name: str) -> SavedResult:
        """The result of a file name, with what lies beside it."""
        return self._with_companions(name, lambda beside: (self._folder / beside).is_file())

    def find(self, data: bytes, run: str = "", *, but: Container[Path] = ()) -> SavedResult | None:
        """The result with exactly these bytes, if it is here already; the newest of several.

        Files in ``but`` don't count, nor, with a ``run``, one whose sidecar names another.
        """
        digest = hashlib.sha256(data).hexdigest()
        for one in self.results():
            if one.path in but:
                continue
            with storage_errors(self._folder):
                same = one.path.stat().st_size == len(data) and hash_of_file(one.path) == digest
            if same and (not run or _run_of(one) in ("", run)):
                return one
        return None

    def of_run(self, run: str, when: datetime) -> list[SavedResult]:
        """The results whose sidecars name a run, which was asked for at ``when``; oldest first."""
        stem = file_stem(when.astimezone(), "")
        return [
            one for one in reversed(self.results()) if one.path.name.startswith(stem) and _run_of(one) == run
        ]

    def _open(self) -> Folder:
        try:
            folder = Folder(self._folder)
        except FileNotFoundError as exc:
            raise FolderMissing(
                f"The gallery folder {self._folder} isn't there.",
                cause=exc.strerror or "",
                next_step="Create it, connect its disk, or choose another folder.",
            ) from exc
        if self._folder.resolve() != self._folder:
            folder.close()
            raise StorageError(
                f"The gallery folder {self._folder} is now a link that leads elsewhere.",
                next_step="Choose the gallery folder again.",
            )
        return folder

    def _save_details(
        self, folder: Folder, saved: SavedResult, facts: Sidecar, request: EditRequest
    ) -> SavedResult:
        stem = saved.path.stem
        mask_name, painted_name, details_name = (
            stem + ending for ending in (MASK_ENDING, PAINTED_ENDING, SIDECAR_ENDING)
        )
        try:
            with storage_errors(self._folder):
                if request.mask is not None:
                    _add(folder, mask_name, request.mask)
                    saved = msgspec.structs.replace(saved, mask=self._folder / mask_name)
                    facts = msgspec.structs.replace(facts, mask=mask_name)
                if request.painted is not None:
                    _add(folder, painted_name, request.painted)
                    saved = msgspec.structs.replace(saved, painted=self._folder / painted_name)
                    facts = msgspec.structs.replace(facts, painted=painted_name)
                _add(folder, details_name, sidecars.encode(facts))
        except FolderMissing:
            raise  # the picture went with it
        except StorageError as exc:
            return msgspec.structs.replace(saved, failure=_without_details(exc))
        return msgspec.structs.replace(saved, sidecar=self._folder / details_name)

    def _with_companions(self, name: str, is_there: Callable[[str], bool]) -> SavedResult:
        stem = Path(name).stem

        def beside(ending: str) -> Path | None:
            return self._folder / (stem + ending) if is_there(stem + ending) else None

        return SavedResult(
            self._folder / name,
            sidecar=beside(SIDECAR_ENDING),
            mask=beside(MASK_ENDING),
            painted=beside(PAINTED_ENDING),
            kept=beside(KEPT_ENDING),
        )


def _without_details(fault: StorageError) -> StorageError:
    """The failure to write mask or sidecar, so that nobody pays twice for a picture that is there."""
    failure = type(fault)(
        f"The picture is saved, but not all of its details. {fault.message}",
        cause=fault.cause,
        next_step="The next start writes them, once there is room. Nothing needs to be sent again.",
    )
    failure.__cause__ = fault
    return failure


def _save_picture(folder: Folder, wished: str, ending: str, data: bytes) -> str:
    """Writes the picture under the first stem that is free for all of a result's files."""
    for stem in numbered(wished):
        if _is_taken(folder, stem):
            continue
        try:
            claimed = folder.reserve(stem)
        except FileExistsError:
            continue
        try:
            # Asked again, now that nobody else can take the stem.
            if not _is_taken(folder, stem):
                folder.write(claimed, data)
                if folder.rename_into_place(claimed, stem + ending):
                    return stem
        finally:
            folder.discard(claimed)
    raise AssertionError("numbered names don't end")


def _is_taken(folder: Folder, stem: str) -> bool:
    return any(folder.has(stem + ending) for ending in (*result_suffixes(), *COMPANIONS))


def _run_of(result: SavedResult) -> str:
    """The run that a result's sidecar names; ``""`` where it names none, or can't be read."""
    try:
        return "" if result.sidecar is None else sidecars.read(result.sidecar).run
    except StorageError:
        return ""


def _add(folder: Folder, name: str, data: bytes) -> None:
    if not folder.add(name, data) and not _holds(folder.path / name, data):
        raise StorageError(
            f"Another program has put its own “{name}” into {folder.path}.",
            next_step="The picture is saved; rename the other file to keep details of both.",
        )


def _holds(path: Path, data: bytes) -> bool:
    """Whether a file is this very one, as a crash left it."""
    try:
        return read_bounded(path, len(data)) == data
    except StorageError:
        return False


def _age(path: Path) -> tuple[datetime, int, str] | None:
    """What sorts results: the time in the name, or the file's; None for an empty or vanished file."""
    try:
        found = path.stat()
    except OSError:
        return None
    if not found.st_size:
        return None
    when, number = written_at(path.stem) or (datetime.fromtimestamp(found.st_mtime), 1)
    return when, number, path.name
