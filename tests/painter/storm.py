"""Random events for the window: mouse, touch, pens, wheels and keys, in any order, half done."""

import random
from collections import deque

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QInputDevice, QMouseEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.flows.desk import CONTROL, NONE, PLAIN, SHIFT, Desk
from tests.painter.easel import send_pen

ALT = Qt.KeyboardModifier.AltModifier
BUTTONS = (Qt.MouseButton.LeftButton,) * 6 + (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton)
MODIFIERS = (PLAIN,) * 6 + (SHIFT, ALT, SHIFT | ALT, CONTROL | SHIFT)
PRESS, MOVE, RELEASE = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonRelease,
)
PEN = (QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletMove, QEvent.Type.TabletRelease)

TOOLS = ("brush",) * 3 + (
    *("eraser", "rectangle", "ellipse", "lasso", "polygon", "magnetic", "wand", "quick", "pan", "zoom"),
)
ACTS = (
    *("undo", "redo", "fill_mask", "clear_mask", "invert_mask", "copy_mask", "paste_mask"),
    *("zoom_in", "zoom_out", "fit", "actual", "overlay", "panels", "by_keys", "look_light", "look_dark"),
)
KEYS = (
    *(Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight, Qt.Key.Key_BraceLeft, Qt.Key.Key_BraceRight),
    *(Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_X),
    *(Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_5, Qt.Key.Key_0, Qt.Key.Key_R),
    *(Qt.Key.Key_Q, Qt.Key.Key_Backslash, Qt.Key.Key_B, Qt.Key.Key_M, Qt.Key.Key_Z),
)
LARGEST_BRUSH = 240
"""A brush of 2,000 pixels turns every stroke into a full mask, and the rest into nothing."""


