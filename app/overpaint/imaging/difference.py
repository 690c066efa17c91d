"""How two pictures differ, as a picture."""

import cv2
import numpy as np
from numpy.typing import NDArray

GAIN = 4
"""Differences are shown so many times as large: one of 16 levels is plainly seen."""


def difference(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The difference of two pictures channel by channel, ``GAIN`` times as large: black where they are alike.

    Both are (height, width, 4), premultiplied BGRA; ``after`` is brought to the size of ``before``. The
    result is opaque, of the size of ``before``.
    """
    shown = cv2.convertScaleAbs(cv2.absdiff(before, _sized(after, before.shape)), alpha=GAIN)
    shown[..., 3] = 255
    return np.ascontiguousarray(shown, dtype=np.uint8)


def _sized(picture: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    if picture.shape == shape:
        return picture
    way = cv2.INTER_AREA if picture.shape[0] > shape[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (shape[1], shape[0]), interpolation=way), dtype=np.uint8)
