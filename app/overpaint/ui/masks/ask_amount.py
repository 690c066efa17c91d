"""A number asked for in a small window, opened and awaited."""

import asyncio
from dataclasses import dataclass

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from overpaint.ui.tools.options.selection_options import MAX_FEATHER
from overpaint.ui.widgets.fields.number_field import NumberField
from overpaint.ui.widgets.labels import label

_WIDTH = 280


@dataclass(frozen=True, slots=True)
class Amount:
    """What is asked: ``title`` is the act, ``words`` say what the number means, ``unit`` follows it."""

    title: str
    words: str
    low: int
    high: int
    unit: str = " px"


AMOUNTS = {
    "grow_mask": Amount("Grow mask", "Move the edge outwards by", 1, 500),
    "shrink_mask": Amount("Shrink mask", "Move the edge inwards by", 1, 500),
    "feather_mask": Amount("Feather mask", "Soften the edge to either side by", 1, MAX_FEATHER),
    "smooth_mask": Amount("Smooth mask", "Even out bumps and notches up to", 1, 127),
    "fill_holes": Amount("Fill holes", "Fill holes in the mask of at most", 1, 10_000_000, " pixels"),
    "remove_specks": Amount("Remove specks", "Take away pieces of at most", 1, 10_000_000, " pixels"),
}
"""The changes that ask for an amount, by the ids of their actions."""


async def ask_amount(parent: QWidget, amount: Amount, value: int) -> int | None:
    """The number that the user chose, beginning with ``value``; None when the window was left."""
    answered: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    field = NumberField(amount.low, amount.high, value, whole=True)
    field.spin.setObjectName("amountValue")
    field.spin.setAccessibleName(amount.words)
    field.spin.setSuffix(amount.unit)
    dialog = _dialog(parent, amount, field)
    dialog.finished.connect(lambda code: None if answered.done() else answered.set_result(bool(code)))
    dialog.open()
    field.spin.setFocus()
    field.spin.selectAll()
    try:
        return int(field.spin.value()) if await answered else None
    finally:
        dialog.deleteLater()


def _dialog(parent: QWidget, amount: Amount, field: NumberField) -> QDialog:
    dialog = QDialog(parent)
    dialog.setObjectName("amountDialog")
    dialog.setWindowTitle(amount.title)
    dialog.setMinimumWidth(_WIDTH)
    buttons = QDialogButtonBox()
    apply = buttons.addButton(amount.title, QDialogButtonBox.ButtonRole.AcceptRole)
    apply.setObjectName("amountApply")
    apply.setDefault(True)
    leave = buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
    leave.setObjectName("amountCancel")
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(20, 16, 20, 14)
    column.setSpacing(8)
    column.addWidget(label(amount.words, "dim"))
    column.addWidget(field)
    column.addSpacing(6)
    column.addWidget(buttons)
    return dialog
