"""Painting and erasing: a pointer's way over the picture becomes dabs in a mask and one entry in the history.

Dabs are combined by maximum (minimum when erasing), so a stroke never grows darker where it crosses itself.
Coordinates are picture pixels as floats; the first pixel's centre is at (0.5, 0.5).
"""

import math

import msgspec

from overpaint.core.masks.geometry import EMPTY, Rect
from overpaint.core.masks.mask import Mask
from overpaint.core.masks.undo_history import History, Transaction
from overpaint.core.paint.dabs import Dabs, Point
from overpaint.core.paint.pen_pressure import USUAL_PEN, Pen
from overpaint.core.paint.stamps import Tip

MIN_DIAMETER = 1.0
MAX_DIAMETER = 2000.0

_GROUP_PIXELS = 128.0


class Brush(msgspec.Struct, frozen=True):
    """A round brush.

    ``diameter`` 1 to 2000 picture pixels; ``hardness`` 0 (soft from the middle on) to 1 (a plain disc);
    ``opacity`` 0 to 1, the most that one stroke adds or takes away; ``erase`` to lower coverage; ``pen`` is
    what pressure does to it. ``smoothing``, 0 to 1, is for the hand that leads it (``core.steady``): a stroke
    goes exactly where it is led. Raises ValueError for anything else.
    """

    diameter: float
    hardness: float = 1.0
    opacity: float = 1.0
    erase: bool = False
    pen: Pen = USUAL_PEN
    smoothing: float = 0.0

    def __post_init__(self) -> None:
        if not MIN_DIAMETER <= self.diameter <= MAX_DIAMETER:
            raise ValueError(f"A brush is 1 to 2000 pixels wide, not {self.diameter}.")
        if not 0.0 <= self.hardness <= 1.0:
            raise ValueError(f"Hardness goes from 0 to 1, not {self.hardness}.")
        if not 0.0 <= self.opacity <= 1.0:
            raise ValueError(f"Opacity goes from 0 to 1, not {self.opacity}.")
        if not 0.0 <= self.smoothing <= 1.0:
            raise ValueError(f"Smoothing goes from 0 to 1, not {self.smoothing}.")

    def tip(self, pressure: float = 1.0) -> Tip:
        """The shape of its dabs at a pen's ``pressure`` (0 to 1), which shrinks the diameter to 1 px at most.

        Diameters under less than full pressure go in steps of 1/128 (a quarter pixel for small ones).
        """
        if pressure >= 1.0:
            return Tip(self.diameter / 2.0, self.hardness, self.opacity, self.erase)
        return Tip(
            self._radius(pressure), self.hardness, self.opacity * self.pen.opacity(pressure), self.erase
        )

    def _radius(self, pressure: float) -> float:
        share = self.pen.size(pressure)
        if share >= 1.0:
            return self.diameter / 2.0
        diameter = max(self.diameter * share, MIN_DIAMETER)
        step = max(0.25, 2.0 ** math.floor(math.log2(diameter)) / 128.0)
        return round(diameter / step) * step / 2.0


class Stroke:
    """One stroke: ``begin``, any number of ``extend``, then ``finish`` or ``abort``.

    It may leave the picture and come back; dabs are clipped. ``begin`` and ``extend`` return what to redraw
    and raise ValueError for coordinates that are not finite or beyond a thousand million pixels. Calls out of
    that order raise RuntimeError. Whatever else ``begin`` or ``extend`` raise, ``abort`` takes back what was
    painted. A straight line is no more than two points.
    """

    def __init__(self, mask: Mask, history: History, brush: Brush) -> None:
        self.mask = mask
        self._history = history
        self._brush = brush
        self._dabs = Dabs(mask.coverage, brush.tip)
        self._transaction: Transaction | None = None
        self._last = Point(0.0, 0.0, 1.0)
        self._dirty = EMPTY

    @property
    def running(self) -> bool:
        """True once it has begun, until ``finish`` or ``abort``."""
        return self._transaction is not None

    def begin(self, x: float, y: float, pressure: float = 1.0) -> Rect:
        """Put the brush down; one dab. Returns the pixels that may have changed."""
        if self._transaction is not None:
            raise RuntimeError("The stroke has already begun.")
        self._last = Point.checked(x, y, pressure)
        self._transaction = self._history.open("Erase" if self._brush.erase else "Brush stroke", self.mask)
        self._draw(self._transaction, self._last, 1, range(1, 2))
        return self._dirty

    def extend(self, x: float, y: float, pressure: float = 1.0) -> Rect:
        """Move the brush on in a straight line; returns the pixels that may have changed."""
        transaction, end = self._running(), Point.checked(x, y, pressure)
        spacing = min(self._dabs.spacing(self._last.pressure), self._dabs.spacing(end.pressure))
        count = max(1, math.ceil(self._last.distance(end) / spacing))
        near = self.mask.rect.grown(math.ceil(self._brush.diameter / 2.0) + 1)
        self._draw(transaction, end, count, _steps_inside(self._last, end, count, near))
        self._last = end
        return self._dirty

    def finish(self) -> None:
        """Lift the brush: one entry in the history, or none when no pixel changed."""
        transaction, self._transaction = self._running(), None
        with transaction:  # which takes everything back if it can't be committed
            transaction.commit()

    def abort(self) -> Rect:
        """Take the stroke back, byte for byte and without a trace; returns the pixels to redraw."""
        transaction, self._transaction = self._running(), None
        return transaction.abort()

    def _running(self) -> Transaction:
        if self._transaction is None:
            raise RuntimeError("The stroke has not begun, or has already ended.")
        return self._transaction

    def _draw(self, transaction: Transaction, end: Point, count: int, steps: range) -> None:
        """Press the dabs numbered ``steps`` of the ``count`` that lead evenly from the last point to here."""
        self._dirty = EMPTY
        start, reach = self._last, self._brush.diameter / 2.0 + 1.0
        group = max(1, int(_GROUP_PIXELS / max(start.distance(end) / count, 1.0)))
        for first in range(steps.start, steps.stop, group):
            points = [
                start.towards(end, step / count) for step in range(first, min(first + group, steps.stop))
            ]
            rect = _around(points[0], points[-1], reach).intersected(self.mask.rect)
            if rect.empty:
                continue
            transaction.touch(rect)
            for point in points:
                self._dabs.stamp(point)
            self.mask.changed(rect)
            self._dirty = self._dirty.united(rect)


def _steps_inside(start: Point, end: Point, count: int, near: Rect) -> range:
    """Which of the dabs 1 to ``count`` on the way from ``start`` to ``end`` may lie inside ``near``."""
    first, last = 0.0, 1.0
    for origin, change, low, high in (
        (start.x, end.x - start.x, near.x, near.right),
        (start.y, end.y - start.y, near.y, near.bottom),
    ):
        if change == 0.0:
            if not low <= origin <= high:
                return range(0)
            continue
        ways = sorted(((low - origin) / change, (high - origin) / change))
        first, last = max(first, ways[0]), min(last, ways[1])
    if first > last:
        return range(0)
    return range(max(1, math.floor(first * count)), min(count, math.ceil(last * count)) + 1)


def _around(start: Point, end: Point, reach: float) -> Rect:
    return Rect.around(
        min(start.x, end.x) - reach,
        min(start.y, end.y) - reach,
        max(start.x, end.x) + reach,
        max(start.y, end.y) + reach,
    )
