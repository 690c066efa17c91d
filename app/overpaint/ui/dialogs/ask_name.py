"""A name asked for in a small window."""

from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from overpaint.ui.dialogs.awaited import answer
from overpaint.ui.dialogs.question import question

_ABOVE_BUTTONS = 2


async def ask_name(parent: QWidget, title: str, words: str, name: str, longest: int) -> str | None:
    """The name that the user typed, beginning with ``name``, of at most ``longest`` characters; None when the
    window was left. It can't be empty."""
    buttons = QDialogButtonBox()
    go = buttons.addButton(title, QDialogButtonBox.ButtonRole.AcceptRole)
    go.setObjectName("nameApply")
    go.setDefault(True)
    leave = buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
    leave.setObjectName("nameCancel")
    dialog = question(parent, "name", title, words, buttons)
    edit = QLineEdit(name)
    edit.setObjectName("nameValue")
    edit.setAccessibleName("Name")
    edit.setMaxLength(longest)
    edit.textChanged.connect(lambda text: go.setEnabled(bool(text.strip())))
    column = dialog.layout()
    if isinstance(column, QVBoxLayout):
        column.insertWidget(_ABOVE_BUTTONS, edit)
    edit.selectAll()
    edit.setFocus()
    return edit.text() if await answer(dialog) else None
