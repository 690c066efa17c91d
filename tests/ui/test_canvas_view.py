"""Zoom and place: what is under the pointer stays there, and the picture can't be lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.core.geometry import Rect
from overpaint.ui.canvas.view import MAX_ZOOM, MIN_ZOOM, STEPS, ViewTransform

ratios = st.sampled_from([1.0, 1.25, 1.5, 2.0])
places = st.floats(-3000, 3000)
zooms = st.floats(MIN_ZOOM, MAX_ZOOM)
views = st.builds(ViewTransform, zoom=zooms, x=places, y=places, ratio=ratios)


@given(views, places, places)
def test_to_picture_after_to_widget_comes_back_to_the_place(view, x, y) -> None:
    there = view.to_widget(x, y)

    back = view.to_picture(*there)

    assert back == pytest.approx((x, y), abs=1e-6)


@given(views, st.floats(0, 1600), st.floats(0, 1000), st.floats(0.1, 10))
def test_zoom_at_a_place_keeps_the_picture_under_it_to_a_device_pixel(view, x, y, factor) -> None:
    before = view.to_picture(x, y)

    zoomed = view.zoom_at((x, y), factor)

    there = zoomed.to_widget(*before)
    reach = (1.0 + zoomed.zoom / view.zoom) / 2.0 / view.ratio  # the corner lies on a whole device pixel
    assert abs(there[0] - x) <= reach + 1e-6
    assert abs(there[1] - y) <= reach + 1e-6


@given(views, st.lists(st.floats(0.5, 2.0), max_size=20), st.floats(0, 1600), st.floats(0, 1000))
def test_zoom_at_many_times_there_and_back_doesnt_drift(view, factors, x, y) -> None:
    wandered = view

    for factor in factors:
        wandered = wandered.zoom_at((x, y), factor)
    back = wandered.zoomed_to(view.zoom, (x, y))

    assert (back.x, back.y) == pytest.approx((view.x, view.y), rel=1e-2, abs=2.0)


@given(views, st.floats(0, 100))
def test_zoom_at_any_factor_stays_in_its_range(view, factor) -> None:
    zoomed = view.zoom_at((10.0, 10.0), factor)

    assert MIN_ZOOM <= zoomed.zoom <= MAX_ZOOM


@given(zooms)
def test_next_larger_and_next_smaller_are_round_and_on_their_side(zoom) -> None:
    view = ViewTransform(zoom)

    larger, smaller = view.next_larger, view.next_smaller

    assert larger in STEPS
    assert smaller in STEPS
    assert larger > zoom or larger == MAX_ZOOM
    assert smaller < zoom or smaller == MIN_ZOOM


@given(
    st.tuples(st.integers(1, 8000), st.integers(1, 8000)),
    st.tuples(st.integers(160, 4000), st.integers(120, 2500)),
    ratios,
)
def test_fit_shows_all_of_the_picture_in_the_middle(picture, widget, ratio) -> None:
    view = ViewTransform.fit(picture, widget, ratio)

    left, top = view.to_widget(0, 0)
    right, bottom = view.to_widget(*picture)
    if view.zoom > MIN_ZOOM:
        assert left >= -1
        assert top >= -1
        assert right <= widget[0] + 1
        assert bottom <= widget[1] + 1
    assert left + right == pytest.approx(widget[0], abs=2)
    assert top + bottom == pytest.approx(widget[1], abs=2)


@given(views, st.tuples(st.integers(1, 8000), st.integers(1, 8000)))
def test_kept_in_leaves_a_part_of_the_picture_in_view(view, picture) -> None:
    widget = (800.0, 600.0)

    kept = view.kept_in(picture, widget)

    left, top = kept.to_widget(0, 0)
    right, bottom = kept.to_widget(*picture)
    part = min(40.0, picture[0] * view.zoom / view.ratio, picture[1] * view.zoom / view.ratio) - 1.0
    assert right >= part
    assert bottom >= part
    assert left <= widget[0] - part
    assert top <= widget[1] - part


@given(views, st.integers(-50, 4000), st.integers(-50, 4000), st.integers(1, 300), st.integers(1, 300))
def test_to_device_holds_every_device_pixel_of_the_rectangle(view, x, y, width, height) -> None:
    device = view.to_device(Rect(x, y, width, height))

    left, top = view.to_widget(x, y)
    right, bottom = view.to_widget(x + width, y + height)
    assert device.x <= left * view.ratio + 1e-6
    assert device.y <= top * view.ratio + 1e-6
    assert device.right >= right * view.ratio - 1e-6
    assert device.bottom >= bottom * view.ratio - 1e-6
