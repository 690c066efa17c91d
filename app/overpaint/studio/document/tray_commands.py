"""What is done with a picture that is in the tray already: another name, its twin, another in its place."""

from collections.abc import Callable
from dataclasses import replace

from overpaint.core.masks.mask import Mask, stretched
from overpaint.core.request.params import MAX_PICTURES
from overpaint.studio.document.picture_names import unique_name
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem

Remaking = Callable[[TrayItem, list[str]], tuple[TrayItem, ...]]
"""What comes into the place of a picture, told it and the names of the others."""


class TrayCommands:
    """Each act is one entry of the history; a picture that has left the tray meanwhile is left alone."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def rename(self, item_id: int, name: str) -> None:
        """Calls a picture something else: on one line, and numbered where another one is called so."""
        self._put("Rename picture", item_id, lambda item, names: (item.renamed(unique_name(name, names)),))

    def set_sent(self, item_id: int, sent: bool) -> None:
        """Lets a picture go with the edit, or leaves it out; it keeps its place and its mask."""
        act = "Send picture" if sent else "Leave picture out"
        self._put(act, item_id, lambda item, _: (replace(item, sent=sent),))

    def make_first(self, item_id: int) -> None:
        """Makes a picture the one that is edited: it comes first, and is sent."""
        picked = [replace(item, sent=True) for item in self._session.tray if item.id == item_id]
        rest = [item for item in self._session.tray if item.id != item_id]
        self._session.edit_tray("Make first", (*picked, *rest))

    def append(self, act: str, item: TrayItem) -> int:
        """Puts a picture behind the others under a name of its own, and returns its id; what is on the canvas
        stays there. The caller sees to it that there is room."""
        new = replace(item.renamed(unique_name(item.name, self._session.names)), id=self._session.new_id())
        self._session.edit_tray(act, (*self._session.tray, new))
        return new.id

    def put_result(self, item_id: int, result: TrayItem, *, with_mask: bool) -> int:
        """Puts a result into the place of the picture that it was made of: under its name, with its mask
        (stretched where the shapes differ) or with an empty one. Returns its id."""
        new = replace(result, id=self._session.new_id())

        def made(item: TrayItem, _: list[str]) -> tuple[TrayItem, ...]:
            masked = with_mask_of(new, item) if with_mask else replace(new, shelf=item.shelf)
            return (replace(masked.renamed(item.name), sent=item.sent),)

        self._put("Replace by the result", item_id, made)
        return new.id

    def duplicate(self, item_id: int) -> bool:
        """Puts a picture once more behind itself, with masks of its own, and shows it; False when the tray is
        full."""
        if len(self._session.tray) >= MAX_PICTURES:
            return False
        twin_id = self._session.new_id()
        self._put(
            "Duplicate picture",
            item_id,
            lambda item, names: (item, _twin(item, twin_id, [*names, item.name])),
        )
        self._session.show(twin_id)
        return True

    def replace(self, item_id: int, other: TrayItem) -> None:
        """Puts another picture, with the mask that it brings, into the place of one."""
        was_shown = self._session.current is not None and self._session.current.id == item_id
        new = replace(other, id=self._session.new_id())
        self._put(
            "Replace picture",
            item_id,
            lambda item, names: (replace(new, sent=item.sent).renamed(unique_name(new.name, names)),),
        )
        if was_shown:
            self._session.show(new.id)

    def _put(self, act: str, item_id: int, made: Remaking) -> None:
        tray = self._session.tray
        names = [one.name for one in tray if one.id != item_id]
        self._session.edit_tray(
            act, tuple(new for one in tray for new in (made(one, names) if one.id == item_id else (one,)))
        )


def with_mask_of(item: TrayItem, before: TrayItem) -> TrayItem:
    """A picture with the masks of another: its very mask where their sizes are the same, otherwise a copy
    that is stretched over it without mixing neighbours; saved ones are stretched when they are used."""
    mask, width, height = before.mask, item.mask.width, item.mask.height
    if (mask.width, mask.height) == (width, height):
        return replace(item, mask=mask, shelf=before.shelf)
    stretch = Mask.of(stretched(mask.coverage, width, height)) if mask.revision else item.mask
    return replace(item, mask=stretch, shelf=before.shelf)


def _twin(item: TrayItem, twin_id: int, names: list[str]) -> TrayItem:
    mask = Mask.of(item.mask.coverage) if item.mask.revision else Mask(item.mask.width, item.mask.height)
    twin = replace(item, id=twin_id, mask=mask, shelf=item.shelf.copy())
    return twin.renamed(unique_name(item.name, names))
