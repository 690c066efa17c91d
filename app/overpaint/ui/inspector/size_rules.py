"""The rules that a size must keep: shown with their marks where one is broken, told by a sign otherwise."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QToolButton, QToolTip, QWidget

from overpaint.core.request.sizes import RuleCheck
from overpaint.ui.theme.icons import icon
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.labels import label
from overpaint.ui.widgets.literal import tip

_MARK = 14
_COLUMNS = 2
_SIGN = 20


class RuleMarks(QWidget):
    """Up to four rules in two columns."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sizeRules")
        self._tokens: Tokens | None = None
        self._shown: Sequence[RuleCheck] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._marks: list[tuple[QLabel, QLabel]] = [self._pair(at) for at in range(4)]

    def set_icons(self, tokens: Tokens) -> None:
        """Draws the marks in the theme's colours."""
        self._tokens = tokens
        self.show_checks(self._shown)

    def show_checks(self, checks: Sequence[RuleCheck]) -> None:
        """Shows the rules; none where all are kept."""
        self._shown = checks
        for at, (mark, words) in enumerate(self._marks):
            check = checks[at] if at < len(checks) and checks[at].rule != "listed" else None
            mark.setVisible(check is not None)
            words.setVisible(check is not None)
            if check is not None:
                self._show(mark, words, check)
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

    def _show(self, mark: QLabel, words: QLabel, check: RuleCheck) -> None:
        broken = not check.ok
        words.setText(check.label)
        words.setObjectName(f"sizeRule_{check.rule}")
        words.setAccessibleName(_told(check))
        role = "problem" if broken else "note"
        if words.property("role") != role:
            words.setProperty("role", role)
            words.style().unpolish(words)
            words.style().polish(words)
        if self._tokens is not None:
            name, colour = ("cross", self._tokens.bad) if broken else ("check", self._tokens.ok)
            mark.setPixmap(icon(name, self._tokens, colour=colour).pixmap(_MARK, _MARK))


class RuleInfo(QToolButton):
    """A sign that tells the rules on hovering and when it is pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sizeInfo")
        self.setAccessibleName("What sizes the model takes")
        self.setFixedSize(_SIGN, _SIGN)
        self.clicked.connect(self._tell)

    def set_icons(self, tokens: Tokens) -> None:
        """Draws the sign in the theme's colours."""
        self.setIcon(icon("hint", tokens))

    def show_checks(self, checks: Sequence[RuleCheck], *, known: bool) -> None:
        """The rules to be told; without a ``known`` size they are only named."""
        rules = [check for check in checks if check.rule != "listed"]
        told = [_told(check) if known else check.label for check in rules]
        self.setVisible(bool(told))
        self.setToolTip(tip("\n".join(["This model takes:", *told])))
        self.setAccessibleDescription(". ".join(told))

    def _tell(self) -> None:
        QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), self.toolTip(), self)


def _told(check: RuleCheck) -> str:
    return f"{check.label}: {'kept' if check.ok else 'broken'}"
