"""The ways in which the mask is shown: their words, the button that lists them, and what chooses them."""

from typing import get_args

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMenu, QToolButton

from overpaint.studio.settings import MaskView, SettingsStore
from overpaint.ui.actions import Actions
from overpaint.ui.canvas.canvas import Canvas
from overpaint.ui.icons import icon
from overpaint.ui.theme import Tokens

VIEWS: dict[MaskView, str] = {
    "both": "Tint and hatch",
    "tint": "Tint",
    "hatch": "Hatch",
    "ants": "Marching ants",
    "white": "Black and white",
    "sent": "Preview as sent",
    "off": "Mask hidden",
}


class MaskViewButton(QToolButton):
    """Says how the mask is shown, and lists the other ways."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("option_overlay")
        self.setProperty("role", "button")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setIconSize(QSize(18, 18))
        self.setToolTip("How the mask is shown (Q goes through the ways)")
        self._menu = QMenu(self)
        self._menu.setObjectName("maskViewMenu")
        self.setMenu(self._menu)
        self.set_compact(False)
        self.show_view("both")

    def take(self, actions: Actions) -> None:
        """Lists the ways."""
        for view in VIEWS:
            self._menu.addAction(actions[f"view_{view}"])

    def show_view(self, view: MaskView) -> None:
        """Says how the mask is shown."""
        self.setText(f" {VIEWS[view]}  ▾")
        self.setAccessibleName(f"Mask view: {VIEWS[view]}")

    def set_icon(self, tokens: Tokens) -> None:
        """Draws the eye in the theme's colours."""
        self.setIcon(icon("overlay", tokens))

    def set_compact(self, compact: bool) -> None:
        """The eye alone, where there is little room."""
        styles = Qt.ToolButtonStyle
        self.setToolButtonStyle(styles.ToolButtonIconOnly if compact else styles.ToolButtonTextBesideIcon)


class MaskViews:
    """Keeps the way that is chosen in the settings, and shows it everywhere."""

    def __init__(self, settings: SettingsStore, canvas: Canvas, button: MaskViewButton) -> None:
        self._settings, self._canvas, self._button = settings, canvas, button

    def bind(self, actions: Actions) -> None:
        """Shows the way that was chosen last."""
        self._actions = actions
        self.choose(self._settings.current.mask_view)

    def choose(self, view: MaskView) -> None:
        """Shows the mask in another way."""
        self._settings.replace(mask_view=view)
        self._canvas.set_overlay(view)
        self._button.show_view(view)
        for one in VIEWS:
            self._actions[f"view_{one}"].setChecked(one == view)
        self._actions["overlay"].setChecked(view != "off")

    def cycle(self) -> None:
        """The next way."""
        ways = get_args(MaskView)
        at = ways.index(self._settings.current.mask_view)
        self.choose(ways[(at + 1) % len(ways)])
