"""Sizes by what they are for, in one menu: each with its shape, the legal size it becomes, and its price."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidgetAction

from overpaint.core.request import size_presets
from overpaint.core.request.params import AUTO
from overpaint.core.request.sizes import Size, SizeRules
from overpaint.ui.actions.choices import add_choice
from overpaint.ui.inspector.aspect_preview import shape_icon
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.labels import label

if TYPE_CHECKING:
    from collections.abc import Callable

_INDENT = 32


class PresetButton(QToolButton):
    """``chosen`` carries a size as the parameter is written, ``like_first`` asks for the first picture's."""

    chosen = Signal(str)
    like_first = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sizePresets")
        self.setToolTip("Sizes by their use")
        self.setAccessibleName("Sizes by their use")
        self.setText("More ▾")
        self.setProperty("role", "chip")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.price_of: Callable[[str], str] = lambda _: ""
        self._tokens: Tokens | None = None
        self._rules = SizeRules()
        self._value = AUTO
        self._like: Size | None = None
        self._menu = QMenu(self)
        self._menu.setObjectName("sizePresetMenu")
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)

    def set_icons(self, tokens: Tokens) -> None:
        """Draws the icons in the theme's colours."""
        self._tokens = tokens

    def show_state(self, value: str, rules: SizeRules, like: Size | None) -> None:
        """The size in force, the model's rules, and the size that is most like the first picture."""
        self._value, self._rules, self._like = value, rules, like

    def _fill(self) -> None:
        """Made anew each time it opens: 20 lines with their prices take about a millisecond."""
        self._menu.clear()
        self._add("Auto", AUTO, None)
        if self._like is not None:
            action = self._menu.addAction(self._line("Like picture 1, ratio kept", self._like))
            action.setObjectName("sizePreset_like")
            action.triggered.connect(lambda: self.like_first.emit())
            self._draw(action, self._like)
        group = ""
        for preset, size in size_presets.offered(self._rules):
            if preset.group != group:
                group = preset.group
                self._menu.addSeparator()
                self._menu.addAction(_heading(group, self._menu))
            self._add(preset.title, str(size), size)

    def _add(self, title: str, value: str, size: Size | None) -> None:
        words = self._line(title, size) if size else title
        run = partial(self.chosen.emit, value)
        action = add_choice(self._menu, words, run, chosen=value == self._value)
        action.setObjectName(f"sizePreset_{title}")
        if size is not None:
            self._draw(action, size)

    def _line(self, title: str, size: Size) -> str:
        limit = self._rules.experimental_area
        facts = [f"{size.width} × {size.height}", self.price_of(str(size))]
        facts.append("experimental" if limit and size.area > limit else "")
        return f"{title}\t{' · '.join(filter(None, facts))}"

    def _draw(self, action: QAction, size: Size) -> None:
        if self._tokens is not None:
            action.setIcon(shape_icon(size, self._tokens))


def _heading(words: str, menu: QMenu) -> QAction:
    """A line that is no choice; as a label, since what is merely switched off is too pale to be read."""
    heading = QWidgetAction(menu)
    made = label(words, "note", f"sizePresetGroup_{words}")
    made.setContentsMargins(_INDENT, 3, 0, 3)
    heading.setDefaultWidget(made)
    return heading
