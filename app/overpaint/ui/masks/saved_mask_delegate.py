"""How a saved mask looks in a list: a small picture of it, its name, and how much of the picture it masks."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from overpaint.ui.theme.window_theme import Tokens

THUMBNAIL = QSize(48, 36)
SHARE = Qt.ItemDataRole.UserRole
PICTURE = Qt.ItemDataRole.UserRole + 1

_MARGIN = 6
_GAP = 10
_SMALL = 12


class MaskRow(QStyledItemDelegate):
    """Draws rows of one height; the item's text is the name, ``SHARE`` the words under it."""

    def __init__(self, parent: QWidget, tokens: Tokens) -> None:
        super().__init__(parent)
        self._tokens = tokens

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, THUMBNAIL.height() + 2 * _MARGIN)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        ground = QStyleOptionViewItem(option)
        self.initStyleOption(ground, index)
        ground.text = ""
        ground.widget.style().drawControl(
            QStyle.ControlElement.CE_ItemViewItem, ground, painter, ground.widget
        )
        painter.save()
        place = QRect(option.rect.topLeft(), THUMBNAIL).translated(_MARGIN, _MARGIN)
        self._draw_thumbnail(painter, place, index.data(PICTURE))
        words = option.rect.adjusted(place.width() + _MARGIN + _GAP, _MARGIN, -_MARGIN, -_MARGIN)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        self._draw_words(painter, words, index, self._tokens.accent if chosen else self._tokens.text)
        painter.restore()

    def _draw_thumbnail(self, painter: QPainter, place: QRect, picture: QPixmap | None) -> None:
        painter.fillRect(place, QColor("#000000"))
        if picture is not None:
            scaled = picture.scaled(
                place.size() * painter.device().devicePixelRatio(),
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            scaled.setDevicePixelRatio(painter.device().devicePixelRatio())
            inner = QRect(place.topLeft(), scaled.deviceIndependentSize().toSize())
            inner.moveCenter(place.center())
            painter.drawPixmap(inner.topLeft(), scaled)
        painter.setPen(QColor(self._tokens.border))
        painter.drawRect(place.adjusted(0, 0, -1, -1))

    def _draw_words(
        self, painter: QPainter, area: QRect, index: QModelIndex | QPersistentModelIndex, colour: str
    ) -> None:
        upper, lower = QRect(area), QRect(area)
        upper.setBottom(area.center().y())
        lower.setTop(area.center().y() + 1)
        painter.setPen(QColor(colour))
        name = painter.fontMetrics().elidedText(
            str(index.data(Qt.ItemDataRole.DisplayRole)), Qt.TextElideMode.ElideRight, area.width()
        )
        painter.drawText(upper, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        small = QFont(painter.font())
        small.setPixelSize(_SMALL)
        painter.setFont(small)
        painter.setPen(QColor(self._tokens.dim))
        share = str(index.data(SHARE))
        painter.drawText(lower, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, share)
