"""Content-aware fill, coarse to fine: what was painted over is made up from what lies around it.

Each level starts from the sources that the coarser one found, so that a coarse result already shows what the
finest will look like. A fill can't be interrupted: run it in a process that can be killed.
"""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from overpaint.imaging.offline_edit.onion_peel import peel
from overpaint.imaging.offline_edit.patch_match import RADIUS, PatchField
from overpaint.imaging.offline_edit.seam_membrane import spread

_MARGIN = 0.6
_LEAST_MARGIN = 64
_LEAST_KNOWN = 0.02
_SMALLEST_SIDE = 20
_MOST_SEARCHED = 250_000
_FIRST_ROUNDS = 18
_ROUNDS = {16: 10, 8: 6, 4: 4, 2: 2, 1: 1}
_SEAM_LIMIT = 28


def can_fill(hole: NDArray[np.bool_]) -> bool:
    """Whether enough of the picture is left to fill the hole from: at least a fiftieth."""
    return float(hole.mean()) <= 1 - _LEAST_KNOWN


def fill(
    pixels: NDArray[np.uint8], hole: NDArray[np.bool_], divisors: Sequence[int] = (8, 4, 2, 1), seed: int = 0
) -> Iterator[NDArray[np.uint8]]:
    """Yields the picture with the hole filled at each divisor of its resolution, coarsest first.

    ``pixels`` is (h, w, 3) uint8 RGB, ``hole`` (h, w) bool with something in it; divisors are falling powers
    of two. Every result is a whole picture of the same shape, identical to ``pixels`` outside the hole.
    """
    box = hole_box(hole, _MARGIN, _LEAST_MARGIN)
    crop, crop_hole = pixels[box], hole[box]
    height, width = crop_hole.shape
    due = list(divisors)
    latest = crop
    for divisor, level in _levels(crop, crop_hole, min(divisors), seed):
        latest = np.asarray(cv2.resize(level, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
        while due and due[0] >= divisor:
            yield _laid_in(pixels, latest, box, crop_hole)
            del due[0]
    for _ in due:
        yield _laid_in(pixels, latest, box, crop_hole)


def hole_box(hole: NDArray[np.bool_], margin: float = 0.0, least: int = 0) -> tuple[slice, slice]:
    """The box of a hole, grown on every side by a share of itself and at least some pixels."""
    spans = []
    for axis, side in ((1, hole.shape[0]), (0, hole.shape[1])):
        taken = np.flatnonzero(hole.any(axis=axis))
        start, stop = int(taken[0]), int(taken[-1]) + 1
        grown = max(least, round(margin * (stop - start)))
        spans.append(slice(max(0, start - grown), min(side, stop + grown)))
    return spans[0], spans[1]


def _levels(
    crop: NDArray[np.uint8], hole: NDArray[np.bool_], finest: int, seed: int
) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Divisor and pixels of each level, from the coarsest at which a few patches lie side by side."""
    divisor = finest
    while min(hole.shape) // (2 * divisor) >= _SMALLEST_SIDE:
        divisor *= 2
    coarser: PatchField | None = None
    while divisor >= finest:
        field = PatchField(*_shrunk(crop, hole, divisor, None if coarser is None else coarser.pixels), seed)
        if field.usable:
            _settle(field, coarser, divisor)
            coarser = field
        yield divisor, _smoothed(field) if field.usable else field.pixels
        divisor //= 2


def _shrunk(
    crop: NDArray[np.uint8], hole: NDArray[np.bool_], divisor: int, guess: NDArray[np.uint8] | None
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Crop and hole at a level, the hole holding the coarser level's guess or a first one."""
    height, width = (max(2 * RADIUS + 2, side // divisor) for side in hole.shape)
    share = np.asarray(cv2.resize(hole.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA))
    small_hole = share > 1e-3
    known = crop.copy()
    known[hole] = 0
    small = np.asarray(cv2.resize(known, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    if guess is None:
        return peel(small, small_hole, RADIUS), small_hole
    larger = np.asarray(cv2.resize(guess, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
    small[small_hole] = larger[small_hole]
    return small, small_hole


def _settle(field: PatchField, coarser: PatchField | None, divisor: int) -> None:
    """Searches and votes in turns until a level has found its form."""
    if coarser is None:
        field.start_anywhere()
    else:
        field.start_from(coarser)
        if field.patch_count > _MOST_SEARCHED:
            field.carry()
            return
    rounds = _FIRST_ROUNDS if coarser is None else _ROUNDS.get(divisor, 10)
    side = max(field.pixels.shape[:2])
    for number in range(rounds):
        is_last = number == rounds - 1
        field.search((4, 1) if divisor > 2 else (1,), side if coarser is None else 8)
        field.vote(1.0 + is_last)


def _smoothed(field: PatchField) -> NDArray[np.uint8]:
    """The level without the steps of colour where its fill meets what is known. Large ones are structure."""
    steps, heard = field.seam()
    heard &= (np.abs(steps).max(axis=2) <= _SEAM_LIMIT) & field.rim()
    correction = spread(steps, heard, field.hole)
    output = field.pixels.copy()
    output[field.hole] = (output[field.hole] + correction[field.hole]).round().clip(0, 255).astype(np.uint8)
    return output


def _laid_in(
    pixels: NDArray[np.uint8],
    filled: NDArray[np.uint8],
    box: tuple[slice, slice],
    hole: NDArray[np.bool_],
) -> NDArray[np.uint8]:
    output = pixels.copy()
    output[box][hole] = filled[hole]
    return output
