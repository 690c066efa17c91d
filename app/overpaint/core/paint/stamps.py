"""The shapes that a brush presses into a mask: anti-aliased dabs, cached by size and sub-pixel place.

A dab falls smoothly from its core to nothing; the steeper it falls, the more sub-pixel places it is kept for,
so that putting it down never shows. Large dabs are held as a rim in pieces and a core of plain
rectangles, so that a brush moving on touches the part of its rim that goes ahead.
"""

import math
import threading
from collections import OrderedDict
from functools import lru_cache
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks.geometry import Rect

CORE_MARGIN = 1.0
"""Pixels by which two dabs may be further apart than the spacing, through their sub-pixel places."""

_WHOLE_BELOW = 256  # one smaller is one piece: to find the part that matters would cost more
_BAND_ROWS = 128

_EDGE_ERROR = 0.05
_TABLE_STEPS = 4096
_RIM = 0.75  # a straight edge through a pixel is at most half its diagonal from its centre
_CACHE_BYTES = 48 * 1024 * 1024


class Tip(msgspec.Struct, frozen=True):
    """The shape of a dab: ``radius`` in pixels, ``hardness`` and ``level`` 0 to 1, ``erase`` to lower.

    ``level`` is how far the dab goes at its strongest.
    """

    radius: float
    hardness: float
    level: float
    erase: bool

    @property
    def ramp(self) -> float:
        """Pixels over which the dab falls from its core to nothing; 1 (plain anti-aliasing) at least."""
        return self.radius * (1.0 - self.hardness) + 1.0

    @property
    def core(self) -> float:
        """Radius in pixels within which the dab is at its full level; negative when nowhere."""
        return self.radius * self.hardness - 0.5

    @property
    def spacing(self) -> float:
        """Pixels between dabs: the scallops between two of them stay within 0.05 px of the true edge.

        For a circle of radius r the edge dips by s²/8r between dabs s apart. A soft edge forgives more, in
        proportion to its ramp, up to a sixteenth of the diameter; a point hardly larger than a pixel, less.
        """
        tiny = self.radius * (1.0 + self.hardness) / 4.0
        hard = min(math.sqrt(8.0 * self.radius * _EDGE_ERROR), tiny)
        soft = math.sqrt(8.0 * self.radius * _EDGE_ERROR * self.ramp / 1.5)
        return max(hard, min(self.radius / 8.0, soft))

    @property
    def phases(self) -> int:
        """Sub-pixel places along each axis: the more, the steeper the edge; half as many for large dabs.

        The edge is misplaced by half a step along both axes at most: 11/255 of its strength (large ones 23).
        """
        most, fine_enough = (8, 12.0) if self.in_pieces else (16, 24.0)
        return next(count for count in (2, 4, 8, 16) if count == most or count * self.ramp >= fine_enough)

    @property
    def strongest(self) -> int:
        """The coverage that its core rises to, or falls to when erasing."""
        level = round(255.0 * self.level)
        return 255 - level if self.erase else level

    def strength(self, distance: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far the dab goes, 0 to 1, at these distances in pixels from its centre."""
        depth = np.clip((self.radius + 0.5 - distance) / self.ramp, 0.0, 1.0)
        smooth = depth * depth * (3.0 - 2.0 * depth)
        return depth + (1.0 - self.hardness) * (smooth - depth)

    @property
    def in_pieces(self) -> bool:
        """True when its stamps come as a rim in pieces and a core."""
        return self.radius * 2.0 >= _WHOLE_BELOW


class Piece(msgspec.Struct, frozen=True):
    """Part of a stamp: uint8 ``values`` of shape (height, width), at ``left``, ``top`` from its pixel."""

    left: int
    top: int
    width: int
    height: int
    values: NDArray[np.uint8]


class Stamp(msgspec.Struct, frozen=True):
    """A dab ready to be pressed: coverage to rise to (painting) or to fall to (erasing).

    Places are relative to the pixel under the dab. ``pieces`` and ``core`` never overlap and together hold
    all of it. A small stamp is one piece. ``core``, where the dab is at its strongest throughout, need not be
    pressed again within one spacing (and ``CORE_MARGIN``) of an equal dab. ``size`` is in bytes.
    """

    pieces: tuple[Piece, ...]
    core: tuple[Piece, ...]
    size: int


class StampSet:
    """The stamps of one tip, made when first asked for."""

    __slots__ = ("_stamps", "phases", "size", "spacing", "tip")

    def __init__(self, tip: Tip) -> None:
        self.tip = tip
        self.phases = tip.phases
        self.spacing = tip.spacing
        self.size = 0
        self._stamps: dict[tuple[int, int], Stamp] = {}

    def stamp(self, phase_x: int, phase_y: int) -> Stamp:
        """The stamp for a sub-pixel place, 0 <= phase < ``phases`` along each axis."""
        stamp = self._stamps.get((phase_x, phase_y))
        if stamp is None:
            stamp = self._stamps[phase_x, phase_y] = make_stamp(self.tip, phase_x, phase_y)
            self.size += stamp.size
        return stamp


class StampCache:
    """The stamps of the tips used last; beyond ``budget_bytes`` the tips unused for longest are dropped.

    Safe on any thread: a quick selection paints its rough stroke on one while the pointer moves on.
    """

    def __init__(self, budget_bytes: int = _CACHE_BYTES) -> None:
        self._budget = budget_bytes
        self._sets: OrderedDict[Tip, StampSet] = OrderedDict()
        self._guard = threading.Lock()

    def of(self, tip: Tip) -> StampSet:
        """The stamps of ``tip``; they stay usable by their holder even when the cache drops them."""
        with self._guard:
            stamps = self._sets.get(tip)
            if stamps is None:
                stamps = self._sets[tip] = StampSet(tip)
            self._sets.move_to_end(tip)
            used = sum(kept.size for kept in self._sets.values())
            while used > self._budget and len(self._sets) > 1:
                used -= self._sets.popitem(last=False)[1].size
            return stamps


def make_stamp(tip: Tip, phase_x: int, phase_y: int) -> Stamp:
    """The stamp of ``tip`` whose centre lies phase / phases into its pixel along each axis."""
    x, y = phase_x / tip.phases, phase_y / tip.phases
    reach = tip.radius + _RIM
    rect = Rect.around(x - reach, y - reach, x + reach, y + reach)
    if not tip.in_pieces:
        return _stamp([_piece(rect, _values(tip, rect, x, y))], [])
    pieces: list[Piece] = []
    core: list[Piece] = []
    strongest = np.full(rect.width, tip.strongest, np.uint8)
    bands = -(-rect.height // _BAND_ROWS)
    for band in rect.bands(-(-rect.height // bands)):
        left, right = _core_columns(tip, band, x, y)
        for side in (
            Rect.spanning(band.x, band.y, left, band.bottom),
            Rect.spanning(right, band.y, band.right, band.bottom),
        ):
            pieces.append(_piece(side, _values(tip, side, x, y)))
        if right > left:
            # One row for all, and not a number: numpy combines arrays ten times as fast as array and number.
            row = strongest[: right - left]
            inside = Rect.spanning(left, band.y, right, band.bottom)
            core.append(_piece(inside, np.broadcast_to(row, (band.height, right - left))))
    return _stamp(pieces, core)


def _stamp(pieces: list[Piece], core: list[Piece]) -> Stamp:
    return Stamp(tuple(pieces), tuple(core), sum(piece.values.nbytes for piece in pieces))


def _piece(rect: Rect, values: NDArray[np.uint8]) -> Piece:
    return Piece(rect.x, rect.y, rect.width, rect.height, values)


def _core_columns(tip: Tip, band: Rect, x: float, y: float) -> tuple[int, int]:
    """The columns of ``band`` that are core wherever an equal dab within one spacing lies; equal for none."""
    radius = tip.core - tip.spacing - CORE_MARGIN
    farthest = max(abs(band.y + 0.5 - y), abs(band.bottom - 0.5 - y))
    middle = math.floor(x)
    if radius <= farthest:
        return middle, middle
    half = math.sqrt(radius * radius - farthest * farthest)
    left, right = math.ceil(x - half), math.floor(x + half)
    return (left, right) if right > left else (middle, middle)


class _Table(NamedTuple):
    """A tip's values by squared distance in pixels, so that a pixel costs an addition and a look-up.

    They begin at ``start`` and take ``scale`` steps for a square pixel.
    """

    values: NDArray[np.uint8]
    start: float
    scale: float


@lru_cache(maxsize=4)
def _table(tip: Tip) -> _Table:
    outer = tip.radius + _RIM
    inner = max(min(tip.core, outer - 2.0 * _RIM), 0.0)
    squares = np.linspace(inner * inner, outer * outer, _TABLE_STEPS)
    scale = (_TABLE_STEPS - 1) / (outer * outer - inner * inner)
    return _Table(_levels(tip, tip.strength(np.sqrt(squares))), inner * inner, scale)


def _values(tip: Tip, rect: Rect, x: float, y: float) -> NDArray[np.uint8]:
    """The values of the pixels in ``rect`` for a dab centred at (x, y)."""
    table = _table(tip)
    rows = np.arange(rect.y, rect.bottom, dtype=np.float64) + (0.5 - y)
    columns = np.arange(rect.x, rect.right, dtype=np.float64) + (0.5 - x)
    down = np.rint((np.square(rows) - table.start) * table.scale).astype(np.intp)
    across = np.rint(np.square(columns) * table.scale).astype(np.intp)
    steps = down[:, None] + across
    values = table.values.take(steps, mode="clip")
    if tip.hardness == 1.0:
        row, column = np.nonzero((steps > 0) & (steps < _TABLE_STEPS - 1))
        values[row, column] = _levels(tip, _shares(tip.radius, rows[row], columns[column]))
    return values


def _levels(tip: Tip, strength: NDArray[np.float64]) -> NDArray[np.uint8]:
    level = round(255.0 * tip.level)
    values = np.rint(strength * level).astype(np.uint8)
    return np.invert(values) if tip.erase else values


def _shares(radius: float, dy: NDArray[np.float64], dx: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of each pixel, (dx, dy) from the centre, that lies inside a disc; its edge taken as straight.

    Cut by a line, a square's share is a quadratic spline of the line's depth, with knots at its corners.
    """
    distance = np.hypot(dx, dy)
    depth = radius - distance
    far = np.maximum(distance, 1e-6)
    across, along = np.maximum(np.abs(dx) / far, 1e-3), np.maximum(np.abs(dy) / far, 1e-3)
    corner, shoulder = (across + along) / 2.0, (across - along) / 2.0

    def ramp(offset: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.square(np.maximum(depth + offset, 0.0))

    area = ramp(corner) - ramp(shoulder) - ramp(-shoulder) + ramp(-corner)
    return np.clip(area / (2.0 * across * along), 0.0, 1.0)
