"""Quick select: from a rough stroke to the whole object, its edge found in the picture.

The object is cut out at reduced size by GrabCut (Rother, Kolmogorov, Blake, 2004), begun from the stroke's
colours; the cut is carried to full size by a guided filter (He, Sun: Fast Guided Filter, 2015).
"""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks.geometry import EMPTY, Rect
from overpaint.core.masks.mask import SENT_FROM
from overpaint.core.masks.mask_combine import MaskPatch

_Bytes = NDArray[np.uint8]
_Floats = NDArray[np.float32]

_WORKING_EDGE = 288
_ITERATIONS = 2
_COLOURS = 5
_LEAST_MARGIN_SHARE = 0.25
_MARGIN_OF_STROKE = 0.8
_ALIKE = 14.0
_REACH_OF_STROKE = 0.35
_LEAST_REACH = 16
_FILTER_RADIUS = 3
_FILTER_NOISE = 4e-4
_STEEPNESS = 2.5
_BLOCK = 192


def quick_select(bgra: _Bytes, strokes: _Bytes, previous: _Bytes | None) -> MaskPatch:
    """The object that ``strokes`` lie on.

    ``bgra`` is (height, width, 4) uint8; ``strokes``, uint8 (height, width), is at least 128 where was
    painted; ``previous`` is the coverage selected before, of the same shape, or None: what of it lies near
    the strokes counts as part of the object. The patch holds every painted pixel; empty without any.
    """
    painted = Rect(*cv2.boundingRect(_sent(strokes)))
    if painted.empty:
        return EMPTY, np.zeros((0, 0), np.uint8)
    window = _window(painted, bgra)
    picture = bgra[window.slices]
    inside = _sent(strokes[window.slices])
    if previous is not None:
        cv2.bitwise_or(inside, _sent(previous[window.slices]), inside)
    small = _reduced(picture)
    seeds = _reduced_seeds(inside, small)
    found = _connected(_cut(small, seeds, _open_sides(window, bgra)), seeds)
    coverage = _refined(picture, small, found)
    cv2.bitwise_or(coverage, inside, coverage)
    rect = Rect(*cv2.boundingRect(coverage))
    return rect.moved(window.x, window.y), coverage[rect.slices].copy()


def _sent(coverage: _Bytes) -> _Bytes:
    """255 where the coverage counts as painted, 0 elsewhere."""
    return np.asarray(cv2.threshold(coverage, SENT_FROM - 1, 255, cv2.THRESH_BINARY)[1], np.uint8)


def _window(painted: Rect, bgra: _Bytes) -> Rect:
    """Where the object is looked for: the stroke and as much again around it."""
    height, width = bgra.shape[:2]
    margin = max(
        _MARGIN_OF_STROKE * max(painted.width, painted.height), _LEAST_MARGIN_SHARE * max(width, height)
    )
    return painted.grown(round(margin) + 2).intersected(Rect(0, 0, width, height))


def _open_sides(window: Rect, bgra: _Bytes) -> tuple[bool, bool, bool, bool]:
    """Whether left, top, right and bottom are the picture's own sides: objects may be cut off there."""
    height, width = bgra.shape[:2]
    return window.x == 0, window.y == 0, window.right == width, window.bottom == height


