"""How much of a result shows at each pixel: all well inside the mask, nothing outside, a ramp between."""

import cv2
import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks.geometry import Rect

Coverage = NDArray[np.uint8]
"""uint8 (height, width): 0 keeps the picture, 255 takes the result."""

_STEPS = 4.0
"""Of a distance of a pixel, where 255 of them are enough for the feather."""


def grown(coverage: Coverage, pixels: float) -> Coverage:
    """The coverage spread outwards by so many pixels, or taken in by as many below 0, rounded to whole
    ones; the same array for less than half a pixel."""
    reach = round(abs(pixels))
    if reach == 0:
        return coverage
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    work = cv2.dilate if pixels > 0 else cv2.erode
    border = 0 if pixels > 0 else 255  # the picture's own border is no edge of the mask
    spread = work(coverage, disc, borderType=cv2.BORDER_CONSTANT, borderValue=border)
    return np.asarray(spread, dtype=np.uint8)


def share_of(coverage: Coverage, feather: float) -> Coverage:
    """The share of the result: rises from 0 at the mask's edge over ``feather`` pixels inwards, smoothly, and
    is never more than the coverage, so that soft strokes stay soft and nothing outside ever changes.

    The picture's own border is no edge. Without a feather it is the coverage itself.
    """
    if feather <= 0:
        return coverage
    inside = (coverage > 0).view(np.uint8)
    if inside.all():  # there is no edge, and no distance to it
        return coverage
    edged = cv2.copyMakeBorder(inside, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    distance = cv2.distanceTransform(edged, cv2.DIST_L2, cv2.DIST_MASK_5)[1:-1, 1:-1]
    fine = min(_STEPS, 255.0 / feather)
    steps = cv2.convertScaleAbs(distance, alpha=fine, beta=-fine)  # 0 on the edge's own pixels
    ramp = cv2.LUT(steps, _ramp(feather * fine))
    return np.asarray(cv2.min(ramp, coverage), dtype=np.uint8)


def box_of(coverage: Coverage) -> Rect:
    """The smallest rectangle with any coverage; empty when there is none."""
    x, y, width, height = cv2.boundingRect(coverage)
    return Rect(x, y, width, height)


def reach_of(feather: float) -> int:
    """How far a change of the coverage at a pixel reaches into the share, in pixels."""
    return int(feather) + 2


def _ramp(steps: float) -> NDArray[np.uint8]:
    """The share for each step of distance: a smooth rise over so many of them."""
    place = np.clip(np.arange(256) / steps, 0.0, 1.0)
    return np.round(255.0 * place * place * (3.0 - 2.0 * place)).astype(np.uint8)
