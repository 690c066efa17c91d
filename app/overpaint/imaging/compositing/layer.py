"""A result as it lies on its picture: placed and with its colours brought over, wherever it is needed."""

import threading

import cv2
import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks.geometry import EMPTY, Rect
from overpaint.core.results.blending import ColourMatch, Drift
from overpaint.core.results.result_placement import Affine, Placement
from overpaint.imaging.compositing import colour_match, drift_map
from overpaint.imaging.compositing.framing import frame
from overpaint.imaging.compositing.mix import Pixels
from overpaint.imaging.compositing.share import box_of
from overpaint.imaging.compositing.warp import placed

_RING = 0.5
_LEAST_RING = 64
_FIT_PIXELS = 400_000
_TRUSTED = 0.05
"""The share of places that must show the same, so that the others don't count."""

_ALPHA = 4
_AS_IT_IS = ColourMatch()


class Layer:
    """``result`` on a picture of ``size`` (width, height), with as many ``channels`` as that has: 3, or 4
    with alpha last. What was worked out of it is kept until it lies otherwise. Safe to use from several
    threads."""

    def __init__(
        self,
        result: Pixels,
        size: tuple[int, int],
        placement: Placement,
        match: ColourMatch = _AS_IT_IS,
        strength: float = 1.0,
    ) -> None:
        self.result = result
        self.placement = placement
        self.match = match
        self.strength = strength
        self._size = size
        self._window = EMPTY
        self._known: Pixels = np.zeros((0, 0, result.shape[2]), np.uint8)
        self._guard = threading.Lock()

    def pixels(self, window: Rect) -> Pixels:
        """What of it shows in a window of the picture: uint8 of its height and width."""
        with self._guard:
            if window.intersected(self._window) != window or window.empty:
                wanted = self._window.united(window)
                raw = placed(self.result, self.placement, wanted)
                self._known, self._window = _matched(raw, self.match, self.strength), wanted
            known = self._window
            return self._known[
                window.y - known.y : window.bottom - known.y, window.x - known.x : window.right - known.x
            ]

    def set_strength(self, strength: float) -> None:
        """How much of the difference in colour is taken away, 0 to 1."""
        if strength != self.strength:
            with self._guard:
                self.strength, self._window = strength, EMPTY


def match_colours(
    picture: Pixels, result: Pixels, placement: Placement, coverage: NDArray[np.uint8] | None
) -> ColourMatch:
    """How the colours of a placed result are brought to those of its picture, by what lies around the
    mask."""
    height, width = picture.shape[:2]
    whole = Rect(0, 0, width, height)
    box = whole if coverage is None else box_of(coverage)
    ring = max(_LEAST_RING, round(_RING * max(box.width, box.height)))
    window = box.grown(ring).intersected(whole)
    step = max(1.0, (window.area / _FIT_PIXELS) ** 0.5)
    before, after = picture[window.slices][..., :3], placed(result, placement, window)[..., :3]
    outside = np.ones(before.shape[:2], np.bool_) if coverage is None else coverage[window.slices] == 0
    if step > 1.0:
        size = max(1, round(window.width / step)), max(1, round(window.height / step))
        before, after = (_small(one, size) for one in (before, after))
        outside = _small(np.where(outside, 0, 255).astype(np.uint8), size) == 0
    before, after = np.ascontiguousarray(before), np.ascontiguousarray(after)
    same = outside & colour_match.alike(before, after)
    return colour_match.fit(before, after, same if same.sum() >= _TRUSTED * outside.sum() else outside)


def drift_of(
    picture: Pixels,
    result: Pixels,
    placement: Placement,
    match: ColourMatch,
    coverage: NDArray[np.uint8] | None,
) -> tuple[Drift, NDArray[np.uint8]]:
    """What the service changed outside of the mask, and how far each pixel shows something else, reduced:
    uint8 (height, width), 0 inside the mask."""
    height, width = picture.shape[:2]
    scale = drift_map.reduction(width, height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    step = Affine(width / size[0], 0.0, 0.0, 0.0, height / size[1], 0.0)
    before = _small(picture[..., :3], size)
    as_it_came = frame(placement.framing, (width, height), (result.shape[1], result.shape[0]))
    framed = _seen(result, Placement(as_it_came), step, size)
    matched = colour_match.apply(_seen(result, placement, step, size), match)
    outside = np.ones(before.shape[:2], np.bool_)
    if coverage is not None:
        outside = _small(np.where(coverage > 0, 255, 0).astype(np.uint8), size) == 0
    drift = drift_map.measure(before, framed, matched, outside)
    return drift, np.where(outside, drift_map.differing(before, matched), 0).astype(np.uint8)


def with_channels(pixels: Pixels, channels: int) -> Pixels:
    """The same picture with 3 channels, or with 4 and an alpha of 255 where it had none."""
    if pixels.shape[2] == channels:
        return pixels
    if channels < _ALPHA:
        return np.ascontiguousarray(pixels[..., :3])
    return np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])


def _seen(result: Pixels, placement: Placement, step: Affine, size: tuple[int, int]) -> Pixels:
    """The result in a reduced grid of its picture; a bend is too small to be seen there."""
    where = Placement(placement.map.after(step))
    return np.ascontiguousarray(placed(result, where, Rect(0, 0, *size))[..., :3])


def _small(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    if (pixels.shape[1], pixels.shape[0]) == size:
        return np.ascontiguousarray(pixels)
    reduced = cv2.resize(np.ascontiguousarray(pixels), size, interpolation=cv2.INTER_AREA)
    return np.asarray(reduced, dtype=np.uint8)


def _matched(raw: Pixels, match: ColourMatch, strength: float) -> Pixels:
    if raw.shape[2] < _ALPHA:
        return colour_match.apply(raw, match, strength)
    colours = colour_match.apply(np.ascontiguousarray(raw[..., :3]), match, strength)
    return np.dstack([colours, raw[..., 3]])
