"""The strip of tools at the left edge."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolBar, QToolButton

from overpaint.ui.actions.registry import ActionRegistry
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
        group = tools.first.group
        for tool in tools:
            if tool.group != group:
                self.addSeparator()
            group = tool.group
            self._add(tool)

    def _add(self, tool: ToolSpec) -> None:
        action = self._actions[tool.id]
        self.addAction(action)
        button = self.widgetForAction(action)
        if isinstance(button, QToolButton):
            button.setObjectName(f"tool_{tool.id}")
            button.setFixedSize(36, 36)
            button.setAutoRaise(False)
            action.changed.connect(lambda: button.setAccessibleName(action.toolTip()))
            button.setAccessibleName(action.toolTip())
