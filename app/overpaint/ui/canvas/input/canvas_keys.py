"""What the keys do that are heard on the canvas alone, once the keymap has said what they mean."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from overpaint.ui.actions.keymap import Keymap
from overpaint.ui.canvas.input.input_controller import InputController
from overpaint.ui.canvas.input.rotate_gesture import ROTATE
from overpaint.ui.tools.pan import PAN

if TYPE_CHECKING:
    from collections.abc import Callable

    from overpaint.ui.tools.tool_spec import ToolSpec

_HELD = {"pan_by_key": PAN, "rotate_by_key": ROTATE}
_DIGIT = "opacity_"


class CanvasKeys:
    """Turns keys into calls of the controller's methods."""

    def __init__(self, controller: InputController, keymap: Keymap) -> None:
        self._controller = controller
        self._keymap = keymap
        self._down: dict[Qt.Key, ToolSpec] = {}
        self._done_by: dict[str, Callable[[], bool]] = {
            "draft_close": controller.close_draft,
            "draft_back": controller.step_draft_back,
            "draft_abort": controller.abort_draft,
            "brush_smaller": partial(controller.resize_brush, -1),
            "brush_larger": partial(controller.resize_brush, 1),
            "brush_softer": partial(controller.harden_brush, -1),
            "brush_harder": partial(controller.harden_brush, 1),
        }

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier, *, again: bool) -> bool:
        """A key went down (``again``: by itself, being held). False when it means nothing here."""
        if self._aborts(key) and self._controller.abort_gesture():
            return True
        found = self._keymap.find(key, modifiers, *self._scopes(), any_shift=True)
        if found in _HELD:
            self._down[key] = _HELD[found]
            self._controller.hold_tool(_HELD[found])
            return True
        if found == "straighten":
            found = self._keymap.find(key, modifiers, "canvas", any_shift=True)
            return self._controller.straighten(_digit(found))
        if found == "swap_tools":
            return not again and self._controller.swap_tool()
        if (digit := _digit(found)) is not None:
            return self._controller.type_digit(digit)
        work = self._done_by.get(found)
        return work is not None and work()

    def release(self, key: Qt.Key) -> bool:
        """A key went up. False when it meant nothing here."""
        tool = self._down.pop(key, None)
        if tool is not None:
            self._controller.release_tool(tool)
        return tool is not None

    def wants(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """True for a key that must come here, though it is a shortcut of the window."""
        if self._aborts(key):
            return True
        return self._controller.drafting and bool(self._keymap.find(key, modifiers, "canvas draft"))

    def _aborts(self, key: Qt.Key) -> bool:
        """Whether a key takes a gesture back, whatever else is held for the sake of the gesture."""
        plain = Qt.KeyboardModifier.NoModifier
        return self._controller.abortable and bool(self._keymap.find(key, plain, "canvas gesture"))

    def _scopes(self) -> tuple[str, ...]:
        draft = ("canvas draft",) if self._controller.drafting else ()
        rotated = ("canvas rotated",) if self._controller.rotated else ()
        return (*draft, *rotated, "canvas")


def _digit(action_id: str) -> int | None:
    return int(action_id.removeprefix(_DIGIT)) if action_id.startswith(_DIGIT) else None
