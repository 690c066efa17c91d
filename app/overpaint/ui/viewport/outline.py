"""The outline of a selection that is being made: a bright line between dark ones, to show on anything."""

import math

import msgspec
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from overpaint.ui.viewport.view_transform import ViewTransform

_DARK = QColor(0, 0, 0, 150)
_BRIGHT = QColor(255, 255, 255)
_BAND = QColor(255, 255, 255, 120)
_HANDLE = 3.5
_MARGIN = 8


class Outline(msgspec.Struct, frozen=True):
    """Points in picture coordinates, joined by straight lines.

    ``closed`` joins the last with the first. ``handles`` are marked with little squares: the corners that
    were clicked. With a ``width``, in picture pixels, it is a band.
    """

    points: tuple[tuple[float, float], ...]
    closed: bool = True
    handles: tuple[tuple[float, float], ...] = ()
    width: float = 0.0

    def place(self, view: ViewTransform) -> QRect:
        """The widget pixels that it may draw on."""
        if not self.points:
            return QRect()
        places = [view.to_widget(*point) for point in self.points]
        xs, ys = [place[0] for place in places], [place[1] for place in places]
        left, top = math.floor(min(xs)), math.floor(min(ys))
        box = QRect(left, top, math.ceil(max(xs)) - left + 1, math.ceil(max(ys)) - top + 1)
        margin = _MARGIN + math.ceil(self._widget_width(view) / 2.0)
        return box.adjusted(-margin, -margin, margin, margin)

    def draw(self, painter: QPainter, view: ViewTransform) -> None:
        """Draws it; the painter's coordinates are widget pixels."""
        places = [QPointF(*view.to_widget(*point)) for point in self.points]
        line = QPolygonF(places + places[:1] if self.closed else places)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.width:
            self._draw_band(painter, line, self._widget_width(view))
        else:
            for colour, width in ((_DARK, 3.0), (_BRIGHT, 1.0)):
                painter.setPen(QPen(colour, width))
                painter.drawPolyline(line)
        painter.setPen(QPen(_DARK, 1.0))
        painter.setBrush(_BRIGHT)
        for middle in (QPointF(*view.to_widget(*point)) for point in self.handles):
            painter.drawRect(QRectF(middle.x() - _HANDLE, middle.y() - _HANDLE, 2.0 * _HANDLE, 2.0 * _HANDLE))
        painter.restore()

    def _widget_width(self, view: ViewTransform) -> float:
        return self.width * view.zoom / view.ratio

    def _draw_band(self, painter: QPainter, line: QPolygonF, width: float) -> None:
        round_cap, round_join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(_BAND, width, Qt.PenStyle.SolidLine, round_cap, round_join))
        if line.size() > 1:
            painter.drawPolyline(line)
        else:
            painter.drawPoint(line.first())
