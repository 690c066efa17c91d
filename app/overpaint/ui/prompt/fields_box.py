"""The fields of a prompt, a line each, to be filled in under its text."""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from overpaint.core.foreign_words import visible
from overpaint.core.request import prompt_syntax as rules
from overpaint.ui.widgets.labels import ElidedLabel, label, set_tone

_NAME_WIDTH = 84


class FieldsBox(QWidget):
    """``filled`` carries a field's name and what was typed for it."""

    filled = Signal(str, str)

    def __init__(self, after: QWidget) -> None:
        """Tab leads here from ``after``."""
        super().__init__()
        self.setObjectName("promptFields")
        self._after = after
        self._rows: dict[str, _Row] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 4, 0, 2)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnMinimumWidth(0, _NAME_WIDTH)
        self._grid.setColumnStretch(1, 1)
        self.hide()

    def show_fields(
        self,
        names: Sequence[str],
        values: Mapping[str, str],
        pictures: Sequence[str],
        left_out: Collection[str],
    ) -> None:
        """Shows fields in their order, each with its value and what is wrong with it; rows that stay are
        kept, so that the one being typed in is not disturbed. ``left_out`` are pictures that aren't sent."""
        names = names[: rules.MAX_FIELDS]
        if list(names) != list(self._rows):
            self._lay_out(names)
        for name, row in self._rows.items():
            value = values.get(name, "")
            row.show_value(value, rules.field_problem(name, value, pictures, left_out))
        self.setVisible(bool(names))

    @property
    def at_fault(self) -> QLineEdit | None:
        """The line of the first field that something is wrong with."""
        return next((row.edit for row in self._rows.values() if row.words.text()), None)

    def _lay_out(self, names: Sequence[str]) -> None:
        for name in self._rows.keys() - set(names):
            self._rows.pop(name).remove()
        self._rows = {name: self._rows.get(name) or self._new_row(name) for name in names}
        for at, row in enumerate(self._rows.values()):
            self._grid.addWidget(row.title, 2 * at, 0)
            self._grid.addWidget(row.edit, 2 * at, 1)
            self._grid.addWidget(row.words, 2 * at + 1, 1)
        for one, other in pairwise([self._after, *(row.edit for row in self._rows.values())]):
            QWidget.setTabOrder(one, other)

    def _new_row(self, name: str) -> "_Row":
        row = _Row(name)
        row.edit.textEdited.connect(lambda text: self.filled.emit(name, text))
        return row


class _Row:
    """One field: its name, the line to type in, and what is wrong."""

    def __init__(self, name: str) -> None:
        self.title = ElidedLabel(name)
        self.title.setProperty("role", "label")
        self.title.setFixedWidth(_NAME_WIDTH)
        self.edit = QLineEdit()
        self.edit.setObjectName(f"promptField_{name}")
        self.edit.setAccessibleName(visible(f"Field {name}"))
        self.words = label("", "problem", f"promptFieldWords_{name}")
        self.words.setWordWrap(True)
        self.title.setBuddy(self.edit)

    def show_value(self, value: str, problem: str) -> None:
        """Shows a value, if it isn't the one that is being typed, and what is wrong with it."""
        if self.edit.text() != value:
            self.edit.setText(value)
        self.words.setText(problem)
        self.words.setVisible(bool(problem))
        self.edit.setAccessibleDescription(visible(problem))
        set_tone(self.edit, "bad" if problem else "")

    def remove(self) -> None:
        """Takes the row off the window."""
        for part in (self.title, self.edit, self.words):
            part.hide()
            part.deleteLater()
