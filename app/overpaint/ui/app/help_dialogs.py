"""What the program is, and the keys of its actions, each in a small window of its own."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QVBoxLayout, QWidget

from overpaint import __version__
from overpaint.ui.actions.key_table import Row, by_purpose
from overpaint.ui.actions.registry import ActionRegistry
from overpaint.ui.dialogs.awaited import show
from overpaint.ui.widgets.labels import label

_SCOPES = ("window", "elsewhere", "elsewhere results", "canvas", "canvas rotated", "tray", "runs")
_COLUMNS = 3


def show_keys(parent: QWidget, actions: ActionRegistry) -> None:
    """Every action of the window with its key, and what mouse and pen do."""
    dialog = _dialog(parent, "Keyboard shortcuts", "keysDialog")
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(4)
    sections = by_purpose(actions.declared, actions.keymap, _SCOPES)
    height = -(-sum(len(found) + 1 for found in sections.values()) // _COLUMNS)
    row = column = 0
    for purpose, found in sections.items():
        if row and row + len(found) / 2 > height and column < 2 * (_COLUMNS - 1):
            row, column = 0, column + 2
        row = _add_section(grid, row, column, purpose, found)
    _finish(dialog, grid)


def _add_section(grid: QGridLayout, row: int, column: int, title: str, found: Sequence[Row]) -> int:
    """A heading with its lines below it; the row after them."""
    grid.addWidget(label(title, "label"), row, column, 1, 2, Qt.AlignmentFlag.AlignBottom)
    for at, (words, keys) in enumerate(found, row + 1):
        grid.addWidget(label(words, "dim"), at, column)
        grid.addWidget(label(keys[0], "note", "keyCap"), at, column + 1, Qt.AlignmentFlag.AlignLeft)
    return row + 1 + len(found)


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
