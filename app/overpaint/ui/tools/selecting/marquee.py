"""The drag of rectangle and ellipse: corner to corner, with Shift a square, with Alt from the middle."""

import math

from PySide6.QtCore import Qt

from overpaint.core.masks.mask import Mask
from overpaint.ui.tools.commit.selection_commit import SelectionCommitter
from overpaint.ui.tools.options.selection_options import ModifierLatch, how_at
from overpaint.ui.viewport.canvas_api import CanvasContext, Pointer
from overpaint.ui.viewport.outline import Outline

Corner = tuple[float, float]

_SEGMENTS = 96


class BoxDrag:
    """Begun by a press; corners lie on the picture's pixel grid, so that no edge pixel is half chosen."""

    abortable = True

    def __init__(
        self, context: CanvasContext, selector: SelectionCommitter, mask: Mask, tool: str, pointer: Pointer
    ) -> None:
        self._context, self._selector, self._mask, self._tool = context, selector, mask, tool
        self._how = how_at(pointer, selector.choice)
        self._square = ModifierLatch(pointer, Qt.KeyboardModifier.ShiftModifier)
        self._centred = ModifierLatch(pointer, Qt.KeyboardModifier.AltModifier)
        self._start = self._corner(pointer)
        self._corners = (self._start, self._start)

    def move(self, pointer: Pointer) -> None:
        """Shows the box up to the pointer."""
        end = self._corner(pointer)
        square, centred = self._square.follow(pointer), self._centred.follow(pointer)
        self._corners = _box(self._start, end, square=square, centred=centred)
        self._context.show_outline(Outline(_shape(self._tool, *self._corners)))

    def end(self) -> None:
        """Masks the box, unless it holds no pixel."""
        self._context.show_outline(None)
        (left, top), (right, bottom) = self._corners
        if left != right and top != bottom:
            self._selector.take_box(self._tool, self._mask, self._corners, self._how)

    def abort(self) -> None:
        """Leaves the mask as it is."""
        self._context.show_outline(None)

    def _corner(self, pointer: Pointer) -> Corner:
        x, y = self._context.view.to_picture(pointer.x, pointer.y)
        return float(round(x)), float(round(y))


def _box(start: Corner, end: Corner, *, square: bool, centred: bool) -> tuple[Corner, Corner]:
    dx, dy = end[0] - start[0], end[1] - start[1]
    if square:
        side = max(abs(dx), abs(dy))
        dx, dy = math.copysign(side, dx), math.copysign(side, dy)
    first = (start[0] - dx, start[1] - dy) if centred else start
    return first, (start[0] + dx, start[1] + dy)


def _shape(tool: str, a: Corner, b: Corner) -> tuple[Corner, ...]:
    if tool == "rectangle":
        return a, (b[0], a[1]), b, (a[0], b[1])
    x, y, across, down = (a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0, (b[0] - a[0]) / 2.0, (b[1] - a[1]) / 2.0
    angles = [2.0 * math.pi * step / _SEGMENTS for step in range(_SEGMENTS)]
    return tuple((x + across * math.cos(angle), y + down * math.sin(angle)) for angle in angles)
