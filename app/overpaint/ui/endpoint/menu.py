"""The button at the upper right: where edits are sent, and the way to its settings."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from overpaint.core.foreign_words import visible
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.library.journal.ledger import Totals
from overpaint.studio.config.settings import ENDPOINT_SETTINGS
from overpaint.studio.config.settings_store import SettingsStore
from overpaint.studio.event import Names
from overpaint.ui.actions.choices import add_choice
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.labels import label
from overpaint.ui.widgets.literal import literal, tip

_LONGEST_ON_BUTTON = 40


class EndpointMenu(QWidget):
    """``chosen`` carries a profile's name; ``settings_wanted``, ``custom_wanted`` and ``prices_wanted`` ask
    for a dialog."""

    chosen = Signal(str)
    settings_wanted = Signal()
    custom_wanted = Signal()
    prices_wanted = Signal()

    def __init__(self, store: SettingsStore) -> None:
        super().__init__()
        self.setObjectName("endpointCorner")
        self._store = store
        self._faults: dict[str, str] = {}
        self._tokens: Tokens | None = None
        self.spent = label("", "dim", "spentToday")
        self._sums = ("", "")
        self._compact = False
        self.button = QToolButton()
        self.button.setObjectName("endpointButton")
        self.button.setProperty("role", "button")
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self.button)
        self._menu.setObjectName("endpointMenu")
        self._menu.aboutToShow.connect(self._fill)
        self.button.setMenu(self._menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 3, 12, 3)
        row.setSpacing(12)
        row.addWidget(self.spent)
        row.addWidget(self.button)
        store.changed.connect(self.refresh, ENDPOINT_SETTINGS)
        self.refresh()

    def set_icons(self, tokens: Tokens) -> None:
        """Draws the dot in the theme's colours."""
        self._tokens = tokens
        self.refresh()

    def show_spent(self, since_start: Totals, today: Totals, month: Totals) -> None:
        """What was spent since the program's start, today and this month; the tool tip has it all, with what
        is not known for sure."""
        self._sums = f"${today.spent:.2f}", f"${month.spent:.2f}"
        self._show_sums()
        sums = (("Since the start", since_start), ("Today", today), ("This month", month))
        lines = [f"{words}: {_sum_words(totals)}" for words, totals in sums]
        self.spent.setToolTip("\n".join(lines))
        self.spent.setAccessibleDescription("; ".join(lines))

    def set_compact(self, compact: bool) -> None:
        """Only the sum of today, where there is little room; the tool tip has them all."""
        self._compact = compact
        self._show_sums()

    def _show_sums(self) -> None:
        today, month = self._sums
        self.spent.setText(f"Today {today}" if self._compact else f"Spent today {today} · this month {month}")

    def show_fault(self, name: str, words: str) -> None:
        """What is known to be wrong with an endpoint, such as a key that it refused; ``""`` for nothing."""
        if words != self._faults.get(name, ""):
            self._faults[name] = words
            self.refresh()

    def refresh(self, _: Names = frozenset()) -> None:
        """Shows the endpoint in force; its dot is amber while it lacks something, or the last edit failed
        for what it is."""
        profile = self._store.current.active
        problems = profile.problems()
        fault = problems[0].message if problems else self._faults.get(profile.name, "")
        told = f"Endpoint: {profile.name}" + (f". {fault}" if fault else "")
        self.button.setText(f"{literal(profile.name, longest=_LONGEST_ON_BUTTON)}  ▾")
        self.button.setAccessibleName(visible(told))
        self.button.setToolTip(tip(fault or _what(profile)))
        if self._tokens is not None:
            self.button.setIcon(_dot(self._tokens.warn if fault else self._tokens.ok))

    def _fill(self) -> None:
        self._menu.clear()
        for profile in self._store.current.profiles():
            active = profile.name == self._store.current.active.name
            run = partial(self.chosen.emit, profile.name)
            add_choice(self._menu, literal(profile.name), run, chosen=active, tip=tip(profile.note))
        self._menu.addSeparator()
        self._menu.addAction("Add a custom endpoint…", self.custom_wanted.emit)
        offline = self._store.current.active.is_offline
        add_choice(self._menu, "Endpoint settings…", None if offline else self.settings_wanted.emit)
        self._menu.addAction("Prices…", self.prices_wanted.emit)


def _sum_words(totals: Totals) -> str:
    runs = "1 paid run" if totals.runs == 1 else f"{totals.runs} paid runs"
    unsure = f", and up to ${totals.open_high:.2f} whose outcome is not known" if totals.open_high else ""
    return f"${totals.spent:.2f} in {runs}{unsure}"


def _what(profile: EndpointProfile) -> str:
    return profile.note if profile.is_offline else profile.url


def _dot(colour: str) -> QIcon:
    pixmap = QPixmap(24, 24)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(6, 6, 12, 12)
    painter.end()
    return QIcon(pixmap)
