"""The tray: the pictures of the edit in their order, and whatever didn't come in, said in words."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from overpaint.core.geometry import Rect
from overpaint.core.params import MAX_PICTURES
from overpaint.studio.intake import Refusal
from overpaint.studio.session import Session
from overpaint.studio.tray import TrayItem
from overpaint.ui.icons import icon
from overpaint.ui.theme import Tokens
from overpaint.ui.thumbnails import Thumbnails
from overpaint.ui.tray_tile import SIZE, TrayTile
from overpaint.ui.widgets.labels import label, set_tone
from overpaint.ui.widgets.strip import Strip

_WORDS_WIDTH = 230
_HINT = "Drop, paste or add png, jpeg, webp"


class TrayStrip(Strip):
    """``add_wanted`` asks for the file dialog."""

    add_wanted = Signal()

    def __init__(self, session: Session, thumbnails: Thumbnails, tokens: Tokens) -> None:
        super().__init__("Tray", "trayStrip", SIZE.height() + 18)
        self._session = session
        self._thumbnails = thumbnails
        self._tokens = tokens
        self._tiles: dict[int, TrayTile] = {}
        self._mark = _InsertionMark(self.tiles)
        self._add = _add_button()
        self._add.clicked.connect(self.add_wanted)
        self.row.insertWidget(0, self._add)
        self._words = label(_HINT, "dim", "trayWords")
        self._words.setWordWrap(True)
        self._words.setFixedWidth(_WORDS_WIDTH)
        self._words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._dismiss = QToolButton()
        self._dismiss.setObjectName("trayDismiss")
        self._dismiss.setAccessibleName("Dismiss the message")
        self._dismiss.setFixedSize(24, 24)
        self._dismiss.clicked.connect(lambda: self.show_refusals(()))
        self._dismiss.hide()
        self.side.addWidget(self._words)
        self.side.addWidget(self._dismiss)
        session.tray_changed.connect(self.refresh)
        session.current_changed.connect(self._select)
        session.mask_changed.connect(self._mask_changed)
        self.set_tokens(tokens)
        self.refresh()

    def set_tokens(self, tokens: Tokens) -> None:
        """Paints in the theme's colours."""
        self._tokens = tokens
        self._add.setIcon(icon("add", tokens))
        self._dismiss.setIcon(icon("cancel", tokens))
        self._mark.colour = tokens.accent
        for tile in self._tiles.values():
            tile.set_tokens(tokens)

    def show_refusals(self, refusals: Sequence[Refusal]) -> None:
        """Says what didn't come in and why; nothing goes back to the hint."""
        words = refusals[0].message if refusals else _HINT
        if len(refusals) > 1:
            words += f" And {len(refusals) - 1} more."
        self._words.setText(words)
        self._words.setToolTip("\n".join(one.message for one in refusals))
        self._words.setProperty("role", "problem" if refusals else "dim")
        set_tone(self._words, "bad" if refusals else "")
        self._words.style().unpolish(self._words)
        self._words.style().polish(self._words)
        self._dismiss.setVisible(bool(refusals))

    def refresh(self) -> None:
        """Shows the tray as it stands; tiles that stay are kept, so that nothing flickers."""
        tray = self._session.tray
        for gone in self._tiles.keys() - {item.id for item in tray}:
            tile = self._tiles.pop(gone)
            self.row.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        for at, item in enumerate(tray):
            tile = self._tiles.get(item.id) or self._new_tile(item)
            self.row.insertWidget(at, tile)
            tile.show_item(item, at + 1)
        self.facts.setText(f"{len(tray)} of {MAX_PICTURES}")
        self._add.setEnabled(len(tray) < MAX_PICTURES)
        self._add.setToolTip(
            "Add pictures" if len(tray) < MAX_PICTURES else f"The tray holds {MAX_PICTURES} pictures"
        )
        self._select()

    def _new_tile(self, item: TrayItem) -> TrayTile:
        tile = TrayTile(item, self._tokens)
        self._tiles[item.id] = tile
        tile.chosen.connect(lambda: self._session.show(item.id))
        tile.dragged.connect(lambda at: self._dragged(at))
        tile.dropped.connect(lambda at: self._dropped(item.id, at))
        tile.remove_wanted.connect(lambda: self._session.remove(item.id))
        tile.move_wanted.connect(lambda by: self._move_by(item.id, by))
        tile.step_wanted.connect(lambda by: self._step(item.id, by))
        tile.customContextMenuRequested.connect(lambda at: self._menu(tile, at))
        self._thumbnails.load(item.picture.path, SIZE.width() * 2, tile.set_picture)
        return tile

    def _select(self) -> None:
        current = self._session.current
        for item_id, tile in self._tiles.items():
            tile.set_selected(current is not None and item_id == current.id)

    def _mask_changed(self, item: TrayItem, _: Rect) -> None:
        if not self._session.history.recording and (tile := self._tiles.get(item.id)) is not None:
            tile.show_item(item, self._place(item.id) + 1)

    def _place(self, item_id: int) -> int:
        return next(at for at, item in enumerate(self._session.tray) if item.id == item_id)

    def _dragged(self, at: QPoint) -> None:
        self._mark.put(self._gap_at(at), [self._tiles[item.id] for item in self._session.tray])

    def _dropped(self, item_id: int, at: QPoint) -> None:
        self._mark.hide()
        gap = self._gap_at(at)
        self._session.move(item_id, gap - 1 if gap > self._place(item_id) else gap)

    def _gap_at(self, at: QPoint) -> int:
        """Between which tiles a place on the screen lies: 0 is before the first."""
        x = self.tiles.mapFromGlobal(at).x()
        return sum(1 for item in self._session.tray if self._tiles[item.id].geometry().center().x() < x)

    def _move_by(self, item_id: int, by: int) -> None:
        self._session.move(item_id, self._place(item_id) + by)
        self._tiles[item_id].setFocus()

    def _step(self, item_id: int, by: int) -> None:
        place = self._place(item_id) + by
        if 0 <= place < len(self._session.tray):
            neighbour = self._session.tray[place]
            self._session.show(neighbour.id)
            self._tiles[neighbour.id].setFocus()

    def _menu(self, tile: TrayTile, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        item_id = tile.item.id
        first = menu.addAction("Make first (its mask is sent)", lambda: self._session.move(item_id, 0))
        first.setEnabled(self._place(item_id) > 0)
        menu.addAction("Move left", lambda: self._move_by(item_id, -1)).setEnabled(self._place(item_id) > 0)
        last = self._place(item_id) == len(self._session.tray) - 1
        menu.addAction("Move right", lambda: self._move_by(item_id, 1)).setEnabled(not last)
        menu.addSeparator()
        menu.addAction("Remove from the tray", lambda: self._session.remove(item_id))
        menu.popup(tile.mapToGlobal(at))


class _InsertionMark(QWidget):
    """The line that shows where a dragged tile would come to stand."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("trayInsertionMark")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.colour = "#6aacff"
        self.hide()

    def put(self, gap: int, tiles: Sequence[QWidget]) -> None:
        x = tiles[0].x() - 5 if gap == 0 else tiles[gap - 1].geometry().right() + 2
        self.setGeometry(max(0, x), tiles[0].y(), 4, tiles[0].height())
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self.colour), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(2, 4, 2, self.height() - 4)
        painter.end()


def _add_button() -> QToolButton:
    button = QToolButton()
    button.setObjectName("trayAdd")
    button.setAccessibleName("Add pictures")
    button.setFixedSize(SIZE.width() - 6, SIZE.height() - 6)
    return button
