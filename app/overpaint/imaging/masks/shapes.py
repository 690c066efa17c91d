"""Rectangles, ellipses and polygons as coverage: exact areas, summed from the signed areas of their edges."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from overpaint.core.masks.geometry import EMPTY, Rect
from overpaint.core.masks.mask_combine import MaskPatch
from overpaint.core.request.sizes import Size

Point = tuple[float, float]
"""x and y in picture pixels; the centre of the first pixel is (0.5, 0.5)."""

_Reals = NDArray[np.float64]

_SAGITTA = 0.004
"""How far, in pixels, an ellipse may stray from the chords it is drawn with."""

_FARTHEST = 1e9
_FINEST = 65536
"""Corners are held to this many steps a pixel: what is smaller drowns in the rounding of divisions."""

_BAND_CELLS = 1 << 20
_FULL = 255.0


def rectangle(a: Point, b: Point, size: Size, *, smooth: bool = True) -> MaskPatch:
    """The rectangle between two opposite corners, in a picture of ``size``.

    Coverage is the share of each pixel that lies inside, or with ``smooth`` off 255 for every pixel whose
    centre does. Empty when nothing of it lies in the picture. Raises ValueError for points that are no
    finite numbers.
    """
    left, right = sorted((a[0], b[0]))
    top, bottom = sorted((a[1], b[1]))
    rect = Rect.around(left, top, right, bottom).intersected(_picture(size))
    if rect.empty:
        return _nothing()
    rows = _overlap(top, bottom, rect.y, rect.height, smooth=smooth)
    columns = _overlap(left, right, rect.x, rect.width, smooth=smooth)
    # Hardly three rows differ: only those are multiplied out.
    shares, row = np.unique(rows, return_inverse=True)
    levels = np.rint(np.outer(shares, columns) * np.float32(_FULL)).astype(np.uint8)
    return rect, levels[row]


def ellipse(a: Point, b: Point, size: Size, *, smooth: bool = True) -> MaskPatch:
    """The ellipse that fills the rectangle between two opposite corners; otherwise as ``rectangle``."""
    if not all(map(math.isfinite, (*a, *b))):
        raise ValueError("The corners of an ellipse must be finite numbers.")
    width, height = abs(b[0] - a[0]) / 2, abs(b[1] - a[1]) / 2
    if not (width and height):
        return _nothing()
    chords = min(max(16, math.ceil(math.pi * math.sqrt(max(width, height) / (2 * _SAGITTA)))), 100_000)
    angles = np.arange(chords) * (2 * math.pi / chords)
    wider = math.sqrt(2 * math.pi / chords / math.sin(2 * math.pi / chords))  # as much area as the curve
    xs = (a[0] + b[0]) / 2 + width * wider * np.cos(angles)
    ys = (a[1] + b[1]) / 2 + height * wider * np.sin(angles)
    return polygon(np.column_stack((xs, ys)), size, smooth=smooth)


def polygon(points: Sequence[Point] | ArrayLike, size: Size, *, smooth: bool = True) -> MaskPatch:
    """The polygon through ``points``, (n, 2), closed by itself, in a picture of ``size``.

    The non-zero rule holds: whatever the outline goes round is inside, however often it crosses itself, so a
    lasso has no holes where it overlaps. ``smooth`` and errors as for ``rectangle``; fewer than three points
    hold nothing.
    """
    corners = np.asarray(points, np.float64).reshape(-1, 2)
    if not np.isfinite(corners).all():
        raise ValueError("The corners of a polygon must be finite numbers.")
    if len(corners) < 3:
        return _nothing()
    corners = np.rint(np.clip(corners, -_FARTHEST, _FARTHEST) * _FINEST) / _FINEST
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    rect = Rect.around(left, top, right, bottom).intersected(_picture(size))
    if rect.empty:
        return _nothing()
    starts = corners - (rect.x, rect.y)
    edges = np.stack((starts, np.roll(starts, -1, axis=0)), axis=1)
    steps = _area_steps(edges, rect) if smooth else _centre_steps(edges, rect)
    return rect, _filled(*steps, rect, smooth=smooth)


def _picture(size: Size) -> Rect:
    return Rect(0, 0, size.width, size.height)


def _nothing() -> MaskPatch:
    return EMPTY, np.zeros((0, 0), np.uint8)


def _overlap(low: float, high: float, first: int, count: int, *, smooth: bool) -> NDArray[np.float32]:
    """The share of each of ``count`` pixels from ``first`` on that lies between ``low`` and ``high``."""
    edges = np.arange(first, first + count, dtype=np.float64)
    if not smooth:
        return ((edges + 0.5 >= low) & (edges + 0.5 < high)).astype(np.float32)
    shares = np.minimum(edges + 1, high) - np.maximum(edges, low)
    return np.asarray(np.clip(shares, 0, 1), np.float32)


_Steps = tuple[NDArray[np.intp], NDArray[np.intp], _Reals]
"""Row, column and height of the steps whose running sum along a row is the winding of its pixels."""


def _area_steps(edges: _Reals, rect: Rect) -> _Steps:
    """What the edges, (n, 2 ends, 2) from the rectangle's corner, add to the mean winding of each pixel."""
    pieces = _cut(_cut(_clipped(edges, rect), axis=1), axis=0)
    middle = pieces.mean(axis=1)
    rows = np.clip(np.floor(middle[:, 1]), 0, rect.height - 1).astype(np.intp)
    columns = np.clip(np.floor(middle[:, 0]), 0, rect.width).astype(np.intp)
    heights = pieces[:, 1, 1] - pieces[:, 0, 1]
    later = heights * (middle[:, 0] - columns)
    return (
        np.concatenate((rows, rows)),
        np.concatenate((columns, columns + 1)),
        np.concatenate((heights - later, later)),
    )


