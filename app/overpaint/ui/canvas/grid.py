"""The grid between the picture's pixels, where they are large enough for a hand to aim at each."""

import math

from PySide6.QtCore import QLine, QRect
from PySide6.QtGui import QColor, QPainter

from overpaint.ui.canvas.view import ViewTransform

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


def _lines(first: int, last: int, start: int, zoom: float) -> list[int]:
    """Where between ``first`` and ``last`` another pixel begins; the picture's own edge needs no line."""
    lowest = max(math.floor((first - start) / zoom), 1)
    highest = math.ceil((last - start) / zoom)
    places = (math.ceil(start + at * zoom - 0.5) for at in range(lowest, highest + 1))
    return [place for place in places if first <= place <= last]
