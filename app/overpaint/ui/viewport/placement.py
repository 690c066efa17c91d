"""Where a grid of pixels lies on another one, with its edges parallel to the other's."""

import math

import msgspec
from PySide6.QtCore import QRect, QRectF

from overpaint.core.masks.geometry import Rect
from overpaint.ui.viewport.view_transform import ViewTransform

_SAME_SHAPE = 0.02


class Placed(msgspec.Struct, frozen=True):
    """Its corner on the other grid, and how many of the other's pixels go to one of its own."""

    left: float
    top: float
    across: float
    down: float

    @classmethod
    def within(cls, size: tuple[int, int], room: tuple[int, int]) -> "Placed":
        """A picture of ``size`` in the place of one of ``room``: filling it, or contained and centred.

        Both are width and height; it fills the place when the shapes are the same but for rounding.
        """
        across, down = room[0] / size[0], room[1] / size[1]
        if abs(across / down - 1.0) > _SAME_SHAPE:
            across = down = min(across, down)
        return cls((room[0] - size[0] * across) / 2.0, (room[1] - size[1] * down) / 2.0, across, down)

    def seen(self, view: ViewTransform) -> "Placed":
        """The same in device pixels for what lay on a picture that isn't turned."""
        zoom = view.zoom
        left, top = view.left + self.left * zoom, view.top + self.top * zoom
        return Placed(left, top, self.across * zoom, self.down * zoom)

    @property
    def corner(self) -> tuple[float, float]:
        """Where it begins."""
        return self.left, self.top

    @property
    def scale(self) -> tuple[float, float]:
        """The other's pixels across and down for each pixel of its own."""
        return self.across, self.down

    def at_level(self, level: int) -> "Placed":
        """The same for a copy that was halved so many times."""
        return Placed(self.left, self.top, self.across * 2**level, self.down * 2**level)

    def around(self, rect: Rect) -> QRect:
        """The other's pixels that show any part of these pixels."""
        left, top = math.floor(self.left + rect.x * self.across), math.floor(self.top + rect.y * self.down)
        right = math.ceil(self.left + rect.right * self.across)
        bottom = math.ceil(self.top + rect.bottom * self.down)
        return QRect(left, top, right - left, bottom - top)

    def target(self, rect: Rect) -> QRectF:
        """Where these pixels go."""
        left, top = self.left + rect.x * self.across, self.top + rect.y * self.down
        return QRectF(left, top, rect.width * self.across, rect.height * self.down)

    def cut(self, inside: QRectF, width: int, height: int) -> Rect:
        """Its pixels, of ``width`` x ``height``, that show ``inside``, with one more around it."""
        left = max(math.floor((inside.left() - self.left) / self.across) - 1, 0)
        top = max(math.floor((inside.top() - self.top) / self.down) - 1, 0)
        right = min(math.ceil((inside.right() - self.left) / self.across) + 1, width)
        bottom = min(math.ceil((inside.bottom() - self.top) / self.down) + 1, height)
        return Rect.spanning(left, top, right, bottom)
