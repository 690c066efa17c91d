"""The mask of one picture: how strongly each pixel was painted, and what of it the service will see."""

from itertools import count

import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks.geometry import EMPTY, Rect

EDIT = 255

SENT_FROM = 128
"""A pixel is sent as "edit here" when its coverage is at least this; the service reads no grey."""

_TILE = 128
_serials = count(1)


class Mask:
    """Coverage of one picture, one byte a pixel, from 0 (keep) to 255 (edit).

    ``coverage`` is a C-contiguous uint8 array of shape (height, width) that stays the same object for the
    mask's whole life. Whoever writes into it calls ``changed`` with the rectangle written, so that
    ``revision`` rises and the counts stay true. ``serial`` is the mask's own number, which no other mask has
    while the program runs.

    Raises ValueError for a side below 1 pixel.
    """

    __slots__ = ("_counts", "_stale", "coverage", "height", "revision", "serial", "width")

    def __init__(self, width: int, height: int) -> None:
        if width < 1 or height < 1:
            raise ValueError(f"A mask needs at least one pixel, not {width} x {height}.")
        self.width = width
        self.height = height
        self.coverage: NDArray[np.uint8] = np.zeros((height, width), np.uint8)
        self.revision = 0
        self.serial = next(_serials)
        tiles = (-(-height // _TILE), -(-width // _TILE))
        self._counts = np.zeros(tiles, np.int64)
        self._stale = np.zeros(tiles, np.bool_)

    @classmethod
    def of(cls, coverage: NDArray[np.uint8]) -> "Mask":
        """A mask with a copy of ``coverage``, a uint8 array of shape (height, width)."""
        if coverage.ndim != 2 or coverage.dtype != np.uint8:
            raise ValueError("Coverage is one byte a pixel, in an array of height x width.")
        mask = cls(coverage.shape[1], coverage.shape[0])
        mask.coverage[...] = coverage
        mask.changed(mask.rect)
        return mask

    @property
    def rect(self) -> Rect:
        """The whole mask."""
        return Rect(0, 0, self.width, self.height)

    def changed(self, rect: Rect) -> None:
        """Notes that bytes inside ``rect`` (clipped to the mask) were written: ``revision`` rises by one."""
        rect = rect.intersected(self.rect)
        if rect.empty:
            return
        self.revision += 1
        last_row, last_column = (rect.bottom - 1) // _TILE, (rect.right - 1) // _TILE
        self._stale[rect.y // _TILE : last_row + 1, rect.x // _TILE : last_column + 1] = True

    def pixels_sent(self) -> int:
        """How many pixels will be edited; only what changed since the last call is counted anew."""
        for row, column in np.argwhere(self._stale):
            y, x = row * _TILE, column * _TILE
            tile = self.coverage[y : y + _TILE, x : x + _TILE]
            self._counts[row, column] = np.count_nonzero(tile >= SENT_FROM)
        self._stale[...] = False
        return int(self._counts.sum())

    def fraction(self) -> float:
        """The share of pixels that will be edited, 0 to 1."""
        return self.pixels_sent() / (self.width * self.height)

    def is_empty(self) -> bool:
        """True when no pixel will be edited, however faintly some may be painted."""
        return self.pixels_sent() == 0

    def is_full(self) -> bool:
        """True when every pixel will be edited."""
        return self.pixels_sent() == self.width * self.height

    def bounds(self) -> Rect:
        """The smallest rectangle that holds every pixel with any coverage; empty when there is none.

        May be called on any thread: of a mask that is written meanwhile it gives some rectangle inside.
        """
        rows = np.flatnonzero(self.coverage.max(axis=1))
        if not rows.size:
            return EMPTY
        top, bottom = int(rows[0]), int(rows[-1]) + 1
        columns = np.flatnonzero(self.coverage[top:bottom].max(axis=0))
        if not columns.size:  # cleared since the rows were looked at
            return EMPTY
        return Rect.spanning(int(columns[0]), top, int(columns[-1]) + 1, bottom)


def stretched(coverage: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Coverage as an array of shape (height, width): each pixel is the one whose place its centre falls into.

    The same array where it has that shape already. No two pixels are mixed, so that an edge stays hard.
    """
    if coverage.shape == (height, width):
        return coverage
    rows = (2 * np.arange(height) + 1) * coverage.shape[0] // (2 * height)
    columns = (2 * np.arange(width) + 1) * coverage.shape[1] // (2 * width)
    return coverage[np.ix_(rows, columns)]


def share_words(fraction: float) -> str:
    """How much of a picture is masked, from a share of 0 to 1: never nothing where something is, and all only
    where all is."""
    if fraction in (0, 1):
        return f"{100 * fraction:.0f} %"
    return "< 0.1 %" if fraction < 0.001 else f"{min(100 * fraction, 99.9):.1f} %"
