"""What is asked of the tools that look at the picture: they need longer than a gesture may take."""

from dataclasses import dataclass

from overpaint.core.combine import Combine
from overpaint.core.mask import Mask


@dataclass(frozen=True, slots=True)
class Wish:
    """``points`` are picture coordinates: where the ``wand`` was clicked, or where ``quick`` was led.

    ``diameter`` is how wide that line is, in picture pixels.
    """

    tool: str
    mask: Mask
    how: Combine
    points: tuple[tuple[float, float], ...]
    diameter: float = 1.0
