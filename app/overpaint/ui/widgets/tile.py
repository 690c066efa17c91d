"""A small picture with a caption at its foot, that can be chosen by mouse and by key."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QWidget

from overpaint.core.foreign_words import visible
from overpaint.ui.actions.standard_keys import presses
from overpaint.ui.theme.window_theme import Tokens

_RADIUS = 5
_CAPTION = 18
_SECOND = 13
_ROOM_FOR_TWO = 80
"""How high a tile has to be for a second line."""
_LONGEST = 100
_QUIET = QColor(255, 255, 255, 205)


class PictureTile(QWidget):
    """``chosen`` comes with a click, Enter or Space. The picture covers the tile, cut at its edges."""

    chosen = Signal()

    def __init__(self, size: QSize, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(size)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.tokens = tokens
        self.ground = ""
        """The colour behind a picture that lets something through; the theme's own where it is empty."""
        self._pixmap: QPixmap | None = None
        self._selected = False
        self._left = ""
        self._right = ""
        self._caption_inset = 0
        self._second = ("", "")

    def set_tokens(self, tokens: Tokens) -> None:
        """Paints in other colours."""
        self.tokens = tokens
        self.update()

    def set_picture(self, pixmap: QPixmap | None) -> None:
        """What it shows; nothing while the picture is on its way."""
        self._pixmap = pixmap
        self.update()

    @property
    def has_picture(self) -> bool:
        """Whether its picture has come."""
        return self._pixmap is not None

    def set_selected(self, on: bool) -> None:
        """Whether it wears the ring of what is on the canvas."""
        if on != self._selected:
            self._selected = on
            self.update()

    def set_caption(self, left: str, right: str = "") -> None:
        """Words at its foot."""
        left, right = visible(left, longest=_LONGEST), visible(right, longest=_LONGEST)
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.update()

    def keep_free(self, width: int) -> None:
        """Leaves so many pixels at the right of the first line to something else."""
        if width != self._caption_inset:
            self._caption_inset = width
            self.update()

    def set_second_line(self, left: str, right: str) -> None:
        """Smaller words below the others, at the left and at the right."""
        if (left, right) != self._second:
            self._second = (left, right)
            self.update()

    @property
    def caption(self) -> str:
        """The words at its foot, as one."""
        return f"{self._left} {self._right}".strip()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if presses(event):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        path = QPainterPath()
        path.addRoundedRect(area, _RADIUS, _RADIUS)
        painter.save()
        painter.setClipPath(path)
        painter.fillPath(path, QColor(self.ground or self.tokens.field))
        self._paint_picture(painter, area)
        self.paint_over(painter, area.toRect())
        self._paint_caption(painter, area)
        painter.restore()
        self._paint_ring(painter, area)
        painter.end()

    def paint_over(self, painter: QPainter, area: QRect) -> None:
        """Whatever a kind of tile draws between picture and caption."""

    @property
    def first_line_top(self) -> int:
        """Where the first line of the words at the foot begins."""
        two = any(self._second) and self.height() - 6 >= _ROOM_FOR_TWO
        return self.height() - 3 - _CAPTION - (_SECOND if two else 0)

    def badge_width(self, text: str) -> int:
        """How wide the label of some words is."""
        return QFontMetrics(self._badge_font()).horizontalAdvance(text) + 10

    def _badge_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(11)
        return font

    def badge(
        self, painter: QPainter, text: str, at: QPointF, colour: QColor, *, round_: bool = False
    ) -> None:
        """A small label with white words whose upper left corner is ``at``."""
        painter.setFont(self._badge_font())
        width = 17.0 if round_ else float(self.badge_width(text))
        box = QRectF(at.x(), at.y(), width, 17)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(box, 8.5 if round_ else 4, 8.5 if round_ else 4)
        painter.setPen(QColor("white"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_picture(self, painter: QPainter, area: QRectF) -> None:
        if self._pixmap is None or self._pixmap.isNull():
            return
        ratio = max(area.width() / self._pixmap.width(), area.height() / self._pixmap.height())
        width, height = area.width() / ratio, area.height() / ratio
        source = QRectF(
            (self._pixmap.width() - width) / 2, (self._pixmap.height() - height) / 2, width, height
        )
        painter.drawPixmap(area, self._pixmap, source)

    def _paint_caption(self, painter: QPainter, area: QRectF) -> None:
        if not self.caption:
            return
        second = any(self._second) and area.height() >= _ROOM_FOR_TWO
        height = _CAPTION + (_SECOND if second else 0)
        strip = QRectF(area.left(), area.bottom() - height, area.width(), height)
        shade = QLinearGradient(strip.topLeft() - QPointF(0, 6), strip.bottomLeft())
        shade.setColorAt(0, QColor(0, 0, 0, 0))
        shade.setColorAt(0.35, QColor(0, 0, 0, 165))
        shade.setColorAt(1, QColor(0, 0, 0, 190))
        painter.fillRect(strip.adjusted(0, -6, 0, 0), shade)
        font = QFont(self.font())
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(QColor("white"))
        line = QRectF(strip.left() + 6, strip.top(), strip.width() - 12, _CAPTION)
        words = line.adjusted(0, 0, -self._caption_inset, 0)
        metrics = painter.fontMetrics()
        room = words.width() - (metrics.horizontalAdvance(self._right) + 8 if self._right else 0)
        left = metrics.elidedText(self._left, Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, left)
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._right)
        if second:
            self._paint_second_line(painter, line.translated(0, _CAPTION - 4))

    def _paint_second_line(self, painter: QPainter, words: QRectF) -> None:
        font = QFont(self.font())
        font.setPixelSize(10)
        painter.setFont(font)
        painter.setPen(_QUIET)
        left, right = self._second
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, left)
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)

    def _paint_ring(self, painter: QPainter, area: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._selected:
            painter.setPen(QPen(QColor(self.tokens.accent), 2))
            painter.drawRoundedRect(area.adjusted(-1.5, -1.5, 1.5, 1.5), _RADIUS + 2, _RADIUS + 2)
        else:
            painter.setPen(QPen(QColor(self.tokens.border), 1))
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self.tokens.accent), 1, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(area.adjusted(2.5, 2.5, -2.5, -2.5), _RADIUS - 1, _RADIUS - 1)
