"""What mice, pens and wheels say, in the canvas's own words."""

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QGuiApplication,
    QInputDevice,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)

from overpaint.ui.viewport.canvas_api import Pointer
from overpaint.ui.viewport.view_transform import ViewTransform

_NOTCH = 120.0
_NOTCHES_TO_DOUBLE = 3.0


def of_mouse(event: QMouseEvent) -> Pointer:
    """A mouse at that moment."""
    at = event.position()
    return Pointer(at.x(), at.y(), event.button(), event.modifiers())


def of_pen(event: QTabletEvent) -> Pointer:
    """A pen, with its pressure and the end that touches."""
    at = event.position()
    eraser = event.pointerType() == QPointingDevice.PointerType.Eraser
    return Pointer(at.x(), at.y(), event.button(), event.modifiers(), event.pressure(), eraser)


def wheeled(
    view: ViewTransform, event: QWheelEvent, corner: tuple[float, float] = (0.0, 0.0)
) -> ViewTransform:
    """A wheel zooms at the pointer; fingers on a touchpad move the picture, with Ctrl they zoom too.

    ``corner`` is the widget pixel that the view counts from.
    """
    if _scrolls(event) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        moved = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 4
        return view.panned(moved.x(), moved.y())
    at = event.position()
    return view.zoom_at((at.x() - corner[0], at.y() - corner[1]), zoom_factor(event))


def zoom_factor(event: QWheelEvent) -> float:
    """How much larger a turn of the wheel makes the picture."""
    turned = event.angleDelta().y() or event.angleDelta().x() or event.pixelDelta().y()
    return float(2.0 ** (turned / _NOTCH / _NOTCHES_TO_DOUBLE))


def _scrolls(event: QWheelEvent) -> bool:
    """True for two fingers on a touchpad; on X11 plain wheels have pixel steps too, so they prove nothing."""
    if event.device().type() == QInputDevice.DeviceType.TouchPad:
        return True
    return not event.pixelDelta().isNull() and QGuiApplication.platformName() != "xcb"
