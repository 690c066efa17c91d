"""The outline of a selection that is being made: a bright line between dark ones, to show on anything."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from overpaint.ui.canvas.view import ViewTransform

_DARK = QColor(0, 0, 0, 150)
_BRIGHT = QColor(255, 255, 255)
_HANDLE = 3.5
_MARGIN = 8


@dataclass(frozen=True, slots=True)
class Outline:
    """Points in picture coordinates, joined by straight lines.

    ``closed`` joins the last with the first. ``handles`` of the points, counted from the first, are marked
    with little squares: the corners that were clicked.
    """

    points: tuple[tuple[float, float], ...]
    closed: bool = True
    handles: int = 0

    def place(self, view: ViewTransform) -> QRect:
        """The widget pixels that it may draw on."""
        if not self.points:
            return QRect()
        places = [view.to_widget(*point) for point in self.points]
        xs, ys = [place[0] for place in places], [place[1] for place in places]
        left, top = math.floor(min(xs)), math.floor(min(ys))
        box = QRect(left, top, math.ceil(max(xs)) - left + 1, math.ceil(max(ys)) - top + 1)
        return box.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)

    def draw(self, painter: QPainter, view: ViewTransform) -> None:
        """Draws it; the painter's coordinates are widget pixels."""
        places = [QPointF(*view.to_widget(*point)) for point in self.points]
        line = QPolygonF(places + places[:1] if self.closed else places)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((_DARK, 3.0), (_BRIGHT, 1.0)):
            painter.setPen(QPen(colour, width))
            painter.drawPolyline(line)
        painter.setPen(QPen(_DARK, 1.0))
        painter.setBrush(_BRIGHT)
        for middle in places[: self.handles]:
            painter.drawRect(QRectF(middle.x() - _HANDLE, middle.y() - _HANDLE, 2.0 * _HANDLE, 2.0 * _HANDLE))
        painter.restore()
