"""The dialogs of presets: a name for a new one, and the list in which they are changed and exchanged."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from overpaint.core.foreign_words import visible
from overpaint.library.lists.preset_store import LONGEST_NAME, Presets, tidy
from overpaint.ui.actions.keymap import Keymap
from overpaint.ui.actions.standard_keys import undoes
from overpaint.ui.dialogs.awaited import answer
from overpaint.ui.dialogs.question import question
from overpaint.ui.widgets.labels import label
from overpaint.ui.widgets.literal import tip

_NAME = Qt.ItemDataRole.UserRole
_KEPT = "The prompt and every parameter are kept. Pictures, masks and keys are not."
_HINT = "{presets_rename} renames · {presets_remove} removes"


async def ask_for_name(parent: QWidget, suggested: str) -> str | None:
    """A name for a preset; None when the dialog was left."""
    buttons = QDialogButtonBox()
    save = buttons.addButton("Save", QDialogButtonBox.ButtonRole.AcceptRole)
    save.setObjectName("presetNameSave")
    save.setDefault(True)
    leave = buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
    leave.setObjectName("presetNameCancel")
    dialog = question(parent, "presetName", "Save as preset", _KEPT, buttons)
    edit = QLineEdit(suggested)
    edit.setObjectName("presetNameEdit")
    edit.setAccessibleName("Name of the preset")
    edit.setMaxLength(LONGEST_NAME)
    edit.textChanged.connect(lambda text: save.setEnabled(bool(tidy(text))))
    column = dialog.layout()
    if isinstance(column, QVBoxLayout):
        column.insertWidget(2, edit)
    edit.selectAll()
    edit.setFocus()
    save.setEnabled(bool(tidy(suggested)))
    return tidy(edit.text()) if await answer(dialog) else None


class PresetDialog(QDialog):
    """``renamed`` carries the old and the new name, ``removed`` names, ``export_wanted`` the names that are
    selected (none: all); ``undo_wanted`` asks for those back that were removed last."""

    renamed = Signal(str, str)
    removed = Signal(list)
    undo_wanted = Signal()
    import_wanted = Signal()
    export_wanted = Signal(list)

    def __init__(self, parent: QWidget, keymap: Keymap) -> None:
        super().__init__(parent)
        self._keymap = keymap
        self.setObjectName("presetDialog")
        self.setWindowTitle("Presets")
        self.resize(420, 380)
        self._list = QListWidget()
        self._list.setObjectName("presetList")
        self._list.setAccessibleName("Presets")
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        triggers = QAbstractItemView.EditTrigger
        self._list.setEditTriggers(triggers.DoubleClicked)
        self._foot = label(keymap.in_words(_HINT), "note", "presetFoot")
        self._foot.setWordWrap(True)
        self._undo = _button("Undo", "presetUndo")
        self._undo.setProperty("role", "link")
        self._undo.setAccessibleName("Undo: bring the preset back")
        self._undo.hide()
        self._rename = _button("Rename", "presetRename")
        self._remove = _button("Remove", "presetRemove")
        self._import = _button("Import…", "presetImport")
        self._export = _button("Export all…", "presetExport")
        self._close = _button("Close", "presetClose")
        self._lay_out()
        self._connect()

    def show_presets(self, presets: Presets, select: str = "") -> None:
        """Shows the presets as they are now; the selection stays, or is the one of that name."""
        row, chosen = self._list.currentRow(), {select} if select else set(self._selected())
        self._list.blockSignals(True)
        self._list.clear()
        for preset in presets:
            item = QListWidgetItem(visible(preset.name, longest=2 * LONGEST_NAME))
            item.setData(_NAME, preset.name)
            item.setToolTip(tip(preset.params.prompt))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self._list.addItem(item)
        self._list.setCurrentRow(max(0, min(row, len(presets) - 1)))
        self._list.clearSelection()
        for at in range(self._list.count()):
            if self._list.item(at).data(_NAME) in chosen:
                self._list.setCurrentRow(at)
        self._list.blockSignals(False)
        self._able()

    def say(self, words: str, *, undo: bool = False, bad: bool = False) -> None:
        """Words at the foot; with a link where the last removal can be undone."""
        self._foot.setText(words or self._keymap.in_words(_HINT))
        self._foot.setProperty("role", "problem" if bad else "note")
        self._foot.style().unpolish(self._foot)
        self._foot.style().polish(self._foot)
        self._undo.setVisible(undo)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the list: rename, remove, and bring back what was removed."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            works = {"presets_remove": self._remove_selected, "presets_rename": self._rename_current}
            if (work := works.get(self._keymap.matches(event, "presets"))) is not None:
                work()
                return True
            if undoes(event) and self._undo.isVisible():
                self.undo_wanted.emit()
                return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        acts = QHBoxLayout()
        acts.setSpacing(8)
        for button in (self._rename, self._remove, self._import, self._export):
            acts.addWidget(button)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._foot, 1)
        foot.addWidget(self._undo)
        foot.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(10)
        column.addWidget(self._list, 1)
        column.addLayout(acts)
        column.addLayout(foot)

    def _connect(self) -> None:
        self._list.installEventFilter(self)
        self._list.itemChanged.connect(self._edited)
        self._list.itemSelectionChanged.connect(self._able)
        self._rename.clicked.connect(self._rename_current)
        self._remove.clicked.connect(self._remove_selected)
        self._import.clicked.connect(self.import_wanted)
        self._export.clicked.connect(lambda: self.export_wanted.emit(self._selected()))
        self._undo.clicked.connect(self.undo_wanted)
        self._close.clicked.connect(self.accept)

    def _selected(self) -> list[str]:
        return [item.data(_NAME) for item in self._list.selectedItems()]

    def _able(self) -> None:
        chosen = len(self._selected())
        self._rename.setEnabled(chosen == 1)
        self._remove.setEnabled(chosen > 0)
        self._export.setEnabled(self._list.count() > 0)
        self._export.setText(f"Export {chosen}…" if chosen else "Export all…")
        self._export.setAccessibleName(self._export.text())

    def _edited(self, item: QListWidgetItem) -> None:
        self.renamed.emit(item.data(_NAME), item.text())

    def _rename_current(self) -> None:
        if (item := self._list.currentItem()) is not None:
            self._list.editItem(item)

    def _remove_selected(self) -> None:
        if names := self._selected():
            self.removed.emit(names)


def _button(words: str, name: str) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setAccessibleName(words)
    button.setAutoDefault(False)
    return button
