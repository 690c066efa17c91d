"""The masks that were saved with the picture on the canvas: to be loaded, combined, renamed and deleted."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from overpaint.core.foreign_words import visible
from overpaint.core.masks.mask import share_words
from overpaint.studio.document.saved_mask_commands import SavedMaskCommands
from overpaint.studio.document.saved_masks import SavedMask
from overpaint.studio.document.session import Session
from overpaint.ui.actions.keymap import Keymap
from overpaint.ui.masks.saved_mask_delegate import PICTURE, SHARE, THUMBNAIL, MaskRow
from overpaint.ui.pictures.thumbnails import Thumbnails
from overpaint.ui.theme.icons import icon
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.labels import label
from overpaint.ui.widgets.literal import tip

_NARROWEST = 200
_BUTTON = 28
_LIST, _WORDS = range(2)
_EMPTY_LINES = 4
_EMPTY = "No mask is saved with this picture yet. Paint one, then save it here."
_DONE_WITH_MASK = {
    "load": ("way-new", "Load instead of the painted mask"),
    "add": ("way-add", "Add to the painted mask"),
    "subtract": ("way-subtract", "Take away from the painted mask"),
    "intersect": ("way-intersect", "Keep only what both have"),
    "rename": ("rename", "Rename…"),
    "delete": ("delete", "Delete"),
}
"""What can be done with a saved mask: its icon, and what it does."""


class MasksPanel(QWidget):
    """``save_wanted`` asks for a name and saves; ``wanted`` carries what is to be done, and a mask."""

    save_wanted = Signal()
    wanted = Signal(str, object)

    def __init__(
        self,
        session: Session,
        named: SavedMaskCommands,
        thumbnails: Thumbnails,
        tokens: Tokens,
        keymap: Keymap,
    ) -> None:
        super().__init__()
        self.setObjectName("masksPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._named = named
        self._thumbnails = thumbnails
        self._pictures: dict[str, QPixmap | None] = {}
        self._shown: tuple[SavedMask, ...] = ()
        self._list = _List(keymap)
        self._list.setItemDelegate(MaskRow(self._list, tokens))
        self._save = _button("maskSave", "Save mask as…")
        self._buttons = {name: _button(f"mask_{name}", words) for name, (_, words) in _DONE_WITH_MASK.items()}
        for name, button in self._buttons.items():
            keymap.follow_tip(_DONE_WITH_MASK[name][1], f"{name}_saved", button.setToolTip)
        self._lay_out()
        self._bind(session)
        self.set_tokens(tokens)
        self.refresh()
        self._enable()

    def set_tokens(self, tokens: Tokens) -> None:
        """Paints in the theme's colours."""
        self._list.setItemDelegate(MaskRow(self._list, tokens))
        self._save.setIcon(icon("add", tokens))
        for name, button in self._buttons.items():
            button.setIcon(icon(_DONE_WITH_MASK[name][0], tokens))

    def refresh(self) -> None:
        """Shows the masks of the picture on the canvas; what was chosen stays chosen."""
        masks = self._named.masks
        if masks == self._shown:
            return
        chosen, row = self.chosen, self._list.currentRow()
        self._shown = masks
        self._list.clear()
        for mask in masks:
            self._list.addItem(self._row(mask))
        same = next((at for at, mask in enumerate(masks) if chosen and mask.file == chosen.file), row)
        self._list.setCurrentRow(max(0, min(same, len(masks) - 1)))
        self._pages.setCurrentIndex(_LIST if masks else _WORDS)
        self._enable()

    def choose(self, mask: SavedMask) -> None:
        """Puts the mark on a mask that is shown."""
        if mask in self._shown:
            self._list.setCurrentRow(self._shown.index(mask))

    def take_focus(self) -> None:
        """Lets the keys work here: on the list, or on what there is while it is empty."""
        (self._list if self._shown else self._save).setFocus()

    @property
    def chosen(self) -> SavedMask | None:
        """The mask that the buttons mean."""
        row = self._list.currentRow()
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 6, 6)
        column.setSpacing(4)
        title = label("Masks", "label")
        title.setIndent(8)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self._save)
        empty = label(_EMPTY, "note", "masksEmpty")
        empty.setWordWrap(True)
        empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        empty.setContentsMargins(8, 4, 8, 4)
        empty.ensurePolished()
        empty.setMinimumHeight(_EMPTY_LINES * empty.fontMetrics().lineSpacing() + 8)
        self._pages = QStackedLayout()
        column.addLayout(head)
        column.addLayout(self._pages, 1)  # first: it shows its pages at once, without a parent as windows
        self._pages.addWidget(self._list)
        self._pages.addWidget(empty)
        self._pages.setCurrentIndex(_WORDS)
        foot = QHBoxLayout()
        foot.setSpacing(2)
        for name, button in self._buttons.items():
            if name == "rename":
                foot.addStretch()
            foot.addWidget(button)
        column.addLayout(foot)
        self.setMinimumWidth(_NARROWEST)

    def _bind(self, session: Session) -> None:
        self._save.clicked.connect(self.save_wanted)
        for name, button in self._buttons.items():
            button.clicked.connect(lambda _=False, name=name: self._want(name))
        self._list.asked.connect(self._want)
        self._list.itemDoubleClicked.connect(lambda _: self._want("load"))
        self._list.currentRowChanged.connect(lambda _: self._enable())
        self._named.changed.connect(self.refresh)
        session.current_changed.connect(self.refresh)
        session.tray_changed.connect(self._picture_changed)
        self._session = session

    def _picture_changed(self) -> None:
        self.refresh()
        self._enable()
        kept = {mask.file for item in self._session.tray for mask in item.shelf.masks}
        self._pictures = {file: picture for file, picture in self._pictures.items() if file in kept}

    def _enable(self) -> None:
        self._save.setEnabled(self._session.current is not None)
        for button in self._buttons.values():
            button.setEnabled(self.chosen is not None)

    def _want(self, name: str) -> None:
        if self.chosen is not None:
            self.wanted.emit(name, self.chosen)

    def _row(self, mask: SavedMask) -> QListWidgetItem:
        item = QListWidgetItem(visible(mask.name))
        share = share_words(mask.fraction)
        item.setData(SHARE, share)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, visible(f"{mask.name}, {share} of the picture"))
        item.setToolTip(tip(mask.name))
        item.setData(PICTURE, self._pictures.get(mask.file))
        if mask.file not in self._pictures:
            self._pictures[mask.file] = None
            self._thumbnails.load(mask.png, THUMBNAIL.width() * 2, lambda made: self._got(mask.file, made))
        return item

    def _got(self, file: str, picture: QPixmap | None) -> None:
        self._pictures[file] = picture
        for row, mask in enumerate(self._shown):
            if mask.file == file:
                self._list.item(row).setData(PICTURE, picture)


class _List(QListWidget):
    """``asked`` carries what a key asks for."""

    asked = Signal(str)

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap
        self.setObjectName("masksList")
        self.setAccessibleName("Masks saved with this picture")
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def event(self, event: QEvent) -> bool:
        """With the focus here its own keys come before those of the window."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._asked(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = self._asked(event)
        if name:
            self.asked.emit(name)
        else:
            super().keyPressEvent(event)

    def _asked(self, event: QKeyEvent) -> str:
        """What a key asks for; ``+`` and ``*`` need Shift on some keyboards."""
        return self._keymap.matches(event, "masks", any_shift=True).removesuffix("_saved")


def _button(name: str, words: str) -> QToolButton:
    made = QToolButton()
    made.setObjectName(name)
    made.setAccessibleName(words)
    made.setToolTip(words)
    made.setFixedSize(_BUTTON, _BUTTON)
    made.setIconSize(QSize(18, 18))
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return made
