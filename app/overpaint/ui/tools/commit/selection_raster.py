"""The pixels of a finished outline, with the edge that was chosen. It may be called on any thread."""

from typing import Protocol

import numpy as np

from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask_combine import MaskPatch
from overpaint.core.request.sizes import Size
from overpaint.ui.tools.options.selection_options import SelectionOptions

Points = tuple[tuple[float, float], ...]
"""x and y in picture coordinates; the centre of the first pixel is (0.5, 0.5)."""

_SMALL = 400_000


class Draw(Protocol):
    """Coverage of the shape that points stand for, in a picture of ``size``; empty beside the picture."""

    def __call__(self, points: Points, size: Size, *, smooth: bool) -> MaskPatch: ...


def is_small(points: Points, picture: Rect, options: SelectionOptions) -> bool:
    """Whether it is drawn within some milliseconds: no gesture should hold the window up for longer."""
    xs, ys = zip(*points, strict=True)
    box = Rect.around(min(xs), min(ys), max(xs), max(ys)).intersected(picture)
    return not options.feather and box.width * box.height <= _SMALL


def rasterize(points: Points, draw: Draw, size: Size, options: SelectionOptions) -> MaskPatch:
    """What ``draw`` makes of an outline in a picture of ``size``, with its edge feathered."""
    patch = draw(points, size, smooth=options.smooth)
    if options.feather and not patch[0].empty:
        return feathered(patch, options.feather, Rect(0, 0, size.width, size.height))
    return patch


def feathered(patch: MaskPatch, pixels: int, inside: Rect) -> MaskPatch:
    """The patch with its edge softened over some ``pixels``, and as much larger ``inside`` the picture."""
    from overpaint.imaging.masks.mask_ops import feather  # it loads cv2

    rect, coverage = patch
    wide = rect.grown(pixels).intersected(inside)
    if wide.empty:
        return patch
    ground = np.zeros((wide.height, wide.width), np.uint8)
    ground[rect.moved(-wide.x, -wide.y).slices] = coverage
    return wide, feather(ground, pixels)