def _centre_steps(edges: _Reals, rect: Rect) -> _Steps:
    """Where the line through the centres of each row meets an edge, and in which direction."""
    low, high = edges[..., 1].min(axis=1), edges[..., 1].max(axis=1)
    first = np.clip(np.ceil(low - 0.5), 0, rect.height).astype(np.intp)
    last = np.clip(np.ceil(high - 0.5), 0, rect.height).astype(np.intp)
    edge, step = _spread(last - first)
    rows = first[edge] + step
    # From top to bottom whichever way it goes, so that there and back again meet the same centres.
    upper = edges[edge, edges[edge, :, 1].argmin(axis=1)]
    lower = edges[edge, edges[edge, :, 1].argmax(axis=1)]
    along = (rows + 0.5 - upper[:, 1]) / (lower[:, 1] - upper[:, 1])
    xs = upper[:, 0] + along * (lower[:, 0] - upper[:, 0])
    columns = np.clip(np.ceil(xs - 0.5), 0, rect.width).astype(np.intp)
    return rows, columns, np.sign(edges[edge, 1, 1] - edges[edge, 0, 1])


def _clipped(edges: _Reals, rect: Rect) -> _Reals:
    """The edges inside the rectangle's rows; what lies beside it slides along its left or right side."""
    start, end = edges[:, 0], edges[:, 1]
    tall = start[:, 1] != end[:, 1]  # level edges enclose nothing
    start, way = start[tall], (end - start)[tall]
    with np.errstate(divide="ignore", invalid="ignore"):
        at_sides = (np.array([0.0, rect.width]) - start[:, :1]) / way[:, :1]
        at_ends = (np.array([0.0, rect.height]) - start[:, 1:]) / way[:, 1:]
    at_sides[way[:, 0] == 0] = 0.0
    enter, leave = np.clip(at_ends.min(axis=1), 0, 1), np.clip(at_ends.max(axis=1), 0, 1)
    inner = np.clip(np.sort(at_sides, axis=1), enter[:, None], leave[:, None])
    cuts = np.column_stack((enter, inner, leave))
    spots = start[:, None] + cuts[..., None] * way[:, None]
    # Both ends of the outer pieces go to the side, else a piece would lean into the rectangle by an error.
    pieces = np.stack((spots[:, :-1], spots[:, 1:]), axis=2).reshape(-1, 2, 2)
    pieces[..., 0] = np.clip(pieces[..., 0], 0, rect.width)
    pieces[..., 1] = np.clip(pieces[..., 1], 0, rect.height)
    return np.asarray(pieces[pieces[:, 0, 1] != pieces[:, 1, 1]], np.float64)


def _cut(pieces: _Reals, axis: int) -> _Reals:
    """The pieces, (n, 2 ends, 2), cut wherever they cross a whole number along ``axis``."""
    a, b = pieces[:, 0, axis], pieces[:, 1, axis]
    low, high = np.minimum(a, b), np.maximum(a, b)
    first = np.floor(low)
    piece, step = _spread(np.maximum(np.ceil(high) - first, 1).astype(np.intp))
    cell = first[piece] + step
    start, way = pieces[piece, 0], pieces[piece, 1] - pieces[piece, 0]
    length = np.where(high == low, 1.0, high - low)[piece]
    near = np.clip((cell - low[piece]) / length, 0, 1)
    far = np.where((high == low)[piece], 1.0, np.clip((cell + 1 - low[piece]) / length, 0, 1))
    backwards = (b < a)[piece]
    enter, leave = np.where(backwards, 1 - far, near), np.where(backwards, 1 - near, far)
    return np.stack((start + enter[:, None] * way, start + leave[:, None] * way), axis=1)


def _spread(counts: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Each index as often as its count says, and beside it 0, 1, 2 … ."""
    index = np.repeat(np.arange(len(counts)), counts)
    return index, np.arange(len(index)) - (np.cumsum(counts) - counts)[index]


def _filled(
    rows: NDArray[np.intp], columns: NDArray[np.intp], heights: _Reals, rect: Rect, *, smooth: bool
) -> NDArray[np.uint8]:
    """The coverage that the steps sum up to, a band of rows at a time to stay within the caches."""
    coverage = np.empty((rect.height, rect.width), np.uint8)
    stride = rect.width + 2
    order = np.argsort(rows, kind="stable")
    cells, heights = (rows * stride + columns)[order], heights[order]
    band_rows = max(1, _BAND_CELLS // stride)
    for band in Rect(0, 0, 1, rect.height).bands(band_rows):
        first, last = np.searchsorted(cells, (band.y * stride, band.bottom * stride))
        sums = np.bincount(cells[first:last] - band.y * stride, heights[first:last], band.height * stride)
        winding = np.abs(np.cumsum(sums.reshape(band.height, stride)[:, :-2], axis=1, dtype=np.float32))
        if smooth:
            np.minimum(winding, 1, out=winding)
            winding *= np.float32(_FULL)
            winding += np.float32(0.5)
            coverage[band.y : band.bottom] = winding
        else:
            coverage[band.y : band.bottom] = (winding > 0.5) * np.uint8(_FULL)
    return coverage
