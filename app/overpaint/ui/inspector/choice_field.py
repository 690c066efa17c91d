"""A field with a list of the values that the chosen model takes."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from overpaint.core.request.params import words_for
from overpaint.ui.widgets.fields.calm_combo import CalmCombo
from overpaint.ui.widgets.fields.titled_field import Field


class ChoiceField(Field):
    """``chosen`` carries the value on the wire."""

    chosen = Signal(str)

    def __init__(self, title: str, field: str) -> None:
        self._combo = CalmCombo()
        self._combo.setObjectName(f"{field}Combo")
        self._combo.setAccessibleName(title)
        self._combo.setMinimumContentsLength(6)
        super().__init__(title, self._combo, f"{field}Field")
        self._field = field
        self._values: tuple[str, ...] = ()
        self._combo.activated.connect(lambda at: self.chosen.emit(self._values[at]))

    def show_choice(self, value: str, values: Sequence[str], reason: str = "") -> None:
        """Shows the value among those offered; one that is not among them stands at the end."""
        offered = tuple(values) if value in values else (*values, value)
        self._combo.blockSignals(True)
        if offered != self._values:
            self._values = offered
            self._combo.clear()
            self._combo.addItems([words_for(self._field, one) for one in offered])
        self._combo.setCurrentIndex(offered.index(value))
        self._combo.blockSignals(False)
        self.set_reason(reason)
