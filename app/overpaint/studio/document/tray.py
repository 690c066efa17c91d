"""The pictures of an edit in their order, each with its own mask, and what a change of them can take back."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from overpaint.core.masks.geometry import EMPTY, Rect
from overpaint.core.masks.mask import Mask
from overpaint.core.request.edit_request import LEFT_OUT, Picture
from overpaint.studio.document.saved_masks import SavedMasks

UNKNOWN = (0, 0)
"""The stamp of a file that nobody has looked at."""

_ENTRY_BYTES = 400


@dataclass(frozen=True, slots=True)
class TrayItem:
    """A picture in the tray.

    ``id`` stays the same however it is moved; ``picture`` is the file as it is uploaded, ``source`` the
    file the user gave, ``note`` what was converted and why, and what was left out (``""``: nothing). The
    mask belongs to the picture and goes wherever it goes, and so does ``shelf`` with the masks that were
    saved beside it. ``stamp`` is what ``source`` was known by when it was read; see ``stamp_of``. ``sent``
    says whether it goes with the edit: the tray may hold the pictures of more than one.
    """

    id: int
    picture: Picture
    source: Path
    note: str = ""
    mask: Mask = field(compare=False, repr=False, default_factory=lambda: Mask(1, 1))
    shelf: SavedMasks = field(compare=False, repr=False, default_factory=SavedMasks)
    stamp: tuple[int, int] = field(compare=False, repr=False, default=UNKNOWN)
    sent: bool = True

    @property
    def name(self) -> str:
        """What the picture is called."""
        return self.picture.name

    @property
    def is_copy(self) -> bool:
        """Whether another file is sent than the one that the user gave."""
        return self.picture.path != self.source

    @property
    def is_converted(self) -> bool:
        """Whether its pixels are encoded anew for the upload."""
        return bool(self.note) and not self.note.startswith(LEFT_OUT)

    def renamed(self, name: str) -> "TrayItem":
        """The same picture under another name."""
        return replace(self, picture=replace(self.picture, name=name))


def stamp_of(file: Path) -> tuple[int, int]:
    """What a file is known by: its length, and when it was written last, in nanoseconds since 1970. Blocks;
    ``UNKNOWN`` for one that can't be reached."""
    try:
        found = file.stat()
    except OSError:
        return UNKNOWN
    return found.st_size, found.st_mtime_ns


Tray = tuple[TrayItem, ...]


class TrayChange:
    """A change of the tray as an entry of the history: the pictures before and after it."""

    def __init__(self, name: str, before: Tray, after: Tray, put: Callable[[Tray], None]) -> None:
        self.name = name
        self.before = before
        self.after = after
        self._put = put

    @property
    def subject(self) -> object:
        """The tray has no pixels of its own."""
        return None

    @property
    def size(self) -> int:
        """Bytes held: the masks of pictures that are only here would be lost without it. The memory of one
        that was never painted has never been used."""
        kept = {item.id: item for item in (*self.before, *self.after)}
        shared = {item.id for item in self.before} & {item.id for item in self.after}
        alone = [item for one, item in kept.items() if one not in shared]
        painted = sum(item.mask.coverage.nbytes for item in alone if item.mask.revision)
        return _ENTRY_BYTES + painted + sum(item.shelf.size for item in alone)

    def undo(self) -> Rect:
        """Puts the pictures back as they were."""
        self._put(self.before)
        return EMPTY

    def redo(self) -> Rect:
        """Puts the pictures as they were after the change."""
        self._put(self.after)
        return EMPTY


def moved(tray: Tray, item_id: int, index: int) -> Tray:
    """The tray with one picture at another place; ``index`` counts in the tray without that picture."""
    item = next(one for one in tray if one.id == item_id)
    rest = [one for one in tray if one.id != item_id]
    rest.insert(max(0, min(index, len(rest))), item)
    return tuple(rest)


def new_names(before: Tray, after: Tray) -> dict[str, str]:
    """The new name of each picture that is in both under different ones, by its old name; and of one that
    came into the place of another."""
    had = {item.id: item.name for item in before}
    names = {had[item.id]: item.name for item in after if had.get(item.id, item.name) != item.name}
    if len(before) == len(after):
        others = [pair for pair in zip(before, after, strict=True) if pair[0].id != pair[1].id]
        if len(others) == 1:
            ((old, new),) = others
            names[old.name] = new.name
    return names
