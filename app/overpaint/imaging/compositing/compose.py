"""A picture with results laid into it where their masks say so, and with nothing else changed."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks.geometry import EMPTY, Rect
from overpaint.core.results.blending import Seam
from overpaint.imaging.compositing.layer import Layer
from overpaint.imaging.compositing.mix import Pixels, mix
from overpaint.imaging.compositing.share import box_of, grown, reach_of, share_of

Laid = tuple[Layer, NDArray[np.uint8]]
"""A result, and its coverage: uint8 (height, width) of the picture, 255 where it shows."""


def compose(picture: Pixels, layers: Sequence[Laid], seam: Seam) -> Pixels:
    """The ``picture``, uint8 (height, width, 3 or 4), with each result over it in turn: a new array.

    Every pixel that no coverage reaches, grown as the seam says, is bit for bit that of the picture.
    """
    kept = picture.copy()
    for layer, coverage in layers:
        box = _reached(coverage, seam)
        if not box.empty:
            _lay(kept, layer, coverage, seam, box)
    return kept


def count_changed(kept: Pixels, picture: Pixels, layers: Sequence[Laid], seam: Seam) -> tuple[int, int]:
    """How many pixels lie outside of all coverage, and how many of those differ from the picture's."""
    inside = np.zeros(picture.shape[:2], np.bool_)
    for _, coverage in layers:
        inside |= grown(coverage, seam.grow) > 0
    outside = ~inside
    return int(outside.sum()), int((kept != picture).any(axis=2)[outside].sum())


def _reached(coverage: NDArray[np.uint8], seam: Seam) -> Rect:
    box = box_of(coverage)
    if box.empty:
        return EMPTY
    height, width = coverage.shape
    return box.grown(max(0, round(seam.grow))).intersected(Rect(0, 0, width, height))


def _lay(kept: Pixels, layer: Layer, coverage: NDArray[np.uint8], seam: Seam, box: Rect) -> None:
    """Lays a result into a part of the picture; the edge of its mask is looked for a little way around."""
    height, width = coverage.shape
    feather = seam.feather_for(max(width, height))
    around = box.grown(reach_of(feather) + round(abs(seam.grow))).intersected(Rect(0, 0, width, height))
    share = share_of(grown(np.ascontiguousarray(coverage[around.slices]), seam.grow), feather)
    share = np.ascontiguousarray(
        share[box.y - around.y : box.bottom - around.y, box.x - around.x : box.right - around.x]
    )
    if share.any():
        kept[box.slices] = mix(kept[box.slices], layer.pixels(box), share)
