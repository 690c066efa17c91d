"""The mask over the picture: a tint, with a hatch for colour-blind eyes, as strong as the coverage."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QTransform

_PERIOD = 14
_STRIPE = 0.36
_FINE = 8

_MODES = QPainter.CompositionMode


class Tint:
    """Draws coverage in the mask's colour with stripes.

    The stripes keep their width at every zoom and lie still on the picture while it is moved, so that
    nothing swims while one works.
    """

    def __init__(self, colour: QColor, hatch: QColor, ratio: float) -> None:
        self._tile = QBrush(_pattern(colour, hatch, max(4, round(_PERIOD * ratio))))
        self._scratch = QImage()

    def draw(
        self,
        painter: QPainter,
        place: QRect,
        coverage: QImage,
        target: QRectF,
        origin: QPoint,
    ) -> None:
        """Draws into ``place`` (device pixels) the image ``coverage``, 8 bits of alpha, laid over ``target``.

        ``target`` may be larger than ``place``; the stripes start at ``origin``, the picture's corner.
        """
        layer = self._layer(place)
        inner = QPainter(layer)
        inner.setRenderHint(
            QPainter.RenderHint.SmoothPixmapTransform,
            painter.testRenderHint(QPainter.RenderHint.SmoothPixmapTransform),
        )
        inner.translate(-place.x(), -place.y())
        inner.setClipRect(place)
        inner.setCompositionMode(_MODES.CompositionMode_Source)
        inner.drawImage(target, coverage.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied))
        inner.setCompositionMode(_MODES.CompositionMode_SourceIn)
        self._tile.setTransform(QTransform.fromTranslate(origin.x(), origin.y()))
        inner.fillRect(place, self._tile)
        inner.end()
        painter.drawImage(place, layer, QRect(QPoint(0, 0), place.size()))

    def _layer(self, place: QRect) -> QImage:
        if self._scratch.width() < place.width() or self._scratch.height() < place.height():
            width = max(place.width(), self._scratch.width())
            height = max(place.height(), self._scratch.height())
            self._scratch = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
        return self._scratch


def _pattern(colour: QColor, hatch: QColor, period: int) -> QImage:
    """A tile of ``period`` pixels: the colour, and over it one stripe from lower left to upper right."""
    steps = (np.arange(period * _FINE) + 0.5) / _FINE
    along = (steps[:, None] + steps[None, :]) / period % 1.0
    stripe = (along < _STRIPE).reshape(period, _FINE, period, _FINE).mean(axis=(1, 3))[..., None]
    under = _bgra(colour) * colour.alphaF()
    over = _bgra(hatch) * hatch.alphaF() * stripe
    mixed = over + under * (1.0 - hatch.alphaF() * stripe)
    pixels = np.ascontiguousarray(np.rint(mixed * 255.0).astype(np.uint8))
    return QImage(pixels.data, period, period, 4 * period, QImage.Format.Format_ARGB32_Premultiplied).copy()


def _bgra(colour: QColor) -> NDArray[np.float64]:
    return np.array([colour.blueF(), colour.greenF(), colour.redF(), 1.0])
