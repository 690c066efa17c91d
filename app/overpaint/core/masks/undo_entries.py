"""What a history is made of: things done that can be taken back, a change of a mask first of all."""

from collections.abc import Sequence
from itertools import islice
from typing import Protocol

from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask import Mask
from overpaint.core.masks.mask_tiles import PackedTiles, PlainTiles


class Entry(Protocol):
    """Something that was done and can be taken back.

    ``name`` is what the menu shows after "Undo"; ``subject`` is what it changed (a ``Mask``, the tray), so
    that a view can turn to it; ``size`` is the memory it holds in bytes. ``undo`` and ``redo`` are called
    strictly in turn, beginning with ``undo``, and return the pixels of ``subject`` that may look different
    (``geometry.EMPTY`` when it has none).
    """

    @property
    def name(self) -> str: ...
    @property
    def subject(self) -> object: ...
    @property
    def size(self) -> int: ...
    def undo(self) -> Rect: ...
    def redo(self) -> Rect: ...


class MaskEntry:
    """A change of a mask as the bits that flipped: flipping them again is undo and redo alike."""

    __slots__ = ("_tiles", "dirty", "name", "subject")

    def __init__(self, name: str, mask: Mask, tiles: PlainTiles | PackedTiles) -> None:
        self.name = name
        self.subject = mask
        self.dirty = Rect.bounding(tiles.rects())
        self._tiles = tiles

    @property
    def size(self) -> int:
        """Bytes held; fewer once packed."""
        return self._tiles.size

    def undo(self) -> Rect:
        """Flip the bits; returns the tiles that changed."""
        return self._flip()

    def redo(self) -> Rect:
        """Flip the bits; returns the tiles that changed."""
        return self._flip()

    def pack(self) -> None:
        """Hold the same bits in less memory; safe on any thread, beside every other method."""
        self._tiles = self.packed()

    def packed(self) -> PackedTiles:
        """The bits in less memory, as ``pack`` leaves them; the entry stays as it is."""
        tiles = self._tiles
        return PackedTiles.of(tiles.tiles) if isinstance(tiles, PlainTiles) else tiles

    def _flip(self) -> Rect:
        """All the tiles, or none where one can't be unpacked: the mask is then as it was."""
        coverage = self.subject.coverage
        flipped = 0
        try:
            for tile in self._tiles.unpacked():
                coverage[tile.rect.slices] ^= tile.bits
                flipped += 1
        except BaseException:
            for tile in islice(self._tiles.unpacked(), flipped):
                coverage[tile.rect.slices] ^= tile.bits
            raise
        self.subject.changed(self.dirty)
        return self.dirty


def within(sizes: Sequence[int], position: int, budget: int) -> tuple[range, int]:
    """Which entries, at least one, to keep so that they hold ``budget`` bytes, and ``position`` in these.

    ``sizes`` are their bytes, oldest first; the first ``position`` of them are done.

    The oldest go first. Once none is left that is done, what would be redone last goes instead: whatever is
    undone or redone later starts from how things stand.
    """
    start, stop = 0, len(sizes)
    used = sum(sizes)
    while used > budget and stop - start > 1:
        if start < position:
            used -= sizes[start]
            start += 1
        else:
            stop -= 1
            used -= sizes[stop]
    return range(start, stop), position - start
