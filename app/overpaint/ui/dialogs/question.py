"""What every question looks like: its title, its words, and its buttons below."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from overpaint.core.foreign_words import visible
from overpaint.ui.widgets.labels import label

_WIDTH = 420


def question(parent: QWidget, name: str, title: str, words: str, buttons: QDialogButtonBox) -> QDialog:
    """A dialog that asks something; its buttons accept and reject it."""
    dialog = QDialog(parent)
    dialog.setObjectName(f"{name}Dialog")
    dialog.setAccessibleDescription(visible(words, lines=True))
    dialog.setWindowTitle(visible(title))
    dialog.setMinimumWidth(_WIDTH)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    text = label(words, "dim", f"{name}Words")
    text.setWordWrap(True)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(22, 20, 22, 16)
    column.setSpacing(10)
    column.addWidget(label(title, "title"))
    column.addWidget(text)
    column.addSpacing(8)
    column.addWidget(buttons)
    return dialog
