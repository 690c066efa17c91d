"""The brush's ring under the pointer: its true size at any zoom, in black and white to show on anything."""

import functools
import math
from collections.abc import Iterable, Sequence

import msgspec
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QRegion

_SMALLEST = 7.0
_ARM = 9.0
_MARGIN = 4
_WHOLE_BELOW = 128.0
_SPRITE_BELOW = 640.0
_ARCS = 14
_DARK = QColor(0, 0, 0, 150)
_BRIGHT = QColor(255, 255, 255)


class BrushCursor(msgspec.Struct, frozen=True):
    """A ring around ``(x, y)``; all lengths in device pixels, ``ratio`` of them to a widget pixel.

    ``core`` is the radius up to which the brush is at its full strength, drawn as a second ring, or 0.
    """

    x: float
    y: float
    radius: float
    ratio: float
    core: float = 0.0

    @property
    def tiny(self) -> bool:
        """True when a ring would hardly be seen: a crosshair stands for it."""
        return 2.0 * self.radius < _SMALLEST * self.ratio

    def region(self) -> QRegion:
        """Where it draws, in device pixels: little more than the line itself when it is large."""
        return _region(self.radius, self.core, self.ratio).translated(math.floor(self.x), math.floor(self.y))

    def draw(self, painter: QPainter, parts: Iterable[QRect]) -> None:
        """Draws what of it lies in ``parts``, which don't overlap; all in device pixels. Changes the clip."""
        if self.radius >= _SPRITE_BELOW:
            painter.setClipping(False)
            self.draw_lines(painter)
            return
        sprite = _sprite(self.radius, self.core, self.ratio)
        place = sprite.rect()
        place.moveCenter(QPoint(math.floor(self.x), math.floor(self.y)))
        for part in parts:
            painter.setClipRect(part)
            painter.drawImage(place.topLeft(), sprite)

    def draw_lines(self, painter: QPainter) -> None:
        """Draws it line by line."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.tiny:
            self._draw_cross(painter)
        else:
            self._draw_circle(painter, self.radius)
            if self.core > 1.0:
                self._draw_circle(painter, self.core)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _draw_circle(self, painter: QPainter, radius: float) -> None:
        centre = QPointF(self.x, self.y)
        # Several thin circles: Qt draws lines of one pixel many times faster than wider ones.
        lines = max(1, round(self.ratio))
        edge = (lines + 1) / 2.0
        circles = [(radius - edge, _DARK), (radius + edge, _DARK)]
        circles += [(radius + number - (lines - 1) / 2.0, _BRIGHT) for number in range(lines)]
        for one, colour in circles:
            painter.setPen(QPen(colour, 1.0))
            painter.drawEllipse(centre, one, one)

    def _draw_cross(self, painter: QPainter) -> None:
        inner, outer = 3.0 * self.ratio, (_ARM - 2.0) * self.ratio
        for colour, width in ((_DARK, 2.6), (_BRIGHT, 1.1)):
            painter.setPen(QPen(colour, width * self.ratio))
            for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                painter.drawLine(
                    QPointF(self.x + dx * inner, self.y + dy * inner),
                    QPointF(self.x + dx * outer, self.y + dy * outer),
                )


@functools.lru_cache(maxsize=4)
def _region(radius: float, core: float, ratio: float) -> QRegion:
    """Where a ring around the first device pixel draws."""
    margin = _MARGIN * ratio
    if core or radius < _WHOLE_BELOW:
        return QRegion(_box((0.0,), (0.0,), max(radius, _ARM * ratio) + margin))
    arcs = QRegion()
    margin += radius * (1.0 - math.cos(math.pi / _ARCS))
    for number in range(_ARCS):
        ends = (2.0 * math.pi * number / _ARCS, 2.0 * math.pi * (number + 1) / _ARCS)
        arcs += _box(
            [radius * math.cos(end) for end in ends], [radius * math.sin(end) for end in ends], margin
        )
    return arcs


def _box(xs: Sequence[float], ys: Sequence[float], margin: float) -> QRect:
    left, top = math.floor(min(xs) - margin), math.floor(min(ys) - margin)
    return QRect(left, top, math.ceil(max(xs) + margin) + 1 - left, math.ceil(max(ys) + margin) + 1 - top)


@functools.lru_cache(maxsize=2)
def _sprite(radius: float, core: float, ratio: float) -> QImage:
    """The ring as a picture, its centre in the middle of the middle pixel: lines are slow to draw."""
    reach = math.ceil(max(radius, _ARM * ratio) + _MARGIN * ratio)
    side = 2 * reach + 1
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    BrushCursor(reach + 0.5, reach + 0.5, radius, ratio, core).draw_lines(painter)
    painter.end()
    return image
