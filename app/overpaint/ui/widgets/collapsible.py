"""A heading that opens and closes what stands below it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from overpaint.ui.theme.icons import icon
from overpaint.ui.theme.window_theme import Tokens


class Disclosure(QWidget):
    """Closed at first; ``body`` is the layout of what it holds."""

    def __init__(self, title: str, name: str) -> None:
        super().__init__()
        self.setObjectName(f"{name}Section")
        self._tokens: Tokens | None = None
        self.button = QToolButton()
        self.button.setObjectName(f"{name}Button")
        self.button.setText(f" {title}")
        self.button.setAccessibleName(title)
        self.button.setCheckable(True)
        self.button.setProperty("role", "section")
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._inner = QWidget()
        self._inner.hide()
        self.body = QVBoxLayout(self._inner)
        self.body.setContentsMargins(0, 10, 0, 0)
        self.body.setSpacing(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.button)
        column.addWidget(self._inner)
        self.button.toggled.connect(self._opened)

    def set_icons(self, tokens: Tokens) -> None:
        """Draws the arrow in the theme's colours."""
        self._tokens = tokens
        self._opened(self.button.isChecked())

    def open(self, on: bool = True) -> None:
        """Shows or hides what it holds."""
        self.button.setChecked(on)

    def _opened(self, on: bool) -> None:
        self._inner.setVisible(on)
        if self._tokens is not None:
            name = "chevron-down" if on else "chevron-right"
            self.button.setIcon(icon(name, self._tokens, colour=self._tokens.dim))
