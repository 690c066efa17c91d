"""Takes a result into the tray: in the place of the picture that it was made of, or beside the others."""

from pathlib import Path

import msgspec

from overpaint.core.errors import OverpaintError, PictureError
from overpaint.core.request.edit_request import Picture
from overpaint.core.request.params import MAX_PICTURES
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem
from overpaint.studio.document.tray_commands import TrayCommands
from overpaint.studio.pictures.picture_import import FULL, PictureImport, Rejected


class Replacement(msgspec.Struct, frozen=True):
    """A result about to take the place of the picture ``item_id`` called ``name``; None where the one that it
    was ``made_of`` has left the tray. That picture's mask may be worth keeping (``painted``), and is
    stretched unless ``same_shape``."""

    item_id: int | None
    result: TrayItem
    made_of: Picture
    name: str = ""
    painted: bool = False
    same_shape: bool = False


class ResultInTray:
    """Each act is one entry of the history. It remembers of which files the results in the tray were made, so
    that another result of the same picture takes the place of the first."""

    def __init__(self, session: Session, picture_import: PictureImport) -> None:
        self._session = session
        self._import = picture_import
        self._commands = TrayCommands(session)
        self._stands_for: dict[int, frozenset[Path]] = {}

    async def replacing(self, made_of: Picture, result: Path) -> Replacement:
        """What putting a result into the place of its picture would do, or of an earlier result that has
        taken that place. A picture that merely bears the name is another one. Raises
        :class:`PictureError`, also where the picture has left a tray that is full."""
        item = await self._import.examine(result)
        there = self._place_of(made_of.path)
        if there is None:
            if len(self._session.tray) >= MAX_PICTURES:
                raise PictureError(FULL)
            return Replacement(None, item, made_of)
        painted = not there.mask.bounds().empty
        same_shape = there.picture.size == item.picture.size
        return Replacement(there.id, item, made_of, there.name, painted, same_shape)

    def replace(self, swap: Replacement, *, with_mask: bool) -> None:
        """Does what :meth:`replacing` has found, and shows the result. One whose picture has left the tray
        comes behind the others, under that picture's name."""
        if swap.item_id is None:
            new = self._commands.append("Add result", swap.result.renamed(swap.made_of.name))
        else:
            new = self._commands.put_result(swap.item_id, swap.result, with_mask=with_mask)
        before = self._stands_for.get(swap.item_id or 0, frozenset())
        self._stands_for[new] = before | {swap.made_of.path}
        self._session.show(new)

    async def add_as_reference(self, result: Path) -> list[Rejected]:
        """Takes a result in behind the others, and returns why it didn't come in; what is on the canvas stays
        there."""
        try:
            item = await self._import.examine(result)
        except OverpaintError as fault:
            return [Rejected(result.name, fault.sentence())]
        if len(self._session.tray) >= MAX_PICTURES:
            return [Rejected(result.name, FULL)]
        self._commands.append("Add as reference", item)
        return []

    def _place_of(self, made_of: Path) -> TrayItem | None:
        tray = self._session.tray
        there = next((one for one in tray if one.picture.path == made_of), None)
        return there or next((one for one in tray if made_of in self._stands_for.get(one.id, ())), None)
