"""The grammar is held to its own examples, and to what it must not understand."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.imaging.offline_edit.engine_hint import HINT
from overpaint.imaging.offline_edit.grammar import COLOURS, GRAMMAR, Action, Operation, parse

EXAMPLES = [(rule, example) for rule in GRAMMAR for example in rule.examples]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_rule_when_given_its_own_example_then_it_alone_answers(rule, example):
    (found,) = parse(example)

    assert found.action is rule.action
    assert (found.amount > 0) == (rule.usual > 0) or rule.action is Action.ROTATE


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("Make it slightly brighter", ["brightened by 12 %"]),
        ("darken by 30%", ["darkened by 30 %"]),
        ("warmer by 2000 %", ["made warmer by 100 %"]),
        ("much more contrast, then sepia", ["raised the contrast by 52 %", "toned in sepia"]),
        ("Remove the spoon and make it warmer by 20 %", ["filled", "made warmer by 20 %"]),
        ("rotate 12.5 degrees left", ["rotated by 12.5° anticlockwise"]),
        (
            "turn it black and white and blur the background",
            ["made black and white", "blurred the background"],
        ),
        ("paint the door teal", ["recoloured to turquoise"]),
        ("make it red instead", ["recoloured to red"]),
        ("brighter and brighter", ["brightened by 25 %"]),
    ],
)
def test_parse_when_several_words_are_known_then_all_in_their_order(prompt: str, expected: list[str]):
    done = [one.done() for one in parse(prompt)]

    assert len(done) == len(expected)
    assert all(one.startswith(wanted) for one, wanted in zip(done, expected, strict=True))


@pytest.mark.parametrize(
    "prompt",
    [
        "a warm cup of coffee on a black table",
        "put a hat on the dog",
        "a bird in a blue sky",
        "don't blur it",
        "do not remove anything",
        "without sharpening",
        "replace the car with a red bicycle in the rain",
        "",
        "   \n\t",
    ],
)
def test_parse_when_nothing_is_known_or_it_is_refused_then_nothing(prompt: str):
    assert parse(prompt) == ()


@given(st.text(max_size=200))
def test_parse_when_any_text_then_each_action_once_with_sound_values(prompt: str):
    found = parse(prompt)

    assert len({one.action for one in found}) == len(found)
    assert all(one.done() for one in found)
    assert all(abs(one.amount) <= 360 for one in found)
    assert all(one.colour in COLOURS for one in found if one.action is Action.RECOLOUR)


@given(st.sampled_from(GRAMMAR), st.integers(0, 100))
def test_amount_when_a_percentage_then_exactly_that(rule, percent: int):
    if abs(rule.usual) >= 1:
        return
    (found,) = parse(f"{rule.examples[0].split(' by ')[0]} by {percent} %")

    assert abs(found.amount) == pytest.approx(percent / 100)


def test_grammar_when_read_then_every_action_has_a_rule_and_every_pattern_compiles():
    assert {rule.action for rule in GRAMMAR} == set(Action)
    assert all(re.compile(rule.pattern).groups <= 1 for rule in GRAMMAR)
    assert all(rule.title and rule.examples for rule in GRAMMAR)


def test_parse_when_the_prompt_is_as_long_as_allowed_then_quickly_done():
    assert parse("turn " * 6_400) == ()


def test_hint_when_read_then_the_words_it_names_are_known():
    known = ["brighter", "warmer", "more contrast", "black and white", "sepia", "sharpen", "make it red"]

    assert all(word in HINT and parse(word) for word in known)


def test_operation_when_made_then_it_does_not_change():
    with pytest.raises(AttributeError):
        Operation(Action.BLUR).amount = 2.0  # type: ignore[misc]  # frozen: that it can't be set is the test
