"""Steps of colour along the rim of a fill, dissolved inwards by a membrane (Laplace's equation).

Perez, Gangnet, Blake: Poisson Image Editing, 2003; solved from coarse to fine.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

_SMALLEST_SIDE = 8
_ROUNDS = 24
_STENCIL = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=np.float32) / 4

Plane = NDArray[np.floating]


def spread(steps: Plane, fixed: NDArray[np.bool_], hole: NDArray[np.bool_]) -> Plane:
    """(h, w, 3) float32 values known where ``fixed`` is true, stretched smoothly over the hole.

    ``fixed`` and ``hole`` are (h, w) and don't overlap; elsewhere the values are 0.
    """
    height, width = hole.shape
    start = np.zeros_like(steps)
    if min(height, width) >= 2 * _SMALLEST_SIDE:
        half = width // 2, height // 2
        share = _resized(fixed.astype(np.float32), half)
        small_fixed = share > 0
        small_hole = (_resized(hole.astype(np.float32), half) > 0) & ~small_fixed
        sums = _resized(np.where(fixed[..., None], steps, np.float32(0)), half)
        means = sums / np.maximum(share, np.float32(1e-6))[..., None]
        start = _resized(spread(means, small_fixed, small_hole), (width, height))
    values = np.where(hole[..., None], start, np.where(fixed[..., None], steps, 0)).astype(np.float32)
    reach = hole | fixed
    weight = cv2.filter2D(reach.astype(np.float32), -1, _STENCIL, borderType=cv2.BORDER_CONSTANT)
    for _ in range(_ROUNDS):
        around = cv2.filter2D(values, -1, _STENCIL, borderType=cv2.BORDER_CONSTANT)
        values[hole] = around[hole] / np.maximum(weight[hole], 0.25)[:, None]
    return values


def _resized(plane: Plane, size: tuple[int, int]) -> Plane:
    shrinks = size[0] < plane.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(plane, size, interpolation=method), dtype=np.float32)
