"""The strip of tools at the left edge."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolBar, QToolButton, QWidget

from overpaint.ui.actions.registry import ActionRegistry
from overpaint.ui.theme.icons import icon
from overpaint.ui.theme.window_theme import Tokens

TOOLS = (
    "brush",
    "eraser",
    "rectangle",
    "ellipse",
    "lasso",
    "polygon",
    "magnetic",
    "wand",
    "quick",
    "hand",
    "zoom",
)
_GROUPS = ("rectangle", "hand")
_TIPS = {
    "brush": "Brush (B): paint over what should change. Right-drag erases.",
    "eraser": "Eraser (E): take the mask away. X swaps brush and eraser.",
    "rectangle": "Rectangle (M): drag from corner to corner. Shift adds, Alt takes away.",
    "ellipse": "Ellipse (Shift+M): drag from corner to corner. Shift adds, Alt takes away.",
    "lasso": "Lasso (L): draw around what should change.",
    "polygon": "Polygon (Shift+L): click corners, double-click to close.",
    "magnetic": "Magnetic lasso: click along an edge, which the line follows. Double-click closes.",
    "wand": "Magic wand (W): click a colour. Shift adds, Alt takes away.",
    "quick": "Quick select (Shift+W): paint roughly over an object. Alt takes away.",
    "hand": "Pan (H): drag the picture. Or hold Space.",
    "zoom": "Zoom (Z): click to zoom in, Alt-click to zoom out.",
}


class Toolbox(QToolBar):
    """A button for each tool; exactly one is down."""

    def __init__(self, actions: ActionRegistry) -> None:
        super().__init__("Tools")
        self.setObjectName("toolStrip")
        self.setAccessibleName("Tools")
        self.setOrientation(Qt.Orientation.Vertical)
        self.setIconSize(QSize(20, 20))
        self._actions = actions
        for name in TOOLS:
            if name in _GROUPS:
                self.addSeparator()
            actions[name].setToolTip(_TIPS[name])
            self.addAction(actions[name])
            button = self.widgetForAction(actions[name])
            _shape(button, name)

    def set_icons(self, tokens: Tokens) -> None:
        """Draws the tools in the theme's colours."""
        for name in TOOLS:
            self._actions[name].setIcon(icon(name, tokens))

    def show_tool(self, tool: str) -> None:
        """Puts one button down."""
        for name in TOOLS:
            self._actions[name].setChecked(name == tool)


def _shape(button: QWidget, name: str) -> None:
    if isinstance(button, QToolButton):
        button.setObjectName(f"tool_{name}")
        button.setAccessibleName(_TIPS[name])
        button.setFixedSize(36, 36)
        button.setAutoRaise(False)
