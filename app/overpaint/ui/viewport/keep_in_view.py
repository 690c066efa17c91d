"""How far a picture must be moved for a part of it to stay in sight, at any angle."""

from collections.abc import Sequence

Point = tuple[float, float]

_UPRIGHT: tuple[Point, ...] = ((1.0, 0.0), (0.0, 1.0))
_TRIES = 32
_STILL = 1e-3


def into_sight(corners: Sequence[Point], room: Point, turn: Point, part: float) -> Point:
    """The shortest way, or nearly so, to where the picture reaches ``part`` deep into the room.

    ``corners`` are the picture's, the room lies between (0, 0) and ``room``, all in the same unit; ``turn``
    is cosine and sine of the picture's angle. A picture or room smaller than ``part`` is in sight as a whole.
    """
    frame = [(x, y) for x in (0.0, room[0]) for y in (0.0, room[1])]
    cosine, sine = turn
    upright = 0.0 in turn
    # Turned, the two overlap only if they do along the axes of both, and each axis may undo the other's work.
    axes = _UPRIGHT if upright else (*_UPRIGHT, (cosine, sine), (-sine, cosine))
    x = y = 0.0
    for _ in range(_TRIES):
        furthest = 0.0
        for across, down in axes:
            along = across * x + down * y
            step = _step([across * cx + down * cy + along for cx, cy in corners], frame, (across, down), part)
            x, y = x + step * across, y + step * down
            furthest = max(furthest, abs(step))
        if upright or furthest < _STILL:
            break
    return x, y


def _step(places: Sequence[float], frame: Sequence[Point], axis: Point, part: float) -> float:
    """How far to move what lies at ``places`` along the axis to overlap the frame by ``part``."""
    start, end = min(places), max(places)
    ends = [axis[0] * x + axis[1] * y for x, y in frame]
    first, last = min(ends), max(ends)
    part = min(part, end - start, last - first)
    return min(max(start, first + part - (end - start)), last - part) - start
