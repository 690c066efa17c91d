"""Brings files and pixels into the tray: each becomes a picture that can be sent, or a refusal in words."""

import asyncio
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from overpaint.core.errors import OverpaintError, PictureTooLarge, StorageError
from overpaint.core.foreign_words import visible
from overpaint.core.masks.mask import Mask
from overpaint.core.request.edit_request import Picture
from overpaint.core.request.params import MAX_PICTURES
from overpaint.studio.document.picture_names import unique_name
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem, stamp_of
from overpaint.studio.event import Event
from overpaint.studio.pictures.file_collection import collect_files
from overpaint.studio.pictures.mapped_pixels import Pixels
from overpaint.studio.pictures.picture_reader import PictureReader

FULL = f"The tray holds {MAX_PICTURES} pictures. Remove one to add another."


class Rejected(msgspec.Struct, frozen=True):
    """A file that did not come into the tray, and why, as a sentence.

    ``file`` is one of which a copy can be made that is small enough, otherwise None.
    """

    name: str
    message: str
    file: Path | None = None


@dataclass(eq=False, slots=True)
class PendingPicture:
    """A picture on its way into the tray; ``preview`` is there once the file was read."""

    name: str
    preview: Pixels | None = None


class PictureImport:
    """The tray's one entrance. What can't come in leaves the tray as it is.

    ``pending`` are the pictures that are being read, ``pending_changed`` tells that they are others.
    ``keep_metadata`` says whether files go to the service with all that they hold.
    """

    def __init__(
        self,
        session: Session,
        drafts: Path,
        reader: PictureReader,
        keep_metadata: Callable[[], bool] = lambda: False,
    ) -> None:
        self._session = session
        self._drafts = drafts
        self._reader = reader
        self.keep_metadata = keep_metadata
        self.pending: tuple[PendingPicture, ...] = ()
        self.pending_changed: Event[[]] = Event()

    async def import_files(self, files: Sequence[Path], *, shrink: bool = False) -> list[Rejected]:
        """Adds picture files, and those in folders, in their order and as one act; returns what was refused.

        Once there are enough for a full tray the rest is refused unopened, be it a thousand files. With
        ``shrink`` files that are too large come in as smaller copies.
        """
        found = await asyncio.to_thread(collect_files, files)
        examined: list[TrayItem | Rejected] = [Rejected(*remark) for remark in found.remarks]
        rest = list(found.files)
        while rest and (room := self._room() - sum(isinstance(one, TrayItem) for one in examined)) > 0:
            batch, rest = rest[:room], rest[room:]
            examined += await self._read_all(batch, shrink=shrink)
        return self._settle(examined) + [Rejected(visible(file.name), FULL) for file in rest]

    async def import_pixels(self, png: bytes, name: str) -> list[Rejected]:
        """Adds a picture that exists only as PNG data, such as a pasted one; it is kept as a draft."""
        return await self._take_data(png, ".png", name)

    async def import_data(self, data: bytes, name: str) -> list[Rejected]:
        """Adds a picture that exists only as encoded bytes of any kind, such as a fetched one."""
        return await self._take_data(data, "", name)

    @contextmanager
    def pending_picture(self, name: str) -> Iterator[None]:
        """Shows something of that name on its way into the tray meanwhile."""
        picture = PendingPicture(visible(name))
        self._tell((*self.pending, picture))
        try:
            yield
        finally:
            self._tell(tuple(one for one in self.pending if one is not picture))

    async def examine(self, file: Path, *, shrink: bool = False) -> TrayItem:
        """A file as an item that is not yet in the tray. Raises :class:`PictureError` or StorageError."""
        stamp = await asyncio.to_thread(stamp_of, file)  # before it is read: what comes later is a change
        item = await examine(
            file, self._drafts, self._reader, shrink=shrink, keep_metadata=self.keep_metadata()
        )
        if item.picture.path == file:
            item = replace(item, picture=replace(item.picture, modified=stamp[1]))
        if item.source != file:
            stamp = await asyncio.to_thread(stamp_of, item.source)
        return replace(item, stamp=stamp)

    async def _take_data(self, data: bytes, ending: str, name: str) -> list[Rejected]:
        try:
            file = await asyncio.to_thread(_keep, self._drafts, data, ending)
        except StorageError as fault:
            return [Rejected(visible(name), fault.sentence())]
        (examined,) = await self._read_all([file])
        if isinstance(examined, TrayItem):
            return self._settle([examined.renamed(name)])
        with suppress(OSError):  # what is no picture need not be kept
            await asyncio.to_thread(file.unlink)
        return [Rejected(visible(name), examined.message.replace(visible(file.name), visible(name)))]

    async def _read_all(self, files: Sequence[Path], *, shrink: bool = False) -> list[TrayItem | Rejected]:
        pending = [PendingPicture(visible(file.name)) for file in files]
        self._tell((*self.pending, *pending))
        try:
            work = (self._read(file, one, shrink) for file, one in zip(files, pending, strict=True))
            return await asyncio.gather(*work)
        finally:
            self._tell(tuple(one for one in self.pending if one not in pending))

    async def _read(self, file: Path, picture: PendingPicture, shrink: bool) -> TrayItem | Rejected:
        try:
            item = await self.examine(file, shrink=shrink)
        except PictureTooLarge as fault:
            return Rejected(visible(file.name), fault.sentence(), None if shrink else file)
        except OverpaintError as fault:
            return Rejected(visible(file.name), fault.sentence())
        picture.preview = self._reader.preview(item.picture.path)
        self.pending_changed.emit()
        return item

    def _tell(self, pending: tuple[PendingPicture, ...]) -> None:
        self.pending = pending
        self.pending_changed.emit()

    def _settle(self, examined: Sequence[TrayItem | Rejected]) -> list[Rejected]:
        items = [one for one in examined if isinstance(one, TrayItem)]
        rejected = [one for one in examined if isinstance(one, Rejected)]
        room = self._room()
        rejected.extend(Rejected(item.name, FULL) for item in items[room:])
        names = [item.name for item in self._session.tray]
        for at, item in enumerate(items):
            items[at] = item.renamed(unique_name(item.name, names))
            names.append(items[at].name)
        self._session.add(items[:room])
        return rejected

    def _room(self) -> int:
        return MAX_PICTURES - len(self._session.tray)


