"""What can be done to a finished mask: grow, shrink, feather, smooth, and mend what was painted by accident.

Everything takes and returns coverage, uint8 (height, width), leaves its argument alone, and works only
where the mask is not flat. Beyond the picture's edge the mask goes on, so that nothing recedes from there.
"""

import math
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask import EDIT, SENT_FROM

Coverage = NDArray[np.uint8]

SPECK_AREA = 50
"""Pixels up to which a piece or a hole is taken for an accident."""

_BLOCK = 512
_MEDIAN_BLOCK = 96
"""A median costs much for each pixel and little for each call: small blocks leave more pixels out."""

_WORKERS = min(4, os.cpu_count() or 1)
_FULL = np.uint8(EDIT)
_ROUND = 8
_CROSS = 4


def grow(coverage: Coverage, px: float) -> Coverage:
    """The mask with its outline moved outwards by ``px`` pixels in every direction.

    Soft edges keep their softness: each grey takes the place of the one ``px`` further in. An edge is at
    most as steep afterwards as full to nothing over one pixel. Raises ValueError for a negative ``px``.
    """
    _check(px)
    if not px:
        return coverage.copy()
    disc = _Disc(px)
    return _where_uneven(coverage, disc.reach, disc.dilated)


def shrink(coverage: Coverage, px: float) -> Coverage:
    """The mask with its outline moved inwards by ``px`` pixels; otherwise as ``grow``."""
    _check(px)
    if not px:
        return coverage.copy()
    disc = _Disc(px)
    return _where_uneven(coverage, disc.reach, lambda around: np.invert(disc.dilated(np.invert(around))))


