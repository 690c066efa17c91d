"""Content-aware fill, coarse to fine: what was painted over is made up from what lies around it.

PatchMatch (Barnes et al., PatchMatch: A Randomized Correspondence Algorithm for Structural Image Editing,
2009) by pypatchmatch. A call can't be interrupted: run it in a process that can be killed.
"""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

LEVELS = (8, 4, 2, 1)
"""Divisors of the working resolution, coarsest first."""

_MARGIN = 0.6
_LEAST_MARGIN = 48
_LEAST_KNOWN = 0.02
_PATCH_RADIUS = 3


def can_fill(hole: NDArray[np.bool_]) -> bool:
    """Whether enough of the picture is left to fill the hole from: at least a fiftieth."""
    return float(hole.mean()) <= 1 - _LEAST_KNOWN


def fill(
    pixels: NDArray[np.uint8], hole: NDArray[np.bool_], divisors: Sequence[int] = LEVELS, seed: int = 0
) -> Iterator[NDArray[np.uint8]]:
    """Yields the picture with the hole filled at each divisor of its resolution, coarsest first.

    ``pixels`` is (h, w, 3) uint8 RGB, ``hole`` (h, w) bool. Every result is a whole picture of the same
    shape, identical to ``pixels`` outside the hole.
    """
    from patchmatch import patch_match

    box = hole_box(hole, _MARGIN, _LEAST_MARGIN)
    crop, crop_hole = pixels[box], hole[box]
    height, width = crop_hole.shape
    for divisor in divisors:
        size = (max(1, width // divisor), max(1, height // divisor))
        small = cv2.resize(crop, size, interpolation=cv2.INTER_AREA)
        small_hole = cv2.resize(crop_hole.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA) > 0
        patch_match.set_random_seed(seed)
        filled = patch_match.inpaint(small, small_hole, patch_size=_PATCH_RADIUS)
        whole = cv2.resize(filled, (width, height), interpolation=cv2.INTER_CUBIC)
        output = pixels.copy()
        output[box][crop_hole] = whole[crop_hole]
        yield output


def hole_box(hole: NDArray[np.bool_], margin: float = 0.0, least: int = 0) -> tuple[slice, slice]:
    """The box of a hole, grown on every side by a share of itself and at least some pixels."""
    spans = []
    for axis, side in ((1, hole.shape[0]), (0, hole.shape[1])):
        taken = np.flatnonzero(hole.any(axis=axis))
        start, stop = int(taken[0]), int(taken[-1]) + 1
        grown = max(least, round(margin * (stop - start)))
        spans.append(slice(max(0, start - grown), min(side, stop + grown)))
    return spans[0], spans[1]
