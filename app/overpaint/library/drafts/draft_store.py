"""The picture tray as it was left: which pictures, in what order, the masks of each and the history, on disk.

One process owns a draft at a time; a second window works without one. Masks are 8-bit grey PNGs beside
``draft.json``, which is written last, so that it never names a mask that is not whole, nor a history that
doesn't belong to these masks.
"""

import errno
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from overpaint.core.errors import StorageError
from overpaint.library.journal.stored_job import PictureFacts
from overpaint.library.storage.durable_files import Folder, make_folder, read_bounded, sync_file, write_all
from overpaint.library.storage.locks import FileLock, lock_if_free
from overpaint.library.storage.storage_errors import storage_errors

_FILE = "draft.json"
_LOCK = "draft.lock"
_LIMIT = 200_000_000
_MOST_ASIDE = 100
_TRIES = 3
"""A disk or a share that fails once may give the same bytes a moment later."""


class DraftMask(msgspec.Struct, frozen=True):
    """A mask that was saved under a name, in ``file``; ``fraction`` of the pixels would be edited."""

    name: str
    file: str
    fraction: float = 0.0


class DraftPicture(msgspec.Struct, frozen=True):
    """A picture of the tray. ``mask`` is the file that holds its mask, ``""`` while nothing is painted;
    ``digest`` is that of its coverage and ``serial`` its number in the history; ``saved`` are others.
    ``stamp`` is what ``source`` was known by: its length and when it was written last."""

    id: int
    facts: PictureFacts
    source: str
    note: str = ""
    mask: str = ""
    digest: str = ""
    serial: int = 0
    saved: tuple[DraftMask, ...] = ()
    stamp: tuple[int, int] = (0, 0)
    sent: bool = True

    @property
    def files(self) -> list[str]:
        """The files of all its masks."""
        return [name for name in (self.mask, *(one.file for one in self.saved)) if name]


class DraftHistory(msgspec.Struct, frozen=True):
    """Where the history is (``undo_log``): the first ``length`` bytes of ``file``."""

    file: str
    length: int


class Draft(msgspec.Struct, frozen=True):
    """A tray as it is kept: pictures in their order, which of them is on the canvas, and the history.

    ``away`` are pictures whose files were not there when the tray was taken up last, with their masks. Up to
    ``version`` 1 pictures could be sent with their metadata, so that they have to be read again.
    """

    pictures: tuple[DraftPicture, ...] = ()
    current: int | None = None
    history: DraftHistory | None = None
    away: tuple[DraftPicture, ...] = ()
    version: int = 2


class Addition(msgspec.Struct, frozen=True):
    """Bytes for the history's file, from byte ``at`` on; what was there goes. 0 begins a new file."""

    file: str
    at: int
    data: bytes


class DraftStore:
    """The draft in a folder, which is made when there is something to keep."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: FileLock | None = None
        self._unread: list[str] = []
        self.aside: Path | None = None

    @property
    def has_set_aside(self) -> bool:
        """Whether a draft that was set aside, now or earlier, lies beside this one. Blocks."""
        return any(self._folder.parent.glob(f"{self._folder.name}-broken-*"))

    def own(self) -> bool:
        """Takes the draft for this process; False when another one has it. Raises StorageError."""
        if self._held is None:
            with storage_errors(self._folder):
                make_folder(self._folder)
                self._held = lock_if_free(self._folder / _LOCK)
        return self._held is not None

    def release(self) -> None:
        """Lets the next process have it; calling it twice is harmless."""
        held, self._held = self._held, None
        if held is not None:
            held.release()

    def load(self) -> Draft | None:
        """What was kept; None when there is nothing, or nothing that can be read and understood, which
        :meth:`spare_unread` then sets aside."""
        data = self._read(_FILE)
        try:
            return None if data is None else msgspec.json.decode(data, type=Draft)
        except msgspec.MsgspecError:
            self.note_unread(_FILE)
            return None

    def mask(self, file: str) -> bytes | None:
        """A mask as a grey PNG, by the name of its file; None where there is none that can be read."""
        return self._read(file)

    def history(self, draft: Draft) -> bytes | None:
        """The history of a draft; None where it isn't there in its whole length."""
        if draft.history is None:
            return None
        data = self._read(draft.history.file)
        if data is None or not 0 <= draft.history.length <= len(data):
            return None
        return data[: draft.history.length]

    def save(self, draft: Draft, masks: Mapping[str, bytes], history: Addition | None = None) -> None:
        """Keeps a draft, durably. ``masks`` are those that changed, by file name; others stay as they are,
        and files that the draft doesn't name any more are removed. Raises StorageError; the draft that was
        kept before is then still whole."""
        with storage_errors(self._folder), Folder(self._folder, private=True) as folder:
            for name, data in masks.items():
                folder.replace(name, data)
            if history is not None:
                self._add(folder, history)
            folder.replace(_FILE, msgspec.json.encode(draft))
            wanted = {file for picture in (*draft.pictures, *draft.away) for file in picture.files}
            wanted |= {draft.history.file} if draft.history else set()
            for pattern in ("mask-*.png", "history-*.log"):
                for left in self._folder.glob(pattern):
                    if left.name not in wanted:
                        left.unlink(missing_ok=True)

    def _add(self, folder: Folder, addition: Addition) -> None:
        if not addition.at:
            folder.replace(addition.file, addition.data)
            return
        flags = os.O_WRONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        handle = os.open(self._folder / addition.file, flags | getattr(os, "O_CLOEXEC", 0))
        try:
            if os.fstat(handle).st_size < addition.at:
                raise FileNotFoundError(errno.ENOENT, "The history's file was cut short.")
            os.ftruncate(handle, addition.at)
            os.lseek(handle, addition.at, os.SEEK_SET)
            write_all(handle, addition.data)
            sync_file(handle)
        finally:
            os.close(handle)

    def note_unread(self, file: str) -> None:
        """Remembers that a file holds something that couldn't be read, or not be understood."""
        self._unread.append(file)

    def spare_unread(self) -> bool:
        """Sets everything aside where a part of it couldn't be read, so that nothing that is written from now
        on replaces or removes it; False when it stands there still, and nothing may be written."""
        return not self._unread or self.set_aside()

    def set_aside(self) -> bool:
        """Moves everything into a folder beside this one, so that it can still be repaired: ``aside`` says
        where. False when it can't be moved."""
        for number in range(1, _MOST_ASIDE):
            aside = self._folder.with_name(f"{self._folder.name}-broken-{number}")
            try:
                aside.mkdir(mode=0o700)
                for file in self._folder.iterdir():
                    if file.name != _LOCK:
                        file.replace(aside / file.name)
            except FileExistsError:
                continue
            except OSError:
                return False
            self.aside = aside
            return True
        return False

    def _read(self, file: str) -> bytes | None:
        if not file or Path(file).name != file:
            return None
        for _ in range(_TRIES):
            try:
                return read_bounded(self._folder / file, _LIMIT)
            except StorageError as fault:
                if isinstance(fault.__cause__, FileNotFoundError):
                    return None
        self.note_unread(file)
        return None
