"""Steadies a stroke: the brush hangs on a string and follows only when the pointer pulls it.

The line is the curve of something dragged behind (a tractrix): what trembles less than the string is long
leaves no trace, corners turn round, and a hand that stands still paints nothing. It does not depend on time.
"""

import math
from collections.abc import Iterator

Spot = tuple[float, float]

LONGEST_STRING = 100.0
"""Length of the string at full smoothing, in the pointer's units: one for each percent."""

_STEPS_PER_STRING = 8
_MOST_STEPS = 16


class StrokeStabilizer:
    """Where the brush is while the pointer leads it; both begin at ``start``.

    ``length`` is that of the string, at least 0: with 0 the brush is where the pointer is. Units are the
    caller's: with those of the screen a hand is steadied alike at every zoom. Where the ground moved under
    both, the caller puts ``brush`` where it lies now.
    """

    def __init__(self, start: Spot, length: float) -> None:
        self.brush = start
        self._pointer = start
        self._length = length

    def follow(self, pointer: Spot) -> Iterator[tuple[Spot, float]]:
        """The places the brush comes to while the pointer goes straight on, each with the share of that way.

        A long way is walked in steps of an eighth of the string, at most 16, so that it hardly matters in
        how many moves it is told. Nothing while the string is slack.
        """
        if not self._length:
            self.brush = self._pointer = pointer
            yield pointer, 1.0
            return
        start, self._pointer = self._pointer, pointer
        step = max(self._length / _STEPS_PER_STRING, 1.0)
        count = min(max(1, math.ceil(math.dist(start, pointer) / step)), _MOST_STEPS)
        for number in range(1, count + 1):
            share = number / count
            if self._pull(_between(start, pointer, share)):
                yield self.brush, share

    @property
    def pointer(self) -> Spot:
        """Where the pointer was last."""
        return self._pointer

    def _pull(self, pointer: Spot) -> bool:
        taut = math.dist(self.brush, pointer)
        if taut <= self._length:
            return False
        self.brush = _between(self.brush, pointer, (taut - self._length) / taut)
        return True


def _between(start: Spot, end: Spot, share: float) -> Spot:
    if share >= 1.0:
        return end
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
