"""The pictures that a name being typed may mean: a list under the cursor; the focus stays in the text."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from overpaint.core.foreign_words import visible

_ROW = 34
_SHOWN = 6
_PICTURE = 28
_GAP = 4

Look = Callable[[str, Callable[[QPixmap | None], object]], object]
"""Asks for the thumbnail of the picture of a name; it may come later."""


class NameList(QListWidget):
    """``accepted`` carries the name that was clicked, or chosen by :meth:`accept`."""

    accepted = Signal(str)

    def __init__(self, edit: QWidget) -> None:
        super().__init__(edit)
        self.setObjectName("pictureNames")
        self.setAccessibleName("Pictures of the tray")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setProperty("role", "popup")
        self.setIconSize(QSize(_PICTURE, _PICTURE))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._edit = edit
        self._look: Look | None = None
        self.itemClicked.connect(lambda item: self._take(item))
        self.hide()

    def show_pictures_by(self, look: Look) -> None:
        """Where thumbnails come from."""
        self._look = look

    def offer(self, names: Sequence[str], order: Sequence[str], under: int) -> None:
        """Shows names below a line of the text, whose lower edge is given, as wide as the field; their number
        in the tray's ``order`` before them."""
        if names != self.names:
            self.clear()
            for name in names:
                self.addItem(self._row(name, order.index(name) + 1))
            self.setCurrentRow(0)
        window = self._edit.window()
        if self.parent() is not window:
            self.setParent(window)
        self.resize(self._edit.width(), min(len(names), _SHOWN) * _ROW + 2 * self.frameWidth())
        self._place(under, window)
        self.show()
        self.raise_()
        self._announce()

    @property
    def names(self) -> list[str]:
        """The names that are offered, from top to bottom."""
        return [self.item(at).data(Qt.ItemDataRole.UserRole) for at in range(self.count())]

    def step(self, by: int) -> None:
        """Moves to another name, round the ends."""
        self.setCurrentRow((self.currentRow() + by) % self.count())
        self._announce()

    def accept(self) -> None:
        """Chooses the current name."""
        self._take(self.currentItem())

    def _take(self, item: QListWidgetItem) -> None:
        self.hide()
        self.accepted.emit(item.data(Qt.ItemDataRole.UserRole))

    def _row(self, name: str, number: int) -> QListWidgetItem:
        row = QListWidgetItem(visible(f"{number}   {name}"))
        row.setData(Qt.ItemDataRole.UserRole, name)
        row.setSizeHint(QSize(0, _ROW))
        blank = QPixmap(_PICTURE, _PICTURE)
        blank.fill(Qt.GlobalColor.transparent)
        row.setIcon(QIcon(blank))
        if self._look is not None:
            self._look(name, lambda picture: self._show_picture(name, picture))
        return row

    def _show_picture(self, name: str, picture: QPixmap | None) -> None:
        if picture is not None and name in (names := self.names):
            self.item(names.index(name)).setIcon(QIcon(picture))

    def _place(self, under: int, window: QWidget) -> None:
        """Below the line, or above it where the window ends."""
        at = self._edit.mapTo(window, QPoint(0, under))
        line = self._edit.fontMetrics().height() + 2 * _GAP
        below = at.y() + _GAP
        top = below if below + self.height() <= window.height() - 4 else at.y() - line - self.height()
        self.move(at.x(), max(4, top))

    def _announce(self) -> None:
        """Tells assistive tools, as the focus stays in the text."""
        words = f"{self.currentItem().text()}, {self.currentRow() + 1} of {self.count()}"
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # loads here, with its enums

        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._edit, words))
