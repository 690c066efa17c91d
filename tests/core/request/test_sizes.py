"""Sizes: what is legal, what is said when one is not, and which legal size lies nearest."""

import math
from functools import cache

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from overpaint.core.request.sizes import (
    NEAR_RATIO,
    Size,
    SizeRules,
    checks,
    is_legal,
    legal_sides,
    nearest,
    parse,
    wished,
)

FOUR_RULES = SizeRules(max_edge=3840, multiple=16, max_ratio=3, min_area=655_360, max_area=8_294_400)
LISTED = SizeRules(listed=("1024x1024", "1536x1024", "1024x1536"))

any_side = st.integers(1, 999_999)
any_size = st.builds(Size, any_side, any_side)
sixteens = st.builds(lambda w, h: Size(16 * w, 16 * h), st.integers(1, 260), st.integers(1, 260))
border_sides = st.sampled_from((800, 816, 1264, 1280, 2160, 2880, 3824, 3840, 3856, 3841))
border_sizes = st.builds(Size, border_sides, border_sides)


def holds_by_the_book(width: int, height: int) -> bool:
    """The four rules once more, in the words of the service's documentation."""
    short, long = sorted((width, height))
    return (
        long <= 3840
        and math.gcd(width, height, 16) == 16
        and 3 * short >= long
        and width * height in range(655_360, 8_294_401)
    )


@cache
def all_legal() -> frozenset[tuple[int, int]]:
    steps = range(16, 3841, 16)
    return frozenset(
        (width, height) for width in steps for height in steps if holds_by_the_book(width, height)
    )


# --- what is legal


@given(st.one_of(any_size, sixteens, border_sizes))
@example(Size(3840, 2160))
@example(Size(2160, 3840))
@example(Size(3840, 1280))
@example(Size(3840, 1264))
@example(Size(1024, 640))
@example(Size(1008, 640))
@example(Size(2880, 2896))
@example(Size(1, 1))
def test_is_legal_for_any_size_agrees_with_the_four_rules(size):
    assert is_legal(size, FOUR_RULES) == holds_by_the_book(size.width, size.height)


@given(st.one_of(any_size, sixteens, border_sizes), st.sampled_from((FOUR_RULES, LISTED, SizeRules())))
def test_checks_for_any_size_all_hold_exactly_when_it_is_legal(size, rules):
    assert all(check.ok for check in checks(size, rules)) == is_legal(size, rules)


@given(st.one_of(any_size, sixteens))
def test_checks_for_any_size_hold_one_rule_each(size):
    short, long = sorted((size.width, size.height))

    found = {check.rule: check.ok for check in checks(size, FOUR_RULES)}

    assert found == {
        "edge": long <= 3840,
        "multiple": size.width % 16 == 0 and size.height % 16 == 0,
        "ratio": long <= 3 * short,
        "area": 655_360 <= size.area <= 8_294_400,
    }


@pytest.mark.parametrize("text", LISTED.listed)
def test_is_legal_for_each_listed_size_is_true(text):
    size = parse(text)

    assert size is not None
    assert is_legal(size, LISTED)


@pytest.mark.parametrize("size", [Size(1024, 1040), Size(2048, 2048), Size(16, 16)])
def test_is_legal_for_a_size_not_listed_is_false(size):
    assert not is_legal(size, LISTED)


@given(any_size)
def test_is_legal_without_rules_takes_everything(size):
    assert is_legal(size, SizeRules())
    assert checks(size, SizeRules()) == ()


@pytest.mark.parametrize(
    ("rules", "size", "expected"),
    [
        (SizeRules(max_edge=100), Size(100, 1), True),
        (SizeRules(max_edge=100), Size(1, 101), False),
        (SizeRules(multiple=64), Size(64, 128), True),
        (SizeRules(multiple=64), Size(64, 96), False),
        (SizeRules(max_ratio=1.5), Size(150, 100), True),
        (SizeRules(max_ratio=1.5), Size(151, 100), False),
        (SizeRules(min_area=100), Size(10, 10), True),
        (SizeRules(min_area=100), Size(9, 11), False),
        (SizeRules(max_area=100), Size(10, 10), True),
        (SizeRules(max_area=100), Size(10, 11), False),
    ],
)
def test_is_legal_with_one_rule_alone_checks_that_rule_alone(rules, size, expected):
    assert is_legal(size, rules) is expected
    assert [check.ok for check in checks(size, rules)] == [expected]


