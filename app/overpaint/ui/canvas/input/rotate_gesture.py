"""Turning the view: a drag round the middle of the canvas while its key is held, and back upright."""

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor

from overpaint.ui.canvas.render.cursors import turning_cursor
from overpaint.ui.tools.tool_spec import ToolContext, ToolSpec
from overpaint.ui.viewport.canvas_api import CanvasContext, Gesture, Pointer

SNAP = 15.0
"""Degrees between the angles that Ctrl holds to, and of one step by the menu."""

_TOO_NEAR = 6.0


class RotateGesture(Gesture):
    """Turns the picture as the pointer goes round the middle; with Ctrl to the next round angle."""

    edits = False

    def __init__(self, context: CanvasContext, pointer: Pointer) -> None:
        self._context = context
        self._before = context.view
        self._last = self._bearing(pointer)
        self._turned = 0.0

    @property
    def cursor(self) -> QCursor:
        return turning_cursor()

    def move(self, pointer: Pointer) -> None:
        """Turns on; next to the middle, where a step would be a leap, it waits."""
        bearing = self._bearing(pointer)
        if bearing is None:
            return
        if self._last is not None:
            self._turned += math.remainder(bearing - self._last, 360.0)
        self._last = bearing
        angle = self._before.angle + self._turned
        if pointer.holds(Qt.KeyboardModifier.ControlModifier):
            angle = SNAP * round(angle / SNAP)
        self._context.look(self._before.turned_to(angle, self._context.middle))

    def end(self) -> None:
        """Leaves the picture as it lies."""

    def abort(self) -> None:
        """Turns it back."""
        self._context.look(self._before)

    def _bearing(self, pointer: Pointer) -> float | None:
        """The pointer's direction from the middle in degrees clockwise, None too near to tell."""
        x, y = self._context.middle
        if math.dist((x, y), (pointer.x, pointer.y)) < _TOO_NEAR:
            return None
        return math.degrees(math.atan2(pointer.y - y, pointer.x - x))


def reset_rotation(context: CanvasContext) -> None:
    """Turns the picture upright."""
    context.look(context.view.turned_to(0.0, context.middle))


def _begin(context: ToolContext, pointer: Pointer) -> Gesture:
    return RotateGesture(context.canvas, pointer)


ROTATE = ToolSpec(
    id="rotate",
    title="Rotate the view",
    tip="drag around the middle. Ctrl holds to steps of 15°.",
    icon="",
    group="view",
    begin=_begin,
    cursor=turning_cursor,
)
"""Only taken up while its key is held."""
