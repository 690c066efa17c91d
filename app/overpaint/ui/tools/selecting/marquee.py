"""Rectangle and ellipse: a drag from corner to corner, with Shift a square, with Alt from the middle."""

import math
from collections.abc import Callable
from functools import partial

import msgspec
from PySide6.QtCore import Qt

from overpaint.core.masks.mask import Mask
from overpaint.core.masks.mask_combine import MaskPatch
from overpaint.core.request.sizes import Size
from overpaint.imaging.masks import shapes
from overpaint.ui.tools.commit.selection_raster import Draw, Points
from overpaint.ui.tools.options.selection_options import ModifierLatch, how_at
from overpaint.ui.tools.tool_spec import ToolContext, ToolSpec
from overpaint.ui.viewport.canvas_api import Gesture, Pointer
from overpaint.ui.viewport.outline import Outline

Corner = tuple[float, float]

_SEGMENTS = 96


class _Shape(msgspec.Struct, frozen=True):
    """What fills a box: its name, the line that is shown, and its pixels; both from two opposite corners."""

    name: str
    outline: Callable[[Corner, Corner], Points]
    draw: Draw


class BoxDrag(Gesture):
    """Corners lie on the picture's pixel grid, so that no edge pixel is half chosen."""

    def __init__(self, context: ToolContext, mask: Mask, shape: _Shape, pointer: Pointer) -> None:
        self._context, self._mask, self._shape = context, mask, shape
        self._how = how_at(pointer, context.options)
        self._square = ModifierLatch(pointer, Qt.KeyboardModifier.ShiftModifier)
        self._centred = ModifierLatch(pointer, Qt.KeyboardModifier.AltModifier)
        self._start = self._corner(pointer)
        self._corners = (self._start, self._start)

    def move(self, pointer: Pointer) -> None:
        """Shows the box up to the pointer."""
        end = self._corner(pointer)
        square, centred = self._square.follow(pointer), self._centred.follow(pointer)
        self._corners = _box(self._start, end, square=square, centred=centred)
        self._context.canvas.show_outline(Outline(self._shape.outline(*self._corners)))

    def end(self) -> None:
        """Masks the box, unless it holds no pixel."""
        self._context.canvas.show_outline(None)
        (left, top), (right, bottom) = self._corners
        if left != right and top != bottom:
            shape = self._shape
            self._context.selections.commit(shape.name, self._mask, self._how, self._corners, shape.draw)

    def abort(self) -> None:
        """Leaves the mask as it is."""
        self._context.canvas.show_outline(None)

    def _corner(self, pointer: Pointer) -> Corner:
        x, y = self._context.place(pointer)
        return float(round(x)), float(round(y))


def _begin(shape: _Shape, context: ToolContext, pointer: Pointer) -> Gesture | None:
    mask = context.mask_to_edit()
    return None if mask is None else BoxDrag(context, mask, shape, pointer)


def _box(start: Corner, end: Corner, *, square: bool, centred: bool) -> tuple[Corner, Corner]:
    dx, dy = end[0] - start[0], end[1] - start[1]
    if square:
        side = max(abs(dx), abs(dy))
        dx, dy = math.copysign(side, dx), math.copysign(side, dy)
    first = (start[0] - dx, start[1] - dy) if centred else start
    return first, (start[0] + dx, start[1] + dy)


def _rectangle(a: Corner, b: Corner) -> Points:
    return a, (b[0], a[1]), b, (a[0], b[1])


def _ellipse(a: Corner, b: Corner) -> Points:
    x, y, across, down = (a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0, (b[0] - a[0]) / 2.0, (b[1] - a[1]) / 2.0
    angles = [2.0 * math.pi * step / _SEGMENTS for step in range(_SEGMENTS)]
    return tuple((x + across * math.cos(angle), y + down * math.sin(angle)) for angle in angles)


def _draw_rectangle(points: Points, size: Size, *, smooth: bool) -> MaskPatch:
    return shapes.rectangle(points[0], points[1], size, smooth=smooth)


def _draw_ellipse(points: Points, size: Size, *, smooth: bool) -> MaskPatch:
    return shapes.ellipse(points[0], points[1], size, smooth=smooth)


RECTANGLE = ToolSpec(
    id="rectangle",
    title="Rectangle",
    tip="drag from corner to corner. Shift adds, Alt takes away.",
    icon="rectangle",
    keys=("M",),
    group="select",
    begin=partial(_begin, _Shape("Rectangle", _rectangle, _draw_rectangle)),
    options=frozenset({"combine", "feather", "smooth"}),
    on_edges=True,
)

ELLIPSE = ToolSpec(
    id="ellipse",
    title="Ellipse",
    tip="drag from corner to corner. Shift adds, Alt takes away.",
    icon="ellipse",
    keys=("Shift+M",),
    group="select",
    begin=partial(_begin, _Shape("Ellipse", _ellipse, _draw_ellipse)),
    options=frozenset({"combine", "feather", "smooth"}),
    on_edges=True,
)
