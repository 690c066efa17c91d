"""The keys that mean something on the canvas alone, and what they do there."""

from PySide6.QtCore import Qt

from overpaint.ui.canvas.input.input_controller import InputController
from overpaint.ui.canvas.input.rotate_gesture import ROTATE
from overpaint.ui.tools.pan import PAN

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
"""While keys move the pointer: the way each moves it."""
PRESS_KEY = Qt.Key.Key_Space
"""While keys move the pointer: presses the button, and releases it."""

_ABORT = Qt.Key.Key_Escape
_HELD = {Qt.Key.Key_Space: PAN, Qt.Key.Key_R: ROTATE}
_CLOSE_DRAFT = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEP_BACK = Qt.Key.Key_Backspace
_SWAP = Qt.Key.Key_X
_SIZE = {Qt.Key.Key_BracketLeft: -1, Qt.Key.Key_BracketRight: 1}
_HARDNESS = {Qt.Key.Key_BraceLeft: -1, Qt.Key.Key_BraceRight: 1}
_SHIFTED = {Qt.Key.Key_BracketLeft: Qt.Key.Key_BraceLeft, Qt.Key.Key_BracketRight: Qt.Key.Key_BraceRight}
_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class CanvasKeys:
    """Turns keys into calls of the controller's methods."""

    def __init__(self, controller: InputController) -> None:
        self._controller = controller

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier, *, again: bool) -> bool:
        """A key went down (``again``: by itself, being held). False when it means nothing here."""
        if key == _ABORT and self._controller.abort_gesture():
            return True
        if modifiers & _COMMANDS:
            return False
        if key in _HELD:
            self._controller.hold_tool(_HELD[key])
            return True
        return self._press_for_draft(key) or self._press_for_tool(key, modifiers, again=again)

    def release(self, key: Qt.Key) -> bool:
        """A key went up. False when it meant nothing here."""
        if key not in _HELD:
            return False
        self._controller.release_tool(_HELD[key])
        return True

    def wants(self, key: Qt.Key) -> bool:
        """True for a key that must come here, though it is a shortcut of the window."""
        if key == _ABORT and self._controller.abortable:
            return True
        return self._controller.drafting and key in (_ABORT, _STEP_BACK, *_CLOSE_DRAFT)

    def _press_for_draft(self, key: Qt.Key) -> bool:
        if key in _CLOSE_DRAFT:
            return self._controller.close_draft()
        if key == _STEP_BACK:
            return self._controller.step_draft_back()
        return key == _ABORT and self._controller.abort_draft()

    def _press_for_tool(self, key: Qt.Key, modifiers: Qt.KeyboardModifier, *, again: bool) -> bool:
        if Qt.Key.Key_0 <= key <= Qt.Key.Key_9:
            return self._controller.type_digit(key - Qt.Key.Key_0)
        if key == _SWAP:
            return not again and self._controller.swap_tool()
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            key = _SHIFTED.get(key, key)
        if key in _SIZE:
            return self._controller.resize_brush(_SIZE[key])
        return key in _HARDNESS and self._controller.harden_brush(_HARDNESS[key])
