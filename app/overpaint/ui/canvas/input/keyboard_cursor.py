"""A pointer that the keys move, so that a mask can be made without a mouse."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from overpaint.ui.actions.keymap import Keymap
from overpaint.ui.canvas.input.input_controller import InputController
from overpaint.ui.viewport.canvas_api import CanvasContext, Pointer

_LEFT = Qt.MouseButton.LeftButton
_FAST = 10
_WAYS = {
    "cursor_left": (-1, 0),
    "cursor_right": (1, 0),
    "cursor_up": (0, -1),
    "cursor_down": (0, 1),
}


class KeyboardCursor:
    """Arrows move it by a picture pixel, with Shift by ten; Space presses the button and releases it.

    What it does is told to assistive tools through ``widget``.
    """

    def __init__(
        self, context: CanvasContext, controller: InputController, widget: QWidget, keymap: Keymap
    ) -> None:
        self._context = context
        self._input = controller
        self._widget = widget
        self._keymap = keymap
        self._place: tuple[int, int] | None = None
        self._down = False

    @property
    def on(self) -> bool:
        """True while the keys move the pointer."""
        return self._place is not None

    def switch(self, on: bool) -> None:
        """Puts the pointer into the middle of what is seen, or takes it away; a press ends with it."""
        size = self._context.picture_size
        if not on or size is None:
            self._lift()
            self._place = None
            self._input.leave()
            return
        x, y = self._context.view.to_picture(*self._context.middle)
        self._place = _inside((round(x), round(y)), size)
        self._follow()

    def renew(self) -> None:
        """Another picture is there: the pointer begins anew in its middle."""
        if self._place is not None:
            self._down = False
            self.switch(True)

    def stay(self) -> None:
        """The picture moved: the pointer stays on its pixel, unless a gesture goes on, which
        may be what moves it."""
        if self._place is not None and not self._input.busy_with_gesture:
            self._input.move(self._pointer(), self._held)

    def wants(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """True for the keys that are its own while it is on."""
        return self.on and bool(self._found(key, modifiers))

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier, *, again: bool) -> bool:
        """A key went down (``again``: by itself, being held). False when it means nothing here."""
        size = self._context.picture_size
        found = self._found(key, modifiers)
        if self._place is None or size is None or not found:
            return False
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if found not in _WAYS:
            if not again:
                self._toggle(shift=shift)
            return True
        step = _FAST if shift else 1
        dx, dy = self._way(found)
        self._place = _inside((self._place[0] + dx * step, self._place[1] + dy * step), size)
        self._follow()
        return True

    def _found(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> str:
        return self._keymap.find(key, modifiers, "canvas cursor", any_shift=True)

    def _way(self, found: str) -> tuple[int, int]:
        """Where an arrow leads in the picture: on a turned one too as nearly as can be the way it points."""
        dx, dy = _WAYS[found]
        for _ in range(round(self._context.view.angle / 90.0) % 4):
            dx, dy = dy, -dx
        return dx, dy

    def _toggle(self, *, shift: bool) -> None:
        self._down = self._down and self._input.busy_with_gesture
        if self._down:
            self._lift()
            return
        held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        at = self._pointer()
        self._input.press(Pointer(at.x, at.y, _LEFT, held))
        self._down = self._input.busy_with_gesture
        self._tell("Pressed" if self._down else "Clicked")

    def _lift(self) -> None:
        if self._down:
            self._down = False
            at = self._pointer()
            self._input.release(Pointer(at.x, at.y, _LEFT))
            self._tell("Lifted")

    def _follow(self) -> None:
        self._keep_in_sight()
        self._input.move(self._pointer(), self._held)
        if self._place is not None:
            self._tell(f"x {self._place[0]}, y {self._place[1]}")

    @property
    def _held(self) -> Qt.MouseButton:
        return _LEFT if self._down else Qt.MouseButton.NoButton

    def _pointer(self) -> Pointer:
        x, y = self._place or (0, 0)
        aim = self._input.aim
        return Pointer(*self._context.view.to_widget(x + aim, y + aim))

    def _keep_in_sight(self) -> None:
        at = self._pointer()
        middle = self._context.middle
        if not (0.0 <= round(at.x) < 2.0 * middle[0] and 0.0 <= round(at.y) < 2.0 * middle[1]):
            self._context.look(self._context.view.panned(middle[0] - at.x, middle[1] - at.y))

    def _tell(self, words: str) -> None:
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # loads here, with its enums

        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._widget, words))


def _inside(place: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    return min(max(place[0], 0), size[0]), min(max(place[1], 0), size[1])
