"""No dialog demands more than the screen has: what doesn't fit is scrolled."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

_FRAME = QSize(16, 48)
"""What the desktop may put around a window."""


def fit_into_screen(dialog: QWidget) -> None:
    """Called before it is shown. One whose parts need more room than there is gets scroll bars round them."""
    room = dialog.screen().availableSize() - _FRAME
    for part in (dialog, *dialog.findChildren(QWidget)):
        part.ensurePolished()  # only the style sheet says how large the parts are
    layout = dialog.layout()
    if layout is None:
        return
    needed = layout.totalMinimumSize().expandedTo(dialog.minimumSize())
    if needed.boundedTo(room) != needed or _higher(dialog, room):
        _scroll(dialog)
        dialog.setMinimumSize(dialog.minimumSize().boundedTo(room))
    dialog.resize(dialog.sizeHint().expandedTo(dialog.size()).boundedTo(room))


def _higher(dialog: QWidget, room: QSize) -> bool:
    """Whether words that are wrapped make it higher than the screen is, at the width that it will have."""
    layout = dialog.layout()
    width = min(max(dialog.sizeHint().width(), dialog.width()), room.width())
    return (
        layout is not None
        and layout.hasHeightForWidth()
        and layout.totalHeightForWidth(width) > room.height()
    )


def _scroll(dialog: QWidget) -> None:
    inner = QWidget()
    layout = dialog.layout()
    usual = dialog.sizeHint()
    if layout is not None:
        inner.setLayout(layout)  # which takes all its parts along
    scroll = QScrollArea()
    scroll.setObjectName("dialogScroll")
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidgetResizable(True)
    scroll.setWidget(inner)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(scroll)
    dialog.resize(usual + QSize(scroll.verticalScrollBar().sizeHint().width(), 0))
