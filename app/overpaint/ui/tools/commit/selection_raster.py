"""The pixels of a finished outline, with the edge that was chosen. It may be called on any thread."""

import numpy as np

from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask_combine import MaskPatch
from overpaint.core.request.sizes import Size
from overpaint.imaging.masks import shapes
from overpaint.ui.tools.options.selection_options import SelectionOptions
from overpaint.ui.viewport.selection_request import SelectionRequest

_SMALL = 400_000


def is_small(wish: SelectionRequest, choice: SelectionOptions) -> bool:
    """Whether it is drawn within some milliseconds: no gesture should hold the window up for longer."""
    xs, ys = zip(*wish.points, strict=True)
    box = Rect.around(min(xs), min(ys), max(xs), max(ys)).intersected(wish.mask.rect)
    return not choice.feather and box.width * box.height <= _SMALL


def rasterize(wish: SelectionRequest, choice: SelectionOptions) -> MaskPatch:
    """What the outline encloses; empty when it lies beside the picture."""
    size = Size(wish.mask.width, wish.mask.height)
    match wish.tool:
        case "rectangle":
            patch = shapes.rectangle(wish.points[0], wish.points[-1], size, smooth=choice.smooth)
        case "ellipse":
            patch = shapes.ellipse(wish.points[0], wish.points[-1], size, smooth=choice.smooth)
        case _:
            patch = shapes.polygon(wish.points, size, smooth=choice.smooth)
    if choice.feather and not patch[0].empty:
        return feathered(patch, choice.feather, wish.mask.rect)
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
