"""The prompts that were sent, to be searched, starred, forgotten and taken again."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from overpaint.core.foreign_words import visible
from overpaint.library.lists.prompt_store import Prompt, matching, with_star
from overpaint.ui.actions.keymap import Keymap
from overpaint.ui.actions.standard_keys import confirms, erases_back, rows, undoes
from overpaint.ui.widgets.labels import label
from overpaint.ui.widgets.literal import tip
from overpaint.ui.widgets.popup import Popup

_WIDTH = 380
_ROW = 46
_ROWS = 5
_TEXT = Qt.ItemDataRole.UserRole
_MOST_SHOWN = 300
_HINT = "{prompts_take} takes · {prompts_star} stars · {prompts_remove} removes"


class HistoryPopup(Popup):
    """``taken`` carries the prompt that was chosen, ``starred`` one with its star on or off, ``removed`` one
    to be forgotten; ``undo_wanted`` asks for the last one back."""

    taken = Signal(str)
    starred = Signal(str, bool)
    removed = Signal(str)
    undo_wanted = Signal()

    def __init__(self, parent: QWidget, keymap: Keymap) -> None:
        super().__init__(parent, "promptHistory", "Earlier prompts")
        self._keymap = keymap
        self._prompts: Sequence[Prompt] = ()
        self._star_clicked = False
        self._search = QLineEdit()
        self._search.setObjectName("historySearch")
        self._search.setAccessibleName("Search earlier prompts")
        self._search.setPlaceholderText("Search earlier prompts")
        self._search.setClearButtonEnabled(True)
        self._list = QListWidget()
        self._list.setObjectName("historyList")
        self._list.setAccessibleName("Earlier prompts")
        self._list.setWordWrap(True)
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._foot: QLabel = label(keymap.in_words(_HINT), "note", "historyFoot")
        self._undo = QPushButton("Undo")
        self._undo.setObjectName("historyUndo")
        self._undo.setAccessibleName("Undo: bring the prompt back")
        self._undo.setProperty("role", "link")
        self.setFixedWidth(_WIDTH)
        self._list.setFixedHeight(_ROWS * _ROW)
        self._lay_out()
        self._search.textChanged.connect(lambda _: self._fill())
        self._search.installEventFilter(self)
        self._list.installEventFilter(self)
        self._list.itemClicked.connect(self._clicked)
        self._list.itemChanged.connect(self._star_changed)
        self._undo.clicked.connect(self._undone)

    def open_with(self, anchor: QWidget, prompts: Sequence[Prompt]) -> None:
        """Opens below a button, with everything to be seen and the search ready for typing."""
        self._search.clear()
        self._say_keys()
        self.show_prompts(prompts)
        self.open_below(anchor)
        self._search.setFocus()

    def show_prompts(self, prompts: Sequence[Prompt]) -> None:
        """Shows the prompts as they are now; the current row stays in its place."""
        self._prompts = prompts
        row = self._list.currentRow()
        self._fill()
        if self._list.count():
            self._list.setCurrentRow(max(0, min(row, self._list.count() - 1)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the list, and those of the search that lead into it."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if undoes(event) and self._undo.isVisible():
            self._undone()
            return True
        if watched is self._search:
            return self._key_in_search(event)
        return self._key_in_list(event)

    def _lay_out(self) -> None:
        self.column.setContentsMargins(10, 10, 10, 8)
        self.column.setSpacing(6)
        self.column.addWidget(self._search)
        self.column.addWidget(self._list, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(4, 0, 4, 0)
        foot.addWidget(self._foot, 1)
        foot.addWidget(self._undo)
        self.column.addLayout(foot)

    # --- the list

    def _fill(self) -> None:
        found = matching(self._prompts, self._search.text())[:_MOST_SHOWN]
        self._list.blockSignals(True)
        self._list.clear()
        for one in found:
            self._list.addItem(_row(one))
        self._list.setCurrentRow(0)
        self._list.blockSignals(False)
        if not found:
            self._foot.setText("No prompt holds these words." if self._prompts else "No prompt was sent yet.")
            self._undo.hide()
        elif not self._undo.isVisible():
            self._say_keys()

    def _say_keys(self) -> None:
        self._foot.setText(self._keymap.in_words(_HINT))
        self._undo.hide()

    def _take(self) -> None:
        if (item := self._list.currentItem()) is not None:
            self.close()
            self.taken.emit(item.data(_TEXT))

    def _clicked(self, item: QListWidgetItem) -> None:
        """A click takes the prompt, save one on its star, of which the list has told just before."""
        on_star, self._star_clicked = self._star_clicked, False
        if not on_star:
            self._take()

    def _star_changed(self, item: QListWidgetItem) -> None:
        self._star_clicked = True
        self._tell_star(item)

    def _toggle_star(self) -> None:
        if (item := self._list.currentItem()) is not None:
            on = item.checkState() == Qt.CheckState.Checked
            self._list.blockSignals(True)
            item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)
            self._list.blockSignals(False)
            self._list.viewport().update()
            self._tell_star(item)

    def _tell_star(self, item: QListWidgetItem) -> None:
        """The rows keep their places, so that the list doesn't jump under the hand."""
        text, on = item.data(_TEXT), item.checkState() == Qt.CheckState.Checked
        self._prompts = with_star(tuple(self._prompts), text, on)
        self.starred.emit(text, on)

    def _remove(self) -> None:
        if (item := self._list.currentItem()) is not None:
            self.removed.emit(item.data(_TEXT))
            self._foot.setText("Prompt removed.")
            self._undo.show()

    def _undone(self) -> None:
        self._say_keys()
        self.undo_wanted.emit()

    # --- keys

    def _key_in_search(self, event: QKeyEvent) -> bool:
        if confirms(event):
            self._take()
        elif rows(event) > 0:
            self._list.setFocus()
        else:
            return False
        return True

    def _key_in_list(self, event: QKeyEvent) -> bool:
        works = {
            "prompts_take": self._take,
            "prompts_star": self._toggle_star,
            "prompts_remove": self._remove,
        }
        if (work := works.get(self._keymap.matches(event, "prompts"))) is not None:
            work()
        elif erases_back(event):
            self._search.setFocus()
            self._search.backspace()
        elif rows(event) < 0 and self._list.currentRow() <= 0:
            self._search.setFocus()
        elif event.text().isprintable() and event.text():
            self._search.setFocus()
            self._search.insert(event.text())
        else:
            return False
        return True


def _row(prompt: Prompt) -> QListWidgetItem:
    row = QListWidgetItem(visible(" ".join(prompt.text[:400].split())))
    row.setData(_TEXT, prompt.text)
    row.setToolTip(tip(prompt.text))
    row.setSizeHint(QSize(0, _ROW))
    row.setFlags(row.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    row.setCheckState(Qt.CheckState.Checked if prompt.starred else Qt.CheckState.Unchecked)
    return row
