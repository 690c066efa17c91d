"""Turns what mouse, pen and keys do on the canvas into gestures, by the tool in hand and the keys held."""

import math
import time
from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor

from overpaint.core.paint.brush_stroke import Brush
from overpaint.ui.canvas.input.gestures import BrushShaping, Painting, Panning, Zooming
from overpaint.ui.canvas.input.rotate_gesture import RotateGesture, reset_rotation
from overpaint.ui.canvas.render.cursors import turning_cursor
from overpaint.ui.tools.options.selection_options import OUTLINE_TOOLS, SELECTING_TOOLS
from overpaint.ui.tools.selecting.quick_select import QuickDrag
from overpaint.ui.tools.selection_controller import SelectionController
from overpaint.ui.tools.strokes.stroke_controller import StrokeController
from overpaint.ui.viewport.angles import snap_to_angle
from overpaint.ui.viewport.brush_cursor import BrushCursor
from overpaint.ui.viewport.brush_steps import OpacityKeys, hardened, resized
from overpaint.ui.viewport.canvas_api import CanvasContext, Gesture, Pointer
from overpaint.ui.viewport.outline import Outline

TOOLS = ("brush", "eraser", *SELECTING_TOOLS, "hand", "zoom")
PAINTING_TOOLS = ("brush", "eraser")
RING_TOOLS = (*PAINTING_TOOLS, "quick")
"""Tools whose pointer is the brush's ring."""

