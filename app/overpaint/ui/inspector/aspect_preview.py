"""The shape of a size: a small rectangle of its ratio, as a widget beside the numbers and as an icon."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from overpaint.core.request.sizes import Size
from overpaint.ui.theme.window_theme import Tokens

_SIDE = 22
_LEAST = 3.0


class ShapePreview(QWidget):
    """Dashed while the model chooses the size."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sizeShape")
        self.setFixedSize(_SIDE, _SIDE)
        self._tokens: Tokens | None = None
        self._size: Size | None = None
        self._ok = True

    def set_tokens(self, tokens: Tokens) -> None:
        """Draws in the theme's colours."""
        self._tokens = tokens
        self.update()

    def show_shape(self, size: Size | None, *, ok: bool) -> None:
        """The shape of a size, and whether it is legal."""
        self._size, self._ok = size, ok
        self.setAccessibleName(f"Shape {size.ratio_words}" if size else "Shape as the model chooses")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._tokens is None:
            return
        painter = QPainter(self)
        colour = self._tokens.dim if self._ok else self._tokens.bad
        _draw(painter, QSize(_SIDE, _SIDE), self._size, colour)
        painter.end()


def shape_icon(size: Size, tokens: Tokens) -> QIcon:
    """The shape for a line of a menu, sharp on screens of twice the density too."""
    pixmap = QPixmap(2 * _SIDE, 2 * _SIDE)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    _draw(painter, QSize(_SIDE, _SIDE), size, tokens.dim)
    painter.end()
    return QIcon(pixmap)


def _draw(painter: QPainter, room: QSize, size: Size | None, colour: str) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    style = Qt.PenStyle.SolidLine if size else Qt.PenStyle.DashLine
    painter.setPen(QPen(QColor(colour), 1.4, style))
    fill = QColor(colour)
    fill.setAlphaF(0.16)
    painter.setBrush(fill)
    longest = room.width() - 4
    aspect = size.aspect if size else 1.0
    width = max(_LEAST, longest * min(1.0, aspect))
    height = max(_LEAST, longest * min(1.0, 1 / aspect))
    left, top = (room.width() - width) / 2, (room.height() - height) / 2
    painter.drawRoundedRect(QRectF(left, top, width, height), 1.5, 1.5)
