"""The button that sends the edit, its price, and beside it the reason when it is off."""

import msgspec
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from overpaint.core.foreign_words import visible
from overpaint.core.results.prices import Estimate
from overpaint.ui.actions.keymap import Keymap
from overpaint.ui.inspector.field_problems import ProblemsByField
from overpaint.ui.theme.icons import icon
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.labels import FittedLabel, set_tone

_KEYS = "{generate} generates, {leave} cancels"
_QUEUE = ("Running… · Queue another", "Running · queue another", "Queue another")
_PADDING = 26
_LINES = 4
_UNPRICED = "What this edit will cost is not known."


class Plan(msgspec.Struct, frozen=True):
    """What an edit will do, in sentences: ``does``, what isn't plain about it (``warning``), where something
    else is on the canvas than the picture that is edited, what that is (``aside``; ``result`` where it is a
    result), and which paint isn't sent (``lost``); ``loses_paint`` where that of the edited picture isn't;
    ``going`` while an edit is under way already."""

    does: str = ""
    warning: str = ""
    aside: str = ""
    loses_paint: bool = False
    lost: str = ""
    result: bool = False
    going: bool = False

    @property
    def way_on(self) -> str:
        """What makes that the picture that is edited which is seen."""
        return "" if not self.aside else "Replace" if self.result else "Make it first"

    def words(self, *, unpriced: bool = False) -> str:
        """All of it, the most important first."""
        price = _UNPRICED if unpriced else ""
        plain = "" if self.aside else self.warning
        return " ".join(filter(None, (self.aside, self.lost, self.does, plain, price)))


class GenerateBar(QWidget):
    """Pinned at the foot of the inspector."""

    pressed = Signal()
    preview_wanted = Signal()
    problem_wanted = Signal()
    make_first_wanted = Signal()
    replace_wanted = Signal()

    def __init__(self, lint: QWidget) -> None:
        """``lint`` are lines about the mask, above the button."""
        super().__init__()
        self.setObjectName("generateBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.button = QPushButton("Generate")
        self.button.setObjectName("generateButton")
        self.button.setProperty("role", "primary")
        self.button.setIconSize(QSize(30, 20))  # Qt puts the word close to it
        self._sending = _sending_button()
        self._keys = self._parts = self._price = ""
        self._plan = Plan()
        self._icon = QIcon()
        self._words = FittedLabel("note", "generateNote", _LINES)
        self._link = QPushButton()
        self._link.setObjectName("generateFault")
        self._link.setProperty("role", "link")
        self._link.hide()
        self._lay_out(lint)
        self.button.clicked.connect(self.pressed)
        self._sending.clicked.connect(self.preview_wanted)
        self._link.clicked.connect(self._follow_link)

    def _lay_out(self, lint: QWidget) -> None:
        note = QHBoxLayout()
        note.setSpacing(8)
        note.addWidget(self._words, 1)
        note.addWidget(self._link, 0, Qt.AlignmentFlag.AlignTop)
        note.addWidget(self._sending, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 8)
        column.setSpacing(8)
        column.addWidget(lint)
        column.addWidget(self.button)
        column.addLayout(note)

    def follow(self, keymap: Keymap) -> None:
        """Says the keys that do the same."""
        keymap.follow(_KEYS, self._show_keys)
        keymap.follow_tip("What will be sent…", "sending", self._sending.setToolTip)

    def _show_keys(self, words: str) -> None:
        self._keys = words
        self._show_tip()

    def set_icons(self, tokens: Tokens) -> None:
        """Draws the icon in white, as it stands on the fill colour."""
        self._icon = icon("generate", tokens, colour="#ffffff")
        self._show_icon(self._plan)
        self._sending.setIcon(icon("sending", tokens))

    def _show_icon(self, plan: Plan) -> None:
        """The longer words need its room."""
        self.button.setIcon(QIcon() if plan.going else self._icon)

    def show_state(
        self, fault: ProblemsByField, plan: Plan, estimate: Estimate, *, free: bool, count: int = 1
    ) -> None:
        """A problem switches the button off; without one, the words below say what will happen."""
        price = "free" if free else estimate.words()
        self._plan = plan
        self._price = price
        self._show_icon(plan)
        self._show_title()
        words = fault.first or plan.words(unpriced=not price)
        self._parts = "" if price == "free" else _breakdown(estimate, count)
        self._show_tip()
        self.button.setEnabled(not fault.first)
        self.button.setAccessibleDescription(
            visible(fault.every or plan.words(unpriced=not price), lines=True)
        )
        self._words.setText(words)
        self._words.set_further(fault.every)
        strays = bool(plan.aside) and not plan.result
        amber = (strays or bool(plan.lost) or plan.loses_paint) and not fault.first
        set_tone(self._words, "warn" if amber else "")
        link = fault.link or plan.way_on
        side = Qt.AlignmentFlag.AlignLeft if link else Qt.AlignmentFlag.AlignHCenter
        self._words.setAlignment(side | Qt.AlignmentFlag.AlignTop)
        self._link.setText(link)
        self._link.setAccessibleName(visible(f"{link}: {words}") if link else "Show")
        self._link.setVisible(bool(link))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_title()

    def _show_title(self) -> None:
        """As many of the words as there is room for; the price in any case."""
        if not self._plan.going:
            self.button.setText(f"Generate   {self._price}".rstrip())
            return
        self.button.ensurePolished()
        metrics, room = self.button.fontMetrics(), self.button.width() - _PADDING
        ways = [f"{title} {self._price}".rstrip() for title in _QUEUE]
        self.button.setText(next((one for one in ways if metrics.horizontalAdvance(one) <= room), ways[-1]))

    def _show_tip(self) -> None:
        self.button.setToolTip("\n".join(filter(None, (self._parts, self._keys))))

    def _follow_link(self) -> None:
        if not self.button.isEnabled():
            self.problem_wanted.emit()
        else:
            (self.replace_wanted if self._plan.result else self.make_first_wanted).emit()


def _sending_button() -> QToolButton:
    button = QToolButton()
    button.setObjectName("sendingButton")
    button.setAccessibleName("What will be sent")
    button.setFixedSize(22, 22)
    button.setIconSize(QSize(17, 17))
    return button


def _breakdown(estimate: Estimate, count: int) -> str:
    if not estimate.known:
        return "What this model charges is not published."
    ranges = estimate.low < estimate.high
    several = f", {count} of them" if count > 1 else ""
    parts = [
        ("Words", estimate.text_in),
        ("Pictures sent", estimate.images_in),
        (f"Result{several}{', at most' if ranges else ''}", estimate.output),
        ("Partial pictures", estimate.partials),
        ("Together" if not ranges else "Together, at most", estimate.high),
    ]
    lines = [f"{name}: ${dollars:.4f}" for name, dollars in parts if dollars]
    if ranges:
        lines.append(f"At least ${estimate.low:.4f}: the model chooses what is on auto.")
    return "\n".join(lines)
