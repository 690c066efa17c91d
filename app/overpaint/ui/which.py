"""A question with several answers, opened and awaited."""

import asyncio
from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from overpaint.ui.widgets.labels import label

_WIDTH = 420


async def ask_which(parent: QWidget, title: str, words: str, answers: Sequence[str]) -> int | None:
    """The number of the answer that the user chose; None when the question was left."""
    answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    dialog = QDialog(parent)
    dialog.setObjectName("whichDialog")
    dialog.setAccessibleDescription(words)
    dialog.setWindowTitle(title)
    dialog.setMinimumWidth(_WIDTH)
    buttons = QDialogButtonBox()
    for at, answer in enumerate(answers):
        button = buttons.addButton(answer, QDialogButtonBox.ButtonRole.ActionRole)
        button.setObjectName(f"which{at}")
        button.clicked.connect(lambda _=False, at=at: dialog.done(at + 1))
    leave = buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
    leave.setObjectName("whichNone")
    buttons.rejected.connect(dialog.reject)
    text = label(words, "dim", "whichWords")
    text.setWordWrap(True)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(22, 20, 22, 16)
    column.setSpacing(10)
    column.addWidget(label(title, "title"))
    column.addWidget(text)
    column.addSpacing(8)
    column.addWidget(buttons)
    dialog.finished.connect(lambda code: None if answered.done() else answered.set_result(code))
    dialog.open()
    try:
        code = await answered
        return code - 1 if code else None
    finally:
        dialog.deleteLater()