class Storm:
    """Sends one random event after the other; ``last`` are those that came before a fault."""

    def __init__(self, app: Desk, seed: int) -> None:
        self._app = app
        self._random = random.Random(seed)
        self._finger = QTest.createTouchDevice()
        self._touchpad = QPointingDevice(
            "pad",
            9,
            QInputDevice.DeviceType.TouchPad,
            QPointingDevice.PointerType.Finger,
            QInputDevice.Capability.Position | QInputDevice.Capability.PixelScroll,
            2,
            0,
        )
        self._held = NONE
        self._at = QPointF(100, 100)
        self.last: deque[str] = deque(maxlen=40)
        self._kinds = (
            (240, self._move),
            (70, self._press),
            (70, self._release),
            (8, self._twice),
            (30, self._pen),
            (12, self._touch),
            (24, self._wheel),
            (60, self._key),
            (30, self._tool),
            (24, self._act),
            (4, self._turn),
            (3, self._resize),
            (4, self._lose_focus),
            (4, self._other_picture),
        )

    def blow(self) -> None:
        """One event."""
        weights = [weight for weight, _ in self._kinds]
        ((_, send),) = self._random.choices(self._kinds, weights)
        self.last.append(f"{send.__name__} {send()}")

    def calm(self) -> None:
        """Lets everything go that is still held, as when the window is left."""
        for key in (Qt.Key.Key_Space, Qt.Key.Key_Backslash, Qt.Key.Key_R):
            QTest.keyRelease(self._app.window, key)
        QApplication.sendEvent(self._app.canvas, QEvent(QEvent.Type.WindowDeactivate))
        self._app.window.actions_["pan"].trigger()

    # --- mouse

    def _wander(self) -> QPointF:
        """A place near the last one, sometimes far away or outside."""
        canvas, rnd = self._app.canvas, self._random
        if rnd.random() < 0.15:
            self._at = QPointF(rnd.uniform(-60, canvas.width() + 60), rnd.uniform(-60, canvas.height() + 60))
        else:
            self._at += QPointF(rnd.gauss(0, 25), rnd.gauss(0, 25))
        return self._at

    def _mouse(self, kind: QEvent.Type, button: Qt.MouseButton) -> str:
        canvas, at = self._app.canvas, self._wander()
        modifiers = self._random.choice(MODIFIERS)
        where = QPointF(canvas.mapToGlobal(at))
        QApplication.sendEvent(canvas, QMouseEvent(kind, at, where, button, self._held, modifiers))
        return f"{button.name} at {at.x():.1f}, {at.y():.1f} with {modifiers}"

    def _move(self) -> str:
        return self._mouse(MOVE, NONE)

    def _press(self) -> str:
        button = self._random.choice(BUTTONS)
        self._held |= button
        return self._mouse(PRESS, button)

    def _release(self) -> str:
        button = self._random.choice(BUTTONS)
        self._held &= ~button
        return self._mouse(RELEASE, button)

    def _twice(self) -> str:
        self._held |= Qt.MouseButton.LeftButton
        return self._mouse(QEvent.Type.MouseButtonDblClick, Qt.MouseButton.LeftButton)

    def _wheel(self) -> str:
        canvas, rnd = self._app.canvas, self._random
        turned, pixels = QPoint(0, rnd.choice((-240, -120, 120, 240))), QPoint()
        device = QPointingDevice.primaryPointingDevice()
        if rnd.random() < 0.4:
            device, pixels = self._touchpad, QPoint(rnd.randint(-40, 40), rnd.randint(-40, 40))
        event = QWheelEvent(
            self._at,
            QPointF(canvas.mapToGlobal(self._at)),
            pixels,
            turned,
            self._held,
            rnd.choice((PLAIN, PLAIN, CONTROL)),
            Qt.ScrollPhase.NoScrollPhase,
            False,
            Qt.MouseEventSource.MouseEventNotSynthesized,
            device,
        )
        QApplication.sendEvent(canvas, event)
        return f"{turned.y()} {pixels.x()} {pixels.y()}"

    # --- pen and fingers

    def _pen(self) -> str:
        kind, eraser = self._random.choice(PEN), self._random.random() < 0.2
        send_pen(self._app, kind, self._wander(), self._random.random(), eraser=eraser)
        return kind.name

    def _touch(self) -> str:
        """Two fingers put down, moved and lifted."""
        canvas, rnd = self._app.canvas, self._random
        spots = [QPoint(rnd.randrange(canvas.width()), rnd.randrange(canvas.height())) for _ in range(4)]
        for do, pair in (("press", spots[:2]), ("move", spots[2:]), ("release", spots[2:])):
            touch = QTest.touchEvent(canvas, self._finger, False)
            for number, spot in enumerate(pair):
                getattr(touch, do)(number, spot, canvas)
            touch.commit(False)  # handling events here would step into tasks that wait
        return str([spot.toTuple() for spot in spots])

    # --- keys and acts

    def _key(self) -> str:
        canvas, rnd = self._app.canvas, self._random
        key, modifiers = rnd.choice(KEYS), rnd.choice((PLAIN, PLAIN, PLAIN, SHIFT))
        send = rnd.choice((QTest.keyClick, QTest.keyClick, QTest.keyPress, QTest.keyRelease))
        send(canvas, key, modifiers)
        return f"{send.__name__} {key.name} {modifiers}"

    def _tool(self) -> str:
        tool = self._random.choice(TOOLS)
        self._app.window.actions_[tool].trigger()
        self._app.canvas.setFocus()
        return tool

    def _act(self) -> str:
        act = self._random.choice(ACTS)
        self._app.window.actions_[act].trigger()
        return act

    def _turn(self) -> str:
        canvas, rnd = self._app.canvas, self._random
        angle = rnd.choice((0.0, 90.0, 180.0, rnd.uniform(-180, 180)))
        canvas.look(canvas.view.turned_to(angle, (self._at.x(), self._at.y())))
        return f"to {angle:.1f}"

    def _resize(self) -> str:
        size = self._random.randint(1024, 1500), self._random.randint(700, 1000)
        self._app.window.resize(*size)
        return str(size)

    def _lose_focus(self) -> str:
        canvas = self._app.canvas
        event = self._random.choice((QEvent.Type.WindowDeactivate, QEvent.Type.FocusOut, QEvent.Type.Leave))
        made = QFocusEvent(event) if event == QEvent.Type.FocusOut else QEvent(event)
        QApplication.sendEvent(canvas, made)
        return event.name

    def _other_picture(self) -> str:
        tiles = self._app.tiles
        if not tiles:
            return "hidden"
        tile = self._random.choice(tiles)
        self._app.click(tile)
        self._app.canvas.setFocus()
        return tile.objectName()
