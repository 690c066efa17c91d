"""The grid between the picture's pixels, where they are large enough for a hand to aim at each."""

import math

from PySide6.QtCore import QLine, QLineF, QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QTransform

from overpaint.ui.viewport.view_transform import ViewTransform

GRID_FROM = 8.0
"""The zoom from which the grid is drawn: 800 %."""

_COLOUR = QColor(128, 128, 128, 90)


def draw_grid(painter: QPainter, inside: QRect, view: ViewTransform) -> None:
    """Draws the lines inside a part of the picture, given in device pixels, one of them wide."""
    if view.zoom < GRID_FROM:
        return
    columns = _lines(inside.left(), inside.right(), view.left, view.zoom)
    rows = _lines(inside.top(), inside.bottom(), view.top, view.zoom)
    painter.setPen(_COLOUR)
    painter.drawLines([QLine(x, inside.top(), x, inside.bottom()) for x in columns])
    painter.drawLines([QLine(inside.left(), y, inside.right(), y) for y in rows])


def draw_turned_grid(painter: QPainter, seen: QRectF, onto: QTransform, *, square: bool) -> None:
    """The same on a turned picture for all that is ``seen`` of it, given in picture pixels.

    ``onto`` leads to device pixels; ``square`` says that lines stay parallel to the screen's edges.
    """
    left, top, right, bottom = seen.left(), seen.top(), seen.right(), seen.bottom()
    lines = [QLineF(x, top, x, bottom) for x in range(math.floor(left) + 1, math.ceil(right))]
    lines += [QLineF(left, y, right, y) for y in range(math.floor(top) + 1, math.ceil(bottom))]
    painter.setPen(_COLOUR)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not square)
    for line in map(onto.map, lines):
        painter.drawLine(_upright(line.p1(), line.p2()) if square else line)


def _upright(start: QPointF, end: QPointF) -> QLine:
    """The first row or column of the pixels that begin there."""
    first, last = (QPoint(math.ceil(at.x() - 0.5), math.ceil(at.y() - 0.5)) for at in (start, end))
    return QLine(first, last)


def _lines(first: int, last: int, start: int, zoom: float) -> list[int]:
    """Where between ``first`` and ``last`` another pixel begins; the picture's own edge needs no line."""
    lowest = max(math.floor((first - start) / zoom), 1)
    highest = math.ceil((last - start) / zoom)
    places = (math.ceil(start + at * zoom - 0.5) for at in range(lowest, highest + 1))
    return [place for place in places if first <= place <= last]
