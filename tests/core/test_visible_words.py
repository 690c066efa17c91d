"""Words from outside as they are shown: nothing unseen is left in them, and everything seen stays."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.core.errors import EditError
from overpaint.core.foreign_words import LONGEST, visible

UNSEEN = ("Cc", "Cs", "Zl", "Zp")
JOINERS = "\u200c\u200d"
OF_DIRECTION = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)


def test_name_that_turns_its_ending_round_shows_the_turn() -> None:
    assert visible("holiday\u202egpj.exe") == "holiday\\u202egpj.exe"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("\x1b]0;title\x07\x1b[2J", r"\x1b]0;title\x07\x1b[2J"),
        ("\x9b31m", r"\x9b31m"),
        ("a\nb\tc\rd", r"a\nb\tc\rd"),
        ("a\u200bb\ufeffc\u00add", r"a\u200bb\ufeffc\xadd"),
        ("odd\udcff.png", r"odd\udcff.png"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_controls_and_letters_without_width_are_written_as_codes(words: str, shown: str) -> None:
    assert visible(words) == shown


@pytest.mark.parametrize("words", ["می‌خواهم", "شاطئ 3.png", "חוף.png", "👩‍🎨 портрет", "naïve\u0301 “ß”", ""])
def test_words_of_any_language_stay_as_they_are(words: str) -> None:
    assert visible(words) == words


@given(ANYTHING)
def test_nothing_that_steers_a_terminal_or_turns_text_round_is_left(words: str) -> None:
    shown = visible(words)

    assert [one for one in shown if unicodedata.category(one) in UNSEEN] == []
    assert {unicodedata.bidirectional(one) for one in shown} & OF_DIRECTION == set()
    assert [one for one in shown if unicodedata.category(one) == "Cf" and one not in JOINERS] == [
        one for one in words if one in SEEN_FORMATS
    ]
    assert visible(shown) == shown


SEEN_FORMATS = (
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
    + "".join(chr(one) for one in (*range(0x13430, 0x13440), *range(0x1BCA0, 0x1BCA4)))
)
"""Formats that Unicode draws: signs of numbers and verses, and how hieroglyphs and shorthand are joined."""


@given(ANYTHING)
def test_line_ends_and_tabs_stay_where_lines_are_shown(words: str) -> None:
    assert visible(words, lines=True).count("\n") == words.count("\n")
    assert visible(words, lines=True).count("\t") == words.count("\t")
    assert "\r" not in visible(words, lines=True)


@given(st.text(max_size=40), st.integers(2, 30))
def test_long_words_end_in_an_ellipsis(words: str, longest: int) -> None:
    shown = visible(words, longest=longest)

    assert len(shown) <= longest
    assert shown == visible(words) or shown.endswith("…")


def test_errors_speak_without_controls_on_one_line_that_ends() -> None:
    fault = EditError("No “\x1b[31m\n”.", next_step="Try \u202ea.", service_message="\x07" + "long " * 10_000)

    assert fault.sentence() == str(fault) + r" Try \u202ea." == r"No “\x1b[31m\n”. Try \u202ea."
    assert fault.service_message.startswith(r"\x07long")
    assert len(fault.service_message) <= LONGEST
