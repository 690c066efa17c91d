"""What a pressed button does until it is let go: paint, pan, zoom, or change the brush."""

import math

from PySide6.QtCore import Qt

from overpaint.core.paint.brush_stroke import Brush
from overpaint.core.paint.stroke_stabilizer import LONGEST_STRING, StrokeStabilizer
from overpaint.ui.tools.strokes.stroke_controller import StrokeController
from overpaint.ui.viewport.brush_steps import dragged
from overpaint.ui.viewport.canvas_api import CanvasContext, Pointer
from overpaint.ui.viewport.outline import Outline

_SCRUB_PIXELS = 120.0
_CLICK_WITHIN = 4.0
_SHORTEST_STRING = 8.0


class Painting:
    """Leads the stroke that the hand has begun, its brush on a string as long as the ``smoothing`` asks for.

    The string is measured in widget pixels: a hand trembles as much on the screen whatever the zoom. Where
    the stroke ends the brush catches up with the pointer.
    """

    abortable = True

    def __init__(
        self, context: CanvasContext, hand: StrokeController, pointer: Pointer, smoothing: float
    ) -> None:
        self._context = context
        self._hand = hand
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
            self._hand.extend(*self._view.to_picture(*spot), pressure)
        self._pressure = pointer.pressure
        self._pressed = pointer.pressure or self._pressed  # a pen that is lifted presses with nothing
        if self._string:
            self._show_string()

    def end(self) -> None:
        """Lets the brush catch up, and lifts it."""
        self._keep_to_the_picture()
        if self._steady.brush != self._steady.pointer:
            self._hand.extend(*self._view.to_picture(*self._steady.pointer), self._pressed)
        self._hand.finish()
        self._hide_string()

    def abort(self) -> None:
        """Takes the stroke back without a trace."""
        self._hand.abort()
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


class Panning:
    """Moves the picture with the pointer."""

    abortable = False

    def __init__(self, context: CanvasContext, pointer: Pointer) -> None:
        self._context = context
        self._last = pointer

    def move(self, pointer: Pointer) -> None:
        """Keeps the picture under the pointer where it was grasped."""
        self._context.look(self._context.view.panned(pointer.x - self._last.x, pointer.y - self._last.y))
        self._last = pointer

    def end(self) -> None:
        """Lets the picture go."""

    abort = end


class Zooming:
    """A click zooms in (with Alt out); a drag to the right or left zooms as it goes."""

    abortable = False

    def __init__(self, context: CanvasContext, pointer: Pointer) -> None:
        self._context = context
        self._start = pointer
        self._before = context.view
        self._dragged = False

    def move(self, pointer: Pointer) -> None:
        """Zooms at the place that was pressed."""
        distance = pointer.x - self._start.x
        self._dragged = self._dragged or abs(distance) > _CLICK_WITHIN
        if self._dragged:
            factor = 2.0 ** (distance / _SCRUB_PIXELS)
            self._context.look(self._before.zoom_at((self._start.x, self._start.y), factor))

    def end(self) -> None:
        """Takes one step when the pointer hardly moved."""
        if not self._dragged:
            view = self._context.view
            out = self._start.holds(Qt.KeyboardModifier.AltModifier)
            zoom = view.next_smaller if out else view.next_larger
            self._context.look(view.zoomed_to(zoom, (self._start.x, self._start.y)))

    abort = end


class BrushShaping:
    """Makes the brush larger to the right and softer downwards, with its ring held in place."""

    abortable = False

    def __init__(self, context: CanvasContext, pointer: Pointer, brush: Brush) -> None:
        self._context = context
        self.start = pointer
        self._brush = brush

    def move(self, pointer: Pointer) -> None:
        """Shows the brush as it would be."""
        view = self._context.view
        dx = (pointer.x - self.start.x) * view.ratio / view.zoom
        self._context.try_brush(dragged(self._brush, dx, pointer.y - self.start.y))

    def end(self) -> None:
        """Leaves the brush as it is shown."""

    abort = end
