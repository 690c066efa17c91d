"""The exact mix of two pictures by a share for each pixel."""

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""uint8 of shape (height, width) or (height, width, channels)."""

_BAND = 1 << 18


def mix(before: Pixels, after: Pixels, share: NDArray[np.uint8]) -> Pixels:
    """``after`` where ``share`` is 255, ``before`` where it is 0, bit for bit, and between them rounded to
    the nearest: a new array. All are of one height and width."""
    mixed = before.copy()
    rows = max(1, _BAND // max(before.shape[1], 1))
    for top in range(0, before.shape[0], rows):
        band = slice(top, top + rows)
        part = share[band]
        if not part.any():
            continue
        weight = _for_channels(part, before.shape[2] if before.ndim == 3 else 0).astype(np.uint16)
        numerator = before[band].astype(np.uint16) * (255 - weight)
        numerator += after[band].astype(np.uint16) * weight
        # Division by 255, rounded: exact for every value that can stand here.
        numerator += 128
        numerator += numerator >> 8
        mixed[band] = numerator >> 8
    return mixed


def _for_channels(share: Pixels, channels: int) -> Pixels:
    """The share for each channel of a pixel; as it is for a picture that has them in no axis of their own."""
    if channels < 2:
        return share if not channels else share[..., None]
    return np.asarray(cv2.merge([share] * channels), dtype=np.uint8)
