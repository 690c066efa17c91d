"""Takes a finished outline into the mask: its pixels, its soft edge, and one entry in the history."""

import numpy as np

from overpaint.core.combine import Combine, Patch
from overpaint.core.geometry import Rect
from overpaint.core.mask import Mask
from overpaint.core.sizes import Size
from overpaint.imaging import shapes
from overpaint.studio.session import Session
from overpaint.ui.tools.choice import NAMES, Choice

Points = tuple[tuple[float, float], ...]


class Selector:
    """Points are picture coordinates, with a pixel's centre at +0.5."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.choice = Choice()

    def take_box(
        self, tool: str, mask: Mask, corners: tuple[tuple[float, float], tuple[float, float]], how: Combine
    ) -> None:
        """Masks the ``rectangle`` or ``ellipse`` between two corners."""
        draw = shapes.ellipse if tool == "ellipse" else shapes.rectangle
        size = Size(mask.width, mask.height)
        self._take(NAMES[tool], mask, draw(*corners, size, smooth=self.choice.smooth), how)

    def take_polygon(self, tool: str, mask: Mask, points: Points, how: Combine) -> None:
        """Masks what the closed line through ``points`` encloses."""
        size = Size(mask.width, mask.height)
        patch = shapes.polygon(points, size, smooth=self.choice.smooth)
        self._take(NAMES[tool], mask, patch, how)

    def _take(self, name: str, mask: Mask, patch: Patch, how: Combine) -> None:
        if patch[0].empty:
            return  # it lies beside the picture: a slip that shouldn't cost the mask
        if self.choice.feather:
            patch = feathered(patch, self.choice.feather, mask.rect)
        self._session.select(mask, name, patch, how)


def feathered(patch: Patch, pixels: int, inside: Rect) -> Patch:
    """The patch with its edge softened over some ``pixels``, and as much larger ``inside`` the picture."""
    from overpaint.imaging.mask_ops import feather  # it loads cv2

    rect, coverage = patch
    wide = rect.grown(pixels).intersected(inside)
    if wide.empty:
        return patch
    ground = np.zeros((wide.height, wide.width), np.uint8)
    ground[rect.moved(-wide.x, -wide.y).slices] = coverage
    return wide, feather(ground, pixels)
