"""A question with two answers, opened and awaited."""

import asyncio

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from overpaint.ui.widgets.labels import label

_WIDTH = 420


async def ask(parent: QWidget, title: str, words: str, yes: str) -> bool:
    """Whether the user chose ``yes``; closing the question, or Esc, is a no. No is the default button."""
    answered: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    dialog = _dialog(parent, title, words, yes)
    dialog.finished.connect(lambda code: None if answered.done() else answered.set_result(bool(code)))
    dialog.open()
    try:
        return await answered
    finally:
        dialog.deleteLater()


def _dialog(parent: QWidget, title: str, words: str, yes: str) -> QDialog:
    dialog = QDialog(parent)
    dialog.setObjectName("askDialog")
    dialog.setAccessibleDescription(words)
    dialog.setWindowTitle(title)
    dialog.setMinimumWidth(_WIDTH)
    buttons = QDialogButtonBox()
    go = buttons.addButton(yes, QDialogButtonBox.ButtonRole.AcceptRole)
    go.setObjectName("askYes")
    stay = buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
    stay.setObjectName("askNo")
    stay.setDefault(True)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    text = label(words, "dim", "askWords")
    text.setWordWrap(True)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(22, 20, 22, 16)
    column.setSpacing(10)
    column.addWidget(label(title, "title"))
    column.addWidget(text)
    column.addSpacing(8)
    column.addWidget(buttons)
    stay.setFocus()
    return dialog
