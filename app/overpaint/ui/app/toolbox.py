"""The strip of tools at the left edge."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolBar, QToolButton

from overpaint.ui.actions.registry import ActionRegistry
from overpaint.ui.theme.icons import icon
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.tools.tool_spec import Toolset, ToolSpec


class Toolbox(QToolBar):
    """A button for each tool, with a line between two groups; exactly one is down."""

    def __init__(self, actions: ActionRegistry, tools: Toolset) -> None:
        super().__init__("Tools")
        self.setObjectName("toolStrip")
        self.setAccessibleName("Tools")
        self.setOrientation(Qt.Orientation.Vertical)
        self.setIconSize(QSize(20, 20))
        self._actions = actions
        self._tools = tools
        group = tools.first.group
        for tool in tools:
            if tool.group != group:
                self.addSeparator()
            group = tool.group
            self._add(tool)

    def set_icons(self, tokens: Tokens) -> None:
        """Draws the tools in the theme's colours."""
        for tool in self._tools:
            self._actions[tool.id].setIcon(icon(tool.icon, tokens))

    def show_tool(self, active: ToolSpec) -> None:
        """Puts one button down."""
        for tool in self._tools:
            self._actions[tool.id].setChecked(tool is active)

    def _add(self, tool: ToolSpec) -> None:
        action = self._actions[tool.id]
        keys = action.shortcut().toString()
        words = f"{tool.title} ({keys}): {tool.tip}" if keys else f"{tool.title}: {tool.tip}"
        action.setToolTip(words)
        self.addAction(action)
        button = self.widgetForAction(action)
        if isinstance(button, QToolButton):
            button.setObjectName(f"tool_{tool.id}")
            button.setAccessibleName(words)
            button.setFixedSize(36, 36)
            button.setAutoRaise(False)
