"""Fingers on a touch screen or touchpad move the picture, pinch and turn it; painting is for the pen."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QEventPoint, QInputDevice, QNativeGestureEvent, QTouchEvent

from overpaint.ui.viewport.canvas_api import CanvasContext

Place = tuple[float, float]

_LEAST_SPREAD = 8.0
_LEAST_FACTOR = 0.1
TURNS_FROM = 9.0
"""Degrees by which two fingers must have turned before the picture does: a plain pinch never turns it."""


class TouchGestures:
    """Follows the fingers from one event to the next."""

    def __init__(self, context: CanvasContext) -> None:
        self._context = context
        self._rotation = _RotationThreshold()

    def follow(self, event: QTouchEvent) -> bool:
        """Moves, zooms and turns the view as the fingers did; False for a touchpad: it has gestures."""
        if event.device().type() != QInputDevice.DeviceType.TouchScreen:
            return False
        if event.type() == QEvent.Type.TouchBegin:
            self._rotation.begin()
        fingers = [one for one in event.points() if one.state() != QEventPoint.State.Released]
        lasting = [one for one in fingers if one.state() != QEventPoint.State.Pressed]
        if len(fingers) < 2:
            self._rotation.begin()
        if fingers and len(lasting) == len(fingers):
            self._follow(lasting)
        return True

    def gesture(self, event: QNativeGestureEvent) -> bool:
        """Zooms and turns as a touchpad says; False for gestures that mean nothing here."""
        at = event.position().x(), event.position().y()
        match event.gestureType():
            case Qt.NativeGestureType.BeginNativeGesture:
                self._rotation.begin()
            case Qt.NativeGestureType.ZoomNativeGesture:
                self._context.look(self._context.view.zoom_at(at, max(1.0 + event.value(), _LEAST_FACTOR)))
            case Qt.NativeGestureType.RotateNativeGesture:
                self._context.look(self._context.view.turned_by(self._rotation.felt(event.value()), at))
            case _:
                return False
        return True

    def _follow(self, fingers: Sequence[QEventPoint]) -> None:
        before = [(one.lastPosition().x(), one.lastPosition().y()) for one in fingers]
        now = [(one.position().x(), one.position().y()) for one in fingers]
        start, end = _middle(before), _middle(now)
        view = self._context.view.panned(end[0] - start[0], end[1] - start[1])
        spread, wider = _spread(before, start), _spread(now, end)
        if spread > _LEAST_SPREAD and wider > _LEAST_SPREAD:
            view = view.zoom_at(end, wider / spread)
            view = view.turned_by(self._rotation.felt(_turned(before, start, now, end)), end)
        self._context.look(view)


class _RotationThreshold:
    """Lets turns through once they add up to more than an unsteady pinch."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Other fingers came down."""
        self._sum = 0.0
        self._through = False

    def felt(self, degrees: float) -> float:
        """What of a turn the picture takes part in."""
        if self._through:
            return degrees
        self._sum += degrees
        self._through = abs(self._sum) >= TURNS_FROM
        return 0.0


def _middle(places: Sequence[Place]) -> Place:
    """Where the fingers are on the whole."""
    return (
        sum(place[0] for place in places) / len(places),
        sum(place[1] for place in places) / len(places),
    )


def _spread(places: Sequence[Place], middle: Place) -> float:
    """How far they are from there on average."""
    return sum(math.dist(place, middle) for place in places) / len(places)


def _turned(before: Sequence[Place], start: Place, now: Sequence[Place], end: Place) -> float:
    """By how many degrees clockwise the fingers turned: the angle that fits all of them best."""
    along = across = 0.0
    for one, other in zip(before, now, strict=True):
        x, y, u, v = one[0] - start[0], one[1] - start[1], other[0] - end[0], other[1] - end[1]
        along += x * u + y * v
        across += x * v - y * u
    return math.degrees(math.atan2(across, along))
