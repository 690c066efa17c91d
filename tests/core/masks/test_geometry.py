"""Rectangles of whole picture pixels."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.core.masks.geometry import EMPTY, Rect

rects = st.builds(Rect, st.integers(-20, 20), st.integers(-20, 20), st.integers(-3, 20), st.integers(-3, 20))


def pixels(rect: Rect) -> set[tuple[int, int]]:
    return {(x, y) for x in range(rect.x, rect.right) for y in range(rect.y, rect.bottom)}


@given(rects, rects)
def test_intersected_always_holds_exactly_the_shared_pixels(one: Rect, other: Rect) -> None:
    assert pixels(one.intersected(other)) == pixels(one) & pixels(other)


@given(rects, rects)
def test_united_always_is_the_smallest_around_both(one: Rect, other: Rect) -> None:
    both = pixels(one) | pixels(other)

    united = one.united(other)

    assert both <= pixels(united)
    if both:
        assert united.x == min(x for x, _ in both)
        assert united.bottom == max(y for _, y in both) + 1


@given(rects)
def test_empty_and_area_always_agree_with_the_pixels(rect: Rect) -> None:
    assert rect.area == len(pixels(rect))
    assert rect.empty == (not pixels(rect))


@given(rects, rects)
def test_contains_always_means_no_pixel_outside(one: Rect, other: Rect) -> None:
    assert one.contains(other) == (pixels(other) <= pixels(one))


@given(rects, st.integers(1, 9))
def test_bands_always_cut_without_gap_or_overlap(rect: Rect, rows: int) -> None:
    bands = list(rect.bands(rows))

    assert sum(band.area for band in bands) == rect.area
    assert set().union(*map(pixels, bands)) == pixels(rect)


@given(rects, st.integers(1, 16))
def test_snapped_always_is_the_smallest_on_the_grid(rect: Rect, grid: int) -> None:
    snapped = rect.snapped(grid)

    assert snapped.contains(rect)
    if not rect.empty:
        assert [edge % grid for edge in (snapped.x, snapped.y, snapped.right, snapped.bottom)] == [0] * 4
        assert rect.x - snapped.x < grid
        assert snapped.right - rect.right < grid


def test_grown_by_a_negative_amount_that_eats_it_is_empty() -> None:
    assert Rect(5, 5, 4, 4).grown(-2) == EMPTY
    assert Rect(5, 5, 4, 4).grown(-1) == Rect(6, 6, 2, 2)


def test_grown_when_empty_stays_empty() -> None:
    assert EMPTY.grown(5).empty


def test_around_fractional_edges_takes_every_pixel_touched() -> None:
    assert Rect.around(-0.5, 1.0, 2.1, 3.0) == Rect(-1, 1, 4, 2)


@pytest.mark.parametrize("edge", [math.nan, math.inf, -math.inf])
def test_around_edges_that_are_no_numbers_is_refused(edge: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        Rect.around(0.0, edge, 1.0, 1.0)


def test_slices_index_rows_first() -> None:
    picture = np.zeros((10, 20, 4), np.uint8)

    assert picture[Rect(3, 2, 5, 4).slices].shape == (4, 5, 4)
