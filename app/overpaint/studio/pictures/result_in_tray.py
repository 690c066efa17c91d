"""Takes a result into the tray: in the place of the picture that it was made of, or beside the others."""

from pathlib import Path

import msgspec

from overpaint.core.request.edit_request import Picture
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem
from overpaint.studio.document.tray_commands import TrayCommands
from overpaint.studio.pictures.picture_import import PictureImport, Rejected


class Replacement(msgspec.Struct, frozen=True):
    """A result about to take the place of the picture ``item_id`` called ``name``; None where the tray is
    empty. That picture's mask may be worth keeping (``painted``), and is stretched unless ``same_shape``."""

    item_id: int | None
    result: TrayItem
    name: str = ""
    painted: bool = False
    same_shape: bool = False


class ResultInTray:
    """Each act is one entry of the history."""

    def __init__(self, session: Session, picture_import: PictureImport) -> None:
        self._session = session
        self._import = picture_import
        self._commands = TrayCommands(session)

    async def replacing(self, made_of: Picture, result: Path) -> Replacement:
        """What putting a result into the place of its picture would do: of the very file, otherwise of one
        of that name, otherwise of the picture that is edited. Raises :class:`PictureError`."""
        item = await self._import.examine(result)
        tray = self._session.tray
        there = next((one for one in tray if one.picture.path == made_of.path), None)
        there = there or next((one for one in tray if one.name == made_of.name), None)
        there = there or self._session.first_picture
        if there is None:
            return Replacement(None, item)
        painted = not there.mask.bounds().empty
        return Replacement(there.id, item, there.name, painted, there.picture.size == item.picture.size)

    def replace(self, swap: Replacement, *, with_mask: bool) -> None:
        """Does what :meth:`replacing` has found."""
        if swap.item_id is None:
            self._session.add([swap.result])
        else:
            self._commands.put_result(swap.item_id, swap.result, with_mask=with_mask)

    async def add_as_reference(self, result: Path) -> list[Rejected]:
        """Takes a result in behind the others; what is on the canvas stays there."""
        shown = self._session.current
        refusals = await self._import.import_files([result])
        if shown is not None:
            self._session.show(shown.id)
        return refusals