async def examine(
    file: Path, drafts: Path, reader: PictureReader, *, shrink: bool = False, keep_metadata: bool = False
) -> TrayItem:
    """A file as an item for the tray. Raises :class:`PictureError` or :class:`StorageError` in words."""
    taken = await reader.prepare(file, drafts, shrink=shrink, keep_metadata=keep_metadata)
    return _item(taken.picture, file, taken.change)


async def checked(file: Path, reader: PictureReader) -> tuple[bool, str]:
    """Whether the tray would take a file, and that in words: what it is, or why not."""
    with tempfile.TemporaryDirectory(prefix="overpaint-") as drafts:
        try:
            item = await examine(file, Path(drafts), reader)
        except OverpaintError as fault:
            return False, fault.sentence()
    note = f", {item.note[0].lower()}{item.note[1:]}" if item.note else ""
    return True, f"{item.picture.format}, {item.picture.size}{note}"


def _item(picture: Picture, source: Path, note: str) -> TrayItem:
    if str(source).encode(errors="replace") != os.fsencode(source):
        source = picture.path  # the copy of one whose name is no text and can't be kept
    return TrayItem(0, picture, source, note, Mask(picture.size.width, picture.size.height))


def _keep(drafts: Path, data: bytes, ending: str) -> Path:
    file = drafts / f"pasted-{hashlib.blake2b(data, digest_size=8).hexdigest()}{ending}"
    temporary = file.with_suffix(f".{os.getpid()}.part")
    try:
        drafts.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        temporary.replace(file)
    except OSError as fault:
        with suppress(OSError):  # where the folder is none, there is nothing to take away
            temporary.unlink(missing_ok=True)
        raise StorageError("The pasted picture couldn't be kept.", cause=str(fault)) from fault
    return file