def legal(rules: SizeRules) -> set[tuple[int, int]]:
    widths, heights = legal_sides(rules)
    return set(zip(widths.tolist(), heights.tolist(), strict=True))


def test_legal_sizes_of_the_four_rules_are_all_of_them():
    assert legal(FOUR_RULES) == all_legal()


def test_legal_sizes_of_a_list_are_that_list():
    assert {f"{width}x{height}" for width, height in legal(LISTED)} == set(LISTED.listed)


def test_legal_sizes_without_a_longest_edge_are_none_to_enumerate():
    assert legal(SizeRules(multiple=16)) == set()


@pytest.mark.parametrize("text", ["1024", "1024*1024", "01024x1024", "0x16", "auto", ""])
def test_size_rules_with_a_misspelled_listed_size_are_refused(text):
    with pytest.raises(ValueError, match="is no size"):
        SizeRules(listed=(text,))


def test_size_rules_with_an_unknown_limit_are_refused():
    with pytest.raises(msgspec.ValidationError, match="max_height"):
        msgspec.convert({"max_height": 3}, SizeRules)


# --- what is said


@pytest.mark.parametrize(
    ("size", "rule", "message"),
    [
        (Size(3856, 1600), "edge", "Width must be at most 3840."),
        (Size(1600, 3856), "edge", "Height must be at most 3840."),
        (Size(1500, 1024), "multiple", "Width must be a multiple of 16: try 1488 or 1504."),
        (Size(1024, 1500), "multiple", "Height must be a multiple of 16: try 1488 or 1504."),
        (Size(3200, 1024), "ratio", "The long side may be at most 3 times the short one."),
        (Size(512, 512), "area", "Too few pixels: 262,144, at least 655,360."),
        (Size(3840, 3840), "area", "Too many pixels: 14,745,600, at most 8,294,400."),
    ],
)
def test_checks_of_a_broken_rule_say_what_would_do(size, rule, message):
    (broken,) = (check for check in checks(size, FOUR_RULES) if not check.ok)

    assert (broken.rule, broken.message) == (rule, message)


def test_checks_of_the_four_rules_are_labelled_with_their_numbers():
    labels = [check.label for check in checks(Size(1024, 1024), FOUR_RULES)]

    assert labels == ["edge ≤ 3840", "multiple of 16", "ratio ≤ 3:1", "0.66 – 8.29 MP"]


@pytest.mark.parametrize(
    ("rules", "label"),
    [(SizeRules(min_area=2_000_000), "≥ 2.00 MP"), (SizeRules(max_area=2_000_000), "≤ 2.00 MP")],
)
def test_checks_of_a_one_sided_area_rule_are_labelled_with_that_side_alone(rules, label):
    assert [check.label for check in checks(Size(1024, 1024), rules)] == [label]


def test_checks_of_a_listed_model_name_what_it_takes():
    (check,) = checks(Size(2048, 2048), LISTED)

    assert check.message == "This model takes only 1024x1024, 1536x1024, 1024x1536."


# --- as text


@given(any_size)
def test_parse_of_a_written_size_gives_it_back(size):
    assert parse(str(size)) == size


@pytest.mark.parametrize("text", ["1536x1024", " 1536 x 1024 ", "1536×1024", "1536X1024", "1536 * 1024"])
def test_parse_of_the_usual_spellings_reads_the_size(text):
    assert parse(text) == Size(1536, 1024)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "auto",
        "1024",
        "0x1024",
        "1024x0",
        "-16x16",
        "1.5x2",
        "1024x1024x3",
        "1e3x16",
        "1000000x16",
        "\u0661\u0666x\u0661\u0666",
    ],
)
def test_parse_of_anything_else_is_none(text):
    assert parse(text) is None


