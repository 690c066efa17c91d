"""Shapes computed from their definitions, sample by sample: what the tools' masks are compared with."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]

_FINE = 8


def covered(shape: tuple[int, int], inside: Callable[[Reals, Reals], NDArray[np.bool_]]) -> Reals:
    """The share of each pixel of ``shape`` (height, width) that lies ``inside``, by 64 samples each."""
    steps = (np.arange(_FINE) + 0.5) / _FINE
    total = np.zeros(shape)
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float64)
    for down in steps:
        for across in steps:
            total += inside(x + across, y + down)
    return total / _FINE**2


def rectangle(shape: tuple[int, int], left: int, top: int, right: int, bottom: int) -> Reals:
    """Whole pixels between these edges."""
    made = np.zeros(shape)
    made[top:bottom, left:right] = 1.0
    return made


def ellipse(shape: tuple[int, int], left: float, top: float, right: float, bottom: float) -> Reals:
    """The ellipse between these edges."""
    x, y, across, down = (left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2
    return covered(shape, lambda u, v: ((u - x) / across) ** 2 + ((v - y) / down) ** 2 <= 1.0)


def polygon(shape: tuple[int, int], corners: Sequence[tuple[float, float]]) -> Reals:
    """A polygon that doesn't cross itself: from inside, a ray meets its edges an odd number of times."""

    def inside(x: Reals, y: Reals) -> NDArray[np.bool_]:
        odd = np.zeros(x.shape, bool)
        for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
            if y0 != y1:
                odd ^= ((y0 > y) != (y1 > y)) & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
        return odd

    return covered(shape, inside)
