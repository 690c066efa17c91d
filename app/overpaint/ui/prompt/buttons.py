"""The buttons beside the prompt's title: presets, and the prompts that were sent before."""

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from overpaint.ui.actions.keymap import Keymap
from overpaint.ui.theme.icons import icon
from overpaint.ui.theme.window_theme import Tokens

_SIDE = 24
_GAP = 2


class PromptButtons(QWidget):
    """``menu`` is filled by those who know the presets; ``history`` opens the list of prompts."""

    def __init__(self) -> None:
        super().__init__()
        self.presets = QToolButton()
        self.presets.setObjectName("presetsButton")
        self.presets.setText("Presets")
        self.presets.setAccessibleName("Presets")
        self.presets.setToolTip("Prompts with all their parameters, saved under a name")
        self.presets.setProperty("role", "quiet")
        self.presets.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.presets.setFixedHeight(_SIDE)
        self.menu = QMenu(self.presets)
        self.menu.setObjectName("presetsMenu")
        self.menu.setToolTipsVisible(True)
        self.presets.clicked.connect(self.open_menu)
        self.history = QToolButton()
        self.history.setObjectName("historyButton")
        self.history.setAccessibleName("Earlier prompts")
        self.history.setFixedSize(_SIDE, _SIDE)
        for button in (self.presets, self.history):
            button.setIconSize(QSize(17, 17))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.presets)
        row.addWidget(self.history)

    def follow(self, keymap: Keymap) -> None:
        """Says the keys that step through the prompts."""
        words = "Earlier prompts. {prompt_older} and {prompt_newer} in the text step through them."
        keymap.follow(words, self.history.setToolTip)

    def open_menu(self) -> None:
        """Opens the menu of presets; a button's own menu would run a loop inside the loop."""
        self.menu.popup(self.presets.mapToGlobal(QPoint(0, self.presets.height() + _GAP)))

    def set_icons(self, tokens: Tokens) -> None:
        """Draws the icons in the theme's colours."""
        self.presets.setIcon(icon("bookmark", tokens))
        self.history.setIcon(icon("history", tokens))
