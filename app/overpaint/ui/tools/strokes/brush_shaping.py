"""The drag that shapes the brush: larger to the right, softer downwards."""

from overpaint.core.paint.brush_stroke import Brush
from overpaint.ui.viewport.brush_steps import dragged
from overpaint.ui.viewport.canvas_api import CanvasContext, Gesture, Pointer


class BrushShaping(Gesture):
    """Changes ``brush``, whose ring stays where the press was."""

    abortable = False
    ring = True

    def __init__(self, context: CanvasContext, pointer: Pointer, brush: Brush) -> None:
        self._context = context
        self.anchor = pointer
        self._start = pointer
        self._brush = brush

    def move(self, pointer: Pointer) -> None:
        """Shows the brush as it would be."""
        view = self._context.view
        dx = (pointer.x - self._start.x) * view.ratio / view.zoom
        self._context.try_brush(dragged(self._brush, dx, pointer.y - self._start.y))

    def end(self) -> None:
        """Leaves the brush as it is shown."""

    abort = end
