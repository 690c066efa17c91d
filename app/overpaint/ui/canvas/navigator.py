"""The whole picture in a corner of the canvas, with a frame around what is seen, while not all of it is."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from overpaint.core.masks.geometry import Rect
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem
from overpaint.ui.canvas.canvas import Canvas
from overpaint.ui.canvas.input.pointer_events import zoom_factor
from overpaint.ui.viewport.placement import Placed
from overpaint.ui.viewport.pyramids import image_over

LONGER_SIDE = 180
"""Widget pixels of the picture's longer side, where the canvas has room for it."""
INSET = 12

_MOST_OF_CANVAS = 0.35
_LEAST_SIDE = 56
_SHADOW = 6
_RENEW_MS = 250
_COME_BACK_MS = 700
_OUT_OF_SIGHT = 1.0
_STEP = 0.1
_AT_REST = 0.7
"""How opaque it is while nobody points at it: the picture below stays in sight."""
_VEIL = QColor(0, 0, 0, 110)
_EDGE = QColor(128, 128, 128, 170)
_DARK, _BRIGHT = QColor(0, 0, 0, 170), QColor(255, 255, 255)
_WAYS = {
    "navigator_left": (-1, 0),
    "navigator_right": (1, 0),
    "navigator_up": (0, -1),
    "navigator_down": (0, 1),
}


