"""How a selection joins the mask that is already there: replace, add, subtract, intersect."""

from collections.abc import Iterator
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks.geometry import EMPTY, Rect
from overpaint.core.masks.mask import EDIT, Mask
from overpaint.core.masks.mask_tiles import MaskTile, PackedTiles, PlainTiles
from overpaint.core.masks.undo_entries import MaskEntry
from overpaint.core.masks.undo_history import TILE

Combine = Literal["replace", "add", "subtract", "intersect"]
"""What the pixels of a selection do to those of the mask."""

_WIDE = 8 * TILE

MaskPatch: TypeAlias = tuple[Rect, NDArray[np.uint8]]
"""A selection: a rectangle inside the picture and its coverage, uint8 (height, width); 0 everywhere else."""


def combined(mask: Mask, patch: MaskPatch, how: Combine) -> MaskPatch:
    """What ``mask`` would look like: the rectangle that may change and the new coverage inside it.

    ``add`` takes the larger coverage of the two, ``subtract`` the smaller of the mask's and what the patch
    leaves, ``intersect`` the smaller of both; ``replace`` and ``intersect`` clear all outside the patch.
    ``mask`` is left alone and the array is a new one. Raises ValueError for a patch that leaves the mask or
    whose coverage is not one byte for each of its pixels.
    """
    rect, coverage = patch
    _check(mask, patch)
    match how:
        case "add":
            return rect, np.maximum(mask.coverage[rect.slices], coverage)
        case "subtract":
            return rect, np.minimum(mask.coverage[rect.slices], np.invert(coverage))
        case "replace":
            whole = rect.united(mask.bounds())
            return whole, _placed(coverage, rect, whole)
        case "intersect":
            whole = mask.bounds()
            shared = rect.intersected(whole)
            part = coverage[shared.moved(-rect.x, -rect.y).slices]
            return whole, _placed(np.minimum(mask.coverage[shared.slices], part), shared, whole)


def prepare(mask: Mask, name: str, patch: MaskPatch, how: Combine) -> MaskEntry | None:
    """What combining ``patch`` into ``mask`` would do, as an entry called ``name`` that is not done yet.

    None when no byte would differ. ``mask`` is left alone: this may run on any thread, and what it says holds
    as long as the mask's ``revision`` stays. Raises as ``combined``.
    """
    rect, coverage = combined(mask, patch, how)
    bits = np.bitwise_xor(coverage, mask.coverage[rect.slices], out=coverage)
    tiles = tuple(_flipped(rect, bits))
    return MaskEntry(name, mask, PlainTiles(tiles)) if tiles else None


def filled(mask: Mask, name: str) -> MaskEntry | None:
    """What marking the whole picture for editing would do; None when all of it is. As ``prepare``."""
    return prepare(mask, name, (mask.rect, np.full_like(mask.coverage, EDIT)), "replace")


def cleared(mask: Mask, name: str) -> MaskEntry | None:
    """What unmarking everything would do; None when nothing is marked. As ``prepare``."""
    return prepare(mask, name, (EMPTY, np.zeros((0, 0), np.uint8)), "replace")


def inverted(mask: Mask, name: str) -> MaskEntry:
    """What swapping kept and edited would do: every bit flips, which a few bytes say. As ``prepare``."""
    every = MaskTile(mask.rect, np.full((1, 1), 255, np.uint8))
    return MaskEntry(name, mask, PackedTiles((every,), ()))


def _flipped(rect: Rect, bits: NDArray[np.uint8]) -> Iterator[MaskTile]:
    """The tiles of ``rect`` in which a bit flips: few wide ones, to be flipped in a moment."""
    area = rect.snapped(TILE)
    for y in range(area.y, area.bottom, TILE):
        for x in range(area.x, area.right, _WIDE):
            place = Rect(x, y, _WIDE, TILE).intersected(rect)
            part = bits[place.moved(-rect.x, -rect.y).slices]
            if part.any():
                yield MaskTile(place, part.copy())


def _placed(coverage: NDArray[np.uint8], rect: Rect, whole: Rect) -> NDArray[np.uint8]:
    """``coverage`` of ``rect`` amid zeros over ``whole``, which holds it."""
    placed = np.zeros((whole.height, whole.width), np.uint8)
    if not rect.empty:
        placed[rect.moved(-whole.x, -whole.y).slices] = coverage
    return placed


def _check(mask: Mask, patch: MaskPatch) -> None:
    rect, coverage = patch
    if coverage.dtype != np.uint8 or coverage.shape != (max(rect.height, 0), max(rect.width, 0)):
        raise ValueError("A selection has one byte for each pixel of its rectangle.")
    if not mask.rect.contains(rect):
        raise ValueError("A selection lies inside the picture.")
