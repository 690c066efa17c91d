"""The gesture that continues a stroke until the button is released."""

import math

from overpaint.core.paint.stroke_stabilizer import LONGEST_STRING, StrokeStabilizer
from overpaint.ui.tools.strokes.stroke_controller import StrokeController
from overpaint.ui.viewport.canvas_api import CanvasContext, Gesture, Pointer
from overpaint.ui.viewport.outline import Outline

_SHORTEST_STRING = 8.0


class StrokeGesture(Gesture):
    """Continues the stroke that has begun, its brush on a string as long as the ``smoothing`` asks for.

    The string is measured in widget pixels: a trembling hand moves as far on the screen whatever the zoom.
    Where the stroke ends the brush catches up with the pointer.
    """

    ring = True

    def __init__(
        self, context: CanvasContext, strokes: StrokeController, pointer: Pointer, smoothing: float
    ) -> None:
        self._context = context
        self._strokes = strokes
        self._view = context.view
        self._steady = StrokeStabilizer((pointer.x, pointer.y), smoothing * LONGEST_STRING)
        self._string = smoothing > 0.0
        self._pressure = self._pressed = pointer.pressure

    def move(self, pointer: Pointer) -> None:
        """Paints on towards the pointer, wherever it is."""
        at, before = (pointer.x, pointer.y), self._pressure
        self._keep_to_the_picture()
        if at == self._steady.pointer and pointer.pressure == before:
            return
        for spot, share in self._steady.follow(at):
            pressure = pointer.pressure if share >= 1.0 else before + (pointer.pressure - before) * share
            self._strokes.extend(*self._view.to_picture(*spot), pressure)
        self._pressure = pointer.pressure
        self._pressed = pointer.pressure or self._pressed  # a pen that is lifted presses with nothing
        if self._string:
            self._show_string()

    def end(self) -> None:
        """Lets the brush catch up, and lifts it."""
        self._keep_to_the_picture()
        if self._steady.brush != self._steady.pointer:
            self._strokes.extend(*self._view.to_picture(*self._steady.pointer), self._pressed)
        self._strokes.finish()
        self._hide_string()

    def abort(self) -> None:
        """Takes the stroke back without a trace."""
        self._strokes.abort()
        self._hide_string()

    def _keep_to_the_picture(self) -> None:
        """The brush lies on the picture, and goes with it when that is moved under the pointer."""
        before, self._view = self._view, self._context.view
        if before is not self._view and self._string:
            self._steady.brush = self._view.to_widget(*before.to_picture(*self._steady.brush))

    def _show_string(self) -> None:
        ends = self._steady.brush, self._steady.pointer
        if math.dist(*ends) < _SHORTEST_STRING:
            self._context.show_outline(None)
        else:
            places = tuple(self._view.to_picture(*end) for end in ends)
            self._context.show_outline(Outline(places, closed=False))

    def _hide_string(self) -> None:
        if self._string:
            self._context.show_outline(None)
