"""The settings, shown as they are declared: title, range and words come from the settings themselves."""

from typing import Any, get_args, get_type_hints

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from overpaint.studio.config.settings import Settings
from overpaint.ui.dialogs.awaited import answer
from overpaint.ui.widgets.fields.calm_combo import CalmCombo
from overpaint.ui.widgets.fields.number_field import NumberField
from overpaint.ui.widgets.fields.titled_field import Field

SHOWN = ("theme", "gallery", "daily_cap", "running_at_once", "undo_megabytes", "keep_metadata")
"""Settings that have no better place in the window than this dialog."""

_MEGABYTE = 1024 * 1024
_Control = QComboBox | NumberField | QLineEdit | QCheckBox


class SettingsDialog(QDialog):
    """``await dialog.ask()`` gives the changed settings by name, or None when it was left.

    ``undo_bytes`` is the memory that undo uses now, ``kept_bytes`` what journal and drafts come to on the
    disk; ``cleared`` asks to remove of that what nothing needs. A cap that isn't known stands there as such,
    and isn't among the answers until a number is typed: saving other settings must not take it for "no cap".
    """

    cleared = Signal()

    def __init__(self, settings: Settings, parent: QWidget, undo_bytes: int = 0, kept_bytes: int = 0) -> None:
        super().__init__(parent)
        self.setObjectName("settingsDialog")
        self.setWindowTitle("Settings")
        self.setMinimumWidth(420)
        self._controls: dict[str, _Control] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 16)
        column.setSpacing(14)
        hints = get_type_hints(Settings, include_extras=True)
        for name in SHOWN:
            kind, meta = get_args(hints[name])[:2]
            control = _control(kind, meta, getattr(settings, name))
            named = control.spin if isinstance(control, NumberField) else control
            named.setObjectName(f"setting_{name}")
            named.setAccessibleName(meta.title)
            field = Field(meta.title, control, f"settingField_{name}")
            field.set_note(meta.description)
            if isinstance(control, NumberField) and control.value() is None:
                _ask_for(field, control, meta.description)
            self._controls[name] = control
            column.addWidget(field)
            if name == "undo_megabytes" and isinstance(control, NumberField):
                _tell_use(field, control, undo_bytes)
        self._kept = QPushButton("Clear what isn't needed")
        self._kept.setObjectName("clearKept")
        self._kept.setAutoDefault(False)
        self._kept.clicked.connect(self.cleared)
        self._kept_field = Field("Journal and drafts on the disk", self._kept, "keptField")
        self._kept_field.set_note("What is saved nowhere else, tray and history stay.")
        self._kept_field.trailer.setObjectName("keptBytes")
        self.show_kept(kept_bytes)
        column.addWidget(self._kept_field)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.button(QDialogButtonBox.StandardButton.Save).setObjectName("settingsSave")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    def show_kept(self, size: int) -> None:
        """Says what journal and drafts come to, in bytes."""
        self._kept_field.trailer.setText(f"{size / _MEGABYTE:.1f} MB")

    async def ask(self) -> dict[str, object] | None:
        """Shows the dialog and waits for what the user does with it."""
        if not await answer(self):
            return None
        values = {name: _value(control) for name, control in self._controls.items()}
        return {name: value for name, value in values.items() if value is not None}


def _ask_for(field: Field, control: NumberField, description: str) -> None:
    """Says of a number that it couldn't be read, until another one is typed."""
    field.set_problem(f"It couldn't be read: type it again. {description}")

    def show() -> None:
        field.set_problem("")
        field.set_note(description)

    control.spin.valueChanged.connect(show)


def _tell_use(field: Field, control: NumberField, used: int) -> None:
    """Says beside the budget of undo how much of it is used, and what a smaller one would forget."""
    megabytes = used / _MEGABYTE

    def show() -> None:
        budget = int(control.spin.value())
        field.trailer.setText(f"{megabytes:.{1 if megabytes < 10 else 0}f} MB of {budget} MB used")
        forgets = megabytes > budget
        field.set_note("The oldest acts in the history will be forgotten." if forgets else words)

    words = field.words()
    field.trailer.setObjectName("undoUsed")
    control.spin.valueChanged.connect(show)
    show()


def _control(kind: Any, meta: msgspec.Meta, value: Any) -> _Control:
    """The control for a declared type: a list of choices, a number in its range, or text."""
    if type(None) in get_args(kind):  # a number that may not be known
        kind, meta = get_args(get_args(kind)[0])
    if choices := get_args(kind):
        combo = CalmCombo()
        for choice in choices:
            combo.addItem(str(choice).capitalize(), choice)
        combo.setCurrentIndex(list(choices).index(value))
        return combo
    if kind is bool:
        box = QCheckBox("Yes")
        box.setChecked(value)
        return box
    if kind is str:
        edit = QLineEdit(value)
        edit.setPlaceholderText("default")
        return edit
    return NumberField(meta.ge or 0, meta.le or 1_000_000, value, whole=kind is int)


def _value(control: _Control) -> object:
    """What a control says; None for a number that isn't known."""
    if isinstance(control, QComboBox):
        return control.currentData()
    if isinstance(control, QCheckBox):
        return control.isChecked()
    return control.text().strip() if isinstance(control, QLineEdit) else control.value()
