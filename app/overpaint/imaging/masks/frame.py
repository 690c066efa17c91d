"""Brings one picture into another's frame, so that their pixels lie on each other."""

import cv2
import numpy as np
from numpy.typing import NDArray


def in_frame(bgra: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """``bgra``, uint8 of shape (h, w, 4), stretched to ``width`` x ``height``.

    The same array if it has that size; averaged where it shrinks, bicubic where it grows.
    """
    if bgra.shape[:2] == (height, width):
        return bgra
    shrinks = width * height < bgra.shape[0] * bgra.shape[1]
    kind = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(bgra, (width, height), interpolation=kind), np.uint8)
