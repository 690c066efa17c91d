"""A label, a slider and its value that can be typed, for one number."""

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QSlider, QWidget

from overpaint.ui.widgets.fields.numerals import number
from overpaint.ui.widgets.labels import label

_STEPS = 1000
_WIDTH = {"px": 74, "%": 64}


class SliderField(QWidget):
    """``changed`` carries the new value; ``entered`` comes after a number that was typed and ended by Enter.

    With ``logarithmic`` the slider gives small values more room; a ``wide`` one takes all the width there is.
    ``spoken`` is what assistive tools call one without a title of its own.
    """

    changed = Signal(float)
    entered = Signal()

    def __init__(
        self,
        title: str,
        name: str,
        low: float,
        high: float,
        unit: str,
        *,
        scale: float = 1.0,
        logarithmic: bool = False,
        wide: bool = False,
        spoken: str = "",
    ) -> None:
        super().__init__()
        self._low, self._high, self._unit, self._scale, self._log = low, high, unit, scale, logarithmic
        self._value = low
        self.setObjectName(name)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName(f"{name}Slider")
        self._slider.setAccessibleName(title or spoken)
        self._slider.setRange(0, _STEPS)
        self._slider.setMinimumWidth(44)
        if not wide:
            self._slider.setMaximumWidth(104)
        self._text = QLineEdit()
        self._text.setObjectName(f"{name}Value")
        self._text.setAccessibleName(f"{title or spoken} in {unit}")
        self._text.setFixedWidth(_WIDTH[unit])
        self._text.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._words = label(title, "dim")
        self._words.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._words.setVisible(bool(title))
        row.addWidget(self._words)
        row.addWidget(self._slider, 1)
        row.addWidget(self._text)
        self._slider.valueChanged.connect(self._slid)
        self._text.editingFinished.connect(self._typed)
        self._text.returnPressed.connect(self.entered)

    @property
    def value(self) -> float:
        """The number as it stands."""
        return self._value

    @property
    def title_width(self) -> int:
        """The width that the title takes."""
        return self._words.sizeHint().width()

    def set_title_width(self, width: int) -> None:
        """Gives the title more room than it needs, so that sliders below each other begin together."""
        self._words.setFixedWidth(width)

    def set_compact(self, compact: bool, *, titled: bool = True) -> None:
        """Only the title and the number, where there is little room; at worst the title is a tool tip."""
        title = self._words.text()
        self._slider.setVisible(not compact)
        self._words.setVisible(titled and bool(title))
        self._text.setToolTip("" if titled else title)
        self._row.invalidate()  # at once, and not only when Qt comes round to it
        self.updateGeometry()

    def set_value(self, value: float) -> None:
        """Shows a number without telling anyone."""
        self._value = min(max(value, self._low), self._high)
        self._slider.blockSignals(True)
        self._slider.setValue(round(self._position(self._value) * _STEPS))
        self._slider.blockSignals(False)
        self._text.setText(f"{self._value * self._scale:.0f} {self._unit}")

    def _slid(self, step: int) -> None:
        value = self._at(step / _STEPS)
        self.set_value(round(value) if self._scale == 1.0 else round(value, 2))
        self.changed.emit(self._value)

    def _typed(self) -> None:
        before = self._value
        typed = number(self._text.text().strip().removesuffix(self._unit)) / self._scale
        self.set_value(typed if math.isfinite(typed) else before)
        if self._value != before:
            self.changed.emit(self._value)

    def _position(self, value: float) -> float:
        if self._log:
            return math.log(value / self._low) / math.log(self._high / self._low)
        return (value - self._low) / (self._high - self._low)

    def _at(self, position: float) -> float:
        if self._log:
            return math.exp(math.log(self._low) + math.log(self._high / self._low) * position)
        return self._low + (self._high - self._low) * position
