"""The subject of a picture against its background, found without any model (GrabCut).

Rother, Kolmogorov, Blake: GrabCut - Interactive Foreground Extraction using Iterated Graph Cuts, 2004.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

_WORKING_EDGE = 400
_ITERATIONS = 4
_MARGIN = 0.04
_LEAST_SHARE, _LARGEST_SHARE = 0.005, 0.97


def subject_coverage(pixels: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """How much each pixel belongs to the subject: (h, w) uint8, 0 background to 255 subject.

    ``pixels`` is (h, w, 3) uint8 RGB. The subject is taken to lie in the middle and to differ in colour
    from the picture's edges. None when no such thing is found.
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, _WORKING_EDGE / max(height, width))
    small_size = (max(8, round(width * scale)), max(8, round(height * scale)))
    small = np.asarray(cv2.resize(pixels, small_size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    inside = _grab(small)
    share = float(inside.mean())
    if not _LEAST_SHARE <= share <= _LARGEST_SHARE:
        return None
    soft = cv2.resize(_tidied(inside) * 255, (width, height), interpolation=cv2.INTER_CUBIC)
    soft = cv2.GaussianBlur(soft, (0, 0), max(0.6, 0.6 / scale))
    steep = (soft.astype(np.float32) - 127.5) * 2 + 127.5
    return np.asarray(np.clip(steep, 0, 255), dtype=np.uint8)


def _grab(small: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = small.shape[:2]
    left, top = max(1, round(width * _MARGIN)), max(1, round(height * _MARGIN))
    labels = np.full((height, width), cv2.GC_BGD, np.uint8)
    labels[top : height - top, left : width - left] = cv2.GC_PR_FGD
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(1)
    cv2.grabCut(small, labels, (0, 0, 0, 0), *models, _ITERATIONS, cv2.GC_INIT_WITH_MASK)
    return np.asarray((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD), dtype=np.uint8)


def _tidied(inside: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Without specks and pinholes: only pieces of at least a twentieth of the largest stay."""
    kernel = np.ones((3, 3), np.uint8)
    closed = np.asarray(cv2.morphologyEx(inside, cv2.MORPH_CLOSE, kernel, iterations=2), dtype=np.uint8)
    count, labels, facts, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    areas = facts[1:, cv2.CC_STAT_AREA]
    if count <= 2:
        return closed
    kept = 1 + np.flatnonzero(areas >= areas.max() / 20)
    return np.isin(labels, kept).astype(np.uint8)
