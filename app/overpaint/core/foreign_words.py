"""Words from outside, such as names, prompts and a service's sentences, as they are shown to the user."""

import re

LONGEST = 2000
"""So many characters of words from outside are shown at most."""

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # controls of the terminal
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # controls of direction
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\u2028\u2029\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # without any width
    "\ud800-\udfff]"  # what was a byte of a name in no known encoding
)
_BY_NAME = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def visible(words: str, *, lines: bool = False, longest: int = LONGEST) -> str:
    r"""The words on one line, with everything unseen written as its code (``\x1b``, ``\u202e``).

    So they can neither steer a terminal, nor change the order of what stands beside them, nor pass for other
    words. ``lines`` lets line ends and tabs be. What is longer than ``longest`` ends in an ellipsis. The
    joiners that Persian, Indian scripts and emoji are written with stay.
    """
    shown = words[:longest]  # before the search: what isn't shown isn't looked at either
    shown = _UNSEEN.sub(lambda found: _code(found[0], lines=lines), shown)
    return shown if len(shown) <= longest and len(words) <= longest else f"{shown[: longest - 1].rstrip()}…"


def _code(unseen: str, *, lines: bool) -> str:
    if unseen in _BY_NAME:
        return unseen if lines and unseen != "\r" else _BY_NAME[unseen]
    number = ord(unseen)
    width, letter = (2, "x") if number < 0x100 else (4, "u") if number < 0x10000 else (8, "U")
    return f"\\{letter}{number:0{width}x}"
