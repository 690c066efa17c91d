"""Keys that mean the same in every widget of every program, and so belong to no action."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from overpaint.ui.actions.keymap import spelled

_CONFIRMING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ROWS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}

CONFIRM = spelled("Return")
"""The key that ends what is typed, in words."""


def confirms(event: QKeyEvent) -> bool:
    """Takes what is typed or chosen."""
    return event.key() in _CONFIRMING


def presses(event: QKeyEvent) -> bool:
    """Does what a click would do on what has the focus."""
    return event.key() in (*_CONFIRMING, Qt.Key.Key_Space)


def cancels(event: QKeyEvent) -> bool:
    """Closes, or leaves as it was."""
    return event.key() == Qt.Key.Key_Escape


def erases_back(event: QKeyEvent) -> bool:
    """Takes the character before the cursor away."""
    return event.key() == Qt.Key.Key_Backspace


def undoes(event: QKeyEvent) -> bool:
    """Takes back what was done in a text or a list."""
    return event.matches(QKeySequence.StandardKey.Undo)


def rows(event: QKeyEvent) -> int:
    """How many rows an arrow key leads down; 0 for every other key."""
    return _ROWS.get(Qt.Key(event.key()), 0)
