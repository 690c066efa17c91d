"""How keys and drags change a brush: steps of size and hardness, digits for opacity."""

import math

from msgspec.structs import replace

from overpaint.core.paint.brush_stroke import MAX_DIAMETER, MIN_DIAMETER, Brush

_SIZE_STEPS = ((10, 1), (50, 5), (100, 10), (200, 25), (300, 50), (1000, 100), (2000, 200))
_HARDNESS_STEP = 0.25
_SAME = 1e-6
_LEAST_OPACITY = 0.01
_DIGITS_WITHIN = 0.8
_DRAG_TO_FULL_HARDNESS = 240.0


def resized(brush: Brush, steps: int) -> Brush:
    """The brush larger (``steps`` > 0) or smaller, on a ladder whose rungs widen with the size."""
    diameter = brush.diameter
    for _ in range(abs(steps)):
        diameter = _next_size(diameter) if steps > 0 else _previous_size(diameter)
    return replace(brush, diameter=diameter)


def hardened(brush: Brush, steps: int) -> Brush:
    """The brush harder (``steps`` > 0) or softer by quarters."""
    grade = brush.hardness / _HARDNESS_STEP
    start = math.floor(grade + _SAME) if steps > 0 else math.ceil(grade - _SAME)
    return replace(brush, hardness=min(max((start + steps) * _HARDNESS_STEP, 0.0), 1.0))


def dragged(brush: Brush, dx: float, dy: float) -> Brush:
    """The brush after a drag: ``dx`` picture pixels add to the radius, ``dy`` widget pixels down soften."""
    diameter = min(max(brush.diameter + 2.0 * dx, MIN_DIAMETER), MAX_DIAMETER)
    hardness = min(max(brush.hardness - dy / _DRAG_TO_FULL_HARDNESS, 0.0), 1.0)
    return replace(brush, diameter=float(round(diameter)), hardness=round(hardness, 2))


class OpacityKeys:
    """Digits typed for the opacity: one is tens of percent (0: all of it), a quick second one exact."""

    def __init__(self) -> None:
        self._first: int | None = None
        self._at = 0.0

    def typed(self, brush: Brush, digit: int, now: float) -> Brush:
        """The brush after ``digit``, typed at ``now`` seconds of any clock."""
        if self._first is not None and now - self._at <= _DIGITS_WITHIN:
            opacity = (10 * self._first + digit) / 100.0
            self._first = None
        else:
            self._first, self._at = digit, now
            opacity = digit / 10.0 if digit else 1.0
        return replace(brush, opacity=max(opacity, _LEAST_OPACITY))


def _next_size(diameter: float) -> float:
    step = next((step for limit, step in _SIZE_STEPS if diameter < limit), _SIZE_STEPS[-1][1])
    return min(float((diameter // step + 1) * step), MAX_DIAMETER)


def _previous_size(diameter: float) -> float:
    step = next((step for limit, step in _SIZE_STEPS if diameter <= limit), _SIZE_STEPS[-1][1])
    return max(float(-(-diameter // step) - 1) * step, MIN_DIAMETER)
