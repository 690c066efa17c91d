"""What the user sees of the pointer: its shape, the brush's ring, and the pixel below."""

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor

from overpaint.ui.tools.tool_spec import ToolContext, ToolSpec
from overpaint.ui.viewport.brush_cursor import BrushCursor
from overpaint.ui.viewport.canvas_api import Gesture, Pointer


class PointerFeedback:
    """Shows all of it through the canvas."""

    def __init__(self, context: ToolContext) -> None:
        self._context = context
        self._canvas = context.canvas

    def show(self, at: Pointer | None, tool: ToolSpec, gesture: Gesture | None, *, busy: bool) -> None:
        """As it should be with ``tool`` in use and the pointer ``at`` a place, None outside the canvas.

        ``busy`` while something is looked for.
        """
        size = self._canvas.picture_size
        ring = tool.ring if gesture is None else gesture.ring
        if size is None:
            self._canvas.show_cursor(Qt.CursorShape.ArrowCursor)
        elif busy and gesture is None:
            self._canvas.show_cursor(Qt.CursorShape.BusyCursor)
        else:
            self._canvas.show_cursor(Qt.CursorShape.BlankCursor if ring else _shape(tool, gesture))
        self._canvas.set_working(gesture is not None and gesture.edits)
        if at is None or size is None:
            self._canvas.show_ring(None)
            self._canvas.set_hovered(None)
            return
        x, y = self._canvas.view.to_picture(at.x, at.y)
        inside = 0 <= x < size[0] and 0 <= y < size[1]
        self._canvas.set_hovered((math.floor(x), math.floor(y)) if inside else None)
        drawn = ring or self._context.by_keys
        self._canvas.show_ring(self._ring(at, gesture, visible=ring) if drawn else None)

    def _ring(self, at: Pointer, gesture: Gesture | None, *, visible: bool) -> BrushCursor:
        """The brush's ring; a crosshair unless it is ``visible``."""
        view, brush = self._canvas.view, self._context.brush
        radius = brush.diameter / 2.0 * view.zoom if visible else 0.0
        anchor = None if gesture is None else gesture.anchor
        place = anchor or at
        core = 0.0 if anchor is None else radius * brush.hardness
        return BrushCursor(place.x * view.ratio, place.y * view.ratio, radius, view.ratio, core)


def _shape(tool: ToolSpec, gesture: Gesture | None) -> Qt.CursorShape | QCursor:
    if gesture is not None:
        return gesture.cursor
    return tool.cursor if isinstance(tool.cursor, Qt.CursorShape) else tool.cursor()