@given(st.text(max_size=20))
def test_parse_of_any_text_never_fails(text):
    size = parse(text)

    assert size is None or (size.width > 0 and size.height > 0)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (Size(1024, 1024), "1:1"),
        (Size(1536, 1024), "3:2"),
        (Size(1024, 1536), "2:3"),
        (Size(3840, 2160), "16:9"),
        (Size(1280, 800), "16:10"),
        (Size(2520, 1080), "21:9"),
        (Size(1366, 768), "≈ 16:9"),
        (Size(768, 1366), "≈ 9:16"),
        (Size(1000, 530), "1.89:1"),
    ],
)
def test_ratio_words_of_a_size_are_those_of_the_trade(size, words):
    assert size.ratio_words == words


# --- the nearest


def stray(width: int, height: int, size: Size) -> float:
    return round(abs(math.log(width / height) - math.log(size.width / size.height)), 12)


def off_area(width: int, height: int, size: Size) -> int:
    return abs(width * height - size.area)


def among_kept(size: Size, tolerance: float) -> list[tuple[int, int]]:
    allowed = max(tolerance, min(stray(*one, size) for one in all_legal()))
    return [one for one in all_legal() if stray(*one, size) <= allowed]


searched = st.one_of(st.builds(Size, st.integers(1, 5000), st.integers(1, 5000)), any_size)


@given(searched)
def test_nearest_of_any_size_is_always_legal(size):
    found = nearest(size, FOUR_RULES)

    assert {"ratio", "width", "area"} <= set(found)
    assert all((one.width, one.height) in all_legal() for one in found.values())


@given(st.sampled_from(sorted(all_legal())))
def test_nearest_of_a_legal_size_is_itself_by_every_measure(sides):
    size = Size(*sides)

    assert set(nearest(size, FOUR_RULES).values()) == {size}


@settings(max_examples=30)
@given(searched)
def test_nearest_by_ratio_has_the_closest_area_among_kept_aspects(size):
    best = min((off_area(*one, size), stray(*one, size)) for one in among_kept(size, NEAR_RATIO))

    found = nearest(size, FOUR_RULES)["ratio"]

    assert (off_area(found.width, found.height, size), stray(found.width, found.height, size)) == best


@settings(max_examples=30)
@given(searched)
def test_nearest_by_area_has_the_closest_area_among_aspects_within_a_tenth(size):
    best = min((off_area(*one, size), stray(*one, size)) for one in among_kept(size, 10 * NEAR_RATIO))

    found = nearest(size, FOUR_RULES)["area"]

    assert (off_area(found.width, found.height, size), stray(found.width, found.height, size)) == best


@given(searched)
def test_nearest_by_width_has_the_closest_width_and_then_height(size):
    best = min((abs(width - size.width), abs(height - size.height)) for width, height in all_legal())

    found = nearest(size, FOUR_RULES)["width"]

    assert (abs(found.width - size.width), abs(found.height - size.height)) == best


@given(searched)
def test_nearest_larger_is_the_smallest_that_covers_both_sides(size):
    covering = [w * h for w, h in all_legal() if w >= size.width and h >= size.height]

    found = nearest(size, FOUR_RULES).get("larger")

    assert (found.area if found else None) == min(covering, default=None)


def test_nearest_on_a_listed_model_gives_one_of_its_sizes():
    found = nearest(Size(1920, 1080), LISTED)

    assert found["ratio"] == Size(1536, 1024)
    assert "larger" not in found


def test_nearest_without_rules_has_nothing_to_suggest():
    assert nearest(Size(10, 10), SizeRules()) == {}


@pytest.mark.parametrize(
    ("words", "size"),
    [
        ("1536x1024", "1536x1024"),
        ("1920x1080", "1920x1088"),
        ("1:1", "1248x1248"),
        ("16:9", "1664x944"),
        ("9:16", "944x1664"),
        ("4k", "3840x2160"),
        ("4K 1:1", "2880x2880"),
        ("2k 3:2", "2048x1360"),
        ("2k", "2048x1152"),
    ],
)
def test_size_in_words_of_the_trade_becomes_a_legal_one(words: str, size: str) -> None:
    found = wished(words, FOUR_RULES)

    assert found is not None
    assert is_legal(found, FOUR_RULES)
    assert str(found) == size


@pytest.mark.parametrize(
    "words", ["", "  ", "k", "4k4k", "3:", ":2", "0:1", "16:0", "big", "1536x", "\uff19:16"]
)
def test_words_that_mean_no_size_are_none(words: str) -> None:
    assert wished(words, FOUR_RULES) is None
