"""A dark bar with buttons over the foot of what the canvas shows."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from overpaint.ui.actions.registry import ActionRegistry
from overpaint.ui.canvas.canvas import Canvas
from overpaint.ui.theme.icons import icon
from overpaint.ui.theme.window_theme import DARK

RESULT_BUTTONS = ("use", "reference", "compare", "another", "export_result", "back")
"""What can be done with a result, by the ids of the actions."""

WAITING_BUTTONS = ("cancel",)
"""What can be done with a run that goes on."""

COMPARE_BUTTONS = (
    "compare_split",
    "compare_side",
    "compare_all",
    "compare_blink",
    "compare_difference",
    "compare_leave",
)
"""The ways of comparing it, and the way out."""

_INSET = 14
_MARGIN = 8
_ICON = QSize(18, 18)
_WHITE = "#ffffff"
_SPEAKS_FOR_ITSELF = "cross"


class FloatingBar(QWidget):
    """Buttons of actions, as wide as they need to be and no wider than the canvas: where that is narrow, the
    icons stand alone. Out of the way while something is painted or selected."""

    def __init__(self, canvas: Canvas, name: str, title: str) -> None:
        super().__init__(canvas)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setProperty("role", "floating")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.hide()
        self._canvas = canvas
        self._buttons: dict[QToolButton, QAction] = {}
        self._wordless: set[QToolButton] = set()
        self._wanted = False
        self._working = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(6, 5, 6, 5)
        self._row.setSpacing(4)
        canvas.resized.connect(self._place)
        canvas.working_changed.connect(self._make_way)

    def add(self, actions: ActionRegistry, *ids: str) -> None:
        """Adds a button for each action; one that can't be done now is not shown."""
        for action_id in ids:
            button = QToolButton()
            button.setObjectName(f"{self.objectName()}_{action_id}")
            glyph = actions.icon_of(action_id)
            button.setIcon(icon(glyph, DARK, colour=_WHITE, on=_WHITE))
            button.setIconSize(_ICON)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setProperty("role", "floating")
            action = actions[action_id]
            button.setCheckable(action.isCheckable())
            button.clicked.connect(action.trigger)
            action.changed.connect(self._refresh)
            self._buttons[button] = action
            if glyph == _SPEAKS_FOR_ITSELF:
                self._wordless.add(button)
            self._row.addWidget(button)
        self._refresh()

    def put_first(self, part: QWidget) -> None:
        """Puts something else before the buttons."""
        self._row.setContentsMargins(14, 5, 6, 5)
        self._row.setSpacing(10)
        self._row.insertWidget(0, part)

    def fit(self) -> None:
        """What stands in it has changed its width."""
        if self.isVisible():
            self._place()

    def want(self, wanted: bool) -> None:
        """Whether there is something to act upon."""
        if wanted != self._wanted:
            self._wanted = wanted
            self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place()

    def _make_way(self, working: bool) -> None:
        self._working = working
        self._refresh()

    def _refresh(self) -> None:
        for button, action in self._buttons.items():
            button.setVisible(action.isEnabled())
            button.setChecked(action.isChecked())
            button.setText("" if button in self._wordless else f" {action.iconText()}")
            button.setAccessibleName(action.iconText())
            button.setToolTip(action.toolTip())
        self.setVisible(self._wanted and not self._working)
        if self.isVisible():
            self._place()

    def _place(self) -> None:
        room = self._canvas.width() - 2 * _MARGIN
        size = self._sized(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        if size.width() > room:
            size = self._sized(Qt.ToolButtonStyle.ToolButtonIconOnly)
        left = (self._canvas.width() - size.width()) // 2
        self.setGeometry(left, self._canvas.height() - size.height() - _INSET, size.width(), size.height())
        self.raise_()

    def _sized(self, style: Qt.ToolButtonStyle) -> QSize:
        for button in self._buttons:
            button.setToolButtonStyle(style if button.text() else Qt.ToolButtonStyle.ToolButtonIconOnly)
        self._row.invalidate()
        return self._row.sizeHint()
