"""Brings files and pixels into the tray: each becomes a picture that can be sent, or a refusal in words."""

import asyncio
import hashlib
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from overpaint.core.errors import OverpaintError, PictureError, StorageError
from overpaint.core.mask import Mask
from overpaint.core.params import MAX_PICTURES
from overpaint.studio.session import Session
from overpaint.studio.tray import TrayItem

_AT_ONCE = 4
_FULL = f"The tray holds {MAX_PICTURES} pictures. Remove one to add another."


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that did not come into the tray, and why, as a sentence."""

    name: str
    message: str


class Intake:
    """The tray's one entrance. What can't come in leaves the tray as it is."""

    def __init__(self, session: Session, drafts: Path) -> None:
        self._session = session
        self._drafts = drafts

    async def take(self, files: Sequence[Path]) -> list[Refusal]:
        """Adds picture files in their order, as one act; returns what was refused.

        Once there are enough for a full tray the rest is refused unopened, be it a thousand files.
        """
        examined: list[TrayItem | Refusal] = []
        rest = list(files)
        while rest and sum(isinstance(one, TrayItem) for one in examined) < self._room():
            batch, rest = rest[:_AT_ONCE], rest[_AT_ONCE:]
            examined += await asyncio.gather(*(self._examined(file) for file in batch))
        return self._settle(examined) + [Refusal(file.name, _FULL) for file in rest]

    async def take_pixels(self, png: bytes, name: str) -> list[Refusal]:
        """Adds a picture that exists only as PNG data, such as a pasted one; it is kept as a draft."""
        try:
            file = await asyncio.to_thread(_keep, self._drafts, png)
        except StorageError as fault:
            return [Refusal(name, fault.sentence())]
        examined = await self._examined(file)
        return self._settle([examined.renamed(name) if isinstance(examined, TrayItem) else examined])

    async def _examined(self, file: Path) -> TrayItem | Refusal:
        try:
            return await asyncio.to_thread(examine, file, self._drafts)
        except OverpaintError as fault:
            return Refusal(file.name, fault.sentence())

    def _settle(self, examined: Sequence[TrayItem | Refusal]) -> list[Refusal]:
        items = [one for one in examined if isinstance(one, TrayItem)]
        refusals = [one for one in examined if isinstance(one, Refusal)]
        room = self._room()
        refusals.extend(Refusal(item.name, _FULL) for item in items[room:])
        self._session.add(items[:room])
        return refusals

    def _room(self) -> int:
        return MAX_PICTURES - len(self._session.tray)


def examine(file: Path, drafts: Path) -> TrayItem:
    """A file as an item for the tray, decoded once in full; converted into ``drafts`` where it must be.

    Raises :class:`PictureError` or :class:`StorageError` in words.
    """
    if file.is_dir():
        raise PictureError(f"{file.name} is a folder.", next_step="Open it and choose pictures.")
    from overpaint.imaging.prepare import prepare  # Pillow loads here, on a worker thread

    picture = prepare(file, drafts)
    note = "" if picture.path == file else f"Converted to {picture.format.upper()} for upload"
    return TrayItem(0, picture, file, note, Mask(picture.size.width, picture.size.height))


def checked(file: Path) -> tuple[bool, str]:
    """Whether the tray would take a file, and that in words: what it is, or why not."""
    with tempfile.TemporaryDirectory(prefix="overpaint-") as drafts:
        try:
            item = examine(file, Path(drafts))
        except OverpaintError as fault:
            return False, fault.sentence()
    note = f", {item.note[0].lower()}{item.note[1:]}" if item.note else ""
    return True, f"{item.picture.format}, {item.picture.size}{note}"


def _keep(drafts: Path, data: bytes) -> Path:
    file = drafts / f"pasted-{hashlib.blake2b(data, digest_size=8).hexdigest()}.png"
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
