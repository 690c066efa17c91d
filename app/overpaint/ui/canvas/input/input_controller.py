"""Turns what mouse and pen do on the canvas into gestures of the active tool, or of one held by its key."""

import time
from collections.abc import Callable
from typing import ParamSpec

from PySide6.QtCore import Qt

from overpaint.core.paint.brush_stroke import Brush
from overpaint.studio.unexpected import Contained, report
from overpaint.ui.canvas.input.pointer_feedback import PointerFeedback
from overpaint.ui.canvas.input.rotate_gesture import ROTATE, reset_rotation
from overpaint.ui.tools.pan import PAN
from overpaint.ui.tools.tool_spec import Draft, ToolContext, ToolSpec
from overpaint.ui.viewport.brush_steps import OpacityKeys, hardened, resized
from overpaint.ui.viewport.canvas_api import Gesture, Pointer
from overpaint.ui.viewport.outline import Outline

_LEFT, _RIGHT, _MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton

_P = ParamSpec("_P")


class InputController:
    """At most one gesture at a time: what the first button began goes on until that button is released.

    A draft goes on from click to click; a tool that is held by its key leaves it alone.
    """

    def __init__(self, context: ToolContext, tool: ToolSpec) -> None:
        self._canvas = context.canvas
        self._context = context
        self._tool = tool
        self._held: tuple[ToolSpec, ...] = ()
        self._gesture: Gesture | None = None
        self._draft: Draft | None = None
        self._button = Qt.MouseButton.NoButton
        self._at: Pointer | None = None
        self._busy = False
        self._previewed = False
        self._opacity = OpacityKeys()
        self._feedback = PointerFeedback(context)

    # --- the active tool

    def set_tool(self, tool: ToolSpec) -> None:
        """Another tool; what goes on with the one before ends."""
        if tool is not self._tool:
            self.drop()
            self._tool = tool
            self.refresh()

    def set_brush(self, brush: Brush) -> None:
        """Another brush; a stroke that goes on keeps the one it began with."""
        self._context.brush = brush
        self.refresh()

    def set_busy(self, busy: bool) -> None:
        """While something is looked for the pointer says so."""
        self._busy = busy
        self.refresh()

    def show_crosshair(self, on: bool) -> None:
        """Draws a crosshair for tools without a ring: keys move the pointer, the system's stays behind."""
        self._context.by_keys = on
        self.refresh()

    def hold_tool(self, tool: ToolSpec) -> None:
        """Its key is held: until ``release_tool`` it takes the place of the active tool."""
        if tool not in self._held:
            self._held = (*self._held, tool)
        self.refresh()

    def release_tool(self, tool: ToolSpec) -> None:
        """Its key was released; a gesture that it began goes on."""
        self._held = tuple(one for one in self._held if one is not tool)
        self.refresh()

    def refresh(self) -> None:
        """Shows ring and pointer as they should be here, and tells the pixel below. Raises nothing: what
        can't be shown is no reason to drop a stroke."""
        try:
            self._feedback.show(self._at, self._tool_in_use, self._gesture, busy=self._busy)
        except Exception as error:  # noqa: BLE001 - reported; a block with a context costs more at each move
            report(error, "showing the pointer")

    @property
    def busy_with_gesture(self) -> bool:
        """True from a press that began something until it ends."""
        return self._gesture is not None

    @property
    def abortable(self) -> bool:
        """True while a gesture goes on that can be taken back."""
        return self._gesture is not None and self._gesture.abortable

    @property
    def rotated(self) -> bool:
        """True while the view isn't upright."""
        return self._canvas.view.angle != 0.0

    @property
    def drafting(self) -> bool:
        """True while a selection goes on from click to click."""
        return self._draft is not None

    @property
    def aim(self) -> float:
        """Which part of a pixel the tool aims at, for a pointer that goes from pixel to pixel."""
        return 0.0 if self._tool.on_edges else 0.5

    # --- mouse and pen

    def press(self, pointer: Pointer) -> None:
        """A button went down."""
        self._at = pointer
        self._reach_tool(self._press, pointer)

    def move(self, pointer: Pointer, buttons: Qt.MouseButton) -> None:
        """The pointer moved, with ``buttons`` held."""
        self._at = pointer
        self._reach_tool(self._move, pointer, buttons)

    def release(self, pointer: Pointer) -> None:
        """A button went up."""
        self._at = pointer
        self._reach_tool(self._release, pointer)

    def leave(self) -> None:
        """The pointer left the canvas."""
        if self._gesture is None:
            self._at = None
            self._preview(None)
        self.refresh()

    def release_all(self) -> None:
        """Ends a gesture as if its button had been released."""
        if self._gesture is not None:
            self._reach_tool(self._end)

    def drop(self) -> None:
        """The same, and gives up a draft."""
        self.release_all()
        self._preview(None)
        self.abort_draft()

    def focus_lost(self) -> None:
        """The window or the focus went elsewhere: no release will come, of buttons or keys."""
        self._held = ()
        self.release_all()
        self.refresh()

    # --- what keys ask for; each says whether it meant anything

    def abort_gesture(self) -> bool:
        """Takes back the gesture that goes on, if it can be."""
        if not self.abortable:
            return False
        self._reach_tool(self._abort)
        return True

    def abort_draft(self) -> bool:
        """Gives up the draft."""
        return self._change_draft(lambda draft: draft.abort())

    def close_draft(self) -> bool:
        """Ends the draft as it is."""
        return self._change_draft(lambda draft: draft.close())

    def step_draft_back(self) -> bool:
        """Takes the draft's last click back."""
        return self._change_draft(lambda draft: draft.step_back(self._at))

    def swap_tool(self) -> bool:
        """Asks for the tool that the active one swaps with."""
        if self._tool.swaps_with:
            self._canvas.ask_for_tool(self._tool.swaps_with)
        return bool(self._tool.swaps_with)

    def resize_brush(self, steps: int) -> bool:
        """Makes the brush larger (``steps`` > 0) or smaller."""
        if "size" in self._tool.options:
            self._canvas.try_brush(resized(self._context.brush, steps))
        return "size" in self._tool.options

    def harden_brush(self, steps: int) -> bool:
        """Makes the brush harder (``steps`` > 0) or softer."""
        if "hardness" in self._tool.options:
            self._canvas.try_brush(hardened(self._context.brush, steps))
        return "hardness" in self._tool.options

    def type_digit(self, digit: int) -> bool:
        """Sets the brush's opacity: one digit for tens of per cent, two in short order for both."""
        if "opacity" in self._tool.options:
            self._canvas.try_brush(self._opacity.typed(self._context.brush, digit, time.monotonic()))
        return "opacity" in self._tool.options

    def straighten(self, digit: int | None) -> bool:
        """Turns the view upright; its key may be that of a ``digit``, which counts if it is a second one."""
        if digit is not None and "opacity" in self._tool.options:
            typed = self._opacity.typed(self._context.brush, digit, time.monotonic())
            if typed.opacity != (digit or 10) / 10:
                self._canvas.try_brush(typed)
                return True
        reset_rotation(self._canvas)
        return True

    # --- how gestures and drafts are reached

    @property
    def _tool_in_use(self) -> ToolSpec:
        """The active tool, or the one that is held by its key."""
        return self._held[-1] if self._held else self._tool

    def _reach_tool(self, step: Callable[_P, None], *given: _P.args, **named: _P.kwargs) -> None:
        """The one way in which presses, moves, releases and keys reach the code of a tool.

        An error there takes back what the tool has changed and goes to the sink: the next press begins anew.
        """
        try:
            step(*given, **named)
        except Exception as error:  # noqa: BLE001 - whatever it is, no stroke may stay open because of it
            self._give_up()
            report(error, "using a tool")
        if self._draft is not None and self._draft.done:
            self._draft = None
        self.refresh()

    def _give_up(self) -> None:
        gesture, self._gesture = self._gesture, None
        draft, self._draft = self._draft, None
        with Contained("giving up a gesture"):
            if gesture is not None:
                gesture.abort()
        with Contained("giving up a draft"):
            if draft is not None:
                draft.abort()
        with Contained("giving up a stroke"):
            self._context.strokes.abort()

    def _press(self, pointer: Pointer) -> None:
        if self._gesture is not None:
            return
        self._preview(None)
        tool = self._tool_for(pointer)
        if tool is None or self._canvas.picture_size is None:
            return
        if tool is self._tool and self._draft is not None:
            self._draft.press(pointer)
            return
        begun = tool.begin(self._context, pointer)
        if isinstance(begun, Draft):
            self._draft = begun
        else:
            self._gesture, self._button = begun, pointer.button

    def _tool_for(self, pointer: Pointer) -> ToolSpec | None:
        """The tool that a press is for: the middle button pans, Shift turns a held pan into a rotation."""
        if pointer.button == _MIDDLE:
            return PAN
        tool = self._tool_in_use
        if pointer.button == _LEFT:
            turns = PAN in self._held and pointer.holds(Qt.KeyboardModifier.ShiftModifier)
            return ROTATE if turns else tool
        return tool if pointer.button == _RIGHT and tool.right_button else None

    def _move(self, pointer: Pointer, buttons: Qt.MouseButton) -> None:
        gesture = self._gesture
        if gesture is None:
            self._hover(pointer)
        elif buttons & self._button:
            gesture.move(pointer)
        else:
            self._end()  # the release went elsewhere

    def _hover(self, pointer: Pointer) -> None:
        if self._draft is not None:
            self._draft.hover(pointer)
        elif self._tool.hover is not None:
            self._preview(self._tool.hover(self._context, pointer))

    def _release(self, pointer: Pointer) -> None:
        if self._gesture is not None and pointer.button == self._button:
            self._gesture.move(pointer)
            self._end()

    def _end(self) -> None:
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.end()

    def _abort(self) -> None:
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.abort()

    def _change_draft(self, change: Callable[[Draft], None]) -> bool:
        draft = self._draft
        if draft is not None:
            self._reach_tool(change, draft)
        return draft is not None

    def _preview(self, line: Outline | None) -> None:
        if line is not None or self._previewed:
            self._previewed = line is not None
            self._canvas.show_outline(line)
