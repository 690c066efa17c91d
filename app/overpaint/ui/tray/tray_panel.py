"""The tray: the pictures of the edit in their order, and whatever didn't come in, said in words."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from overpaint.core.masks.geometry import Rect
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.params import MAX_PICTURES
from overpaint.studio.document.effective_spec import conversion_note
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem
from overpaint.studio.pictures.picture_import import PendingPicture, PictureImport, Rejected
from overpaint.ui.actions.keymap import Keymap
from overpaint.ui.pictures.qimages import pixmap_of
from overpaint.ui.pictures.thumbnails import Thumbnails
from overpaint.ui.theme.icons import icon
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.tray.rejected_popup import RejectedPopup
from overpaint.ui.tray.tray_tile import PendingTile, TrayTile
from overpaint.ui.widgets.labels import FittedLabel, label, set_tone
from overpaint.ui.widgets.strip import HEAD, HIGHEST, Strip

_HINT = "Drop, paste or add pictures"
_RESTORING = "Bringing back the pictures of last time…"
_ROOM_FOR_WORDS = 420
"""Pixels that the band wants at least while it says what didn't come in."""


class TrayPanel(Strip):
    """``add_wanted`` asks for the file dialog, ``menu_wanted`` for the menu of the current picture at a place
    on the screen, ``renamed`` for another name of the picture of that id, ``eye_pressed`` to send that
    picture or to leave it out, ``shrink_wanted`` for smaller
    copies of refused files."""

    add_wanted = Signal()
    menu_wanted = Signal(QPoint)
    renamed = Signal(int, str)
    eye_pressed = Signal(int)
    shrink_wanted = Signal(list)

    def __init__(
        self,
        session: Session,
        picture_import: PictureImport,
        thumbnails: Thumbnails,
        tokens: Tokens,
        keymap: Keymap,
    ) -> None:
        super().__init__("Inputs", "trayStrip")
        self._session = session
        self._picture_import = picture_import
        self._thumbnails = thumbnails
        self._tokens = tokens
        self._keymap = keymap
        self._tiles: dict[int, TrayTile] = {}
        self._pending: dict[PendingPicture, PendingTile] = {}
        self._arrived = 0
        self._masks_taken = True
        self._endpoint: EndpointProfile | None = None
        self._mark = _InsertionMark(self.tiles)
        self._add = _add_button()
        self._add.clicked.connect(self.add_wanted)
        self.row.insertWidget(0, self._add)
        self._make_words()
        session.tray_changed.connect(self.refresh)
        session.current_changed.connect(self._current_changed)
        session.mask_edited.connect(self._mask_edited)
        session.picture_reloaded.connect(self._renewed)
        picture_import.pending_changed.connect(self._show_pending)
        self.set_tokens(tokens)
        self.refresh()

    def _make_words(self) -> None:
        self._facts = label("Inputs", "note", "trayStripFacts")
        self._facts.setFixedHeight(HEAD)
        self._words = FittedLabel("dim", "trayWords", 1)
        self._words.setFixedHeight(HEAD)
        self._words.setText(_HINT)
        self._words.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._shrink = _link("trayShrink", "Shrink to fit")
        self._shrink.setToolTip("Adds copies that are small enough to be sent; the files stay as they are")
        self._shrink.clicked.connect(self._shrink_asked)
        self._too_large: list[object] = []
        self._rejected: Sequence[Rejected] = ()
        self._every = _link("trayRefusals", "")
        self._every.clicked.connect(lambda: RejectedPopup(self, self._rejected).open_above(self))
        self._dismiss = QToolButton()
        self._dismiss.setObjectName("trayDismiss")
        self._dismiss.setAccessibleName("Dismiss the message")
        self._dismiss.setToolTip("Dismiss the message")
        self._dismiss.setFixedSize(HEAD, HEAD)
        self._dismiss.setIconSize(QSize(14, 14))
        self._dismiss.clicked.connect(lambda: self.show_rejected(()))
        self._dismiss.hide()
        self.head.addWidget(self._facts)
        self.head.addWidget(self._words, 1)
        for part in (self._every, self._shrink, self._dismiss):
            self.head.addWidget(part)

    def set_tokens(self, tokens: Tokens) -> None:
        """Paints in the theme's colours."""
        self._tokens = tokens
        self._add.setIcon(icon("add", tokens))
        self._dismiss.setIcon(icon("cancel", tokens))
        self._mark.colour = tokens.accent
        for tile in (*self._tiles.values(), *self._pending.values()):
            tile.set_tokens(tokens)

    def show_rejected(self, rejected: Sequence[Rejected]) -> None:
        """Says what didn't come in and why; nothing goes back to the hint."""
        self._rejected = tuple(rejected)
        words = rejected[0].message if rejected else _HINT
        self._words.setText(
            f"{len(rejected)} pictures didn't come in. {words}" if len(rejected) > 1 else words
        )
        self._every.setText(f"Show all {len(rejected)}" if len(rejected) > 1 else "Show")
        self._every.setVisible(bool(rejected))
        self._words.set_further("\n".join(one.message for one in rejected))
        self._words.setProperty("role", "problem" if rejected else "dim")
        set_tone(self._words, "bad" if rejected else "")
        self._words.style().unpolish(self._words)
        self._words.style().polish(self._words)
        self._dismiss.setVisible(bool(rejected))
        self._too_large = [one.file for one in rejected if one.file is not None]
        self._shrink.setVisible(bool(self._too_large))
        self._show_words()

    def show_restoring(self, on: bool) -> None:
        """Says that the pictures of last time are on their way, or no longer."""
        if on:
            self._words.setText(_RESTORING)
        elif self._words.text() == _RESTORING:
            self._words.setText(_HINT)
        self._show_words()

    @property
    def picked(self) -> TrayItem | None:
        """The picture whose tile has the focus, otherwise the one on the canvas."""
        focused = next((tile.item for tile in self._tiles.values() if _has_focus(tile)), None)
        return focused or self._session.current

    def show_what_is_taken(self, endpoint: EndpointProfile, *, masks: bool) -> None:
        """Where edits are sent, and whether the model takes a mask there."""
        if (endpoint, masks) != (self._endpoint, self._masks_taken):
            self._endpoint, self._masks_taken = endpoint, masks
            self.refresh()

    def focus_picture(self) -> None:
        """Gives the keys to the picture on the canvas, or to the first one."""
        current = self._session.current
        tile = self._tiles.get(current.id) if current is not None else next(iter(self._tiles.values()), None)
        if tile is not None:
            tile.setFocus()

    def edit_name(self, item_id: int) -> None:
        """Lets the user type another name for a picture, in its tile."""
        tile = self._tiles.get(item_id)
        if tile is not None:
            self.view.ensureWidgetVisible(tile)
            tile.edit_name()

    def _show_item(self, tile: TrayTile, item: TrayItem) -> None:
        number, endpoint = self._number(item), self._endpoint
        copied = ""
        if endpoint is not None and 0 < number <= endpoint.max_pictures:
            copied = conversion_note(endpoint, item.picture)
        tile.show_item(item, number, masks_taken=self._masks_taken, copied=copied)

    def show_number(self, number: int) -> None:
        """Brings the picture that is sent as that number, from 1, onto the canvas; nothing where there is
        none."""
        sent = self._session.sent_pictures
        if number <= len(sent):
            self._session.show(sent[number - 1].id)

    def refresh(self) -> None:
        """Shows the tray as it stands; tiles that stay are kept, so that nothing flickers."""
        tray = self._session.tray
        for gone in self._tiles.keys() - {item.id for item in tray}:
            self._take_off(self._tiles.pop(gone))
        for at, item in enumerate(tray):
            tile = self._tiles.get(item.id) or self._new_tile(item)
            self.row.insertWidget(at, tile)
            self._show_item(tile, item)
        self._order_for_tab()
        self._facts.setText(_facts(len(tray), len(self._session.sent_pictures)))
        self._add.setEnabled(len(tray) < MAX_PICTURES)
        self._add.setToolTip(
            f"{_HINT}: png, jpeg, webp and others"
            if len(tray) < MAX_PICTURES
            else f"An edit takes {MAX_PICTURES} pictures"
        )
        self._show_words()
        self._select()

    def _order_for_tab(self) -> None:
        """Tab goes through the pictures as they stand, then to the button that adds."""
        tiles = [self._tiles[item.id] for item in self._session.tray]
        parts = [part for tile in tiles for part in (tile, tile.eye)]
        for one, other in pairwise([self.view, *parts, self._add]):
            QWidget.setTabOrder(one, other)

    def _show_words(self) -> None:
        """The hint gives way to pictures; what didn't come in takes the whole line."""
        refused, restoring = bool(self._rejected), self._words.text() == _RESTORING
        self._facts.setVisible(not refused)
        self._words.setVisible(refused or restoring or not self._session.tray)
        self.updateGeometry()

    @property
    def speaking(self) -> bool:
        """Whether it says more than what it holds, and needs room for that."""
        return not self._words.isHidden()

    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        return size.expandedTo(QSize(_ROOM_FOR_WORDS, 0)) if self.speaking else size

    def fit_tiles(self) -> None:
        for tile in (*self._tiles.values(), *self._pending.values(), self._add):
            tile.setFixedSize(self.tile_size)

    def _new_tile(self, item: TrayItem) -> TrayTile:
        tile = TrayTile(item, self.tile_size, self._tokens, self._keymap)
        self._tiles[item.id] = tile
        tile.chosen.connect(lambda: self._session.show(item.id))
        tile.dragged.connect(lambda at: self._dragged(at))
        tile.dropped.connect(lambda at: self._dropped(item.id, at))
        tile.drag_left.connect(self._mark.hide)
        tile.eye_pressed.connect(lambda: self.eye_pressed.emit(item.id))
        tile.remove_wanted.connect(lambda: self._session.remove(item.id))
        tile.move_wanted.connect(lambda by: self._move_by(item.id, by))
        tile.step_wanted.connect(lambda by: self._step(item.id, by))
        tile.number_wanted.connect(self.show_number)
        tile.renamed.connect(lambda name: self.renamed.emit(item.id, name))
        tile.customContextMenuRequested.connect(lambda at: self._ask_for_menu(tile, at))
        self._load_picture(tile)
        return tile

    def _renewed(self, item: TrayItem) -> None:
        self._thumbnails.forget(item.picture.path)
        if (tile := self._tiles.get(item.id)) is not None:
            self._load_picture(tile)

    def _load_picture(self, tile: TrayTile) -> None:
        self._thumbnails.load(tile.item.picture.path, 2 * HIGHEST, tile.set_picture)

    def _show_pending(self) -> None:
        pending = self._picture_import.pending
        for gone in self._pending.keys() - set(pending):
            self._take_off(self._pending.pop(gone))
        for at, picture in enumerate(pending):
            if picture not in self._pending:
                self._arrived += 1
                tile = self._pending[picture] = PendingTile(
                    picture.name, self._arrived, self.tile_size, self._tokens
                )
                self.row.insertWidget(len(self._session.tray) + at, tile)
            if picture.preview is not None and not self._pending[picture].has_picture:
                self._pending[picture].set_picture(pixmap_of(picture.preview))

    def _take_off(self, tile: QWidget) -> None:
        self.row.removeWidget(tile)
        tile.hide()
        tile.deleteLater()

    def _select(self) -> None:
        current = self._session.current
        for item_id, tile in self._tiles.items():
            tile.set_selected(current is not None and item_id == current.id)

    def _current_changed(self) -> None:
        self._select()
        QTimer.singleShot(0, self, self._bring_into_sight)  # a new tile has no place yet

    def _bring_into_sight(self) -> None:
        """The keys of the tray go with it: they mean the picture that is marked."""
        current = self._session.current
        if current is not None and (tile := self._tiles.get(current.id)) is not None:
            self.view.ensureWidgetVisible(tile)
            if any(_has_focus(one) for one in self._tiles.values()):
                tile.setFocus()

    def _mask_edited(self, item: TrayItem, _: Rect) -> None:
        if (tile := self._tiles.get(item.id)) is not None:
            self._show_item(tile, item)

    def _number(self, item: TrayItem) -> int:
        """As which picture it is sent, from 1; 0 for one that isn't."""
        sent = [one.id for one in self._session.sent_pictures]
        return sent.index(item.id) + 1 if item.id in sent else 0

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

    def _ask_for_menu(self, tile: TrayTile, at: QPoint) -> None:
        self._session.show(tile.item.id)
        tile.setFocus()
        self.menu_wanted.emit(tile.mapToGlobal(at))

    def _shrink_asked(self) -> None:
        files = list(self._too_large)
        self.show_rejected(())
        self.shrink_wanted.emit(files)


def _has_focus(tile: TrayTile) -> bool:
    return tile.hasFocus() or tile.eye.hasFocus()


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


def _facts(pictures: int, sent: int) -> str:
    """How many pictures there are, and how many of them go with the edit."""
    if not pictures:
        return "Inputs"
    every = "both sent" if pictures == 2 else "all sent"
    told = every if sent == pictures else f"{sent or 'none'} sent"
    return f"Inputs · {pictures} of {MAX_PICTURES}" + (f", {told}" if (pictures, sent) != (1, 1) else "")


def _link(name: str, words: str) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setProperty("role", "link")
    button.setFixedHeight(HEAD)
    button.hide()
    return button


def _add_button() -> QToolButton:
    button = QToolButton()
    button.setObjectName("trayAdd")
    button.setAccessibleName("Add pictures")
    return button