def feather(coverage: Coverage, px: int) -> Coverage:
    """The mask with hard edges turned into ramps that reach ``px`` pixels to either side.

    Three box filters in a row: a smooth bell that ends exactly there. Raises ValueError for a negative
    ``px``.
    """
    _check(px)
    boxes = [2 * half + 1 for half in ((px + 2) // 3, (px + 1) // 3, px // 3) if half]

    def blurred(around: Coverage) -> Coverage:
        for side in boxes:
            around = np.asarray(cv2.blur(around, (side, side), borderType=cv2.BORDER_REPLICATE), np.uint8)
        return around[px:-px, px:-px]

    return _where_uneven(coverage, px, blurred) if boxes else coverage.copy()


def smooth(coverage: Coverage, px: int) -> Coverage:
    """The mask without bumps, notches and specks narrower than ``px`` pixels, its softness kept.

    Each pixel takes the median of the square that reaches ``px`` (0 to 127) pixels around it. Raises
    ValueError for other ``px``.
    """
    if not 0 <= px <= 127:
        raise ValueError(f"A mask can be smoothed by 0 to 127 pixels, not {px}.")

    def median(around: Coverage) -> Coverage:
        return np.asarray(cv2.medianBlur(around, 2 * px + 1), np.uint8)[px:-px, px:-px]

    return _where_uneven(coverage, px, median, _MEDIAN_BLOCK) if px else coverage.copy()


def fill_holes(coverage: Coverage, max_area: int | None) -> Coverage:
    """The mask with its holes of at most ``max_area`` pixels filled, or all of them with None.

    A hole is a piece of what will not be edited that the mask surrounds; a piece that reaches the picture's
    edge is no hole.
    """
    labels, areas, rect = _holes(coverage)
    chosen = areas > 0 if max_area is None else (areas > 0) & (areas <= max_area)
    filled = coverage.copy()
    if chosen.any():
        part, holes = filled[rect.slices], chosen[labels]
        # The soft rim of a hole that counted as painted goes with it, else a grey ring would stay.
        part[holes | (_with_rim(holes) & (part >= SENT_FROM))] = _FULL
    return filled


def remove_specks(coverage: Coverage, max_area: int) -> Coverage:
    """The mask without its pieces of at most ``max_area`` pixels to be edited, their soft rims included."""
    labels, areas, rect = _pieces(coverage)
    chosen = (areas > 0) & (areas <= max_area)
    cleaned = coverage.copy()
    if not chosen.any():
        return cleaned
    part = cleaned[rect.slices]
    small = chosen[labels]
    part[small] = 0
    _, tinted = cv2.connectedComponents(((part > 0) | small).view(np.uint8), connectivity=_ROUND)
    orphaned = np.zeros(int(tinted.max()) + 1, np.bool_)
    orphaned[tinted[_with_rim(small)]] = True
    orphaned[tinted[part >= SENT_FROM]] = False
    orphaned[0] = False
    part[orphaned[tinted]] = 0
    return cleaned


def harden(coverage: Coverage) -> Coverage:
    """The mask as it is sent: 255 where at least half covered, 0 elsewhere."""
    return np.asarray((coverage >= SENT_FROM) * _FULL, np.uint8)


def specks(coverage: Coverage, max_area: int = SPECK_AREA) -> int:
    """How many pieces ``remove_specks`` would take away."""
    _, areas, _ = _pieces(coverage)
    return int(np.count_nonzero((areas > 0) & (areas <= max_area)))


def pinholes(coverage: Coverage, max_area: int = SPECK_AREA) -> int:
    """How many holes ``fill_holes`` would fill."""
    _, areas, _ = _holes(coverage)
    return int(np.count_nonzero((areas > 0) & (areas <= max_area)))


def soft_share(coverage: Coverage) -> float:
    """The share, 0 to 1, of the painted pixels that are neither full nor empty; 0 with none painted."""
    painted = int(np.count_nonzero(coverage))
    return 1 - int(np.count_nonzero(coverage == _FULL)) / painted if painted else 0.0


class _Disc:
    """A disc to grow by: flat up to its radius, then falling from full to nothing over one pixel.

    Growing by it is a dilation with a structuring function (Serra, Image Analysis and Mathematical
    Morphology, 1982); because edges fall by at most one full step a pixel, they move by exactly the radius
    in every direction, also along diagonals, where no whole pixel lies at that distance.
    """

    def __init__(self, radius: float) -> None:
        self.reach = math.ceil(radius + 1) - 1
        steps = range(self.reach + 1)
        self._flat: list[list[int]] = [[] for _ in steps]
        self._rim: list[list[tuple[int, np.uint8]]] = [[] for _ in steps]
        for row in steps:
            if row <= radius:
                self._flat[math.isqrt(math.floor(radius**2 - row**2))].append(row)
            for column in steps:
                beyond = math.hypot(row, column) - radius
                if beyond > 0 and (loss := round(beyond * EDIT)) < EDIT:
                    self._rim[column].append((row, np.uint8(loss)))

    def dilated(self, around: Coverage) -> Coverage:
        """The largest of the pixels around each one, less what the disc takes at their distance.

        Without the outermost ``reach`` pixels of what is given on every side. The disc is gone through column
        by column from its middle: its rows that end there take the run so far, its rim the pixels there.
        """
        reach = self.reach
        height, width = around.shape[0] - 2 * reach, around.shape[1] - 2 * reach
        grown = np.zeros((height, width), np.uint8)
        pair = np.empty((around.shape[0], width), np.uint8)
        most, run = np.empty_like(grown), np.zeros_like(pair)
        for half, (rows, rim) in enumerate(zip(self._flat, self._rim, strict=True)):
            np.maximum(around[:, reach - half :][:, :width], around[:, reach + half :][:, :width], out=pair)
            np.maximum(run, pair, out=run)
            for row in rows:
                np.maximum(grown, run[reach - row :][:height], out=grown)
                np.maximum(grown, run[reach + row :][:height], out=grown)
            for row, loss in rim:
                np.maximum(pair[reach - row :][:height], pair[reach + row :][:height], out=most)
                # A row, and not a number: numpy finds the larger of two arrays ten times as fast.
                np.maximum(most, np.full(width, loss), out=most)
                np.subtract(most, loss, out=most)
                np.maximum(grown, most, out=grown)
        return grown


def _check(px: float) -> None:
    if not (px >= 0 and math.isfinite(px)):
        raise ValueError(f"A mask can't be moved by {px} pixels.")


def _where_uneven(
    coverage: Coverage, reach: int, act: Callable[[Coverage], Coverage], side: int = _BLOCK
) -> Coverage:
    """The mask with ``act`` done to every block of ``side`` pixels that is not one grey as far as ``reach``
    pixels around it.

    ``act`` gets a block with that much around it, the picture's edge repeated beyond the edge, and gives the
    block alone. Several run at a time.
    """
    result = coverage.copy()
    whole = Rect(0, 0, coverage.shape[1], coverage.shape[0])

    def change(place: list[int]) -> None:
        row, column = place
        block = Rect(column * side, row * side, side, side).intersected(whole)
        result[block.slices] = act(_surrounded(coverage, block.grown(reach)))

    places = np.argwhere(_uneven_blocks(coverage, reach, side)).tolist()
    with ThreadPoolExecutor(_WORKERS) as pool:
        for _ in pool.map(change, places):
            pass
    return result


def _surrounded(coverage: Coverage, rect: Rect) -> Coverage:
    """The pixels of ``rect``, which may leave the picture: its outermost pixels then go on."""
    height, width = coverage.shape
    inner = rect.intersected(Rect(0, 0, width, height))
    if inner == rect:
        return coverage[rect.slices]
    beyond = inner.y - rect.y, rect.bottom - inner.bottom, inner.x - rect.x, rect.right - inner.right
    return np.asarray(cv2.copyMakeBorder(coverage[inner.slices], *beyond, cv2.BORDER_REPLICATE), np.uint8)


def _uneven_blocks(coverage: Coverage, reach: int, side: int) -> NDArray[np.bool_]:
    """Which blocks of ``side`` pixels differ somewhere within ``reach`` pixels of them."""
    height, width = coverage.shape
    bands = [coverage[band.slices] for band in Rect(0, 0, width, height).bands(side)]
    columns = np.arange(0, width, side)
    low = np.minimum.reduceat([band.min(axis=0) for band in bands], columns, axis=1)
    high = np.maximum.reduceat([band.max(axis=0) for band in bands], columns, axis=1)
    around = np.ones((2 * math.ceil(reach / side) + 1,) * 2, np.uint8)
    return np.asarray(cv2.erode(low, around) != cv2.dilate(high, around), np.bool_)


def _pieces(coverage: Coverage) -> tuple[NDArray[np.int32], NDArray[np.int64], Rect]:
    """The pieces that will be edited: labels from 1, pixels of each label (0 for no piece), and where."""
    sent = (coverage >= SENT_FROM).view(np.uint8)
    rect = _room(coverage, sent)
    _, labels, facts, _ = cv2.connectedComponentsWithStats(sent[rect.slices], connectivity=_ROUND)
    areas = facts[:, cv2.CC_STAT_AREA].astype(np.int64)
    areas[0] = 0
    return np.asarray(labels, np.int32), areas, rect


def _holes(coverage: Coverage) -> tuple[NDArray[np.int32], NDArray[np.int64], Rect]:
    """The holes of what will be edited, as ``_pieces``."""
    sent = (coverage >= SENT_FROM).view(np.uint8)
    rect = _room(coverage, sent)
    kept = np.asarray(sent[rect.slices] ^ 1, np.uint8)
    _, labels, facts, _ = cv2.connectedComponentsWithStats(kept, connectivity=_CROSS)
    areas = facts[:, cv2.CC_STAT_AREA].astype(np.int64)
    areas[0] = 0
    for side in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        areas[side] = 0
    return np.asarray(labels, np.int32), areas, rect


def _room(coverage: Coverage, sent: Coverage) -> Rect:
    """Where pieces and holes can lie: the painted part and a pixel around it; any corner without one."""
    painted = Rect(*cv2.boundingRect(coverage)) if sent.any() else Rect(0, 0, 1, 1)
    return painted.grown(1).intersected(Rect(0, 0, coverage.shape[1], coverage.shape[0]))


def _with_rim(places: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The places and the eight neighbours of each."""
    return np.asarray(cv2.dilate(places.view(np.uint8), np.ones((3, 3), np.uint8)), np.uint8).view(np.bool_)
