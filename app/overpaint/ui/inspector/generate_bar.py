"""The button that sends the edit, its price, and beside it the reason when it is off."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from overpaint.core.prices import Estimate
from overpaint.ui.icons import icon
from overpaint.ui.theme import Tokens
from overpaint.ui.widgets.labels import label

_READY = "Esc cancels · Ctrl+Enter runs"


class GenerateBar(QWidget):
    """Pinned at the foot of the inspector."""

    pressed = Signal()
    sending_wanted = Signal()

    def __init__(self, lint: QWidget) -> None:
        """``lint`` are lines about the mask, above the button."""
        super().__init__()
        self.setObjectName("generateBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.button = QPushButton("Generate")
        self.button.setObjectName("generateButton")
        self.button.setProperty("role", "primary")
        self.button.setIconSize(QSize(20, 20))
        self._sending = QToolButton()
        self._sending.setObjectName("sendingButton")
        self._sending.setProperty("role", "button")
        self._sending.setToolTip("What will be sent…")
        self._sending.setAccessibleName("What will be sent")
        self._sending.setFixedWidth(38)
        self._sending.setIconSize(QSize(20, 20))
        self._sending.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._words = label(_READY, "note", "generateNote")
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words.setWordWrap(True)
        self._words.setMinimumHeight(34)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 8)
        column.setSpacing(8)
        column.addWidget(lint)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.button, 1)
        row.addWidget(self._sending)
        column.addLayout(row)
        column.addWidget(self._words)
        self.button.clicked.connect(self.pressed)
        self._sending.clicked.connect(self.sending_wanted)

    def set_icons(self, tokens: Tokens) -> None:
        """Draws the icon in white, as it stands on the fill colour."""
        self.button.setIcon(icon("generate", tokens, colour="#ffffff"))
        self._sending.setIcon(icon("sending", tokens))

    def show_state(self, reason: str, remark: str, estimate: Estimate, *, free: bool) -> None:
        """``reason`` switches the button off; without one, ``remark`` or the keys stand below it."""
        price = "free" if free else estimate.words() or "price not known"
        self.button.setText(f"Generate   {price}")
        self.button.setToolTip("" if free else _breakdown(estimate))
        self.button.setEnabled(not reason)
        self.button.setAccessibleDescription(reason or remark or price)
        words = reason or (f"{remark}" if remark else _READY)
        self._words.setText(words)


def _breakdown(estimate: Estimate) -> str:
    if not estimate.known:
        return "What this model charges is not published."
    parts = [
        ("Words", estimate.text_in),
        ("Pictures sent", estimate.images_in),
        ("Result", estimate.output),
        ("Partial pictures", estimate.partials),
    ]
    return "\n".join(f"{name}: ${dollars:.4f}" for name, dollars in parts if dollars)
