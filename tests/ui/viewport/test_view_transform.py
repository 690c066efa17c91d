"""Zoom and place: what is under the pointer stays there, and the picture can't be lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPolygonF

from overpaint.core.masks.geometry import Rect
from overpaint.ui.viewport.view_transform import MAX_ZOOM, MIN_ZOOM, STEPS, ViewTransform

ratios = st.sampled_from([1.0, 1.25, 1.5, 2.0])
places = st.floats(-3000, 3000)
zooms = st.floats(MIN_ZOOM, MAX_ZOOM)
angles = st.one_of(st.sampled_from([0.0, 90.0, 180.0, -90.0]), st.floats(-179.99, 180))
views = st.builds(ViewTransform, zoom=zooms, x=places, y=places, ratio=ratios, angle=angles)


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
    angles,
)
def test_fit_shows_all_of_the_picture_in_the_middle(picture, widget, ratio, angle) -> None:
    view = ViewTransform.fit(picture, widget, ratio, angle=angle)

    xs, ys = zip(*(view.to_widget(*corner) for corner in _corners(picture)), strict=True)
    if view.zoom > MIN_ZOOM:
        assert min(*xs, *ys) >= -1
        assert max(xs) <= widget[0] + 1
        assert max(ys) <= widget[1] + 1
    assert min(xs) + max(xs) == pytest.approx(widget[0], abs=2)
    assert min(ys) + max(ys) == pytest.approx(widget[1], abs=2)


@given(views, st.tuples(st.integers(1, 8000), st.integers(1, 8000)))
def test_kept_in_leaves_a_part_of_the_picture_in_view(view, picture) -> None:
    widget = (800.0, 600.0)

    kept = view.kept_in(picture, widget)

    box = QPolygonF([QPointF(*kept.to_widget(*corner)) for corner in _corners(picture)])
    seen = box.intersected(QPolygonF(QRectF(0.0, 0.0, *widget)))
    part = min(40.0, picture[0] * view.zoom / view.ratio, picture[1] * view.zoom / view.ratio) - 1.0
    if part > 1.0:
        assert seen.boundingRect().width() >= part * 0.7
        assert seen.boundingRect().height() >= part * 0.7
    assert kept.kept_in(picture, widget).x == pytest.approx(kept.x, abs=0.05)


def _corners(picture) -> list[tuple[float, float]]:
    return [(0, 0), (picture[0], 0), picture, (0, picture[1])]


@given(views, st.floats(-720, 720), st.floats(0, 1600), st.floats(0, 1000))
def test_turned_keeps_the_picture_under_the_point_to_a_device_pixel(view, degrees, x, y) -> None:
    before = view.to_picture(x, y)

    turned = view.turned_by(degrees, (x, y))

    assert -180.0 < turned.angle <= 180.0
    assert turned.to_widget(*before) == pytest.approx((x, y), abs=1.5 / view.ratio)


@given(views, st.lists(st.floats(-90, 90), max_size=12))
def test_turned_there_and_back_doesnt_drift(view, turns) -> None:
    wandered = view

    for degrees in turns:
        wandered = wandered.turned_by(degrees, (400.0, 300.0))
    back = wandered.turned_to(view.angle, (400.0, 300.0))

    assert (back.x, back.y) == pytest.approx((view.x, view.y), abs=1e-3)


@given(places, places, zooms, ratios)
def test_quarter_turns_keep_whole_device_pixels_whole(x, y, zoom, ratio) -> None:
    for angle in (90.0, 180.0, -90.0):
        view = ViewTransform(round(zoom) or 1.0, x, y, ratio, angle)

        device = view.to_device(Rect(3, 5, 7, 11))

        sides = {device.width, device.height}
        assert sides == {7 * round(view.zoom), 11 * round(view.zoom)}


@given(views, st.integers(-50, 4000), st.integers(-50, 4000), st.integers(1, 300), st.integers(1, 300))
def test_to_device_holds_every_device_pixel_of_the_rectangle(view, x, y, width, height) -> None:
    device = view.to_device(Rect(x, y, width, height))

    corners = [view.to_widget(x + dx, y + dy) for dx in (0, width) for dy in (0, height)]
    xs, ys = zip(*corners, strict=True)
    assert device.x <= min(xs) * view.ratio + 1e-6
    assert device.y <= min(ys) * view.ratio + 1e-6
    assert device.right >= max(xs) * view.ratio - 1e-6
    assert device.bottom >= max(ys) * view.ratio - 1e-6
