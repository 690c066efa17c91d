"""What a service changed outside of the mask, in numbers and as a picture."""

import cv2
import numpy as np
from numpy.typing import NDArray

from overpaint.core.results.blending import Drift
from overpaint.imaging.compositing.mix import Pixels

PLAINLY = 8
"""Code values by which a pixel that was rendered anew differs in some channel."""

REDRAWN = 12
"""The same for one that shows something else, once the result is in place, its colours match, and both are
blurred by ``_BLUR``."""

_BLUR = 2.0
_LONGER_SIDE = 1024


def measure(before: Pixels, framed: Pixels, matched: Pixels, outside: NDArray[np.bool_]) -> Drift:
    """The shares of what was rendered anew and redrawn: ``framed`` is the result as it came, ``matched`` once
    it lies in its place; both of the size of ``before``, as ``outside`` is, reduced as ``reduced`` does."""
    total = int(outside.sum())
    if not total:
        return Drift()
    plain = cv2.absdiff(before, framed).max(axis=2) > PLAINLY
    return Drift(
        rerendered=round(float(plain[outside].mean()), 4),
        redrawn=round(float((differing(before, matched) > REDRAWN)[outside].mean()), 4),
    )


def differing(before: Pixels, matched: Pixels) -> NDArray[np.uint8]:
    """How far each pixel of a placed result shows something else, 0 to 255: uint8 (height, width)."""
    soft = [cv2.GaussianBlur(one, (0, 0), _BLUR) for one in (before, matched)]
    return np.asarray(cv2.absdiff(*soft).max(axis=2), dtype=np.uint8)


def reduction(width: int, height: int) -> float:
    """How much smaller pictures of that size are made before they are compared: 1 at most."""
    return min(1.0, _LONGER_SIDE / max(width, height))
