"""What a pen's pressure does to a brush: how large and how strong its dabs are, each through a curve."""

import math

import msgspec

SOFT, LINEAR, FIRM = 0.5, 1.0, 2.0
"""Curves as exponents of the pressure: a light touch gives much, gives its share, or gives little."""

_LEAST_CURVE, _MOST_CURVE = 0.25, 4.0
_STRENGTHS = 64


class Pen(msgspec.Struct, frozen=True):
    """``to_size`` and ``to_opacity`` say what pressure drives; where it drives nothing, that stays whole.

    ``size_curve`` and ``opacity_curve`` are exponents from 0.25 to 4, see ``SOFT``, ``LINEAR`` and ``FIRM``;
    ``least_size`` is the share of the diameter that no pressure at all leaves, 0 to 1. Raises ValueError for
    anything else. A mouse presses with 1, which always means the whole brush.
    """

    to_size: bool = True
    size_curve: float = LINEAR
    least_size: float = 0.0
    to_opacity: bool = False
    opacity_curve: float = LINEAR

    def __post_init__(self) -> None:
        for curve in (self.size_curve, self.opacity_curve):
            if not _LEAST_CURVE <= curve <= _MOST_CURVE:
                raise ValueError(f"A pressure curve goes from 0.25 to 4, not {curve}.")
        if not 0.0 <= self.least_size <= 1.0:
            raise ValueError(f"The least size goes from 0 to 1, not {self.least_size}.")

    def size(self, pressure: float) -> float:
        """The share of the diameter at ``pressure``, 0 to 1; it never falls as the pressure rises."""
        if not self.to_size:
            return 1.0
        return self.least_size + (1.0 - self.least_size) * math.pow(_clipped(pressure), self.size_curve)

    def opacity(self, pressure: float) -> float:
        """The share of the opacity at ``pressure``, 0 to 1, in steps of 1/64.

        Finer steps couldn't be seen, and every one of them has stamps of its own.
        """
        if not self.to_opacity:
            return 1.0
        return round(math.pow(_clipped(pressure), self.opacity_curve) * _STRENGTHS) / _STRENGTHS


USUAL_PEN = Pen()


def _clipped(pressure: float) -> float:
    return min(max(pressure, 0.0), 1.0)
