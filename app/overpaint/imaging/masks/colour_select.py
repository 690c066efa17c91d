"""The magic wand: pixels whose colour looks like the one clicked on, connected to it or anywhere.

Colours are compared in CIELAB (ISO/CIE 11664-4), where equal distances look about equally large.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks.geometry import EMPTY, Rect
from overpaint.core.masks.mask_combine import MaskPatch

_Bytes = NDArray[np.uint8]

_BAND_ROWS = 128
_FAINT = 127
"""The most coverage of a softened rim: less than what is sent as "edit"."""

_LAB_UNITS = (100 / 255, 1.0, 1.0, 100 / 255)
"""Size of one step of L, a, b as OpenCV packs them into bytes; alpha counts like lightness."""


class Wand:
    """Selects by colour in one picture; made once for it, used for every click.

    ``bgra`` is (height, width, 4) uint8, premultiplied as ``decode.bgra_bands`` gives it. Keeps 3 bytes a
    pixel, 4 where the picture has transparency.
    """

    def __init__(self, bgra: _Bytes) -> None:
        self._height, self._width = bgra.shape[:2]
        self._planes = [np.empty(bgra.shape[:2], np.uint8) for _ in range(3)]
        for band in self._whole.bands(_BAND_ROWS):
            lab = cv2.cvtColor(bgra[band.slices], cv2.COLOR_BGR2LAB)
            cv2.split(lab, [plane[band.slices] for plane in self._planes])
        if bgra[..., 3].min() < 255:
            self._planes.append(np.ascontiguousarray(bgra[..., 3]))

    def select(
        self, x: float, y: float, tolerance: float, *, contiguous: bool, soften: bool = True
    ) -> MaskPatch:
        """The pixels that look like the one at ``x``, ``y`` (picture pixels).

        ``tolerance`` is the largest colour difference (CIE 1976), 0 for the same colour to about 100 for
        nearly all; ``contiguous`` keeps what hangs together with the clicked pixel by its sides. ``soften``
        adds a rim one pixel wide, the fainter the less it looks like the clicked one, too faint to be sent.
        Empty for a click beside the picture. Raises ValueError for a tolerance outside 0 to 100.
        """
        if not 0 <= tolerance <= 100:
            raise ValueError(f"The tolerance of the wand goes from 0 to 100, not {tolerance}.")
        if not (0 <= x < self._width and 0 <= y < self._height):
            return EMPTY, np.zeros((0, 0), np.uint8)
        column, row = math.floor(x), math.floor(y)
        tables = self._tables(row, column)
        alike = self._alike(tables, tolerance)
        if contiguous:
            alike, rect = _connected(alike, row, column)
        else:
            rect = _bounds(alike)
        if not soften:
            return rect, alike[rect.slices] * np.uint8(255)
        rect = rect.grown(1).intersected(self._whole)
        return rect, self._softened(alike[rect.slices], rect, tables, tolerance)

    @property
    def _whole(self) -> Rect:
        return Rect(0, 0, self._width, self._height)

    def _tables(self, row: int, column: int) -> list[NDArray[np.float32]]:
        """For each plane, the squared difference that each byte makes to the pixel clicked on."""
        steps = np.arange(256, dtype=np.float32)
        return [
            np.square((steps - np.float32(plane[row, column])) * np.float32(unit))
            for plane, unit in zip(self._planes, _LAB_UNITS, strict=False)
        ]

    def _alike(self, tables: list[NDArray[np.float32]], tolerance: float) -> _Bytes:
        """1 where the colour differs by at most the tolerance, 0 elsewhere; uint8 (height, width)."""
        alike = np.empty((self._height, self._width), np.uint8)
        limit = _limit(tolerance)
        for band in self._whole.bands(_BAND_ROWS):
            squares = cv2.LUT(self._planes[0][band.slices], tables[0])
            for plane, table in zip(self._planes[1:], tables[1:], strict=True):
                cv2.add(squares, cv2.LUT(plane[band.slices], table), squares)
            np.less_equal(squares, limit, out=alike[band.slices].view(np.bool_))
        return alike

    def _softened(
        self, alike: _Bytes, rect: Rect, tables: list[NDArray[np.float32]], tolerance: float
    ) -> _Bytes:
        coverage = alike * np.uint8(255)
        rim = np.flatnonzero(cv2.dilate(alike, np.ones((3, 3), np.uint8)) > alike)
        rows, columns = np.divmod(rim, rect.width)
        places = (rows + rect.y, columns + rect.x)
        squares = sum(table[plane[places]] for plane, table in zip(self._planes, tables, strict=True))
        # A pixel that mixes both sides of an edge half and half lies about as far again as the tolerance.
        reach = max(2 * tolerance, 4.0)
        nearness = (reach - np.sqrt(squares)) / max(reach - tolerance, 1.0)
        coverage.reshape(-1)[rim] = np.clip(nearness, 0, 1) * _FAINT
        return coverage


def _limit(tolerance: float) -> np.float32:
    return np.float32(tolerance * tolerance + 1e-3)


def _connected(alike: _Bytes, row: int, column: int) -> tuple[_Bytes, Rect]:
    """Of the pixels that are 1, those in one piece with the given one; and the rectangle around them."""
    filled = np.zeros((alike.shape[0] + 2, alike.shape[1] + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (1 << 8)
    _, _, _, (x, y, width, height) = cv2.floodFill(alike, filled, (column, row), 1, 0, 0, flags)
    return filled[1:-1, 1:-1], Rect(x, y, width, height)


def _bounds(alike: _Bytes) -> Rect:
    return Rect(*cv2.boundingRect(alike))
