"""Presses a brush's stamps into coverage, dab by dab, each time only the part that can change something."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overpaint.core.paint.stamps import CORE_MARGIN, Piece, Stamp, StampCache, Tip

_FARTHEST = 1e9
_STAMPS = StampCache()


class Point(NamedTuple):
    """Where the pointer is, in picture pixels, and how hard it presses, 0 to 1."""

    x: float
    y: float
    pressure: float

    @classmethod
    def checked(cls, x: float, y: float, pressure: float) -> "Point":
        """The point, its pressure clipped; ValueError when a coordinate is no place or pressure no number."""
        if not (abs(x) <= _FARTHEST and abs(y) <= _FARTHEST):
            raise ValueError(f"A brush can't be at ({x}, {y}).")
        if math.isnan(pressure):
            raise ValueError("Pressure goes from 0 to 1 and must be a number.")
        return cls(float(x), float(y), min(max(float(pressure), 0.0), 1.0))

    def distance(self, other: "Point") -> float:
        return math.hypot(other.x - self.x, other.y - self.y)

    def towards(self, other: "Point", share: float) -> "Point":
        if share >= 1.0:
            return other
        return Point(
            self.x + (other.x - self.x) * share,
            self.y + (other.y - self.y) * share,
            self.pressure + (other.pressure - self.pressure) * share,
        )


class Dabs:
    """The dabs of one stroke in ``coverage``, uint8 of shape (height, width); ``tip_at`` by pressure, 0 to 1.

    A dab's strength only falls with the distance from its centre, so pixels that lie nearer to the centre of
    the equal dab before gain nothing from this one. Large stamps leave those pieces out.
    """

    def __init__(self, coverage: NDArray[np.uint8], tip_at: Callable[[float], Tip]) -> None:
        self._coverage = coverage
        self._height, self._width = coverage.shape
        self._tip_at = tip_at
        self._pressure = 1.0
        self._stamps = _STAMPS.of(tip_at(1.0))
        self._combine = np.minimum if self._stamps.tip.erase else np.maximum
        self._before: tuple[float, float] | None = None

    def spacing(self, pressure: float) -> float:
        """Pixels between dabs at this pressure."""
        return self._stamps.spacing if pressure == self._pressure else self._tip_at(pressure).spacing

    def stamp(self, point: Point) -> None:
        """One dab at ``point``, clipped to the picture."""
        if point.pressure != self._pressure:
            self._change_pressure(point.pressure)
        stamps = self._stamps
        fine_x, fine_y = round(point.x * stamps.phases), round(point.y * stamps.phases)
        x, phase_x = divmod(fine_x, stamps.phases)
        y, phase_y = divmod(fine_y, stamps.phases)
        stamp = stamps.stamp(phase_x, phase_y)
        if len(stamp.pieces) == 1:
            self._put(stamp.pieces[0], x, y)
        else:
            self._put_news(stamp, x, y, (fine_x / stamps.phases, fine_y / stamps.phases))

    def _change_pressure(self, pressure: float) -> None:
        self._pressure = pressure
        tip = self._tip_at(pressure)
        if tip != self._stamps.tip:
            self._stamps = _STAMPS.of(tip)
            self._before = None

    def _put_news(self, stamp: Stamp, x: int, y: int, centre: tuple[float, float]) -> None:
        """Put what the equal dab before, if there was one, has not already done."""
        before, self._before = self._before, centre
        dx, dy, behind, moved = 0.0, 0.0, -1.0, math.inf
        if before is not None:
            dx, dy = centre[0] - before[0], centre[1] - before[1]
            behind = (dx * (centre[0] + before[0]) + dy * (centre[1] + before[1])) / 2.0
            moved = math.hypot(dx, dy)
        for piece in stamp.pieces:
            front_x = x + piece.left + (piece.width if dx > 0.0 else 0)
            front_y = y + piece.top + (piece.height if dy > 0.0 else 0)
            if dx * front_x + dy * front_y > behind:
                self._put(piece, x, y)
        if moved > self._stamps.spacing + CORE_MARGIN:
            for piece in stamp.core:
                self._put(piece, x, y)

    def _put(self, piece: Piece, x: int, y: int) -> None:
        left, top, values = x + piece.left, y + piece.top, piece.values
        right, bottom = left + piece.width, top + piece.height
        if left < 0 or top < 0 or right > self._width or bottom > self._height:
            if left >= self._width or top >= self._height or right <= 0 or bottom <= 0:
                return
            values = values[max(-top, 0) : self._height - top, max(-left, 0) : self._width - left]
            left, top = max(left, 0), max(top, 0)
            right, bottom = min(right, self._width), min(bottom, self._height)
        view = self._coverage[top:bottom, left:right]
        self._combine(view, values, out=view)
