"""Zoom: a click zooms in, with Alt out; a drag to the right or left zooms as it goes."""

from PySide6.QtCore import Qt

from overpaint.ui.tools.tool_spec import ToolContext, ToolSpec
from overpaint.ui.viewport.canvas_api import CanvasContext, Gesture, Pointer

_DRAG_TO_DOUBLE = 120.0
_CLICK_WITHIN = 4.0


class Zooming(Gesture):
    """Zooms at the place that was pressed; lengths are widget pixels."""

    abortable = False
    edits = False

    def __init__(self, canvas: CanvasContext, pointer: Pointer) -> None:
        self._canvas = canvas
        self._start = pointer
        self._before = canvas.view
        self._dragged = False

    def move(self, pointer: Pointer) -> None:
        """Zooms by the distance from the press, once that is more than a click's."""
        distance = pointer.x - self._start.x
        self._dragged = self._dragged or abs(distance) > _CLICK_WITHIN
        if self._dragged:
            factor = 2.0 ** (distance / _DRAG_TO_DOUBLE)
            self._canvas.look(self._before.zoom_at((self._start.x, self._start.y), factor))

    def end(self) -> None:
        """Takes one step when the pointer hardly moved."""
        if not self._dragged:
            view = self._canvas.view
            out = self._start.holds(Qt.KeyboardModifier.AltModifier)
            zoom = view.next_smaller if out else view.next_larger
            self._canvas.look(view.zoomed_to(zoom, (self._start.x, self._start.y)))

    abort = end


def _begin(context: ToolContext, pointer: Pointer) -> Gesture:
    return Zooming(context.canvas, pointer)


ZOOM = ToolSpec(
    id="zoom",
    title="Zoom",
    tip="click to zoom in, Alt-click to zoom out.",
    icon="zoom",
    keys=("Z",),
    group="view",
    hint="Click zooms in, Alt-click out. The wheel zooms with any tool.",
    begin=_begin,
)
