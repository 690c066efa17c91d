"""How alike two pictures are in one grid, outside of the mask."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from overpaint.imaging.registration.views import Grey

_COLUMNS, _ROWS = 16, 9
_TEXTURED = 3.0
_MOST_COVERED = 0.5
_LEAST_BLOCK = 4


ALIKE = 0.6
"""The correlation from which on a block shows the same in both."""


class Agreement(msgspec.Struct, frozen=True):
    """The ``median`` correlation of blocks that show something, -1 to 1, and the share of them that are
    alike; 0.0 where none shows anything."""

    median: float = 0.0
    alike: float = 0.0


def agreement(before: Grey, after: Grey, outside: NDArray[np.bool_]) -> Agreement:
    """How alike both are; ``outside`` says which pixels count."""
    height, width = before.shape
    found = []
    for row in range(_ROWS):
        for column in range(_COLUMNS):
            part = (
                slice(row * height // _ROWS, (row + 1) * height // _ROWS),
                slice(column * width // _COLUMNS, (column + 1) * width // _COLUMNS),
            )
            kept = outside[part]
            if min(kept.shape) < _LEAST_BLOCK or kept.mean() < _MOST_COVERED:
                continue
            one, other = before[part][kept], after[part][kept]
            one, other = one - one.mean(), other - other.mean()
            if one.std() > _TEXTURED:
                found.append(float((one * other).mean() / (one.std() * other.std() + 1e-3)))
    if not found:
        return Agreement()
    return Agreement(float(np.median(found)), float(np.mean(np.array(found) >= ALIKE)))
