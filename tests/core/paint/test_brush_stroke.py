"""Strokes: what they paint, how exactly, and that they can be taken back."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask import Mask
from overpaint.core.masks.undo_history import History
from overpaint.core.paint.brush_stroke import Brush, Stroke

WIDTH, HEIGHT = 420, 300

Points = list[tuple[float, float]]

brushes = st.builds(
    Brush,
    diameter=st.floats(1, 600),
    hardness=st.floats(0, 1),
    opacity=st.floats(0, 1),
    erase=st.booleans(),
)
ways = st.lists(st.tuples(st.floats(-400, 800), st.floats(-400, 700)), min_size=1, max_size=8)
pens = st.lists(
    st.tuples(st.floats(-100, 500), st.floats(-100, 400), st.sampled_from([1.0, 1.0, 0.6, 0.1])),
    min_size=1,
    max_size=6,
)


def draw(mask: Mask, brush: Brush, points: Points, history: History | None = None) -> Rect:
    stroke = Stroke(mask, history or History(), brush)
    dirty = stroke.begin(*points[0])
    for point in points[1:]:
        dirty = dirty.united(stroke.extend(*point))
    stroke.finish()
    return dirty


def speckled(seed: int = 0) -> Mask:
    return Mask.of(np.random.default_rng(seed).integers(0, 256, (HEIGHT, WIDTH), np.uint8))


def split(points: Points, pieces: int) -> Points:
    """The same way with every part cut into ``pieces`` events."""
    return [points[0]] + [
        (x0 + (x1 - x0) * step / pieces, y0 + (y1 - y0) * step / pieces)
        for (x0, y0), (x1, y1) in pairwise(points)
        for step in range(1, pieces + 1)
    ]


@settings(max_examples=40)
@given(brushes, ways)
def test_painting_twice_changes_no_pixel(brush: Brush, points: Points) -> None:
    mask, history = speckled(), History()
    draw(mask, brush, points, history)
    once, entries = mask.coverage.copy(), history.position

    draw(mask, brush, points, history)

    assert np.array_equal(mask.coverage, once)
    assert history.position == entries


@settings(max_examples=40)
@given(brushes, pens)
def test_dirty_always_holds_every_changed_pixel(
    brush: Brush, points: list[tuple[float, float, float]]
) -> None:
    mask = speckled()
    stroke = Stroke(mask, History(), brush)

    for number, point in enumerate(points):
        before = mask.coverage.copy()
        dirty = stroke.extend(*point) if number else stroke.begin(*point)
        changed = mask.coverage != before

        assert np.count_nonzero(changed[dirty.slices]) == np.count_nonzero(changed)
        assert mask.rect.contains(dirty)


@settings(max_examples=40)
@given(brushes, pens)
def test_what_a_dab_leaves_out_was_there_already(
    brush: Brush, points: list[tuple[float, float, float]]
) -> None:
    mask = speckled()
    stroke = Stroke(mask, History(), brush)
    stroke.begin(*points[0])
    for point in points[1:]:
        stroke.extend(*point)
    stroke.finish()

    before = mask.coverage.astype(int)
    for point in points:
        lone = Stroke(mask, History(), brush)
        lone.begin(*point)
        lone.finish()

    assert np.abs(mask.coverage - before).max() <= 2


@settings(max_examples=40)
@given(brushes, pens)
def test_abort_restores_every_byte(brush: Brush, points: list[tuple[float, float, float]]) -> None:
    mask, history = speckled(), History()
    before = mask.coverage.copy()
    stroke = Stroke(mask, history, brush)
    stroke.begin(*points[0])
    for point in points[1:]:
        stroke.extend(*point)

    stroke.abort()

    assert np.array_equal(mask.coverage, before)
    assert not history.can_undo
    assert not history.recording


@settings(max_examples=30)
@given(st.lists(st.tuples(brushes, ways), min_size=1, max_size=4))
def test_undo_and_redo_of_strokes_restore_every_byte(strokes: list[tuple[Brush, Points]]) -> None:
    mask, history = speckled(), History()
    blank = mask.coverage.copy()
    for brush, points in strokes:
        draw(mask, brush, points, history)
    painted = mask.coverage.copy()

    while history.undo() is not None:
        pass
    assert np.array_equal(mask.coverage, blank)
    while history.redo() is not None:
        pass

    assert np.array_equal(mask.coverage, painted)


@settings(max_examples=40)
@given(
    st.floats(4, 400),
    st.floats(0, 1),
    st.lists(st.tuples(st.floats(0, 420), st.floats(0, 300)), min_size=2, max_size=4),
    st.integers(2, 9),
)
def test_splitting_a_way_into_more_events_hardly_shows(
    diameter: float, hardness: float, points: Points, pieces: int
) -> None:
    # Each is off the true edge by up to 13/255 through spacing, 11 (large: 23) through sub-pixel places.
    one, other = Mask(WIDTH, HEIGHT), Mask(WIDTH, HEIGHT)

    draw(one, Brush(diameter, hardness), points)
    draw(other, Brush(diameter, hardness), split(points, pieces))

    assert np.abs(one.coverage.astype(int) - other.coverage).max() <= (48 if diameter < 256 else 72)


def test_crossing_itself_adds_nothing() -> None:
    mask = Mask(WIDTH, HEIGHT)

    draw(mask, Brush(40, 1.0, 0.5), [(50, 50), (300, 250), (300, 50), (50, 250)])

    assert mask.coverage.max() == 128


@settings(max_examples=40)
@given(brushes, ways)
def test_paint_only_raises_and_erase_only_lowers(brush: Brush, points: Points) -> None:
    mask = speckled()
    before = mask.coverage.copy()

    draw(mask, brush, points)

    if brush.erase:
        assert (mask.coverage <= before).all()
        assert mask.coverage[mask.coverage != before].min(initial=255) >= 255 - round(255 * brush.opacity)
    else:
        assert (mask.coverage >= before).all()
        assert mask.coverage[mask.coverage != before].max(initial=0) <= round(255 * brush.opacity)


def test_erasing_by_half_takes_full_paint_just_below_what_is_sent() -> None:
    mask = Mask.of(np.full((HEIGHT, WIDTH), 255, np.uint8))

    draw(mask, Brush(600, erase=True, opacity=0.5), [(200, 150)])

    assert mask.is_empty()


def test_erasing_what_was_painted_leaves_nothing() -> None:
    mask = Mask(WIDTH, HEIGHT)
    way: Points = [(30.2, 40.7), (350.1, 260.9), (20.5, 280.5)]

    draw(mask, Brush(31), way)
    draw(mask, Brush(34, erase=True), way)

    assert mask.bounds().empty


def test_pressure_scales_the_diameter() -> None:
    mask = Mask(WIDTH, HEIGHT)
    stroke = Stroke(mask, History(), Brush(100))

    stroke.begin(100.5, 150.5, 0.25)
    stroke.extend(300.5, 150.5, 0.75)
    stroke.finish()

    heights = np.count_nonzero(mask.coverage[:, [100, 200, 300]] >= 128, axis=0)
    assert heights == pytest.approx([25, 50, 75], abs=2)


def test_pressure_of_nothing_still_draws_a_pixel() -> None:
    mask = Mask(WIDTH, HEIGHT)
    stroke = Stroke(mask, History(), Brush(100))

    stroke.begin(100.5, 150.5, 0.0)
    stroke.finish()

    assert mask.bounds() == Rect(100, 150, 1, 1)


def test_stroke_that_leaves_and_returns_goes_on() -> None:
    mask = Mask(WIDTH, HEIGHT)

    draw(mask, Brush(20), [(200, 150), (200, -5000), (1e6, -5000), (1e6, 150), (300, 150)])

    assert mask.coverage[20, 200] == 255
    assert mask.coverage[150, 400] == 255
    assert mask.coverage[150, 250] == 0


def test_stroke_far_outside_changes_nothing() -> None:
    mask, history = Mask(WIDTH, HEIGHT), History()

    dirty = draw(mask, Brush(2000), [(-1e9, -1e9), (-1e9, 1e9), (-5000, 1e9)], history)

    assert dirty.empty
    assert not history.can_undo


def test_way_through_the_picture_from_very_far_draws_its_part() -> None:
    mask = Mask(WIDTH, HEIGHT)

    draw(mask, Brush(10), [(-1e9, 150.5), (1e9, 150.5)])

    assert (mask.coverage[150] == 255).all()


@pytest.mark.parametrize(("erase", "name"), [(False, "Brush stroke"), (True, "Erase")])
def test_stroke_becomes_one_named_entry(erase: bool, name: str) -> None:
    mask, history = speckled(), History()

    draw(mask, Brush(30, erase=erase), [(10, 10), (200, 100), (300, 30)], history)

    assert history.names() == [name]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e300])
def test_place_that_is_none_is_refused_and_the_stroke_goes_on(bad: float) -> None:
    mask = Mask(WIDTH, HEIGHT)
    stroke = Stroke(mask, History(), Brush(20))
    stroke.begin(50, 50)

    with pytest.raises(ValueError, match="can't be at"):
        stroke.extend(bad, 20)
    stroke.extend(90, 50)
    stroke.finish()

    assert mask.coverage[50, 70] == 255
    assert not mask.coverage[:30].any()


def test_refused_beginning_leaves_nothing_open() -> None:
    history = History()

    with pytest.raises(ValueError, match="can't be at"):
        Stroke(Mask(WIDTH, HEIGHT), history, Brush(20)).begin(math.nan, 0)

    assert not history.recording


def test_pressure_that_is_no_number_is_refused() -> None:
    stroke = Stroke(Mask(WIDTH, HEIGHT), History(), Brush(20))

    with pytest.raises(ValueError, match="Pressure"):
        stroke.begin(10, 10, math.nan)


@pytest.mark.parametrize(
    "wrong",
    [
        {"diameter": 0.5}, {"diameter": 2001}, {"diameter": math.nan}, {"diameter": 10, "hardness": -0.1},
        {"diameter": 10, "hardness": math.nan}, {"diameter": 10, "opacity": 1.1},
        {"diameter": 10, "opacity": math.nan},
    ],
)  # fmt: skip
def test_brush_out_of_range_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"goes from 0 to 1|1 to 2000"):
        Brush(**wrong)  # type: ignore[arg-type] # a dict of numbers: erase is not among them


@pytest.mark.parametrize("act", ["extend", "finish", "abort"])
def test_stroke_that_has_not_begun_refuses(act: str) -> None:
    stroke = Stroke(Mask(WIDTH, HEIGHT), History(), Brush(20))

    with pytest.raises(RuntimeError, match="not begun"):
        getattr(stroke, act)(*((1, 1) if act == "extend" else ()))


def test_stroke_begun_twice_refuses() -> None:
    stroke = Stroke(Mask(WIDTH, HEIGHT), History(), Brush(20))
    stroke.begin(1, 1)

    with pytest.raises(RuntimeError, match="already begun"):
        stroke.begin(1, 1)
