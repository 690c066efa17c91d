"""Words from outside on buttons, in menus and in tool tips, shown letter by letter."""

import textwrap

from overpaint.core.foreign_words import visible

_LONGEST = 100
_LONGEST_TIP = 1000
_TIP_WIDTH = 100
_MOST_TIP_LINES = 20


def literal(words: str, *, longest: int = _LONGEST) -> str:
    """The words for a button or an act, where a single ``&`` would underline the letter after it."""
    return visible(words, longest=longest).replace("&", "&&")


def tip(words: str) -> str:
    """The words for a tool tip, which folds nothing by itself: in lines that a screen has room for."""
    shown = visible(words, lines=True, longest=_LONGEST_TIP).expandtabs(4).split("\n")
    lines = [part for line in shown for part in _folded(line)]
    return "\n".join(lines if len(lines) <= _MOST_TIP_LINES else [*lines[: _MOST_TIP_LINES - 1], "…"])


def _folded(line: str) -> list[str]:
    return textwrap.wrap(line, _TIP_WIDTH, replace_whitespace=False, break_on_hyphens=False) or [""]
