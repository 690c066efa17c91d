"""Quick select: from a rough stroke to the whole object, its edge found in the picture.

The object is cut out at reduced size by GrabCut (Rother, Kolmogorov, Blake, 2004), begun from the stroke's
colours; the cut is carried to full size by a guided filter (He, Sun: Fast Guided Filter, 2015).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from overpaint.core.combine import Patch
from overpaint.core.geometry import EMPTY, Rect
from overpaint.core.mask import SENT_FROM

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
_BAND_ROWS = 128


def quick_select(bgra: _Bytes, strokes: _Bytes, previous: _Bytes | None) -> Patch:
    """The object that ``strokes`` lie on.

    ``bgra`` is (height, width, 4) uint8; ``strokes``, uint8 (height, width), is at least 128 where was
    painted; ``previous`` is the coverage selected before, of the same shape, or None: what of it lies near
    the strokes counts as part of the object. The patch holds every painted pixel; empty without any.
    """
    painted = Rect(*cv2.boundingRect((strokes >= SENT_FROM).view(np.uint8)))
    if painted.empty:
        return EMPTY, np.zeros((0, 0), np.uint8)
    window = _window(painted, bgra)
    picture = np.ascontiguousarray(bgra[window.slices][..., :3])
    inside = strokes[window.slices] >= SENT_FROM
    if previous is not None:
        inside |= previous[window.slices] >= SENT_FROM
    small = _reduced(picture)
    seeds = _reduced_seeds(inside, small)
    found = _connected(_cut(small, seeds, _open_sides(window, bgra)), seeds)
    coverage = _refined(picture, small, found)
    coverage[inside] = 255
    rect = Rect(*cv2.boundingRect(coverage))
    return rect.moved(window.x, window.y), coverage[rect.slices].copy()


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
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _reduced_seeds(inside: NDArray[np.bool_], small: _Bytes) -> NDArray[np.bool_]:
    """The cells that are painted at least half; all that are touched when the stroke is thinner."""
    size = (small.shape[1], small.shape[0])
    share = cv2.resize(inside.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray(share >= 0.5 if (share >= 0.5).any() else share > 0, np.bool_)


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
    """``found`` at the picture's size, uint8: near its edge each pixel joins the side it looks like."""
    height, width = picture.shape[:2]
    guide = np.asarray(small / np.float32(255), np.float32)
    model = np.dstack(_guided(guide, found.astype(np.float32)))
    across, down = small.shape[1] / width, small.shape[0] / height
    coverage = np.empty((height, width), np.uint8)
    for band in Rect(0, 0, width, height).bands(_BAND_ROWS):  # the model of 50 megapixels has 800 MB
        places = np.array([[across, 0, across / 2 - 0.5], [0, down, (band.y + 0.5) * down - 0.5]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        fitted = cv2.warpAffine(
            model, places, (band.width, band.height), flags=flags, borderMode=cv2.BORDER_REPLICATE
        )
        part = picture[band.slices].astype(np.float32)
        share = np.einsum("ijk,ijk->ij", part, fitted[..., :3]) / 255 + fitted[..., 3]
        steep = (share - 0.5) * (_STEEPNESS * 255) + 127.5
        coverage[band.slices] = np.clip(steep, 0, 255)
    return coverage


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
