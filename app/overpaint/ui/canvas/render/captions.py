"""Words and frames over the canvas: the caption of a result, the hint on an empty canvas, the focus frame."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen

from overpaint.ui.theme.canvas_colours import CanvasColours

BEFORE_WORDS = "Before"
"""The caption of the picture that a result was made of."""

_INSET = 14
_PAD_X = 12
_PAD_Y = 6
_RADIUS = 6.0


class Caption:
    """A chip with a few words at the upper left of what is shown; all places are widget pixels."""

    def __init__(self, font: QFont) -> None:
        self.text = ""
        self._font = font

    def place(self, left: int, top: int) -> QRect:
        """Where it stands for a picture whose corner is there: inside it, and never out of the widget."""
        if not self.text:
            return QRect()
        metrics = QFontMetrics(self._font)
        size = QSize(metrics.horizontalAdvance(self.text) + 2 * _PAD_X, metrics.height() + 2 * _PAD_Y)
        return QRect(max(left, 0) + _INSET, max(top, 0) + _INSET, size.width(), size.height())

    def place_at_right(self, right: int, top: int) -> QRect:
        """The same in the other upper corner, ``right`` being the first pixel that isn't the picture's."""
        place = self.place(0, top)
        place.moveRight(right - _INSET - 1)
        return place

    def draw(self, painter: QPainter, place: QRect, colours: CanvasColours) -> None:
        """Draws the chip."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.chip)
        painter.drawRoundedRect(QRectF(place), _RADIUS, _RADIUS)
        painter.setPen(colours.chip_words)
        painter.setFont(self._font)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self.text)


def draw_empty_words(painter: QPainter, room: QRect, words: str, colours: CanvasColours) -> None:
    """Says in the middle of ``room`` how a picture gets onto the canvas."""
    painter.setPen(colours.words)
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)


def draw_focus_frame(painter: QPainter, room: QRect, colours: CanvasColours) -> None:
    """Shows that the keyboard's focus is here."""
    painter.setPen(QPen(colours.focus, 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(room.adjusted(1, 1, -1, -1))
