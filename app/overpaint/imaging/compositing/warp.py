"""A part of a result, brought to the pixels of its picture."""

import cv2
import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks.geometry import Rect
from overpaint.core.results.result_placement import Affine, Bend, Placement
from overpaint.imaging.compositing.mix import Pixels

_STILL = 1e-9
_SIXTEENTH = 1.0 / 16.0


def placed(result: Pixels, placement: Placement, window: Rect) -> Pixels:
    """What of ``result`` shows in ``window``, which is given in picture pixels: uint8 of its height and
    width, with the channels of the result. Beyond its edge the result goes on as it ends.

    Resampled once, bicubically, and where it has to be made smaller by areas; not at all where its pixels are
    those of the picture.
    """
    where = placement.map
    if placement.bend is None and _is_shift_to_whole_pixels(where):
        return _cut(result, window, round(where.tx), round(where.ty))
    if placement.bend is None and where.scale > _REDUCES and _is_upright(where):
        return _reduced(result, where, window)
    if placement.bend is None:
        return warped(result, where, window)
    return _bent(result, where, placement.bend, window)


_REDUCES = 1.25
"""Result pixels for one of the picture, from which on single ones would be left out."""


def _is_shift_to_whole_pixels(where: Affine) -> bool:
    straight = max(abs(where.a - 1), abs(where.d - 1), abs(where.b), abs(where.c)) < _STILL
    return straight and max(abs(where.tx - round(where.tx)), abs(where.ty - round(where.ty))) < _STILL


def _is_upright(where: Affine) -> bool:
    return max(abs(where.b), abs(where.c)) < _STILL


def _cut(result: Pixels, window: Rect, dx: int, dy: int) -> Pixels:
    rows = np.clip(np.arange(window.y + dy, window.bottom + dy), 0, result.shape[0] - 1)
    columns = np.clip(np.arange(window.x + dx, window.right + dx), 0, result.shape[1] - 1)
    if rows[-1] - rows[0] == len(rows) - 1 and columns[-1] - columns[0] == len(columns) - 1:
        return result[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].copy()
    return np.ascontiguousarray(result[np.ix_(rows, columns)])


def _reduced(result: Pixels, where: Affine, window: Rect) -> Pixels:
    """Blurred first by as much as falls away, then sampled."""
    sigma = 0.5 * (where.scale - 1.0)
    soft = cv2.GaussianBlur(result, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    return warped(np.asarray(soft, dtype=np.uint8), where, window)


def warped(result: Pixels, where: Affine, window: Rect) -> Pixels:
    """What of ``result`` shows in ``window`` where it lies so, sampled bicubically: see :func:`placed`."""
    # OpenCV counts from the centre of the first pixel, and we from its corner.
    tx, ty = where.at(window.x + 0.5, window.y + 0.5)
    matrix = np.array([[where.a, where.b, tx - 0.5], [where.c, where.d, ty - 0.5]])
    warped = cv2.warpAffine(
        result,
        matrix,
        (window.width, window.height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(warped, dtype=np.uint8)


def _bent(result: Pixels, where: Affine, bend: Bend, window: Rect) -> Pixels:
    xs, ys = (side.astype(np.float32) for side in places_of(where, bend, window))
    warped = cv2.remap(result, xs, ys, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, dtype=np.uint8)


def places_of(
    where: Affine, bend: Bend | None, window: Rect
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where in the result the centres of a window's pixels lie, counted from the centre of its first pixel:
    two arrays (height, width)."""
    x, y = np.meshgrid(
        np.arange(window.x, window.right) + 0.5, np.arange(window.y, window.bottom) + 0.5, copy=False
    )
    if bend is not None:
        dx, dy = _steps(bend, window)
        x, y = x + dx, y + dy
    return (
        where.a * x + where.b * y + where.tx - 0.5,
        where.c * x + where.d * y + where.ty - 0.5,
    )


def _steps(bend: Bend, window: Rect) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The bend at the centres of a window's pixels, interpolated between its nodes."""
    nodes = np.frombuffer(bend.steps, np.int8).reshape(bend.rows, bend.columns, 2).astype(np.float32)
    columns = (np.arange(window.x, window.right, dtype=np.float32) + 0.5 - bend.left) / bend.cell
    rows = (np.arange(window.y, window.bottom, dtype=np.float32) + 0.5 - bend.top) / bend.cell
    xs, ys = np.meshgrid(columns, rows)
    field = cv2.remap(nodes, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return field[..., 0].astype(float) * _SIXTEENTH, field[..., 1].astype(float) * _SIXTEENTH