def _reduced(picture: _Bytes) -> _Bytes:
    height, width = picture.shape[:2]
    scale = min(1.0, _WORKING_EDGE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(small[..., :3])


def _reduced_seeds(inside: _Bytes, small: _Bytes) -> NDArray[np.bool_]:
    """The cells that are painted at least half; all that are touched when the stroke is thinner."""
    size = (small.shape[1], small.shape[0])
    half = cv2.resize(inside, size, interpolation=cv2.INTER_AREA) >= SENT_FROM
    if half.any():
        return np.asarray(half, np.bool_)
    touched = np.zeros(half.shape, np.bool_)
    rows, columns = np.nonzero(inside)
    touched[rows * size[1] // inside.shape[0], columns * size[0] // inside.shape[1]] = True
    return touched


def _cut(
    small: _Bytes, seeds: NDArray[np.bool_], open_sides: tuple[bool, bool, bool, bool]
) -> NDArray[np.bool_]:
    """The cells GrabCut takes for the object, begun with those around the seeds that look like them."""
    labels = _first_guess(small, seeds, open_sides)
    if not np.isin(labels, (cv2.GC_BGD, cv2.GC_PR_BGD)).any():
        return np.ones(labels.shape, np.bool_)
    cv2.setRNGSeed(1)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(small, labels, (0, 0, 0, 0), *models, _ITERATIONS, cv2.GC_INIT_WITH_MASK)
    return np.asarray((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD), np.bool_)


def _first_guess(
    small: _Bytes, seeds: NDArray[np.bool_], open_sides: tuple[bool, bool, bool, bool]
) -> _Bytes:
    """GrabCut's labels to begin with; beyond an open side the object goes on only in its own colours."""
    like = _colour_distance(small, seeds) <= _ALIKE
    away = cv2.distanceTransform((~seeds).view(np.uint8), cv2.DIST_L2, 5)
    rows, columns = np.nonzero(seeds)
    reach = _REACH_OF_STROKE * max(np.ptp(rows), np.ptp(columns)) + _LEAST_REACH
    labels = np.where(like & (away <= reach), cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    left, top, right, bottom = open_sides
    sides = (np.s_[:, 0], left), (np.s_[0], top), (np.s_[:, -1], right), (np.s_[-1], bottom)
    for side, is_open in sides:
        labels[side][~like[side] | (not is_open)] = cv2.GC_BGD
    labels[seeds] = cv2.GC_FGD
    return labels


def _colour_distance(small: _Bytes, seeds: NDArray[np.bool_]) -> _Floats:
    """How far (CIELAB) each cell is from the nearest of the main colours under the stroke."""
    lab = cv2.cvtColor(np.asarray(small / np.float32(255), np.float32), cv2.COLOR_BGR2LAB)
    samples = np.ascontiguousarray(lab[seeds], np.float32)
    count = min(_COLOURS, len(samples))
    cv2.setRNGSeed(1)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_MAX_ITER, 10, 1.0)
    start = np.zeros((len(samples), 1), np.int32)
    _, _, colours = cv2.kmeans(samples, count, start, stop, 1, cv2.KMEANS_PP_CENTERS)
    distances = [np.linalg.norm(lab - colour, axis=2) for colour in colours]
    return np.asarray(np.min(distances, axis=0), np.float32)


def _connected(found: NDArray[np.bool_], seeds: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The pieces that a seed lies in, their small holes closed."""
    _, labels = cv2.connectedComponents(found.view(np.uint8), connectivity=4)
    kept = np.isin(labels, np.setdiff1d(np.unique(labels[seeds]), 0)) | seeds
    _, holes, facts, _ = cv2.connectedComponentsWithStats((~kept).view(np.uint8), connectivity=8)
    small = facts[:, cv2.CC_STAT_AREA] * 100 < np.count_nonzero(kept)
    small[0] = False
    return np.asarray(kept | small[holes], np.bool_)


def _refined(picture: _Bytes, small: _Bytes, found: NDArray[np.bool_]) -> _Bytes:
    """``found`` at the picture's size, uint8: near its edge each pixel joins the side it looks like.

    Further from the edge than the filter reaches its model is a plain yes or no: those blocks are left out.
    """
    height, width = picture.shape[:2]
    guide = np.asarray(small / np.float32(255), np.float32)
    model = np.dstack(_guided(guide, found.astype(np.float32)))
    plain = found.view(np.uint8) * np.uint8(255)
    coverage = np.asarray(cv2.resize(plain, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)
    for block in _blocks_at_edge(plain, width, height):
        coverage[block.slices] = _block_refined(picture, model, block)
    return coverage


def _blocks_at_edge(plain: _Bytes, width: int, height: int) -> Iterator[Rect]:
    """The blocks of a picture of that size for which the filter sees both sides of an edge."""
    reach = 2 * _FILTER_RADIUS + 2  # two means, one after the other, and what interpolation looks at
    around = np.ones((2 * reach + 1,) * 2, np.uint8)
    near = cv2.dilate(plain, around) != cv2.erode(plain, around)
    rows, columns = near.shape
    for top in range(0, height, _BLOCK):
        for left in range(0, width, _BLOCK):
            block = Rect(left, top, _BLOCK, _BLOCK).intersected(Rect(0, 0, width, height))
            cells = Rect.around(
                block.x * columns / width,
                block.y * rows / height,
                block.right * columns / width,
                block.bottom * rows / height,
            )
            if near[cells.slices].any():
                yield block


def _block_refined(picture: _Bytes, model: _Floats, block: Rect) -> _Bytes:
    across, down = model.shape[1] / picture.shape[1], model.shape[0] / picture.shape[0]
    left, top = (block.x + 0.5) * across - 0.5, (block.y + 0.5) * down - 0.5
    fitted = cv2.warpAffine(
        model,
        np.array([[across, 0, left], [0, down, top]]),
        (block.width, block.height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    parts = cv2.multiply(picture[block.slices], fitted, dtype=cv2.CV_32F)
    parts[..., 3] = fitted[..., 3] * np.float32(255)
    steep = cv2.transform(parts, np.array([[_STEEPNESS] * 4 + [(1 - _STEEPNESS) * 127.5]]))
    return np.clip(steep, 0, 255).astype(np.uint8)


def _guided(guide: _Floats, share: _Floats) -> tuple[_Floats, _Floats]:
    """The linear model of ``share`` in the guide's three colours around each cell: (h, w, 3) and (h, w)."""

    def mean(values: _Floats) -> _Floats:
        return np.asarray(cv2.blur(values, (2 * _FILTER_RADIUS + 1,) * 2), np.float32)

    colour, level = mean(guide), mean(share)
    products = guide[..., :, None] * guide[..., None, :]
    spread = mean(products.reshape(*share.shape, 9)).reshape(*share.shape, 3, 3)
    spread -= colour[..., :, None] * colour[..., None, :]
    spread += np.eye(3, dtype=np.float32) * np.float32(_FILTER_NOISE)
    common = mean(guide * share[..., None]) - colour * level[..., None]
    slopes = np.linalg.solve(spread, common[..., None])[..., 0].astype(np.float32)
    offset = level - np.einsum("ijk,ijk->ij", slopes, colour)
    return mean(slopes), mean(offset)
