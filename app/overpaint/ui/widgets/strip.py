"""A band of tiles under a line of words: the tiles are as high as the band leaves them."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

LOWEST, HIGHEST = 92, 216
"""Pixels from the words to the foot."""

GAP = 6
"""Pixels between two tiles."""

HEAD, BETWEEN = 16, 1
"""Pixels that the words above the tiles take, and from them to the tiles."""

_TOP, _SCROLL_BAR = 3, 8
_MARGIN = 12
_SHAPE = 1.46


class Strip(QWidget):
    """``head`` is the layout of the words above, ``row`` that of the tiles; the wheel scrolls them sideways.
    One that isn't ``headed`` leaves the line above the tiles to what stands in the row.
    """

    def __init__(self, title: str, name: str, *, headed: bool = True) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumHeight(LOWEST)
        self.setMaximumHeight(HIGHEST)
        self.head = QHBoxLayout()
        self.head.setContentsMargins(2, 0, 0, 0)
        self.head.setSpacing(10)
        self.tiles = QWidget()
        self.tiles.installEventFilter(self)
        self.row = QHBoxLayout(self.tiles)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(GAP)
        self.row.addStretch()
        self.view = _SidewaysScroll(name)
        self.view.setWidget(self.tiles)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(_MARGIN, _TOP, _MARGIN, 0)
        whole.setSpacing(BETWEEN)
        if headed:
            whole.addLayout(self.head)
        whole.addWidget(self.view, 1)
        self.row.setAlignment(Qt.AlignmentFlag.AlignTop)

    @property
    def tile_size(self) -> QSize:
        """How large a tile is at the height that the band has now."""
        height = max(self.height(), LOWEST) - _TOP - HEAD - BETWEEN - _SCROLL_BAR
        return QSize(round(_SHAPE * height), height)

    def fit_tiles(self) -> None:
        """Gives every tile its size; called whenever the height has changed."""

    def sizeHint(self) -> QSize:
        """As wide as all of its tiles."""
        return QSize(self.tiles.sizeHint().width() + 2 * _MARGIN, LOWEST)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.tile_size.width() + 2 * _MARGIN, LOWEST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().height() != event.oldSize().height():
            self.fit_tiles()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """More or fewer tiles want another width."""
        if watched is self.tiles and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class _SidewaysScroll(QScrollArea):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(f"{name}Scroll")
        self.setProperty("role", "tiles")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def minimumSizeHint(self) -> QSize:
        return QSize(20, 20)

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (delta.x() or delta.y()))
        event.accept()
