"""The rules that a size must keep, each with a mark that says whether it does."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from overpaint.core.request.sizes import RuleCheck
from overpaint.ui.theme.icons import icon
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.labels import label

_MARK = 14
_COLUMNS = 2


class RuleMarks(QWidget):
    """Up to four rules in two columns."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sizeRules")
        self._tokens: Tokens | None = None
        self._shown: tuple[Sequence[RuleCheck], bool] = ((), False)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._marks: list[tuple[QLabel, QLabel]] = [self._pair(at) for at in range(4)]

    def set_icons(self, tokens: Tokens) -> None:
        """Draws the marks in the theme's colours."""
        self._tokens = tokens
        self.show_checks(self._shown[0], known=self._shown[1])

    def show_checks(self, checks: Sequence[RuleCheck], *, known: bool) -> None:
        """Shows the rules; without a ``known`` size they are only named."""
        self._shown = (checks, known)
        for at, (mark, words) in enumerate(self._marks):
            check = checks[at] if at < len(checks) and checks[at].rule != "listed" else None
            mark.setVisible(check is not None)
            words.setVisible(check is not None)
            if check is not None:
                self._show(mark, words, check, known=known)
        self.setVisible(any(check.rule != "listed" for check in checks))

    def _pair(self, at: int) -> tuple[QLabel, QLabel]:
        mark, words = label("", "mark"), label("", "note")
        mark.setFixedSize(_MARK + 2, _MARK + 2)
        cell = QHBoxLayout()
        cell.setSpacing(4)
        cell.addWidget(mark)
        cell.addWidget(words, 1)
        self._grid.addLayout(cell, at // _COLUMNS, at % _COLUMNS)
        self._grid.setColumnStretch(at % _COLUMNS, 1)
        return mark, words

    def _show(self, mark: QLabel, words: QLabel, check: RuleCheck, *, known: bool) -> None:
        broken = known and not check.ok
        words.setText(check.label)
        words.setObjectName(f"sizeRule_{check.rule}")
        words.setAccessibleName(f"{check.label}: {'broken' if broken else 'kept'}" if known else check.label)
        role = "problem" if broken else "note"
        if words.property("role") != role:
            words.setProperty("role", role)
            words.style().unpolish(words)
            words.style().polish(words)
        if self._tokens is not None:
            name, colour = ("cross", self._tokens.bad) if broken else ("check", self._tokens.ok)
            colour = colour if known else self._tokens.disabled
            mark.setPixmap(icon(name, self._tokens, colour=colour).pixmap(_MARK, _MARK))
