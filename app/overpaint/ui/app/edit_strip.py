"""The strip at the foot: what goes into the edit at the left, what came of it at the right."""

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QMainWindow, QWidget

from overpaint.ui.runs.runs_panel import RunsPanel
from overpaint.ui.tray.tray_panel import TrayPanel
from overpaint.ui.widgets import strip
from overpaint.ui.widgets.labels import line

_HANDLE = 4
LOWEST, HIGHEST = strip.LOWEST + _HANDLE, strip.HIGHEST + _HANDLE
"""Pixels from the handle to the foot."""

_MOST_FOR_INPUTS = 0.4
_MOST_WITH_WORDS = 0.6
"""Shares of the width: where something has to be said of the inputs, the results give way a little."""


class EditStrip(QWidget):
    """``dock`` is what stands in the window. Its height is that of its handle's last drag."""

    def __init__(self, tray: TrayPanel, runs: RunsPanel) -> None:
        super().__init__()
        self.setObjectName("editStrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._tray, self._runs = tray, runs
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(tray)
        row.addWidget(_divider())
        row.addWidget(runs, 1)
        self.dock = QDockWidget("Inputs and results")
        self.dock.setObjectName("stripDock")
        self.dock.setAccessibleName("Inputs and results")
        self.dock.setAllowedAreas(Qt.DockWidgetArea.BottomDockWidgetArea)
        self.dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        self.dock.setTitleBarWidget(_Handle(self))
        self.dock.setWidget(self)

    def set_height(self, height: int) -> None:
        """Makes it that high, handle and all, within its limits; the tiles follow."""
        window = self.dock.parentWidget()
        if isinstance(window, QMainWindow):
            height = max(LOWEST, min(height, HIGHEST))
            window.resizeDocks([self.dock], [height], Qt.Orientation.Vertical)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share(event.size().width())

    def event(self, event: QEvent) -> bool:
        """More or fewer inputs want another share of the width."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._share(self.width())
        return super().event(event)

    def _share(self, width: int) -> None:
        most = _MOST_WITH_WORDS if self._tray.speaking else _MOST_FOR_INPUTS
        room = max(self._tray.minimumSizeHint().width(), round(most * width))
        self._tray.setMaximumWidth(min(self._tray.sizeHint().width(), room))


class _Handle(QWidget):
    """Its upper edge: dragged, it makes the strip higher or lower; a double click makes it low again."""

    def __init__(self, strip: EditStrip) -> None:
        super().__init__()
        self.setObjectName("stripHandle")
        self.setAccessibleName("Height of the strip")
        self.setToolTip("Drag to make the pictures larger")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self._strip = strip
        self._from: tuple[QPoint, int] | None = None

    def sizeHint(self) -> QSize:
        return QSize(20, _HANDLE)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.globalPosition().toPoint(), self._strip.dock.height()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            at, height = self._from
            self._strip.set_height(height + at.y() - event.globalPosition().toPoint().y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._strip.set_height(LOWEST)


def _divider() -> QWidget:
    """A line that ends short of the strip's edges."""
    made = QWidget()
    inner = QHBoxLayout(made)
    inner.setContentsMargins(0, 6, 0, 10)
    inner.addWidget(line(vertical=True))
    return made
