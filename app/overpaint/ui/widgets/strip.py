"""A horizontal band: its name at the left, tiles in the middle, words at the right."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from overpaint.ui.widgets.labels import label

_HEAD = 88


class Strip(QWidget):
    """``row`` is the layout of the tiles; the wheel scrolls them sideways."""

    def __init__(self, title: str, name: str, height: int) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(height)
        self.title = label(title, "title")
        self.facts = label("", "dim", f"{name}Facts")
        self.facts.setWordWrap(True)
        head = QVBoxLayout()
        head.setContentsMargins(14, 0, 0, 0)
        head.setSpacing(1)
        head.addStretch()
        head.addWidget(self.title)
        head.addWidget(self.facts)
        head.addStretch()
        self.head = _Head()
        self.head.setObjectName(f"{name}Head")
        self.head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.head.setLayout(head)
        self.tiles = QWidget()
        self.row = QHBoxLayout(self.tiles)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(6)
        self.row.addStretch()
        self.view = _SidewaysScroll(name)
        self.view.setWidget(self.tiles)
        self.side = QHBoxLayout()
        self.side.setContentsMargins(8, 0, 14, 0)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.head)
        whole.addWidget(self.view, 1)
        whole.addLayout(self.side)


class _Head(QWidget):
    """Of one width in every strip, also where it is the handle of a dock."""

    def sizeHint(self) -> QSize:
        return QSize(_HEAD, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class _SidewaysScroll(QScrollArea):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(f"{name}Scroll")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (delta.x() or delta.y()))
        event.accept()
