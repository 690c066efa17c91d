"""What the program is, and the keys of its actions, each in a small window of its own."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QVBoxLayout, QWidget

from overpaint import __version__
from overpaint.ui.actions.key_table import gestures, rows
from overpaint.ui.actions.registry import ActionRegistry
from overpaint.ui.dialogs.awaited import show
from overpaint.ui.widgets.labels import label

_SCOPES = ("window", "elsewhere", "elsewhere results", "canvas", "canvas rotated", "tray", "runs")
_COLUMNS = 3


def show_keys(parent: QWidget, actions: ActionRegistry) -> None:
    """Every action of the window with its key, and what mouse and pen do."""
    dialog = _dialog(parent, "Keys", "keysDialog")
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(5)
    keymap = actions.keymap
    everything = [*rows(actions.declared, keymap, _SCOPES), *gestures(keymap)]
    height = -(-len(everything) // _COLUMNS)
    for at, (words, keys) in enumerate(everything):
        row, column = at % height, 2 * (at // height)
        grid.addWidget(label(words, "dim"), row, column)
        cap = label(keys[0], "note", "keyCap")
        grid.addWidget(cap, row, column + 1, Qt.AlignmentFlag.AlignLeft)
    _finish(dialog, grid)


def show_about(parent: QWidget, words: str) -> None:
    """Name, version, licence, and ``words`` about where things are kept."""
    dialog = _dialog(parent, "About Overpaint", "aboutDialog")
    grid = QGridLayout()
    grid.setVerticalSpacing(8)
    title = label(f"Overpaint {__version__}", "title")
    for row, line in enumerate((title, label("Free under the MIT licence.", "dim"), label(words, "dim"))):
        line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        line.setWordWrap(True)
        grid.addWidget(line, row, 0)
    dialog.setMinimumWidth(440)
    _finish(dialog, grid)


def _dialog(parent: QWidget, title: str, name: str) -> QDialog:
    dialog = QDialog(parent)
    dialog.setObjectName(name)
    dialog.setWindowTitle(title)
    return dialog


def _finish(dialog: QDialog, grid: QGridLayout) -> None:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(22, 20, 22, 16)
    column.setSpacing(18)
    column.addLayout(grid)
    column.addWidget(buttons)
    show(dialog)
