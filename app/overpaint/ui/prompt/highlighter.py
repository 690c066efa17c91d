"""Shows names of pictures and fields in the prompt's text: quietly if all is well, underlined if not."""

from collections.abc import Mapping, Sequence

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from overpaint.core.request import prompt_syntax as rules
from overpaint.core.request.prompt_syntax import Mark
from overpaint.ui.prompt.utf16 import units
from overpaint.ui.theme.window_theme import Tokens


class PromptMarks(QSyntaxHighlighter):
    """Colours a document by what its marks mean now."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._pictures: frozenset[str] = frozenset()
        self._filled: frozenset[str] = frozenset()
        self._good, self._bad, self._quiet = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()

    def set_tokens(self, tokens: Tokens) -> None:
        """Draws in the theme's colours."""
        self._good.setForeground(QColor(tokens.accent))
        self._good.setBackground(QColor(tokens.selection))
        self._bad.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        self._bad.setUnderlineColor(QColor(tokens.bad))
        self._quiet.setForeground(QColor(tokens.dim))
        self.rehighlight()

    def show_meaning(self, pictures: Sequence[str], values: Mapping[str, str]) -> None:
        """What the marks stand for: the names of the pictures, and the values of the fields."""
        known = frozenset(rules.plain(name) for name in pictures)
        filled = frozenset(
            name for name, value in values.items() if not rules.field_problem(name, value, pictures)
        )
        if (known, filled) != (self._pictures, self._filled):
            self._pictures, self._filled = known, filled
            self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        read = start = 0
        for mark in rules.marks(text):
            start += units(text[read : mark.start])
            length = units(text[mark.start : mark.end])
            self.setFormat(start, length, self._format(mark))
            read, start = mark.end, start + length

    def _format(self, mark: Mark) -> QTextCharFormat:
        if mark.kind == "escape":
            return self._quiet
        known = mark.name in self._filled
        if mark.kind == "picture":
            known = rules.plain(mark.name) in self._pictures
        return self._good if known else self._bad
