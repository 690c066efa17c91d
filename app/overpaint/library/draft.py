"""The picture tray as it was left: which pictures, in what order, and the mask of each, on disk.

One process owns a draft at a time; a second window works without one. Masks are 8-bit grey PNGs beside
``draft.json``, which is written last, so that it never names a mask that is not whole.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from overpaint.core.errors import StorageError
from overpaint.library.failures import storage_errors
from overpaint.library.files import Folder, make_folder, read_bounded
from overpaint.library.kept import PictureFacts
from overpaint.library.locks import FileLock, lock_if_free

_FILE = "draft.json"
_LOCK = "draft.lock"
_LIMIT = 200_000_000


class DraftPicture(msgspec.Struct, frozen=True):
    """A picture of the tray. ``mask`` is the file that holds its mask, ``""`` while nothing is painted."""

    id: int
    facts: PictureFacts
    source: str
    note: str = ""
    mask: str = ""


class Draft(msgspec.Struct, frozen=True):
    """A tray as it is kept: pictures in their order, and which of them is on the canvas."""

    pictures: tuple[DraftPicture, ...] = ()
    current: int | None = None
    version: int = 1


class DraftStore:
    """The draft in a folder, which is made when there is something to keep."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: FileLock | None = None

    def own(self) -> bool:
        """Takes the draft for this process; False when another one has it. Raises StorageError."""
        if self._held is None:
            with storage_errors(self._folder):
                make_folder(self._folder)
                self._held = lock_if_free(self._folder / _LOCK)
        return self._held is not None

    def release(self) -> None:
        """Lets the next process have it; harmless when done twice."""
        held, self._held = self._held, None
        if held is not None:
            held.release()

    def load(self) -> Draft | None:
        """What was kept; None when there is nothing, or nothing that can be understood."""
        try:
            return msgspec.json.decode(read_bounded(self._folder / _FILE, _LIMIT), type=Draft)
        except (StorageError, msgspec.MsgspecError):
            return None

    def mask(self, picture: DraftPicture) -> bytes | None:
        """The mask of a picture as a grey PNG; None where there is none."""
        if not picture.mask or Path(picture.mask).name != picture.mask:
            return None
        try:
            return read_bounded(self._folder / picture.mask, _LIMIT)
        except StorageError:
            return None

    def save(self, draft: Draft, masks: Mapping[str, bytes]) -> None:
        """Keeps a draft, durably. ``masks`` are those that changed, by file name; others stay as they are,
        and those that no picture names any more are removed. Raises StorageError."""
        with storage_errors(self._folder), Folder(self._folder, private=True) as folder:
            for name, data in masks.items():
                folder.replace(name, data)
            folder.replace(_FILE, msgspec.json.encode(draft))
            wanted = {picture.mask for picture in draft.pictures}
            for left in self._folder.glob("mask-*.png"):
                if left.name not in wanted:
                    left.unlink(missing_ok=True)
