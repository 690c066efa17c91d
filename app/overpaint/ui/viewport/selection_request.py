"""What is asked of the tools that need longer than a gesture may take."""

import msgspec

from overpaint.core.masks.mask import Mask
from overpaint.core.masks.mask_combine import Combine
from overpaint.ui.viewport.pyramids import PicturePyramid


class SelectionRequest(msgspec.Struct, frozen=True):
    """``points`` are coordinates of the mask's picture, what they mean is the tool's: two opposite corners of
    a box, the corners of a polygon, where the ``wand`` was clicked, or where ``quick`` was led.

    ``diameter`` is how wide that line is, in picture pixels. ``picture`` is what is looked at; a result is
    scaled to the mask's size.
    """

    tool: str
    mask: Mask
    how: Combine
    points: tuple[tuple[float, float], ...]
    diameter: float = 1.0
    picture: PicturePyramid | None = None
