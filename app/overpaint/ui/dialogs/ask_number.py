"""A number asked for in a small window."""

from dataclasses import dataclass

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from overpaint.ui.dialogs.awaited import answer
from overpaint.ui.widgets.fields.number_field import NumberField
from overpaint.ui.widgets.labels import label

_WIDTH = 280


@dataclass(frozen=True, slots=True)
class NumberAsked:
    """What is asked: ``title`` is what will be done, ``words`` say what the number means, from ``low`` to
    ``high``; ``unit`` follows it."""

    title: str
    words: str
    low: int
    high: int
    unit: str = " px"


async def ask_number(parent: QWidget, asked: NumberAsked, value: int) -> int | None:
    """The number that the user chose, beginning with ``value``; None when the window was left."""
    field = NumberField(asked.low, asked.high, value, whole=True)
    field.spin.setObjectName("numberValue")
    field.spin.setAccessibleName(asked.words)
    field.spin.setSuffix(asked.unit)
    dialog = _dialog(parent, asked, field)
    field.spin.setFocus()
    field.spin.selectAll()
    return int(field.spin.value()) if await answer(dialog) else None


def _dialog(parent: QWidget, asked: NumberAsked, field: NumberField) -> QDialog:
    dialog = QDialog(parent)
    dialog.setObjectName("numberDialog")
    dialog.setWindowTitle(asked.title)
    dialog.setMinimumWidth(_WIDTH)
    buttons = QDialogButtonBox()
    apply = buttons.addButton(asked.title, QDialogButtonBox.ButtonRole.AcceptRole)
    apply.setObjectName("numberApply")
    apply.setDefault(True)
    leave = buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
    leave.setObjectName("numberCancel")
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(20, 16, 20, 14)
    column.setSpacing(8)
    column.addWidget(label(asked.words, "dim"))
    column.addWidget(field)
    column.addSpacing(6)
    column.addWidget(buttons)
    return dialog
