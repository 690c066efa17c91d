"""A question with several answers."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialogButtonBox, QWidget

from overpaint.ui.dialogs.awaited import answer
from overpaint.ui.dialogs.question import question
from overpaint.ui.widgets.literal import literal


async def choose(parent: QWidget, title: str, words: str, answers: Sequence[str]) -> int | None:
    """The number of the answer that the user chose; None when the question was left."""
    buttons = QDialogButtonBox()
    dialog = question(parent, "which", title, words, buttons)
    for at, one in enumerate(answers):
        button = buttons.addButton(literal(one), QDialogButtonBox.ButtonRole.ActionRole)
        button.setObjectName(f"which{at}")
        button.clicked.connect(lambda _=False, at=at: dialog.done(at + 1))
    leave = buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
    leave.setObjectName("whichNone")
    code = await answer(dialog)
    return code - 1 if code else None
