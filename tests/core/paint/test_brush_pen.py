"""A pen's pressure: how large and how strong it makes the dabs, and that crossing never darkens."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overpaint.core.masks.mask import Mask
from overpaint.core.masks.undo_history import History
from overpaint.core.paint.brush_stroke import Brush, Stroke
from overpaint.core.paint.pen_pressure import FIRM, LINEAR, SOFT, Pen

WIDTH, HEIGHT = 260, 200

Points = list[tuple[float, float, float]]

pens = st.builds(
    Pen,
    to_size=st.booleans(),
    size_curve=st.sampled_from([SOFT, LINEAR, FIRM]),
    least_size=st.floats(0, 1),
    to_opacity=st.booleans(),
    opacity_curve=st.sampled_from([SOFT, LINEAR, FIRM]),
)
brushes = st.builds(
    Brush,
    diameter=st.floats(1, 400),
    hardness=st.floats(0, 1),
    opacity=st.floats(0, 1),
    erase=st.booleans(),
    pen=pens,
)
ways = st.lists(st.tuples(st.floats(-60, 320), st.floats(-60, 260), st.floats(0, 1)), min_size=1, max_size=5)


def lead(stroke: Stroke, points: Points) -> None:
    stroke.begin(*points[0])
    for point in points[1:]:
        stroke.extend(*point)


def draw(mask: Mask, brush: Brush, points: Points, history: History | None = None) -> None:
    stroke = Stroke(mask, history or History(), brush)
    lead(stroke, points)
    stroke.finish()


def speckled() -> Mask:
    return Mask.of(np.random.default_rng(3).integers(0, 256, (HEIGHT, WIDTH), np.uint8))


def disc(x: float, y: float, radius: float, samples: int = 16) -> np.ndarray:
    """The share of each pixel that lies inside a disc, counted in many samples."""
    fine = (np.arange(WIDTH * samples) + 0.5) / samples, (np.arange(HEIGHT * samples) + 0.5) / samples
    inside = (fine[0][None] - x) ** 2 + (fine[1][:, None] - y) ** 2 <= radius**2
    shares: np.ndarray = inside.reshape(HEIGHT, samples, WIDTH, samples).mean(axis=(1, 3))
    return shares


@settings(max_examples=40)
@given(brushes, ways)
def test_painting_twice_with_the_same_pressures_changes_no_pixel(brush: Brush, points: Points) -> None:
    mask, history = speckled(), History()
    draw(mask, brush, points, history)
    once, entries = mask.coverage.copy(), history.position

    draw(mask, brush, points, history)

    assert np.array_equal(mask.coverage, once)
    assert history.position == entries


@settings(max_examples=40)
@given(brushes, ways)
def test_no_pixel_goes_further_than_one_dab_at_the_hardest_pressure(brush: Brush, points: Points) -> None:
    mask = Mask.of(np.full((HEIGHT, WIDTH), 255 if brush.erase else 0, np.uint8))

    draw(mask, brush, points)

    hardest = max(pressure for _, _, pressure in points)
    changed = 255 - mask.coverage if brush.erase else mask.coverage
    assert int(changed.max()) <= round(255 * brush.opacity * brush.pen.opacity(hardest)) + 2


@settings(max_examples=40)
@given(brushes, ways)
def test_abort_under_any_pressure_restores_every_byte(brush: Brush, points: Points) -> None:
    mask, history = speckled(), History()
    before = mask.coverage.copy()
    stroke = Stroke(mask, history, brush)
    lead(stroke, points)

    stroke.abort()

    assert np.array_equal(mask.coverage, before)
    assert history.position == 0


@given(pens, st.floats(0, 1), st.floats(0, 1))
def test_share_never_falls_as_the_pressure_rises(pen: Pen, one: float, other: float) -> None:
    low, high = sorted((one, other))

    assert pen.size(low) <= pen.size(high) <= 1.0
    assert pen.opacity(low) <= pen.opacity(high) <= 1.0


@given(pens)
def test_full_pressure_is_the_whole_brush(pen: Pen) -> None:
    brush = Brush(77.3, 0.4, 0.9, pen=pen)

    assert brush.tip(1.0) == Brush(77.3, 0.4, 0.9).tip(1.0)


@pytest.mark.parametrize(("curve", "share"), [(SOFT, math.sqrt(0.36)), (LINEAR, 0.36), (FIRM, 0.36**2)])
def test_dab_under_pressure_is_the_disc_that_the_curve_gives(curve, share) -> None:
    mask = Mask(WIDTH, HEIGHT)
    brush = Brush(120.0, pen=Pen(size_curve=curve, least_size=0.1))

    draw(mask, brush, [(131.0, 97.0, 0.36)])

    expected = disc(131.0, 97.0, 60.0 * (0.1 + 0.9 * share))
    assert np.abs(mask.coverage / 255 - expected).max() < 40 / 255


@pytest.mark.parametrize(("curve", "share"), [(SOFT, math.sqrt(0.36)), (LINEAR, 0.36), (FIRM, 0.36**2)])
def test_opacity_under_pressure_is_what_the_curve_gives(curve, share) -> None:
    mask = Mask(WIDTH, HEIGHT)
    brush = Brush(120.0, opacity=0.8, pen=Pen(to_size=False, to_opacity=True, opacity_curve=curve))

    draw(mask, brush, [(131.0, 97.0, 0.36)])

    assert mask.coverage[97, 131] == pytest.approx(255 * 0.8 * share, abs=255 / 64)
    assert (mask.coverage > 0).sum() == pytest.approx(math.pi * 60**2, rel=0.03)


def test_stroke_that_crosses_itself_with_less_pressure_keeps_what_was_stronger() -> None:
    mask = Mask(WIDTH, HEIGHT)
    brush = Brush(20.0, pen=Pen(to_size=False, to_opacity=True))

    draw(mask, brush, [(40.0, 100.0, 0.75), (220.0, 100.0, 0.75), (130.0, 40.0, 0.25), (130.0, 180.0, 0.25)])

    assert mask.coverage[100, 130] == round(255 * 0.75)
    assert mask.coverage[160, 130] == round(255 * 0.25)


@pytest.mark.parametrize("wrong", [{"size_curve": 0.0}, {"opacity_curve": 9.0}, {"least_size": -0.1}])
def test_pen_out_of_its_ranges_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match="goes from"):
        Pen(**wrong)
