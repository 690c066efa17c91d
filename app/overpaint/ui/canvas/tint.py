"""The mask over the picture: a tint, with a hatch for colour-blind eyes, as strong as the coverage."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QBrush, QColor, QImage, QPainter

_PERIOD = 14
_STRIPE = 0.36
_FINE = 8


class Tint:
    """Draws coverage in the mask's colour with stripes.

    The stripes keep their width at every zoom and lie still on the picture while it is moved, so that
    nothing swims while one works.
    """

    def __init__(self, colour: QColor, hatch: QColor, ratio: float) -> None:
        self._tile = QBrush(_pattern(colour, hatch, max(4, round(_PERIOD * ratio))))

    def draw(
        self,
        painter: QPainter,
        place: QRect,
        coverage: QImage,
        target: QRectF,
        origin: QPoint,
        *,
        smooth: bool,
    ) -> None:
        """Draws into ``place`` (device pixels) the image ``coverage``, 8 bits of alpha, laid over ``target``.

        ``target`` may be larger than ``place``; the stripes start at ``origin``, the picture's corner.
        """
        layer = QImage(place.size(), QImage.Format.Format_ARGB32_Premultiplied)
        layer.fill(0)
        inner = QPainter(layer)
        inner.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        inner.translate(-place.x(), -place.y())
        inner.drawImage(target, coverage.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied))
        inner.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        inner.setBrushOrigin(origin)
        inner.fillRect(place, self._tile)
        inner.end()
        painter.drawImage(place.topLeft(), layer)


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
