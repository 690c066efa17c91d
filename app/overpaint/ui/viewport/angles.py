"""Angles that a line or a view snaps to."""

import math

_ANGLE = math.radians(15.0)


def snap_to_angle(start: tuple[float, float], x: float, y: float) -> tuple[float, float]:
    """The place nearest to (``x``, ``y``) that lies from ``start`` at a multiple of 15 degrees."""
    dx, dy = x - start[0], y - start[1]
    angle = round(math.atan2(dy, dx) / _ANGLE) * _ANGLE
    along = dx * math.cos(angle) + dy * math.sin(angle)
    return start[0] + along * math.cos(angle), start[1] + along * math.sin(angle)
