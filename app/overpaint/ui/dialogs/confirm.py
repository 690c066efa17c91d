"""Questions that are opened and awaited: one with a yes and a no, and what every question looks like."""

import asyncio

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from overpaint.ui.widgets.labels import label

_WIDTH = 420


async def confirm(parent: QWidget, title: str, words: str, yes: str) -> bool:
    """Whether the user chose ``yes``; closing the question, or Esc, is a no. No is the default button."""
    buttons = QDialogButtonBox()
    go = buttons.addButton(yes, QDialogButtonBox.ButtonRole.AcceptRole)
    go.setObjectName("askYes")
    stay = buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
    stay.setObjectName("askNo")
    stay.setDefault(True)
    dialog = question(parent, "ask", title, words, buttons)
    stay.setFocus()
    return bool(await answer(dialog))


def question(parent: QWidget, name: str, title: str, words: str, buttons: QDialogButtonBox) -> QDialog:
    """A dialog that asks something; its buttons accept and reject it."""
    dialog = QDialog(parent)
    dialog.setObjectName(f"{name}Dialog")
    dialog.setAccessibleDescription(words)
    dialog.setWindowTitle(title)
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


async def answer(dialog: QDialog) -> int:
    """Opens a question and waits for the code that it ends with: 0 when it was left."""
    answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    dialog.finished.connect(lambda code: None if answered.done() else answered.set_result(code))
    dialog.open()
    try:
        return await answered
    finally:
        dialog.deleteLater()
