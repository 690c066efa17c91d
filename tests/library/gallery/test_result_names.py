"""Names of results: readable everywhere, and never a way out of the folder."""

import re
import unicodedata
from datetime import datetime
from itertools import islice
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.library.gallery.result_names import MAX_STEM_BYTES, file_stem, numbered, written_at

WHEN = datetime(2026, 11, 22, 14, 2, 31)
DATE = "2026-11-22 14-02-31"

NAUGHTY = (
    "../../etc/passwd",
    "..\\..\\windows\\system32",
    "/absolute",
    "C:\\con",
    "C:",
    "CON",
    "nul.png",
    "a\0b",
    "line\nbreak\r\ttab",
    "\x1b[31mred",
    "trailing dots...",
    "trailing spaces   ",
    ".",
    "..",
    "~",
    "-rf",
    "$(rm -rf /)",
    "`id`",
    "%00%2e%2e%2f",
    "\u202egpj.exe",
    "\ufeffbom",
    "\ud800 lone surrogate",
    "\uffff",
    "<script>alert('x')</script>",
    'quote"quote',
    "pipe|star*question?",
    "file://etc/passwd",
    "\u2028line\u2029separators\u3000wide\u00a0fixed",
    "a\u200bzero\u200dwidth",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324" * 40,
    "𠜎𠜱𠝹𠱓" * 30,
    "👩‍👩‍👧‍👦" * 40,
    "🇨🇭" * 40,
    "👍🏽" * 40,
    "田中さんにあげて下さい" * 20,
    "الكل في المجمو عة" * 10,
    "x" * 32_000,
    "word " * 6_000,
)


def assert_is_a_safe_name(stem: str) -> None:
    assert len(stem.encode()) <= MAX_STEM_BYTES
    assert stem.startswith(DATE)
    assert stem == unicodedata.normalize("NFC", stem)
    assert not set(stem) & set('<>:"/\\|?*')
    assert not [one for one in stem if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert stem.rstrip(" .") == stem
    assert not stem.lower().endswith((".mask", ".overpaint"))
    assert (Path("/gallery") / stem).parent == Path("/gallery")
    assert PureWindowsPath(stem).name == stem
    assert not re.match(r"(?i)(con|prn|aux|nul|com.|lpt.)\b", stem)  # Windows reserves them whatever follows


@pytest.mark.parametrize("prompt", NAUGHTY, ids=range(len(NAUGHTY)))
def test_file_stem_when_prompt_is_naughty_then_name_is_safe(prompt: str):
    stem = file_stem(WHEN, prompt)

    assert_is_a_safe_name(stem)


@given(st.text(max_size=300))
def test_file_stem_when_prompt_is_any_text_then_name_is_safe(prompt: str):
    stem = file_stem(WHEN, prompt)

    assert_is_a_safe_name(stem)


@given(st.text(alphabet="aé́̈ि👍🏽🏿🇨🇭🇩🇪 한.", min_size=60, max_size=120))
def test_file_stem_when_cut_then_no_character_loses_its_marks(prompt: str):
    stem = file_stem(WHEN, prompt)

    rest = unicodedata.normalize("NFC", " ".join(prompt.split()))[len(stem) - len(DATE) - 1 :]
    assert not rest.startswith(("\u0301", "\u0308", "\u093f", "🏽", "🏿")) or len(stem) == len(DATE)


def test_file_stem_when_flags_are_cut_then_each_is_whole():
    stem = file_stem(WHEN, "🇨🇭" * 40)

    flags = stem.removeprefix(DATE + " ")
    assert flags == "🇨🇭" * 10


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("Remove the spoon", "Remove the spoon"),
        ("  Remove\n the   spoon. ", "Remove the spoon"),
        ("Füge Öl hinzu", "Füge Öl hinzu"),
        ("cafe\u0301", "café"),
        ("把勺子去掉", "把勺子去掉"),
        ("a/b: c", "a b c"),
        ("version 1.5 please", "version 1.5 please"),
        ("the cat.mask", "the cat mask"),
        ("x.OVERPAINT", "x OVERPAINT"),
    ],
)
def test_file_stem_when_prompt_is_ordinary_then_it_reads_as_written(prompt: str, words: str):
    assert file_stem(WHEN, prompt) == f"{DATE} {words}"


@pytest.mark.parametrize("prompt", ["", "   ", "...", "///", "\u202e\u200b"])
def test_file_stem_when_nothing_readable_is_left_then_it_is_the_date(prompt: str):
    assert file_stem(WHEN, prompt) == DATE


def test_file_stem_when_prompt_is_long_then_it_ends_with_a_whole_word():
    prompt = (
        "Replace the grey sky behind the lighthouse with a warm sunset and a few soft clouds in the distance"
    )

    stem = file_stem(WHEN, prompt)

    words = stem.removeprefix(DATE + " ")
    assert prompt.startswith(words + " ")
    assert len(stem) > 85


def test_file_stem_when_the_year_is_early_then_it_has_four_digits():
    assert file_stem(datetime(33, 4, 3, 15, 0, 0), "").startswith("0033-04-03 15-00-00")


def test_numbered_when_asked_again_then_counts_from_two():
    assert list(islice(numbered("a"), 3)) == ["a", "a (2)", "a (3)"]


@given(st.datetimes(min_value=datetime(1, 1, 1)), st.text(max_size=40), st.integers(0, 20))
def test_written_at_when_name_is_ours_then_time_comes_back(when: datetime, prompt: str, skip: int):
    stem = next(islice(numbered(file_stem(when, prompt)), skip, None))

    found = written_at(stem)

    assert found is not None
    assert found[0] == when.replace(microsecond=0)


def test_written_at_when_name_is_numbered_then_number_comes_back():
    assert written_at("2026-11-22 14-02-31 Remove (3)") == (WHEN, 3)


@pytest.mark.parametrize("stem", ["", "holiday", "2026-13-40 99-99-99 x", "2026-11-22"])
def test_written_at_when_name_is_foreign_then_none(stem: str):
    assert written_at(stem) is None
