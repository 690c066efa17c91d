"""A whole number with minus and plus buttons inside its field, as in the design."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QLabel, QSpinBox, QToolButton

from overpaint.ui.icons import icon
from overpaint.ui.theme import Tokens
from overpaint.ui.widgets.labels import label


class Stepper(QSpinBox):
    """A spin box whose buttons are easy to hit; ``trailer`` may take the place of the buttons."""

    stepped = Signal(int)

    def __init__(self, title: str, name: str, low: int, high: int) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setRange(low, high)
        self.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self._minus = self._button("−", "Less", f"{name}Less", -1)
        self._plus = self._button("+", "More", f"{name}More", 1)
        self._trailer: QLabel = label("", "note")
        self._trailer.setParent(self)
        self._trailer.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.valueChanged.connect(self._changed)
        self._changed(self.value())

    def set_trailer(self, text: str) -> None:
        """Words before the buttons, such as what the number costs."""
        self._trailer.setText(text)
        self._arrange()

    def set_icons(self, tokens: Tokens) -> None:
        """Draws the buttons in the theme's colours."""
        self._minus.setIcon(icon("minus", tokens))
        self._plus.setIcon(icon("add", tokens))

    def show_value(self, value: int) -> None:
        """Shows a number without telling anyone."""
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)
        self._enable()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()  # the panel scrolls, the number stays

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _button(self, text: str, words: str, name: str, by: int) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(f"{words}: {self.accessibleName()}")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.setAutoRepeat(True)
        button.clicked.connect(lambda: self.stepBy(by))
        return button

    def _changed(self, value: int) -> None:
        self._enable()
        self.stepped.emit(value)

    def _enable(self) -> None:
        self._minus.setEnabled(self.value() > self.minimum())
        self._plus.setEnabled(self.value() < self.maximum())

    def _arrange(self) -> None:
        side = self.height() - 8
        right = self.width() - 4
        for button in (self._plus, self._minus):
            right -= side
            button.setGeometry(right, 4, side, side)
        width = self._trailer.sizeHint().width()
        self._trailer.setGeometry(right - width - 4, 0, width, self.height())
        self.lineEdit().setGeometry(9, 1, right - width - 15, self.height() - 2)
