"""One picture of the tray: number, thumbnail, name, and whether it has a mask."""

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication

from overpaint.studio.tray import TrayItem
from overpaint.ui.theme import Tokens
from overpaint.ui.widgets.tile import Tile

SIZE = QSize(100, 76)
_MASK = QColor("#ff3b5c")
_BADGE = QColor(20, 21, 24, 200)


class TrayTile(Tile):
    """``dragged`` and ``dropped`` carry the pointer's place on the screen while it is re-ordered."""

    dragged = Signal(QPoint)
    dropped = Signal(QPoint)
    remove_wanted = Signal()
    move_wanted = Signal(int)
    step_wanted = Signal(int)

    def __init__(self, item: TrayItem, tokens: Tokens) -> None:
        super().__init__(SIZE, tokens)
        self.item = item
        self._number = 0
        self._masked = False
        self._pressed: QPoint | None = None
        self._dragging = False
        self.setObjectName(f"trayTile_{item.id}")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.set_caption(item.name)

    def show_item(self, item: TrayItem, number: int) -> None:
        """Shows its place, its mask and its facts."""
        self.item, self._number = item, number
        self._masked = not item.mask.is_empty()
        size = item.picture.size
        facts = [f"Picture {number}: {item.name}", f"{size.width} x {size.height}"]
        facts.append(
            f"{item.picture.bytes / 1e6:.1f} MB"
            if item.picture.bytes >= 1e5
            else f"{item.picture.bytes:,} bytes"
        )
        facts.extend([item.note] if item.note else [])
        facts.extend(["Has a mask"] if self._masked else [])
        facts.extend(["Its mask is the one that is sent"] if number == 1 else [])
        self.setAccessibleName(", ".join(facts))
        self.setToolTip("\n".join(facts))
        self.set_caption(item.name)
        self.update()

    def paint_over(self, painter: QPainter, area: QRect) -> None:
        self.badge(painter, str(self._number), QPointF(area.left() + 5, area.top() + 5), _BADGE, round_=True)
        if self._masked:
            width = painter.fontMetrics().horizontalAdvance("mask") + 10
            self.badge(painter, "mask", QPointF(area.right() - width - 3, area.top() + 5), _MASK)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        far = (event.position().toPoint() - self._pressed).manhattanLength()
        if self._dragging or far >= QApplication.startDragDistance():
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragging, self._dragging, self._pressed = self._dragging, False, None
        self.unsetCursor()
        if dragging:
            self.dropped.emit(event.globalPosition().toPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_wanted.emit()
        elif by is not None and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.move_wanted.emit(by)
        elif by is not None:
            self.step_wanted.emit(by)
        else:
            super().keyPressEvent(event)
