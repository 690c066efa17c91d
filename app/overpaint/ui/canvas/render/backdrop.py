"""What lies around and under the picture: surround, soft shadow, checkerboard."""

import math

import numpy as np
from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QTransform

from overpaint.ui.theme.canvas_colours import CanvasColours

_SQUARE = 8
_BLUR = 14.0
_DROP = 8


class Backdrop:
    """Draws behind the picture; all places are device pixels, ``ratio`` of them to a widget pixel."""

    def __init__(self, colours: CanvasColours, ratio: float) -> None:
        self._colours = colours
        self._checker = QBrush(_squares(*colours.checker, max(2, round(_SQUARE * ratio))))
        self._reach = math.ceil(_BLUR * ratio)
        self._drop = round(_DROP * ratio)
        self._shadow = _soft_square(colours.shadow, self._reach)

    def draw_surround(self, painter: QPainter, place: QRect, frame: QRect) -> None:
        """Fills what of ``place`` is outside the picture's ``frame``, with the shadow that it throws."""
        if frame.contains(place):
            return
        painter.fillRect(place, self._colours.surround)
        self._draw_shadow(painter, place, frame.translated(0, self._drop))

    def draw_turned(self, painter: QPainter, place: QRect, frame: QRect, onto: QTransform) -> None:
        """Fills ``place``, with the shadow of a picture whose ``frame`` lies turned ``onto`` the device."""
        painter.fillRect(place, self._colours.surround)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setTransform(onto * QTransform.fromTranslate(0, self._drop))
        seen, _ = painter.transform().inverted()
        self._draw_shadow(painter, seen.mapRect(place), frame)
        painter.restore()

    def draw_checker(self, painter: QPainter, place: QRect, origin: QPoint) -> None:
        """Fills ``place`` with the checkerboard, which moves with the picture's corner ``origin``."""
        painter.setBrushOrigin(origin)
        painter.fillRect(place, self._checker)

    def _draw_shadow(self, painter: QPainter, place: QRect, frame: QRect) -> None:
        reach = min(self._reach, frame.width() // 2, frame.height() // 2)
        outer = frame.adjusted(-reach, -reach, reach, reach)
        if reach < 1 or not outer.intersects(place):
            return
        sides = self._reach * 2
        cuts = (0, sides, sides + 1, 2 * sides + 1)
        columns = (outer.left(), outer.left() + 2 * reach, outer.right() + 1 - 2 * reach, outer.right() + 1)
        rows = (outer.top(), outer.top() + 2 * reach, outer.bottom() + 1 - 2 * reach, outer.bottom() + 1)
        for row in range(3):
            for column in range(3):
                if row == column == 1:
                    continue
                target = QRect(QPoint(columns[column], rows[row]), QPoint(columns[column + 1], rows[row + 1]))
                target.adjust(0, 0, -1, -1)
                if target.intersects(place):
                    source = QRectF(
                        cuts[column], cuts[row], cuts[column + 1] - cuts[column], cuts[row + 1] - cuts[row]
                    )
                    painter.drawImage(QRectF(target), self._shadow, source)


def _squares(light: QColor, dark: QColor, side: int) -> QImage:
    tile = QImage(2 * side, 2 * side, QImage.Format.Format_RGB32)
    tile.fill(light)
    painter = QPainter(tile)
    painter.fillRect(side, 0, side, side, dark)
    painter.fillRect(0, side, side, side, dark)
    painter.end()
    return tile


def _soft_square(colour: QColor, reach: int) -> QImage:
    """The shadow of a square, blurred ``reach`` pixels in and out, with one row and column for stretching."""
    sigma = reach / 2.2
    ramp = np.array(
        [0.5 + 0.5 * math.erf((at + 0.5 - reach) / (sigma * math.sqrt(2))) for at in range(2 * reach)]
    )
    profile = np.concatenate([ramp, [1.0], ramp[::-1]])
    alpha = np.outer(profile, profile) * colour.alphaF()
    side = len(profile)
    pixels = np.empty((side, side, 4), np.uint8)
    for channel, value in enumerate((colour.blueF(), colour.greenF(), colour.redF(), 1.0)):
        pixels[..., channel] = np.rint(alpha * value * 255.0)
    return QImage(pixels.data, side, side, 4 * side, QImage.Format.Format_ARGB32_Premultiplied).copy()
