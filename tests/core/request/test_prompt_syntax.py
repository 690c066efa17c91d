"""Names of pictures and fields in a prompt: what is sent for them, and what stays plain words."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from overpaint.core.request import prompt_syntax as rules
from overpaint.core.request.prompt_syntax import Mark

TRAY = ("chair.png", "old lamp", 'the 5" disc')


def sent(prompt: str, **values: str) -> str:
    return rules.as_sent(prompt, TRAY, values)


@pytest.mark.parametrize(
    ("written", "on_the_wire"),
    [
        ("put @chair.png there", "put image 1 there"),
        ('put @"old lamp" there', "put image 2 there"),
        ('put @"the 5"" disc" there', "put image 3 there"),
        ("@CHAIR.png, @chair.png.", "image 1, image 1."),
        ('(@"Old  Lamp")', "(image 2)"),
        ("@chair.png's back", "image 1's back"),
    ],
)
def test_name_of_a_picture_is_sent_as_its_place(written, on_the_wire) -> None:
    assert sent(written) == on_the_wire


@pytest.mark.parametrize(
    "words",
    [
        "write to me@chair.png",
        "two @ five dollars",
        'a sign "@"',
        "@",
        "{}",
        '{"style": "oil", "nested": {"of": 3}}',
        "{ subject}",
        "{3d}",
        "{a, b}",
        "{" + "x" * 41 + "}",
        "{two\nlines}",
    ],
)
def test_what_only_looks_like_a_mark_is_plain_words(words) -> None:
    assert rules.marks(words) == ()
    assert sent(words) == words


@pytest.mark.parametrize(
    ("written", "on_the_wire"),
    [
        ("@@chair.png", "@chair.png"),
        ('@@"old lamp"', '@"old lamp"'),
        ('@@"@chair.png in {subject}, 5"" wide"', '@"@chair.png in {subject}, 5"" wide"'),
        ('@@"open', '@"open'),
        ("{{subject}}", "{subject}"),
        ("{{subject}", "{subject}"),
        ('{{"a": 1}', '{"a": 1}'),
    ],
)
def test_escaped_mark_is_sent_as_it_reads(written, on_the_wire) -> None:
    assert sent(written, subject="a cat") == on_the_wire
    assert rules.problems(written, TRAY, {}) == ()


def test_field_is_sent_as_what_was_typed_for_it() -> None:
    values = {"subject": "A cat", "the mat": "it"}

    assert sent("{subject} on {the mat }, {subject}", **values) == "A cat on it, A cat"


def test_picture_named_in_a_field_is_sent_as_its_place() -> None:
    assert sent("Move {what}", what='@"old lamp"') == "Move image 2"


def test_braces_in_a_field_are_sent_as_typed() -> None:
    assert sent("Move {what}", what="{what} {{x}}") == "Move {what} {{x}}"


def test_escaped_name_in_a_field_is_sent_as_it_reads() -> None:
    assert sent("Move {what}", what='@@chair.png, @@"@chair.png"') == 'Move @chair.png, @"@chair.png"'


def test_fields_are_listed_once_in_their_order() -> None:
    assert rules.fields("{b} {a} {b} {{c}}") == ("b", "a")


def test_unknown_name_is_told_with_the_words_that_would_be_sent() -> None:
    (problem,) = rules.problems('@lamp and @"old lamp" and @lamp', TRAY, {})

    assert problem.message == "There is no picture named “lamp”."
    assert problem.suggestion == '@@lamp and @"old lamp" and @@lamp'
    assert rules.problems(problem.suggestion, TRAY, {}) == ()
    assert sent(problem.suggestion) == "@lamp and image 2 and @lamp"


def test_empty_field_is_told_in_words() -> None:
    told = rules.problems("{subject} in {place}", TRAY, {"subject": "a cat", "place": "  "})

    assert [one.message for one in told] == ["Fill in {place}."]


def test_unknown_name_in_a_field_is_told() -> None:
    (problem,) = rules.problems("Move {what}", TRAY, {"what": "@sofa"})

    assert problem.message == "There is no picture named “sofa”."


def test_fields_beyond_what_a_prompt_takes_are_told_with_their_number() -> None:
    prompt = " ".join(f"{{f{at}}}" for at in range(1000))
    values = {f"f{at}": "x" for at in range(1000)}

    (problem,) = rules.problems(prompt, TRAY, values)

    assert problem.message == "A prompt takes at most 24 fields; this has 1000."


def test_renamed_picture_is_followed_in_the_text_at_once() -> None:
    swapped = rules.renamed('@a, @"b c" and mail@a', {"a": "b c", "b c": "a"})

    assert swapped == '@"b c", @a and mail@a'


def test_marks_know_their_places() -> None:
    assert rules.marks("x @a {b} {{") == (
        Mark("picture", 2, 4, "a"),
        Mark("field", 5, 8, "b"),
        Mark("escape", 9, 11, "{"),
    )


@pytest.mark.parametrize(
    ("before", "typed"),
    [
        ("put @", (4, "")),
        ("put @old la", (4, "old la")),
        ('@"old la', (0, "old la")),
        ("me@ex", None),
        ('put @"old lamp"', None),
        ("@a @b", (3, "b")),
        ("@@b", None),
    ],
)
def test_name_being_typed_is_found_before_the_cursor(before, typed) -> None:
    assert rules.being_typed(before) == typed


def test_names_are_offered_that_begin_so_before_those_that_hold_it() -> None:
    assert rules.offered("LA", ["flat", "lamp", "sofa", "old lamp"]) == ["lamp", "flat", "old lamp"]


names = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=40).filter(
    lambda name: name.strip()
)


@given(names, st.text(max_size=10), st.text(max_size=10))
def test_token_of_any_name_is_read_back_as_that_picture(name: str, before: str, after: str) -> None:
    prompt = f"{before} {rules.token(name)} {after}"

    assert " image 1 " in rules.as_sent(prompt, [name], {})


@given(st.text(alphabet='@{}ab"\n .-'))
@example('@"@a"')
@example('@"{a}"')
def test_prompt_with_every_picture_escaped_is_sent_as_it_stood(text: str) -> None:
    escaped = text
    for name in rules.unknown(text, ()):
        escaped = rules.as_words(escaped, name)

    assert rules.unknown(escaped, ()) == ()
    if all(mark.kind == "picture" for mark in rules.marks(text)):
        assert rules.as_sent(escaped, ("a",), {"a": "x"}) == text


@given(st.text(alphabet='@{}ab"\n .-'))
def test_marks_never_overlap_nor_span_lines(text: str) -> None:
    found = rules.marks(text)

    assert all(one.end <= other.start for one, other in pairwise(found))
    assert not any("\n" in text[one.start : one.end] for one in found)