_MOVING = (Panning, Zooming, RotateGesture)
_LEFT, _RIGHT, _MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
_FIRST_BRUSH = Brush(64.0, 0.8)
_BRUSH_KEYS: dict[Qt.Key, Callable[[Brush], Brush]] = {
    Qt.Key.Key_BracketLeft: lambda brush: resized(brush, -1),
    Qt.Key.Key_BracketRight: lambda brush: resized(brush, 1),
    Qt.Key.Key_BraceLeft: lambda brush: hardened(brush, -1),
    Qt.Key.Key_BraceRight: lambda brush: hardened(brush, 1),
}
_SHIFTED = {Qt.Key.Key_BracketLeft: Qt.Key.Key_BraceLeft, Qt.Key.Key_BracketRight: Qt.Key.Key_BraceRight}
_FIVE_ALONE = 0.5
_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class InputController:
    """At most one gesture at a time: what the first button began goes on until that button is let go."""

    def __init__(
        self, context: CanvasContext, hand: StrokeController, selecting: SelectionController
    ) -> None:
        self._context = context
        self._hand = hand
        self._selecting = selecting
        self._tool = "brush"
        self._brush = _FIRST_BRUSH
        self._gesture: Gesture | None = None
        self._button = Qt.MouseButton.NoButton
        self._at: Pointer | None = None
        self._space = False
        self._turn_key = False
        self._busy = False
        self._by_keys = False
        self._line_shown = False
        self._opacity = OpacityKeys()

    # --- what is in hand

    def set_tool(self, tool: str) -> None:
        """Another tool. Raises ValueError for a name that is none."""
        if tool not in TOOLS:
            raise ValueError(f"There is no tool called {tool!r}.")
        if tool != self._tool:
            self.drop()
            self._tool = tool
            self.refresh()

    def set_brush(self, brush: Brush) -> None:
        """Another brush; a stroke that goes on keeps the one it began with."""
        self._brush = brush
        self.refresh()

    def set_busy(self, busy: bool) -> None:
        """While something is looked for the pointer says so."""
        self._busy = busy
        self.refresh()

    @property
    def busy_with_gesture(self) -> bool:
        """True from a press that began something until it ends."""
        return self._gesture is not None

    @property
    def aim(self) -> float:
        """Which part of a pixel the tool aims at, for a pointer that goes from pixel to pixel."""
        return 0.0 if self._tool in OUTLINE_TOOLS else 0.5

    def show_crosshair(self, on: bool) -> None:
        """Draws a crosshair for tools without a ring: keys move the pointer, the system's stays behind."""
        self._by_keys = on
        self.refresh()

    # --- mouse and pen

    def press(self, pointer: Pointer) -> None:
        """A button went down."""
        self._at = pointer
        if self._gesture is None:
            self._hide_line()
            self._gesture = self._begin(pointer)
            self._button = pointer.button
        self.refresh()

    def move(self, pointer: Pointer, buttons: Qt.MouseButton) -> None:
        """The pointer moved, with ``buttons`` held."""
        self._at = pointer
        if self._gesture is not None:
            if buttons & self._button:
                self._gesture.move(pointer)
            else:
                self.release_all()  # the release went to somebody else
        elif self._tool in PAINTING_TOOLS:
            self._preview_line(pointer)
        else:
            self._selecting.hover(pointer)
        self.refresh()

    def release(self, pointer: Pointer) -> None:
        """A button went up."""
        self._at = pointer
        if self._gesture is not None and pointer.button == self._button:
            self._gesture.move(pointer)
            self.release_all()
        self.refresh()

    def leave(self) -> None:
        """The pointer left the canvas."""
        if self._gesture is None:
            self._at = None
            self._hide_line()
        self.refresh()

    def release_all(self) -> None:
        """Ends whatever goes on as if every button and key had been released."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.end()
            self.refresh()

    def drop(self) -> None:
        """The same, and forgets an outline that was begun and isn't closed."""
        self.release_all()
        self._hide_line()
        self._selecting.give_up()

    def focus_lost(self) -> None:
        """The window or the focus went elsewhere: no release will come."""
        self._space = self._turn_key = False
        self.release_all()
        self.refresh()

    # --- keys

    def press_key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier, *, again: bool) -> bool:
        """A key went down (``again``: by itself, being held). False when it means nothing here."""
        if key == Qt.Key.Key_Escape and self._abort():
            return True
        if modifiers & _COMMANDS:
            return False
        if key == Qt.Key.Key_Space:
            self._space = True
            self.refresh()
            return True
        if key == Qt.Key.Key_R:
            self._turn_key = True
            self.refresh()
            return True
        if key == Qt.Key.Key_5 and self._context.view.angle:
            self._straighten()
            return True
        if self._tool not in RING_TOOLS:
            return self._selecting.press_key(key, self._at)
        if key == Qt.Key.Key_X and not again and self._tool in PAINTING_TOOLS:
            self._context.ask_for_tool("brush" if self._tool == "eraser" else "eraser")
            return True
        return self._change_brush(key, modifiers)

    def release_key(self, key: Qt.Key) -> bool:
        """A key went up. False when it meant nothing here."""
        if key not in (Qt.Key.Key_Space, Qt.Key.Key_R):
            return False
        if key == Qt.Key.Key_Space:
            self._space = False
        else:
            self._turn_key = False
        self.refresh()
        return True

    def wants(self, key: Qt.Key) -> bool:
        """True for a key that must come here, though it is a shortcut of the window."""
        aborts = key == Qt.Key.Key_Escape and self._gesture is not None and self._gesture.abortable
        return aborts or self._selecting.wants(key)

    # --- ring, pointer and place

    def refresh(self) -> None:
        """Shows ring and pointer as they should be here, and tells the pixel below."""
        at, size = self._at, self._context.picture_size
        self._context.show_cursor(self._cursor(has_picture=size is not None))
        self._context.set_working(self._gesture is not None and not isinstance(self._gesture, _MOVING))
        if at is None or size is None:
            self._context.show_ring(None)
            self._context.set_hovered(None)
            return
        x, y = self._context.view.to_picture(at.x, at.y)
        inside = 0 <= x < size[0] and 0 <= y < size[1]
        self._context.set_hovered((math.floor(x), math.floor(y)) if inside else None)
        self._context.show_ring(self._ring(at) if self._paints or self._by_keys else None)

    @property
    def _paints(self) -> bool:
        """True when the pointer is a brush: a painting tool, and nothing else going on."""
        if self._gesture is None:
            return self._tool in RING_TOOLS and not (self._space or self._turn_key)
        return isinstance(self._gesture, Painting | BrushShaping | QuickDrag)

    def _ring(self, at: Pointer) -> BrushCursor:
        view = self._context.view
        radius = self._brush.diameter / 2.0 * view.zoom if self._paints else 0.0
        if isinstance(self._gesture, BrushShaping):
            start = self._gesture.start
            x, y = start.x * view.ratio, start.y * view.ratio
            return BrushCursor(x, y, radius, view.ratio, core=radius * self._brush.hardness)
        return BrushCursor(at.x * view.ratio, at.y * view.ratio, radius, view.ratio)

    def _cursor(self, *, has_picture: bool) -> Qt.CursorShape | QCursor:
        if not has_picture:
            return Qt.CursorShape.ArrowCursor
        if self._busy and self._gesture is None:
            return Qt.CursorShape.BusyCursor
        if isinstance(self._gesture, RotateGesture) or (self._turn_key and self._gesture is None):
            return turning_cursor()
        if isinstance(self._gesture, Panning):
            return Qt.CursorShape.ClosedHandCursor
        if self._paints:
            return Qt.CursorShape.BlankCursor
        if self._space or self._tool == "hand":
            return Qt.CursorShape.OpenHandCursor
        return Qt.CursorShape.CrossCursor

    # --- what a press begins

    def _begin(self, pointer: Pointer) -> Gesture | None:
        button = pointer.button
        if self._context.picture_size is None:
            return None
        shift = pointer.holds(Qt.KeyboardModifier.ShiftModifier)
        if button == _LEFT and (self._turn_key or (self._space and shift)):
            return RotateGesture(self._context, pointer)
        if button == _MIDDLE or (button == _LEFT and (self._space or self._tool == "hand")):
            return Panning(self._context, pointer)
        if button == _LEFT and self._tool == "zoom":
            return Zooming(self._context, pointer)
        if button == _LEFT and self._tool in SELECTING_TOOLS:
            return self._selecting.begin(self._tool, pointer, self._brush.diameter)
        if self._tool not in PAINTING_TOOLS or button not in (_LEFT, _RIGHT):
            return None
        if button == _RIGHT and pointer.holds(Qt.KeyboardModifier.AltModifier):
            return BrushShaping(self._context, pointer, self._brush)
        return self._begin_painting(pointer)

    def _begin_painting(self, pointer: Pointer) -> Gesture | None:
        mask = self._context.mask_on_canvas
        if mask is None:
            return None
        self._context.back_to_picture()
        erase = self._brush.erase or self._tool == "eraser" or pointer.eraser
        if pointer.button == _RIGHT:
            erase = not erase
        brush = replace(self._brush, erase=erase)
        x, y = self._context.view.to_picture(pointer.x, pointer.y)
        start = self._hand.last_end(mask) if pointer.holds(Qt.KeyboardModifier.ShiftModifier) else None
        if not self._hand.begin(mask, brush, *(start or (x, y)), pointer.pressure):
            return None
        if start is not None:
            if pointer.holds(Qt.KeyboardModifier.ControlModifier):
                x, y = snap_to_angle(start, x, y)
            self._hand.extend(x, y, pointer.pressure)
        smoothing = 0.0 if self._by_keys else brush.smoothing  # keys don't tremble
        return Painting(self._context, self._hand, pointer, smoothing)

    def _preview_line(self, pointer: Pointer) -> None:
        """While Shift is held, shows the straight line that a press would paint."""
        mask = self._context.mask_on_canvas
        shift = pointer.holds(Qt.KeyboardModifier.ShiftModifier)
        start = self._hand.last_end(mask) if shift and mask is not None else None
        if start is None:
            self._hide_line()
            return
        end = self._context.view.to_picture(pointer.x, pointer.y)
        if pointer.holds(Qt.KeyboardModifier.ControlModifier):
            end = snap_to_angle(start, *end)
        self._context.show_outline(Outline((start, end), closed=False))
        self._line_shown = True

    def _hide_line(self) -> None:
        if self._line_shown:
            self._line_shown = False
            self._context.show_outline(None)

    def _abort(self) -> bool:
        if self._gesture is None or not self._gesture.abortable:
            return False
        gesture, self._gesture = self._gesture, None
        gesture.abort()
        self.refresh()
        return True

    def _straighten(self) -> None:
        """Turns the view upright, unless the 5 is the second digit of an opacity."""
        if self._tool in PAINTING_TOOLS:
            typed = self._opacity.typed(self._brush, 5, time.monotonic())
            if typed.opacity != _FIVE_ALONE:
                self._context.try_brush(typed)
                return
        reset_rotation(self._context)

    def _change_brush(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        if Qt.Key.Key_0 <= key <= Qt.Key.Key_9:
            self._context.try_brush(self._opacity.typed(self._brush, key - Qt.Key.Key_0, time.monotonic()))
            return True
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            key = _SHIFTED.get(key, key)
        change = _BRUSH_KEYS.get(key)
        if change is None:
            return False
        self._context.try_brush(change(self._brush))
        return True
