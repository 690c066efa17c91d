"""A dark bar with buttons over the foot of what the canvas shows."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from overpaint.ui.canvas.canvas import Canvas

_INSET = 14
_MARGIN = 8
_ICON = QSize(18, 18)


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
        self._buttons: list[QToolButton] = []
        self._wanted = False
        self._working = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(6, 5, 6, 5)
        self._row.setSpacing(4)
        canvas.installEventFilter(self)
        canvas.working_changed.connect(self._make_way)

    def add_actions(self, actions: Sequence[QAction]) -> None:
        """Adds a button for each; one whose action can't be done is not shown."""
        for action in actions:
            button = QToolButton()
            button.setObjectName(f"{self.objectName()}_{action.objectName().removeprefix('act_')}")
            button.setDefaultAction(action)
            button.setIconSize(_ICON)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setProperty("role", "floating")
            self._buttons.append(button)
            self._row.addWidget(button)
            action.changed.connect(self._refresh)
        self._refresh()

    def want(self, wanted: bool) -> None:
        """Whether there is something to act upon."""
        if wanted != self._wanted:
            self._wanted = wanted
            self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays at the foot of a canvas that changes its size."""
        if watched is self._canvas and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _make_way(self, working: bool) -> None:
        self._working = working
        self._refresh()

    def _refresh(self) -> None:
        for button in self._buttons:
            action = button.defaultAction()
            button.setVisible(action.isEnabled())
            button.setAccessibleName(action.iconText())
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
            button.setToolButtonStyle(style)
        self._row.invalidate()
        return self._row.sizeHint()
