"""A picture brought to an asked size: covered and cropped about its middle, hardly ever stretched."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from overpaint.core.request.sizes import Size

STRETCH_TOLERANCE = 0.02
"""Aspect ratios that differ by less than this share are stretched, unseen; others are cropped."""


def fit(pixels: NDArray[np.uint8], size: Size) -> NDArray[np.uint8]:
    """(h, w, C) uint8 pixels at ``size``: the same array when it has that size already.

    The picture covers the whole size at its own aspect and is cropped on two sides, unless the
    aspects differ by less than 2 %: then it is stretched and loses nothing. Resampling is Lanczos.
    """
    height, width = pixels.shape[:2]
    if (width, height) == (size.width, size.height):
        return pixels
    resized = Image.fromarray(pixels).resize(
        (size.width, size.height), Image.Resampling.LANCZOS, box=crop_box(Size(width, height), size)
    )
    return np.array(resized)


def fit_mask(hole: NDArray[np.bool_], size: Size) -> NDArray[np.bool_]:
    """(h, w) bool at ``size``, framed as :func:`fit` frames its picture, by nearest neighbour."""
    height, width = hole.shape
    if (width, height) == (size.width, size.height):
        return hole
    resized = Image.fromarray(hole.astype(np.uint8) * 255).resize(
        (size.width, size.height), Image.Resampling.NEAREST, box=crop_box(Size(width, height), size)
    )
    return np.asarray(resized) > 127


def crop_box(source: Size, target: Size) -> tuple[float, float, float, float]:
    """The part of a picture that is seen at another size: left, top, right, bottom in source pixels."""
    ratio = target.aspect / source.aspect
    if abs(ratio - 1) < STRETCH_TOLERANCE:
        return 0.0, 0.0, float(source.width), float(source.height)
    width = min(source.width, source.height * target.aspect)
    height = min(source.height, source.width / target.aspect)
    left, top = (source.width - width) / 2, (source.height - height) / 2
    return left, top, left + width, top + height