class Navigator(QWidget):
    """A click or drag in it moves what the canvas shows, the wheel zooms, arrows and + and - do both by keys.

    It is out of the way while something is painted or selected, and its own picture is renewed only
    between strokes: it costs a stroke nothing.
    """

    def __init__(self, canvas: Canvas, session: Session) -> None:
        super().__init__(canvas)
        self.setObjectName("navigator")
        self.setAccessibleName("Navigator")
        self.setAccessibleDescription("The whole picture; the arrow keys move what is seen of it")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.hide()
        self._canvas = canvas
        self._wanted = True
        self._working = False
        self._grasp = QPointF()
        self._picture = QImage()
        self._stale = True
        self._renewing = QTimer(self, singleShot=True, interval=_RENEW_MS)
        self._renewing.timeout.connect(self._renew)
        self._coming_back = QTimer(self, singleShot=True, interval=_COME_BACK_MS)
        self._coming_back.timeout.connect(self._follow)
        canvas.view_changed.connect(self._follow)
        canvas.shown_changed.connect(self._renew)
        canvas.marks_changed.connect(self._marks_changed)
        canvas.working_changed.connect(self._make_way)
        session.mask_edited.connect(self._mask_edited)

    def want(self, on: bool) -> None:
        """Shows it whenever a part of the picture is out of sight, or never."""
        self._wanted = on
        self._follow()

    # --- Qt

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes hold of the frame, or brings it there."""
        at = event.position()
        frame = self._frame()
        self._grasp = QPointF()
        if frame.containsPoint(at, Qt.FillRule.OddEvenFill):
            self._grasp = at - _middle(frame)
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._look_at(at - self._grasp)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Moves the frame with the pointer."""
        if event.buttons():
            self._look_at(event.position() - self._grasp)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lets the frame go."""
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zooms at the middle of the canvas."""
        self._canvas.look(self._canvas.view.zoom_at(self._canvas.middle, zoom_factor(event)))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move what is seen by a tenth of the canvas, + and - zoom."""
        found = self._canvas.keymap.matches(event, "navigator", any_shift=True)
        if found in _WAYS:
            dx, dy = _WAYS[found]
            step = -_STEP * self._canvas.width() * dx, -_STEP * self._canvas.height() * dy
            self._canvas.look(self._canvas.view.panned(*step))
        elif found == "navigator_zoom_in":
            self._canvas.zoom_in()
        elif found == "navigator_zoom_out":
            self._canvas.zoom_out()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Shows that the keys work here."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Shows that they no longer do."""
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Draws the picture anew for a screen of another scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._renew()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws shadow, picture, what is out of sight dimmer, and the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(1.0 if self.underMouse() or self.hasFocus() else _AT_REST)
        box = self._box()
        _draw_shadow(painter, box, self._canvas.colours.shadow)
        painter.fillRect(box, self._canvas.colours.surround)
        painter.drawImage(box, self._picture)
        frame = self._frame()
        veil, seen = QPainterPath(), QPainterPath()
        veil.addRect(box)
        seen.addPolygon(frame)
        painter.setClipRect(box)
        painter.fillPath(veil.subtracted(seen), _VEIL)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((_DARK, 3.0), (_BRIGHT, 1.5)):
            painter.setPen(QPen(colour, width))
            painter.drawPolygon(frame)
        painter.setClipping(False)
        painter.setPen(QPen(self._canvas.colours.focus, 2.0) if self.hasFocus() else QPen(_EDGE, 1.0))
        painter.drawRect(box.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.end()

    # --- below the surface

    def _follow(self) -> None:
        """Shows the frame where the view is now, or nothing when all of the picture is in sight."""
        size = self._side()
        if size is None or self._working or not self._wanted or self._all_in_sight() or self._canvas.panes:
            self.hide()
            return
        whole = size.width() + 2 * _SHADOW, size.height() + 2 * _SHADOW
        corner = self._canvas.width() - INSET + _SHADOW, self._canvas.height() - INSET + _SHADOW
        self.setGeometry(corner[0] - whole[0], corner[1] - whole[1], *whole)
        if self._stale:
            self._draw_picture(size)
        self.show()
        self.update()

    def _renew(self) -> None:
        self._stale = True
        self._follow()

    def _marks_changed(self) -> None:
        self._stale = True
        if self.isVisible():
            self._follow()

    def _make_way(self, working: bool) -> None:
        self._working = working
        if working:
            self._coming_back.stop()
            self.hide()
        else:
            self._coming_back.start()

    def _mask_edited(self, item: TrayItem, _: Rect) -> None:
        if item.mask is self._canvas.mask_on_canvas and not self._renewing.isActive():
            self._renewing.start()

    def _side(self) -> QSize | None:
        """The size of the picture in it, None where there is no room or no picture."""
        picture = self._canvas.picture_size
        room = min(self._canvas.width(), self._canvas.height()) * _MOST_OF_CANVAS
        side = min(LONGER_SIDE, int(room))
        if picture is None or side < _LEAST_SIDE:
            return None
        scale = side / max(picture)
        return QSize(max(round(picture[0] * scale), 1), max(round(picture[1] * scale), 1))

    def _all_in_sight(self) -> bool:
        width, height = self._canvas.picture_size or (0, 0)
        room = QRectF(self._canvas.rect()).adjusted(
            -_OUT_OF_SIGHT, -_OUT_OF_SIGHT, _OUT_OF_SIGHT, _OUT_OF_SIGHT
        )
        view = self._canvas.view
        corners = ((0, 0), (width, 0), (0, height), (width, height))
        return all(room.contains(QPointF(*view.to_widget(*corner))) for corner in corners)

    def _box(self) -> QRectF:
        """Where the picture is drawn."""
        return QRectF(self.rect()).adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)

    def _frame(self) -> QPolygonF:
        """The canvas's own outline on the picture here: turned when the view is."""
        box, view = self._box(), self._canvas.view
        width, height = self._canvas.picture_size or (1, 1)
        room = self._canvas.rect()
        corners = ((0, 0), (room.width(), 0), (room.width(), room.height()), (0, room.height()))
        places = [view.to_picture(*corner) for corner in corners]
        across, down = box.width() / width, box.height() / height
        return QPolygonF([box.topLeft() + QPointF(x * across, y * down) for x, y in places])

    def _look_at(self, place: QPointF) -> None:
        """Brings what lies at a place in here into the middle of the canvas."""
        picture = self._canvas.picture_size
        if picture is None:
            return
        box = self._box()
        x = (place.x() - box.left()) / box.width() * picture[0]
        y = (place.y() - box.top()) / box.height() * picture[1]
        point = min(max(x, 0.0), float(picture[0])), min(max(y, 0.0), float(picture[1]))
        room = float(self._canvas.width()), float(self._canvas.height())
        self._canvas.look(self._canvas.view.centred(picture, point, room))

    def _draw_picture(self, size: QSize) -> None:
        levels, picture = self._canvas.shown, self._canvas.picture_size
        if levels is None or picture is None:
            return
        ratio = self.devicePixelRatioF()
        image = QImage(size * ratio, QImage.Format.Format_RGB32)
        image.fill(self._canvas.colours.surround)
        scale = image.width() / picture[0]
        lies = Placed.within(levels.size, picture)
        level = levels.level_for(scale * min(lies.scale))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        onto = lies.target(Rect(0, 0, levels.width, levels.height))
        painter.scale(image.width() / picture[0], image.height() / picture[1])
        painter.drawImage(onto, levels.images[level])
        painter.resetTransform()
        if self._canvas.shows_mask:
            painter.drawImage(0, 0, self._tint(image.size()))
        painter.end()
        self._picture, self._stale = image, False

    def _tint(self, size: QSize) -> QImage:
        """The mask in its colour, from a grid of its pixels somewhat finer than the screen's."""
        tint = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        mask = self._canvas.mask_on_canvas
        if mask is None:
            tint.fill(0)
            return tint
        step = max(1, mask.width // (2 * size.width()))
        coverage = np.ascontiguousarray(mask.coverage[step // 2 :: step, step // 2 :: step])
        tint.fill(self._canvas.colours.mask)
        painter = QPainter(tint)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.drawImage(tint.rect(), image_over(coverage, QImage.Format.Format_Alpha8))
        painter.end()
        return tint


def _middle(frame: QPolygonF) -> QPointF:
    """Where the lines from corner to corner cross."""
    return (frame.at(0) + frame.at(2)) / 2.0


def _draw_shadow(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    faint = QColor(colour)
    faint.setAlpha(max(colour.alpha() // (2 * _SHADOW), 1))
    painter.setBrush(faint)
    for reach in range(1, _SHADOW):
        painter.drawRoundedRect(box.adjusted(-reach, -reach + 1, reach, reach), reach, reach)
