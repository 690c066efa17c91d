"""One picture of the tray: number, thumbnail, name, size, what is converted, and whether it has a mask."""

from pathlib import PurePath

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from overpaint.core.foreign_words import visible
from overpaint.studio.document.picture_names import LONGEST_NAME
from overpaint.studio.document.tray import TrayItem
from overpaint.ui.actions.keymap import Keymap
from overpaint.ui.actions.standard_keys import cancels
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.tray.eye_button import EyeButton
from overpaint.ui.widgets.literal import tip
from overpaint.ui.widgets.tile import PictureTile

_MASK = QColor("#d81f45")
_BADGE = QColor(20, 21, 24, 200)
_IDLE_MASK = QColor(110, 114, 121)
_NOT_SENT = QColor(24, 25, 28, 150)


class TrayTile(PictureTile):
    """``dragged`` and ``dropped`` carry the pointer's place on the screen while it is re-ordered; ``renamed``
    the new name; ``number_wanted`` a number from 1 that was typed."""

    dragged = Signal(QPoint)
    dropped = Signal(QPoint)
    drag_left = Signal()
    remove_wanted = Signal()
    move_wanted = Signal(int)
    step_wanted = Signal(int)
    number_wanted = Signal(int)
    eye_pressed = Signal()
    renamed = Signal(str)

    def __init__(self, item: TrayItem, size: QSize, tokens: Tokens, keymap: Keymap) -> None:
        super().__init__(size, tokens)
        self.item = item
        self._keymap = keymap
        self._number = 0
        self._masked, self._masks_taken = False, True
        self._pressed: QPoint | None = None
        self._dragging = False
        self._edit: _NameEdit | None = None
        self.eye = EyeButton(self, f"trayEye_{item.id}", tokens, keymap)
        self.eye.clicked.connect(self.eye_pressed)
        self.setObjectName(f"trayTile_{item.id}")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.set_caption(item.name)

    def set_tokens(self, tokens: Tokens) -> None:
        self.eye.tokens = tokens
        super().set_tokens(tokens)

    @property
    def mask_is_sent(self) -> bool:
        """Whether what is painted goes with the edit: its chip is grey otherwise."""
        return self._masked and self._number == 1 and self._masks_taken

    def show_item(self, item: TrayItem, number: int, *, masks_taken: bool = True, copied: str = "") -> None:
        """Shows its mask, its facts, and as which picture it is sent, from 1; 0 for one that isn't.
        ``masks_taken`` is whether the model takes a mask where edits are sent, ``copied`` why a copy in
        another format goes there."""
        self.item, self._number = item, number
        self._masked, self._masks_taken = not item.mask.is_empty(), masks_taken
        self.eye.show_sent(item.name, sent=number > 0)
        self._show_eye(quiet=not (self.underMouse() or self.hasFocus()))
        size, weight = item.picture.size, in_bytes(item.picture.bytes)
        called = f"Picture {number}: {item.name}" if number else f"{item.name}, not sent"
        facts = [called, f"{size.width} × {size.height}, {weight} as it is sent"]
        facts.extend(filter(None, (item.note, copied)))
        if number == 1:
            facts.append("This picture is edited" + (", inside its mask" if self.mask_is_sent else ""))
        if self._masked and not self.mask_is_sent:
            facts.append("Its mask isn't sent")
        self.setAccessibleName(visible(", ".join(facts)))
        self.setToolTip(tip("\n".join(facts)))
        self.set_caption(item.name)
        self.set_second_line(f"{size.width}×{size.height}", weight)
        self.update()

    def edit_name(self) -> None:
        """Lets the user type another name in its place: Enter takes it, Esc leaves it."""
        if self._edit is None:
            edit = self._edit = _NameEdit(self, self.item.name, f"Name of picture {self._number}")
            edit.done.connect(self._edited)
            edit.show()
            edit.setFocus()
            stem = len(PurePath(self.item.name).stem)
            edit.setSelection(stem, -stem)

    def paint_over(self, painter: QPainter, area: QRect) -> None:
        if not self._number:
            painter.fillRect(area, _NOT_SENT)
        else:
            place = QPointF(area.left() + 5, area.top() + 5)
            self.badge(painter, str(self._number), place, _BADGE, round_=True)
        if self.item.is_converted:
            words = f"→ {self.item.picture.format.upper()}"
            self.badge(painter, words, QPointF(area.left() + 5, area.top() + 26), _BADGE)
        if self._masked:
            width = self.badge_width("mask")
            place = QPointF(area.right() - width - 4, area.top() + 5)
            self.badge(painter, "mask", place, _MASK if self.mask_is_sent else _IDLE_MASK)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The eye opens under the pointer."""
        super().enterEvent(event)
        self._show_eye(quiet=False)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._show_eye(quiet=True)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_eye(quiet=False)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_eye(quiet=not self.underMouse())

    def _show_eye(self, *, quiet: bool) -> None:
        self.eye.set_quiet(quiet)
        self.keep_free(self.eye.width() if self.eye.seen else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The eye stays at the end of the first line at the foot."""
        super().resizeEvent(event)
        self.eye.move(self.width() - self.eye.width() - 6, self.first_line_top)

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
        if self._let_go():
            self.dropped.emit(event.globalPosition().toPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        drag = ("tray drag",) if self._dragging else ()
        found = self._keymap.matches(event, *drag, "tray")
        match found:
            case "tray_drop_drag":
                self._let_go()
                self.drag_left.emit()
            case "remove_picture":
                self.remove_wanted.emit()
            case "move_left" | "move_right":
                self.move_wanted.emit(-1 if found == "move_left" else 1)
            case "tray_previous" | "tray_next":
                self.step_wanted.emit(-1 if found == "tray_previous" else 1)
            case "":
                super().keyPressEvent(event)
            case _:
                self.number_wanted.emit(int(found.removeprefix("tray_")))

    def event(self, event: QEvent) -> bool:
        """While it is dragged, Esc means the drag, and nothing else."""
        if self._dragging and isinstance(event, QKeyEvent) and self._keymap.matches(event, "tray drag"):
            event.accept()
        return super().event(event)

    def _let_go(self) -> bool:
        """Ends a drag; whether there was one."""
        dragging, self._dragging, self._pressed = self._dragging, False, None
        self.unsetCursor()
        return dragging

    def _edited(self, name: str) -> None:
        edit, self._edit = self._edit, None
        if edit is not None:
            edit.hide()
            edit.deleteLater()
        self.setFocus()
        if name.strip() and name != self.item.name:
            self.renamed.emit(name)


class _NameEdit(QLineEdit):
    """``done`` carries the new name, ``""`` where the old one stays."""

    done = Signal(str)

    def __init__(self, tile: TrayTile, name: str, spoken: str) -> None:
        super().__init__(name, tile)
        self.setObjectName("trayNameEdit")
        self.setAccessibleName(spoken)
        self.setMaxLength(LONGEST_NAME)
        self.setGeometry(3, tile.height() - 33, tile.width() - 6, 30)
        self._over = False
        self.returnPressed.connect(lambda: self._end(self.text()))
        self.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self._end(self.text())
        elif event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            assert isinstance(event, QKeyEvent)
            if cancels(event):  # which would otherwise lead to the canvas
                event.accept()
                if event.type() == QEvent.Type.KeyPress:
                    self._end("")
                return True
        return super().eventFilter(watched, event)

    def _end(self, name: str) -> None:
        if not self._over:
            self._over = True
            self.done.emit(name)


class PendingTile(PictureTile):
    """A picture on its way into the tray."""

    def __init__(self, name: str, number: int, size: QSize, tokens: Tokens) -> None:
        super().__init__(size, tokens)
        self.setObjectName(f"arrivalTile_{number}")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(visible(f"{name} is being read"))
        self.set_caption("Reading…")
        self.setToolTip(tip(name))


def in_bytes(count: int) -> str:
    """A file's length in words of at most seven characters."""
    if count < 1000:
        return f"{count} B"
    if count < 1e6:
        return f"{count / 1e3:.0f} kB"
    return f"{count / 1e6:.1f} MB" if count < 1e7 else f"{count / 1e6:.0f} MB"
