"""A question with a yes and a no."""

from PySide6.QtWidgets import QDialogButtonBox, QWidget

from overpaint.ui.dialogs.awaited import answer
from overpaint.ui.dialogs.question import question


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
