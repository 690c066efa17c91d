"""A number in a frame that looks like every other field."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QFrame, QHBoxLayout

from overpaint.ui.widgets.fields.numerals import DecimalSpin, WholeSpin


class NumberField(QFrame):
    """``spin`` is the number's own control; it steps by arrow keys and, with focus, by the wheel.

    A ``value`` of None isn't known: the field says so until a number from ``low`` to ``high`` is typed.
    """

    def __init__(self, low: float, high: float, value: float | None, *, whole: bool) -> None:
        super().__init__()
        self.setProperty("role", "field")
        self._low = low
        least = low if value is not None else low - 1
        start = value if value is not None else least
        self.spin = _whole(least, high, start) if whole else _decimal(least, high, start)
        if value is None:
            self.spin.setSpecialValueText("not known")
        self.spin.setFrame(False)
        self.spin.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.spin)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.addWidget(self.spin)

    def value(self) -> float | None:
        """The number, None while it isn't known."""
        value = self.spin.value()
        return value if value >= self._low else None


def _whole(low: float, high: float, value: float) -> WholeSpin:
    spin = WholeSpin()
    spin.setRange(int(low), int(high))
    spin.setValue(int(value))
    return spin


def _decimal(low: float, high: float, value: float) -> DecimalSpin:
    spin = DecimalSpin()
    spin.setRange(low, high)
    spin.setValue(value)
    return spin
