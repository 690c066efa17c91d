"""A whole number with minus and plus buttons inside its field, as in the design."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSpinBox, QToolButton

from overpaint.ui.theme.icons import icon
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.fields.numerals import WholeSpin
from overpaint.ui.widgets.labels import label

_BUTTON = 22


class Stepper(QFrame):
    """``stepped`` carries the number when the user changes it. ``spin`` is the number's own field."""

    stepped = Signal(int)

    def __init__(self, title: str, name: str, low: int, high: int) -> None:
        super().__init__()
        self.setObjectName(f"{name}Frame")
        self.setProperty("role", "field")
        self.spin = _Number()
        self.spin.setObjectName(name)
        self.spin.setAccessibleName(title)
        self.spin.setRange(low, high)
        self.setFocusProxy(self.spin)
        self._trailer = label("", "note", f"{name}Trailer")
        self._minus = self._button(f"Less: {title}", f"{name}Less", -1)
        self._plus = self._button(f"More: {title}", f"{name}More", 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 4, 0)
        row.setSpacing(2)
        row.addWidget(self.spin, 1)
        row.addWidget(self._trailer)
        row.addWidget(self._minus)
        row.addWidget(self._plus)
        self.spin.valueChanged.connect(self._changed)
        self._enable()

    def set_trailer(self, text: str) -> None:
        """Words before the buttons, such as what the number costs."""
        self._trailer.setText(text)

    def set_icons(self, tokens: Tokens) -> None:
        """Draws the buttons in the theme's colours."""
        self._minus.setIcon(icon("minus", tokens))
        self._plus.setIcon(icon("add", tokens))

    def show_value(self, value: int) -> None:
        """Shows a number without telling anyone."""
        self.spin.blockSignals(True)
        self.spin.setValue(value)
        self.spin.blockSignals(False)
        self._enable()

    def _button(self, words: str, name: str, by: int) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setToolTip(words.partition(":")[0])
        button.setFixedSize(_BUTTON, _BUTTON)
        button.setIconSize(QSize(14, 14))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setAutoRepeat(True)
        button.clicked.connect(lambda: self.spin.stepBy(by))
        return button

    def _changed(self, value: int) -> None:
        self._enable()
        self.stepped.emit(value)

    def _enable(self) -> None:
        self._minus.setEnabled(self.spin.value() > self.spin.minimum())
        self._plus.setEnabled(self.spin.value() < self.spin.maximum())


class _Number(WholeSpin):
    """The number itself, without a frame; the wheel passes it by unless it has focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrame(False)
        self.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(18)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
