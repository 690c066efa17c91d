"""A line across the canvas, with the picture before at one side of it and the result at the other."""

import msgspec
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

_REACH = 7
_RADIUS = 17.0
_LINE, _EDGE = QColor(255, 255, 255), QColor(0, 0, 0, 110)
_INK = QColor(32, 33, 36)
_MIDDLE = 0.5


class Split(msgspec.Struct, frozen=True):
    """``share`` of the canvas, 0 to 1, lies left of the line, or above it where the line lies ``flat``."""

    share: float = _MIDDLE
    flat: bool = False

    def turned(self) -> "Split":
        """The line across the other way."""
        return Split(self.share, not self.flat)

    def moved_to(self, x: float, y: float, room: QSize) -> "Split":
        """The line under a place, in pixels of ``room``; never out of it."""
        share = y / max(room.height(), 1) if self.flat else x / max(room.width(), 1)
        return Split(min(max(share, 0.0), 1.0), self.flat)

    def line(self, room: QSize) -> int:
        """The first pixel row or column that belongs to the result."""
        return round(self.share * (room.height() if self.flat else room.width()))

    def sides(self, room: QSize) -> tuple[QRect, QRect]:
        """The pixels of the picture before, and those of the result."""
        at = self.line(room)
        if self.flat:
            return QRect(0, 0, room.width(), at), QRect(0, at, room.width(), room.height() - at)
        return QRect(0, 0, at, room.height()), QRect(at, 0, room.width() - at, room.height())

    def grips(self, x: float, y: float, room: QSize) -> bool:
        """Whether a press there takes hold of the line: on it, or on its handle."""
        at, middle = self.line(room), self._handle(room)
        along = abs((y if self.flat else x) - at)
        return along <= _REACH or (x - middle.x()) ** 2 + (y - middle.y()) ** 2 <= _RADIUS**2

    def place(self, room: QSize) -> QRect:
        """The widget pixels that line and handle draw on."""
        at, reach = self.line(room), int(_RADIUS) + 3
        if self.flat:
            return QRect(0, at - reach, room.width(), 2 * reach)
        return QRect(at - reach, 0, 2 * reach, room.height())

    @property
    def cursor(self) -> Qt.CursorShape:
        """The pointer's shape over the line."""
        return Qt.CursorShape.SplitVCursor if self.flat else Qt.CursorShape.SplitHCursor

    def draw(self, painter: QPainter, room: QSize) -> None:
        """Draws line and handle; the painter's coordinates are widget pixels."""
        at, middle = float(self.line(room)), self._handle(room)
        ends = (
            (QPointF(0, at), QPointF(room.width(), at))
            if self.flat
            else (QPointF(at, 0), QPointF(at, room.height()))
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((_EDGE, 4.0), (_LINE, 2.0)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(*ends)
        painter.setPen(QPen(_EDGE, 1.0))
        painter.setBrush(_LINE)
        painter.drawEllipse(middle, _RADIUS, _RADIUS)
        painter.translate(middle)
        painter.rotate(90.0 if self.flat else 0.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_INK)
        painter.drawRect(QRectF(-0.75, -8.0, 1.5, 16.0))
        for way in (-1.0, 1.0):
            painter.drawPath(_arrow(way))
        painter.restore()

    def _handle(self, room: QSize) -> QPointF:
        at = float(self.line(room))
        return QPointF(room.width() / 2.0, at) if self.flat else QPointF(at, room.height() / 2.0)


def _arrow(way: float) -> QPainterPath:
    path = QPainterPath(QPointF(way * 11.0, 0.0))
    path.lineTo(way * 5.0, -5.0)
    path.lineTo(way * 5.0, 5.0)
    path.closeSubpath()
    return path
