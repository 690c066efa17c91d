"""The masks that were saved with a picture under names, and what a change of them can take back."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from overpaint.core.foreign_words import visible
from overpaint.core.masks.geometry import EMPTY, Rect
from overpaint.core.masks.mask import Mask

_ENTRY_BYTES = 400
_NAMELESS = "Mask"
LONGEST_NAME = 60


def new_file() -> str:
    """A file name for a mask that no other one has."""
    return f"mask-{secrets.token_hex(8)}.png"


@dataclass(frozen=True, slots=True, eq=False)
class SavedMask:
    """A mask as it was when it was saved.

    ``png`` is its coverage as an 8-bit grey PNG, some hundred times smaller than the coverage itself;
    ``fraction`` the share of pixels, 0 to 1, that it would edit; ``file`` what it is called where drafts are
    kept. Saved masks are the same when ``file`` is.
    """

    name: str
    png: bytes = field(repr=False)
    fraction: float
    file: str = field(default_factory=new_file)

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height, which a PNG says in its head."""
        return int.from_bytes(self.png[16:20]), int.from_bytes(self.png[20:24])


class SavedMasks:
    """The saved masks of one picture, in the order in which they were saved; no two have the same name."""

    __slots__ = ("masks",)

    def __init__(self, masks: tuple[SavedMask, ...] = ()) -> None:
        self.masks = masks

    @property
    def size(self) -> int:
        """Bytes held."""
        return sum(len(mask.png) for mask in self.masks)

    def copy(self) -> "SavedMasks":
        """A shelf of its own with the same masks, for a picture's twin."""
        return SavedMasks(tuple(SavedMask(mask.name, mask.png, mask.fraction) for mask in self.masks))

    def free_name(self, wanted: str, *, but: SavedMask | None = None) -> str:
        """The name itself, on one line and without outer space, numbered from 2 where another mask has it."""
        name = visible(" ".join(wanted.split()))[:LONGEST_NAME].strip() or _NAMELESS
        taken = {mask.name.casefold() for mask in self.masks if mask is not but}
        number = 1
        numbered = name
        while numbered.casefold() in taken:
            number += 1
            numbered = f"{name} {number}"
        return numbered


class ShelfChange:
    """A change of the saved masks as an entry of the history: what stood at place ``at`` before and after.

    ``before`` is None for a mask that was saved, ``after`` for one that was deleted. ``told`` is called
    whenever the shelf has changed.
    """

    def __init__(
        self,
        name: str,
        mask: Mask,
        shelf: SavedMasks,
        at: int,
        change: tuple[SavedMask | None, SavedMask | None],
        told: Callable[[], None],
    ) -> None:
        self.name = name
        self.subject = mask
        self.at = at
        self.before, self.after = change
        self._shelf = shelf
        self._told = told

    @property
    def size(self) -> int:
        """Bytes held; what was renamed is there only once."""
        return _ENTRY_BYTES + max(len(one.png) if one else 0 for one in (self.before, self.after))

    def undo(self) -> Rect:
        """Puts the shelf back as it was; no pixel changes."""
        return self._put(self.after, self.before)

    def redo(self) -> Rect:
        """Changes the shelf once more."""
        return self._put(self.before, self.after)

    def _put(self, gone: SavedMask | None, come: SavedMask | None) -> Rect:
        masks = list(self._shelf.masks)
        masks[self.at : self.at + (gone is not None)] = [come] if come is not None else []
        self._shelf.masks = tuple(masks)
        self._told()
        return EMPTY
