"""A number in a frame that looks like every other field."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QFrame, QHBoxLayout, QSpinBox


class NumberField(QFrame):
    """``spin`` is the number's own control; it steps by arrow keys and, with focus, by the wheel."""

    def __init__(self, low: float, high: float, value: float, *, whole: bool) -> None:
        super().__init__()
        self.setProperty("role", "field")
        self.spin = _whole(low, high, value) if whole else _decimal(low, high, value)
        self.spin.setFrame(False)
        self.spin.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.spin)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.addWidget(self.spin)


def _whole(low: float, high: float, value: float) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(int(low), int(high))
    spin.setValue(int(value))
    return spin


def _decimal(low: float, high: float, value: float) -> QDoubleSpinBox:
    spin = QDoubleSpinBox()
    spin.setRange(low, high)
    spin.setValue(value)
    return spin
