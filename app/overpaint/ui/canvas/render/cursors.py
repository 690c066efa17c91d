"""Pointers that Qt has no shape for."""

import functools

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QCursor, QPainter, QPen, QPixmap, QPolygonF

_SIDE = 24
_RADIUS = 7.0
_DARK, _BRIGHT = QColor(0, 0, 0, 200), QColor(255, 255, 255)


@functools.cache
def turning_cursor() -> QCursor:
    """An arrow that bends round: the picture will be turned. Needs a running QGuiApplication."""
    pixmap = QPixmap(_SIDE, _SIDE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = _SIDE / 2.0
    box = QRectF(middle - _RADIUS, middle - _RADIUS, 2.0 * _RADIUS, 2.0 * _RADIUS)
    tip = QPointF(middle + _RADIUS, middle)
    head = QPolygonF([tip + QPointF(-4.0, -1.0), tip + QPointF(4.0, -1.0), tip + QPointF(0.0, 4.5)])
    for colour, width in ((_DARK, 4.0), (_BRIGHT, 1.8)):
        painter.setPen(QPen(colour, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawArc(box, 16 * 10, 16 * 260)
        painter.setPen(QPen(_DARK, 1.0))
        painter.setBrush(colour)
        painter.drawPolygon(head)
    painter.end()
    return QCursor(pixmap, _SIDE // 2, _SIDE // 2)
