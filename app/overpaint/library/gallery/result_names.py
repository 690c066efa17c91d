"""File names for results: readable, the same rule on every platform, and never a path."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime

MAX_STEM_BYTES = 100
"""Length of a stem in UTF-8; leaves room for a number and an ending on every file system in use."""

_DATE = "%Y-%m-%d %H-%M-%S"
_DATE_LENGTH = 19
_RESERVED = frozenset('<>:"/\\|?*')
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_TAKEN_ENDINGS = re.compile(r"\.(?=(?:mask|painted|kept|keep-\d+|overpaint)$)", re.IGNORECASE)
_NUMBER = re.compile(r" \((\d{1,6})\)$")


def file_stem(when: datetime, prompt: str) -> str:
    """``2026-11-22 14-02-31 Remove the spoon``: the time as given, then the beginning of the prompt.

    At most 100 bytes of UTF-8 in NFC, cut between words where that keeps half of what fits, never inside a
    character with its marks. Holds no separator, control or bidi character, and ends in none of dot and
    space; it begins with a date, so no name that Windows reserves can arise.
    """
    date = f"{when.year:04d}" + when.strftime(_DATE[2:])
    words = _cut(_clean(prompt), MAX_STEM_BYTES - len(date) - 1)
    return _TAKEN_ENDINGS.sub(" ", f"{date} {words}") if words else date


def numbered(stem: str) -> Iterator[str]:
    """The stem, then ``stem (2)``, ``stem (3)`` … without end."""
    yield stem
    number = 2
    while True:
        yield f"{stem} ({number})"
        number += 1


def written_at(stem: str) -> tuple[datetime, int] | None:
    """The local time and the number a stem was made with; None for a name that isn't ours."""
    try:
        when = datetime.strptime(stem[:_DATE_LENGTH], _DATE)
    except ValueError:
        return None
    number = _NUMBER.search(stem)
    return when, int(number[1]) if number else 1


def _clean(prompt: str) -> str:
    # A prompt may have 32,000 characters; the first thousand fill any name.
    composed = unicodedata.normalize("NFC", prompt[:1000])
    kept = "".join(_kept(character) for character in composed)
    # Dropping a character can bring two others together that compose.
    return unicodedata.normalize("NFC", " ".join(kept.split())).rstrip(" .")


def _kept(character: str) -> str:
    if character.isspace() or character in _RESERVED:
        return " "
    return "" if unicodedata.category(character) in _DROPPED else character


def _cut(words: str, room: int) -> str:
    if len(words.encode()) <= room:
        return words
    fitting = words.encode()[:room].decode(errors="ignore")
    end = len(fitting)
    while end and _continues(words, end):
        end -= 1
    space = words.rfind(" ", 0, end + 1)
    if space >= end // 2:
        end = space
    return words[:end].rstrip(" .")


def _continues(words: str, at: int) -> bool:
    character = words[at]
    if unicodedata.category(character) in ("Mn", "Mc", "Me") or "\U0001f3fb" <= character <= "\U0001f3ff":
        return True
    return _is_flag_half(character) and _flag_halves_before(words, at) % 2 == 1


def _flag_halves_before(words: str, at: int) -> int:
    start = at
    while start and _is_flag_half(words[start - 1]):
        start -= 1
    return at - start


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
