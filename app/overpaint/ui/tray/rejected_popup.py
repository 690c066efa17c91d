"""Everything that didn't come into the tray, each with its reason."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from overpaint.core.foreign_words import visible
from overpaint.studio.pictures.picture_import import Rejected
from overpaint.ui.widgets.labels import label
from overpaint.ui.widgets.popup import Popup

_WIDTH = 420
_HIGHEST = 320


class RejectedPopup(Popup):
    """A list to be read, with the wheel or the arrows where it is long."""

    def __init__(self, parent: QWidget, rejected: Sequence[Rejected]) -> None:
        super().__init__(parent, "refusalsPopup", "What didn't come in")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        lines = QWidget()
        column = QVBoxLayout(lines)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for refusal in rejected:
            named = (
                refusal.message if refusal.name in refusal.message else f"{refusal.name}: {refusal.message}"
            )
            words = label(named, "dim", "refusal")
            words.setWordWrap(True)
            column.addWidget(words)
        column.addStretch()
        scroll = QScrollArea()
        scroll.setObjectName("refusalsScroll")
        scroll.setAccessibleName(visible("\n".join(one.message for one in rejected), lines=True))
        scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidgetResizable(True)
        scroll.setWidget(lines)
        scroll.setFixedSize(_WIDTH, min(_HIGHEST, lines.heightForWidth(_WIDTH - 12) + 2))
        self.column.addWidget(label("What didn't come in", "title"))
        self.column.addWidget(scroll)
