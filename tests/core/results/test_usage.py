"""Usage: the reply's account of tokens, whole or in whatever part a gateway left of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.core.results.usage import Usage

counts = st.integers(0, 10**9)

DOCUMENTED = {
    "input_tokens": 848,
    "input_tokens_details": {"image_tokens": 832, "text_tokens": 16},
    "output_tokens": 196,
    "output_tokens_details": {"image_tokens": 196, "text_tokens": 0},
    "total_tokens": 1044,
}


def test_from_wire_of_the_documented_reply_reads_every_count():
    assert Usage.from_wire(DOCUMENTED) == Usage(16, 832, 196)


def test_wire_of_the_documented_counts_is_the_documented_reply():
    assert Usage(16, 832, 196).wire() == DOCUMENTED


@given(counts, counts, counts)
def test_from_wire_of_wire_gives_the_usage_back(text, image, output):
    usage = Usage(text, image, output)

    assert Usage.from_wire(usage.wire()) == (usage if usage.total_tokens else None)


@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        ({"input_tokens": 50, "output_tokens": 7}, Usage(0, 50, 7)),
        ({"input_tokens": 50, "input_tokens_details": {"text_tokens": 10}}, Usage(10, 40, 0)),
        ({"input_tokens": 50, "input_tokens_details": {"image_tokens": 40}}, Usage(10, 40, 0)),
        ({"input_tokens_details": {"image_tokens": 40, "text_tokens": 2}}, Usage(2, 40, 0)),
        ({"input_tokens": 5, "input_tokens_details": {"text_tokens": 10}}, Usage(10, 0, 0)),
        ({"input_tokens": 5, "input_tokens_details": None, "output_tokens": 1.0}, Usage(0, 5, 1)),
        ({"output_tokens": 196}, Usage(0, 0, 196)),
    ],
)
def test_from_wire_of_a_partial_account_reads_what_is_there(reported, expected):
    assert Usage.from_wire(reported) == expected


@pytest.mark.parametrize("reported", [None, "", [], 3, {}, {"total_tokens": 0}, {"input_tokens": 0}])
def test_from_wire_of_no_account_is_none(reported):
    assert Usage.from_wire(reported) is None


@pytest.mark.parametrize("nonsense", [-1, True, "12", None, float("nan"), float("inf"), 1e300, [], {}])
def test_from_wire_counts_nonsense_as_nothing(nonsense):
    assert Usage.from_wire({"input_tokens": nonsense, "output_tokens": 7}) == Usage(0, 0, 7)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(DOCUMENTED)), inner),
    max_leaves=8,
)


@given(json_values)
def test_from_wire_of_any_json_never_fails_and_never_counts_below_zero(reported):
    usage = Usage.from_wire(reported)

    assert usage is None or min(usage.input_text_tokens, usage.input_image_tokens, usage.output_tokens) >= 0


def test_total_of_usage_is_all_that_is_billed():
    assert Usage(1, 20, 300).total_tokens == 321
