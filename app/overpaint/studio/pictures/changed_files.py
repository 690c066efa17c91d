"""Notices pictures of the tray that another program has changed on the disk, and reads them again."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import msgspec

from overpaint.core.errors import OverpaintError, PictureTooLarge
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import UNKNOWN, TrayItem, stamp_of
from overpaint.studio.document.tray_commands import with_mask_of
from overpaint.studio.pictures.picture_import import PictureImport, Rejected


class Changed(msgspec.Struct, frozen=True):
    """The names of pictures that were read again, and those that can't be sent as they are now."""

    renewed: tuple[str, ...] = ()
    refused: tuple[Rejected, ...] = ()

    @property
    def words(self) -> str:
        """What was read again, as a sentence; ``""`` for nothing."""
        if not self.renewed:
            return ""
        names = ", ".join(f"“{name}”" for name in self.renewed)
        return f"{names} changed on the disk and {'was' if len(self.renewed) == 1 else 'were'} read again."


class ChangedFiles:
    """What is on the canvas is what is sent: a picture that was opened in another program and saved there
    keeps its place, its name and its mask, which is stretched where the picture has another size now."""

    def __init__(self, session: Session, picture_import: PictureImport) -> None:
        self._session = session
        self._picture_import = picture_import
        self._keeps = picture_import.keep_metadata()
        self._turn = asyncio.Lock()

    async def look(self) -> Changed:
        """Compares every file with what it was known by; a file that has gone is left to whoever sends it.

        All are read again once metadata is to be sent along, or no longer.
        """
        async with self._turn:
            tray = self._session.tray
            stamps = await asyncio.to_thread(_stamps, tray)
            keeps = self._picture_import.keep_metadata()
            as_before, self._keeps = keeps == self._keeps, keeps
            renewed, refused = [], []
            for item, stamp in zip(tray, stamps, strict=True):
                if stamp == UNKNOWN or (stamp == item.stamp and as_before):
                    continue
                try:
                    new = await self._read(item)
                except OverpaintError as fault:
                    refused.append(
                        Rejected(item.name, f"{item.name} changed on the disk. {fault.sentence()}")
                    )
                    continue
                if self._put(item, new) and item.stamp not in (UNKNOWN, stamp):
                    renewed.append(item.name)
            return Changed(tuple(renewed), tuple(refused))

    async def _read(self, item: TrayItem) -> TrayItem:
        with self._picture_import.pending_picture(item.name):
            try:
                new = await self._picture_import.examine(item.source)
            except PictureTooLarge:
                if not item.is_copy:
                    raise
                new = await self._picture_import.examine(item.source, shrink=True)  # as it was before
        return replace(new, id=item.id)

    def _put(self, item: TrayItem, new: TrayItem) -> bool:
        """False for a picture that has left the tray meanwhile."""
        now = next((one for one in self._session.tray if one.id == item.id), None)
        if now is None:
            return False
        self._session.reload(with_mask_of(new.renamed(now.name), now))
        return True


def _stamps(tray: Sequence[TrayItem]) -> list[tuple[int, int]]:
    return [stamp_of(item.source) for item in tray]
