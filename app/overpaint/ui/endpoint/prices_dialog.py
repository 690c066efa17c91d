"""The prices of every model, which resellers set themselves: shown as a table, checked as they are typed."""

import math
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from overpaint.core.request.model_table import ModelSpec, Prices
from overpaint.studio.config.settings_reading import title_of
from overpaint.ui.dialogs.awaited import answer
from overpaint.ui.widgets.fields.numerals import number
from overpaint.ui.widgets.labels import label, set_tone

_COLUMNS = ("text_in", "image_in", "cached", "out")
_MOST = 10_000.0
_FIELD_WIDTH = 92
_WORDS = (
    "US dollars per million tokens, before the endpoint's own multiplier. "
    "An empty row has the shipped prices, where there are any; cached input without one costs as any other."
)
_HALF = "{}: a model needs its prices for text, pictures and output, or none of them."
_NO_NUMBER = "{}: “{}” is no price: type a number of dollars, 0 or more."


class PricesDialog(QDialog):
    """``await dialog.ask()`` gives the prices that differ from the shipped ones by family, or None."""

    def __init__(self, shipped: Sequence[ModelSpec], own: Mapping[str, Prices], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("pricesDialog")
        self.setWindowTitle("Prices")
        self._rows = {row.family: _Row(row) for row in reversed(shipped)}
        self._rows = dict(reversed(self._rows.items()))
        self._problem = label("", "problem", "pricesProblem")
        self._problem.setWordWrap(True)
        self._problem.setMinimumHeight(34)
        self._buttons = QDialogButtonBox()
        self._save = self._button("Save", "pricesSave", QDialogButtonBox.ButtonRole.AcceptRole)
        self._reset = self._button("Reset to shipped", "pricesReset", QDialogButtonBox.ButtonRole.ResetRole)
        self._button("Cancel", "pricesCancel", QDialogButtonBox.ButtonRole.RejectRole)
        self._save.setDefault(True)
        self._lay_out()
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._reset.clicked.connect(lambda: self._show({}))
        for row in self._rows.values():
            for edit in row.edits.values():
                edit.textChanged.connect(self._check)
        self._show(own)

    async def ask(self) -> dict[str, Prices] | None:
        """Shows the dialog and waits for what the user does with it."""
        return self._changed() if await answer(self) else None

    def _lay_out(self) -> None:
        words = label(_WORDS, "dim", "pricesWords")
        words.setWordWrap(True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        for column, name in enumerate(_COLUMNS, 1):
            grid.addWidget(label(title_of(Prices, name), "label"), 0, column)
        for at, row in enumerate(self._rows.values(), 1):
            grid.addWidget(label(row.title, ""), at, 0)
            for column, name in enumerate(_COLUMNS, 1):
                grid.addWidget(row.edits[name], at, column, Qt.AlignmentFlag.AlignLeft)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(22, 20, 22, 16)
        whole.setSpacing(12)
        whole.addWidget(words)
        whole.addLayout(grid)
        whole.addWidget(self._problem)
        whole.addWidget(self._buttons)

    def _button(self, words: str, name: str, role: QDialogButtonBox.ButtonRole) -> QPushButton:
        button = self._buttons.addButton(words, role)
        button.setObjectName(name)
        button.setAutoDefault(False)
        return button

    def _show(self, own: Mapping[str, Prices]) -> None:
        for family, row in self._rows.items():
            row.show_prices(own.get(family, row.shipped))
        self._check()

    def _check(self) -> None:
        """Says what is wrong first, marks every field that is, and lets nothing wrong be saved."""
        problems = [words for row in self._rows.values() if (words := row.problem())]
        self._problem.setText(problems[0] if problems else "")
        self._save.setEnabled(not problems)

    def _changed(self) -> dict[str, Prices]:
        found = {family: (row.prices(), row.shipped) for family, row in self._rows.items()}
        return {family: own for family, (own, old) in found.items() if own is not None and own != old}


class _Row:
    """The prices of one family."""

    def __init__(self, spec: ModelSpec) -> None:
        self.shipped = spec.prices
        self.title = spec.title or spec.family
        if not spec.checked:
            self.title = "Any other model"
        self.edits = {name: self._edit(spec.family, name, title_of(Prices, name)) for name in _COLUMNS}

    def show_prices(self, prices: Prices | None) -> None:
        """Fills the fields in; they stay empty where nothing is known."""
        for name, edit in self.edits.items():
            value = getattr(prices, name) if prices is not None else None
            edit.setText("" if value is None else f"{value:g}")

    def problem(self) -> str:
        """What is wrong with the row, or ``""``; marks the fields."""
        wrong = [edit for edit in self.edits.values() if edit.text().strip() and _number(edit) is None]
        typed = {name: bool(edit.text().strip()) for name, edit in self.edits.items()}
        lacking = [self.edits[name] for name in ("text_in", "image_in", "out") if not typed[name]]
        half = lacking if any(typed.values()) else []
        for edit in self.edits.values():
            set_tone(edit, "bad" if edit in wrong or edit in half else "")
        if wrong:
            return _NO_NUMBER.format(self.title, wrong[0].text().strip())
        return _HALF.format(self.title) if half else ""

    def prices(self) -> Prices | None:
        """The prices as typed; None where there are none."""
        numbers = {name: _number(edit) for name, edit in self.edits.items()}
        text, image, out = numbers["text_in"], numbers["image_in"], numbers["out"]
        if text is None or image is None or out is None:
            return None
        return Prices(text, image, out, numbers["cached"])

    def _edit(self, family: str, name: str, title: str) -> QLineEdit:
        edit = QLineEdit()
        edit.setObjectName(f"price_{family}_{name}")
        edit.setAccessibleName(f"{self.title}: {title}, dollars per million tokens")
        edit.setPlaceholderText("as others" if name == "cached" else "not known")
        edit.setFixedWidth(_FIELD_WIDTH)
        edit.setMaxLength(12)
        return edit


def _number(edit: QLineEdit) -> float | None:
    value = number(edit.text())
    return value if math.isfinite(value) and 0 <= value <= _MOST else None
