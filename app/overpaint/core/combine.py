"""How a selection joins the mask that is already there: replace, add, subtract, intersect."""

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from overpaint.core.geometry import EMPTY, Rect
from overpaint.core.history import History
from overpaint.core.mask import Mask

Combine = Literal["replace", "add", "subtract", "intersect"]
"""What the pixels of a selection do to those of the mask."""

Patch: TypeAlias = tuple[Rect, NDArray[np.uint8]]
"""A selection: a rectangle inside the picture and its coverage, uint8 (height, width); 0 everywhere else."""


def combined(mask: Mask, patch: Patch, how: Combine) -> Patch:
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


def apply(mask: Mask, history: History, name: str, patch: Patch, how: Combine) -> Rect:
    """Combine ``patch`` into ``mask`` as one undo entry called ``name``; returns what changed.

    Nothing is written or recorded when no byte would differ. Raises as ``combined``, and RuntimeError while
    something else is being recorded.
    """
    rect, coverage = combined(mask, patch, how)
    if np.array_equal(mask.coverage[rect.slices], coverage):
        return EMPTY
    with history.open(name, mask) as step:
        step.touch(rect)
        mask.coverage[rect.slices] = coverage
        mask.changed(rect)
        return step.commit()


def _placed(coverage: NDArray[np.uint8], rect: Rect, whole: Rect) -> NDArray[np.uint8]:
    """``coverage`` of ``rect`` amid zeros over ``whole``, which holds it."""
    placed = np.zeros((whole.height, whole.width), np.uint8)
    if not rect.empty:
        placed[rect.moved(-whole.x, -whole.y).slices] = coverage
    return placed


def _check(mask: Mask, patch: Patch) -> None:
    rect, coverage = patch
    if coverage.dtype != np.uint8 or coverage.shape != (max(rect.height, 0), max(rect.width, 0)):
        raise ValueError("A selection has one byte for each pixel of its rectangle.")
    if not mask.rect.contains(rect):
        raise ValueError("A selection lies inside the picture.")
