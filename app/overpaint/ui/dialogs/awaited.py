"""The one way to open a dialog, and to wait for its answer.

Qt gives the focus back to the field that had it once the window below is active again.
"""

import asyncio

from PySide6.QtWidgets import QDialog
from shiboken6 import isValid

from overpaint.ui.dialogs.screen_fit import fit_into_screen


async def answer(dialog: QDialog) -> int:
    """Opens a dialog and waits for the code that it ends with: 0 when it was left, or went with its parent.

    The dialog is gone soon after: what was typed into it is read at once. It closes when the waiting task is
    cancelled, as every task is when the program ends.
    """
    answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def end(code: int) -> None:
        if not answered.done():
            answered.set_result(code)

    dialog.finished.connect(end)
    dialog.destroyed.connect(lambda: end(0))
    fit_into_screen(dialog)
    dialog.open()
    try:
        return await answered
    finally:
        if isValid(dialog):
            if dialog.isVisible():
                dialog.reject()
            dialog.deleteLater()


def show(dialog: QDialog) -> None:
    """Opens a dialog that nobody waits for; it is gone once it was closed."""
    dialog.finished.connect(dialog.deleteLater)
    fit_into_screen(dialog)
    dialog.open()
