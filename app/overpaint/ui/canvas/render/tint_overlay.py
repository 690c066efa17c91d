"""The mask over the picture: a tint, with a hatch for colour-blind eyes, as strong as the coverage."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from overpaint.ui.viewport.pyramids import image_over

Words = NDArray[np.uint32]

_PERIOD = 14
_STRIPE = 0.36
_FINE = 8
_RED_BLUE = np.uint32(0x00FF00FF)
_ALPHA_GREEN = np.uint32(0xFF00FF00)
_EIGHT, _SEVEN = np.uint32(8), np.uint32(7)


class Tint:
    """Draws coverage in the mask's colour with stripes.

    The stripes keep their width at every zoom and lie still on the picture while it is moved, so that
    nothing swims while one works.
    """

    reach = 0
    everywhere = False

    def __init__(self, colour: QColor, hatch: QColor, ratio: float) -> None:
        words = _stripes(colour, hatch, max(4, round(_PERIOD * ratio)))
        self._red_blue = _Stripes(words & _RED_BLUE)
        self._alpha_green = _Stripes((words >> _EIGHT) & _RED_BLUE)

    def draw(self, painter: QPainter, place: QRect, strength: Words, around: QRect, frame: QRect) -> None:
        """Draws into ``place`` a tint of ``strength``; the stripes start at the corner of ``frame``."""
        start = place.x() - frame.x() + place.y() - frame.y()
        strength += strength >> _SEVEN  # of 256, so that all of it is all of it
        layer = self._red_blue.field(start, strength.shape) * strength
        layer >>= _EIGHT
        layer &= _RED_BLUE
        strength *= self._alpha_green.field(start, strength.shape)
        strength &= _ALPHA_GREEN
        layer |= strength
        painter.drawImage(place.topLeft(), image_over(layer, QImage.Format.Format_ARGB32_Premultiplied))


class _Stripes:
    """One part of the stripes' colours, over and over in a line as long as was ever needed."""

    def __init__(self, period: Words) -> None:
        self._period = period
        self._line = period

    def field(self, start: int, shape: tuple[int, ...]) -> Words:
        """Stripes in that shape, not to be written to: each pixel depends on ``start`` + row + column."""
        first = start % len(self._period)
        needed = first + sum(shape)
        if needed > len(self._line):
            self._line = np.resize(self._period, 2 * needed)
        step = self._line.itemsize
        return np.ndarray(shape, np.uint32, self._line.data, first * step, (step, step))


def scaled(coverage: QImage, target: QRectF, place: QRect, *, smooth: bool) -> Words:
    """How strong an image of 8 bits of alpha, laid over ``target``, is in ``place``: 0 to 255."""
    words = np.zeros((place.height(), place.width()), np.uint32)
    layer = image_over(words, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(layer)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.translate(-place.x(), -place.y())
    painter.drawImage(target, coverage.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied))
    painter.end()
    words >>= np.uint32(24)
    return words


def _stripes(colour: QColor, hatch: QColor, period: int) -> Words:
    """One period along a row: the colour, and over it a stripe at 45 degrees, its edges smoothed."""
    steps = (np.arange(period * _FINE) + 0.5) / _FINE
    fine = (steps[:, None] + steps[None, :_FINE]) / period % 1.0 < _STRIPE
    stripe = fine.reshape(period, _FINE, _FINE).mean(axis=(1, 2))[:, None] * hatch.alphaF()
    mixed = _bgra(hatch) * stripe + _bgra(colour) * colour.alphaF() * (1.0 - stripe)
    return np.ascontiguousarray(np.rint(mixed * 255.0).astype(np.uint8)).view(np.uint32)[:, 0]


def _bgra(colour: QColor) -> NDArray[np.float64]:
    return np.array([colour.blueF(), colour.greenF(), colour.redF(), 1.0])
