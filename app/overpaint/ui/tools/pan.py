"""Pan: moves the picture with the pointer."""

from PySide6.QtCore import Qt

from overpaint.ui.tools.tool_spec import ToolContext, ToolSpec
from overpaint.ui.viewport.canvas_api import CanvasContext, Gesture, Pointer


class Panning(Gesture):
    """A drag that keeps the picture under the pointer where it was grasped."""

    abortable = False
    edits = False

    def __init__(self, canvas: CanvasContext, pointer: Pointer) -> None:
        self._canvas = canvas
        self._last = pointer

    @property
    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.ClosedHandCursor

    def move(self, pointer: Pointer) -> None:
        """Moves the picture as far as the pointer."""
        self._canvas.look(self._canvas.view.panned(pointer.x - self._last.x, pointer.y - self._last.y))
        self._last = pointer

    def end(self) -> None:
        """Leaves the picture where it is."""

    abort = end


def _begin(context: ToolContext, pointer: Pointer) -> Gesture:
    return Panning(context.canvas, pointer)


PAN = ToolSpec(
    id="pan",
    title="Pan",
    tip="drag the picture. Or hold {pan_by_key}.",
    icon="hand",
    keys=("H",),
    group="view",
    hint="Drag the picture. {pan_by_key}-drag pans with any tool.",
    begin=_begin,
    cursor=Qt.CursorShape.OpenHandCursor,
)
