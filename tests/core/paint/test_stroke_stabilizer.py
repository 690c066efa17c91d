"""The string that steadies a hand: how far the brush stays behind, and what it smooths away."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.core.paint.stroke_stabilizer import Spot, StrokeStabilizer

spots = st.tuples(st.floats(-500, 500), st.floats(-500, 500))
ways = st.lists(spots, min_size=2, max_size=12)
lengths = st.floats(1, 100)


def led(points: list[Spot], length: float) -> list[Spot]:
    """Every place of the brush."""
    steady = StrokeStabilizer(points[0], length)
    return [points[0], *(spot for point in points[1:] for spot, _ in steady.follow(point))]


def roughness(points: list[Spot]) -> float:
    """How far a line goes up and down."""
    return sum(abs(after[1] - before[1]) for before, after in pairwise(points))


@given(ways)
def test_brush_without_a_string_is_where_the_pointer_is(points: list[Spot]) -> None:
    assert led(points, 0.0) == points


@given(ways, lengths)
def test_brush_is_never_further_from_the_pointer_than_the_string_is_long(
    points: list[Spot], length: float
) -> None:
    steady = StrokeStabilizer(points[0], length)

    for point in points[1:]:
        list(steady.follow(point))

        assert math.dist(steady.brush, point) <= length + 1e-6
        assert steady.pointer == point


@given(spots, lengths, st.floats(0, 2 * math.pi))
def test_pointer_that_stays_within_the_string_moves_nothing(start: Spot, length: float, way: float) -> None:
    steady = StrokeStabilizer(start, length)
    near = start[0] + 0.99 * length * math.cos(way), start[1] + 0.99 * length * math.sin(way)

    moved = list(steady.follow(near))

    assert moved == []
    assert steady.brush == start


@given(spots, spots, lengths)
def test_straight_way_stays_straight(start: Spot, end: Spot, length: float) -> None:
    along = max(math.dist(start, end), 1e-9)

    for x, y in led([start, end], length):
        across = (x - start[0]) * (end[1] - start[1]) - (y - start[1]) * (end[0] - start[0])
        assert abs(across) / along < 1e-6


@given(ways, lengths, spots)
def test_way_elsewhere_is_the_same_way_elsewhere(points: list[Spot], length: float, shift: Spot) -> None:
    here = led(points, length)

    there = led([(x + shift[0], y + shift[1]) for x, y in points], length)

    assert len(there) == pytest.approx(len(here), abs=len(points))
    assert math.dist(there[-1], (here[-1][0] + shift[0], here[-1][1] + shift[1])) < 1e-3


@pytest.mark.parametrize("length", [5.0, 20.0, 100.0])
def test_line_hardly_depends_on_how_often_the_pointer_was_told(length) -> None:
    turns = [step / 400 * 2 * math.pi for step in range(401)]
    often = [(200 * math.cos(turn), 200 * math.sin(turn)) for turn in turns]

    seldom_end, often_end = led(often[::20], length)[-1], led(often, length)[-1]

    assert math.dist(seldom_end, often_end) < 0.05 * length + 1.5


def test_trembling_hand_draws_a_calmer_line() -> None:
    shaky = [(3.0 * step, 6.0 * (-1) ** step) for step in range(100)]

    assert roughness(led(shaky, 40.0)) < 0.1 * roughness(shaky)


def test_shares_of_a_move_rise_to_all_of_it() -> None:
    steady = StrokeStabilizer((0.0, 0.0), 10.0)

    shares = [share for _, share in steady.follow((100.0, 0.0))]

    assert shares == sorted(shares)
    assert shares[-1] == 1.0
