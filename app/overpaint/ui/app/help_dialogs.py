"""What the program is, and the keys of its acts, each in a small window of its own."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QVBoxLayout, QWidget

from overpaint import __version__
from overpaint.ui.actions.registry import Action
from overpaint.ui.widgets.labels import label

_ON_CANVAS = (
    ("Brush size", "[  ]"),
    ("Brush hardness", "Shift+[  ]"),
    ("Brush opacity (50 % while rotated: 50)", "0-9"),
    ("Size and hardness by hand", "Alt+right-drag"),
    ("Swap brush and eraser", "X"),
    ("Straight line", "Shift+click"),
    ("Erase with the brush", "Right-drag"),
    ("Pan", "Space-drag"),
    ("Zoom at the pointer", "Wheel"),
    ("Rotate the view", "R-drag, Shift+Space-drag"),
    ("Rotate in steps of 15°", "Ctrl while rotating"),
    ("Reset the rotation", "5 while it is rotated"),
    ("See the picture before", "Hold \\"),
    ("Picture 1 to 9", "Alt+1-9"),
)


def show_keys(parent: QWidget, actions: Sequence[Action]) -> QDialog:
    """Every action that has keys, with the first of them."""
    rows = [(act.words, _spelled(act.keys[0])) for act in actions if act.keys]
    dialog = _dialog(parent, "Keys", "keysDialog")
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(5)
    everything = [*rows, *_ON_CANVAS]
    half = -(-len(everything) // 2)
    for at, (words, keys) in enumerate(everything):
        row, column = at % half, 2 * (at // half)
        grid.addWidget(label(words, "dim"), row, column)
        cap = label(keys, "note", "keyCap")
        grid.addWidget(cap, row, column + 1, Qt.AlignmentFlag.AlignLeft)
    _finish(dialog, grid)
    return dialog


def show_about(parent: QWidget, words: str) -> QDialog:
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
    return dialog


def _dialog(parent: QWidget, title: str, name: str) -> QDialog:
    dialog = QDialog(parent)
    dialog.setObjectName(name)
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog


def _finish(dialog: QDialog, grid: QGridLayout) -> None:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(22, 20, 22, 16)
    column.setSpacing(18)
    column.addLayout(grid)
    column.addWidget(buttons)
    dialog.open()


def _spelled(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
