"""The brush: paints the mask, with the right button takes away, with Shift goes on in a straight line."""

from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import Qt

from overpaint.ui.tools.strokes.brush_shaping import BrushShaping
from overpaint.ui.tools.strokes.stroke_gesture import StrokeGesture
from overpaint.ui.tools.tool_spec import ToolContext, ToolSpec
from overpaint.ui.viewport.angles import snap_to_angle
from overpaint.ui.viewport.canvas_api import Gesture, Pointer
from overpaint.ui.viewport.outline import Outline

_RIGHT = Qt.MouseButton.RightButton
_SHIFT, _CONTROL, _ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


def begin_stroke(context: ToolContext, pointer: Pointer, *, erase: bool) -> Gesture | None:
    """A stroke that paints, or with ``erase`` takes away; the right button and a pen's eraser end swap that.

    Alt and the right button change the brush instead.
    """
    if pointer.button == _RIGHT and pointer.holds(_ALT):
        return BrushShaping(context.canvas, pointer, context.brush)
    mask = context.mask_to_edit()
    if mask is None:
        return None
    erases = context.brush.erase or erase or pointer.eraser
    brush = replace(context.brush, erase=not erases if pointer.button == _RIGHT else erases)
    place = context.place(pointer)
    start = context.strokes.last_end(mask) if pointer.holds(_SHIFT) else None
    if not context.strokes.begin(mask, brush, *(start or place), pointer.pressure):
        return None
    if start is not None:
        context.strokes.extend(*_line_end(start, place, pointer), pointer.pressure)
    smoothing = 0.0 if context.by_keys else brush.smoothing  # keys don't tremble
    return StrokeGesture(context.canvas, context.strokes, pointer, smoothing)


def preview_line(context: ToolContext, pointer: Pointer) -> Outline | None:
    """While Shift is held, the straight line that a press would paint."""
    mask = context.canvas.mask_on_canvas
    start = context.strokes.last_end(mask) if mask is not None and pointer.holds(_SHIFT) else None
    if start is None:
        return None
    return Outline((start, _line_end(start, context.place(pointer), pointer)), closed=False)


def _line_end(
    start: tuple[float, float], place: tuple[float, float], pointer: Pointer
) -> tuple[float, float]:
    return snap_to_angle(start, *place) if pointer.holds(_CONTROL) else place


BRUSH = ToolSpec(
    id="brush",
    title="Brush",
    tip="paint over what should change. Right-drag erases.",
    icon="brush",
    keys=("B",),
    group="paint",
    begin=partial(begin_stroke, erase=False),
    hover=preview_line,
    options=frozenset({"size", "hardness", "opacity", "pen"}),
    brush="brush",
    ring=True,
    right_button=True,
    swaps_with="eraser",
)
