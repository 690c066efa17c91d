"""The canvas when its view is turned: exact at quarter turns, seamless in pieces, the mask as ever."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QImage, QTransform
from PySide6.QtWidgets import QApplication
from tests.ui.canvas.canvas_stage import NONE, Stage, set_up

from overpaint.core.paint.brush_stroke import Brush
from overpaint.ui.canvas.render.nearest_neighbour import slanted

QUARTERS = {0: 0, 90: -1, 180: 2, -90: 1}
"""What ``numpy.rot90`` calls a turn of so many degrees clockwise."""


@pytest.fixture
def stage(qtbot, photo) -> Stage:
    stage = set_up(photo("coffee.png"))
    qtbot.addWidget(stage.canvas)
    return stage


def pixels(stage: Stage) -> np.ndarray:
    image = stage.seen().convertToFormat(QImage.Format.Format_RGB32)
    words = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return words[..., :3].copy()


def show(stage: Stage, coverage) -> None:
    stage.mask.coverage[...] = coverage
    stage.mask.changed(stage.mask.rect)
    item = stage.session.current
    assert item is not None
    stage.session.mask_edited.emit(item, stage.mask.rect)


def turn(stage: Stage, angle: float, zoom: float, middle: tuple[float, float] = (300.0, 200.0)) -> None:
    stage.canvas.turn_to(angle)
    stage.zoom_to(zoom)
    room = float(stage.canvas.width()), float(stage.canvas.height())
    stage.canvas.look(stage.canvas.view.centred(stage.levels.size, middle, room))


@pytest.mark.parametrize("angle", [90, 180, -90])
@pytest.mark.parametrize("zoom", [1, 2, 3, 6])
def test_quarter_turn_at_a_whole_zoom_shows_every_pixel_as_a_clean_square(stage, angle, zoom) -> None:
    turn(stage, angle, zoom)

    shown = pixels(stage)

    squares = np.kron(stage.levels.pixels[..., :3], np.ones((zoom, zoom, 1), np.uint8))
    expected = np.rot90(squares, QUARTERS[angle])
    view = stage.canvas.view
    corners = [view.to_widget(*corner) for corner in ((0, 0), stage.levels.size)]
    left, top = (round(min(values)) for values in zip(*corners, strict=True))
    rows = slice(max(top, 0), min(top + expected.shape[0], 600))
    columns = slice(max(left, 0), min(left + expected.shape[1], 800))
    part = expected[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    assert np.array_equal(shown[rows, columns], part)


@pytest.mark.parametrize("angle", [90, 180, -90])
@pytest.mark.parametrize("view", ["white", "sent"])
def test_quarter_turn_shows_the_mask_turned_to_the_byte(stage, angle, view) -> None:
    show(stage, np.random.default_rng(3).integers(0, 256, (400, 600), dtype=np.uint8))
    stage.canvas.set_overlay(view)
    upright = drawn_at(stage, 0)

    turned = drawn_at(stage, angle)

    assert np.array_equal(turned, np.rot90(upright, QUARTERS[angle]))


def drawn_at(stage: Stage, angle: float) -> np.ndarray:
    """What is shown of the picture at 100 %, turned by quarters, as far as its sides go."""
    turn(stage, angle, 1.0)
    corners = [stage.canvas.view.to_widget(*corner) for corner in ((0, 0), stage.levels.size)]
    left, top = (round(min(values)) for values in zip(*corners, strict=True))
    right, bottom = (round(max(values)) for values in zip(*corners, strict=True))
    return pixels(stage)[top:bottom, left:right]


@pytest.mark.parametrize("angle", [0.5, 33.0, -140.0])
@pytest.mark.parametrize("zoom", [0.4, 1.0, 3.0])
def test_turned_picture_shows_its_colours_where_they_lie(stage, angle, zoom) -> None:
    turn(stage, angle, zoom)

    shown = pixels(stage).astype(int)

    bgra, view = stage.levels.pixels, stage.canvas.view
    off = []
    for y in range(20, 400, 24):
        for x in range(20, 600, 24):
            at = view.to_widget(x + 0.5, y + 0.5)
            if 4 < at[0] < 796 and 4 < at[1] < 596:
                reach = max(1, round(1 / zoom))
                near = bgra[y - reach : y + reach + 1, x - reach : x + reach + 1, :3].reshape(-1, 3)
                off.append(np.abs(shown[int(at[1]), int(at[0])] - near).sum(axis=1).min())
    assert len(off) > 20
    assert np.percentile(off, 95) < 30


@pytest.mark.parametrize("view", ["both", "ants", "white", "sent"])
@pytest.mark.parametrize(
    ("angle", "zoom"), [(30.0, 0.5), (-77.0, 1.0), (90.0, 1.3), (145.0, 3.0), (8.0, 9.0)]
)
def test_stroke_on_a_turned_view_looks_piece_by_piece_as_drawn_at_once(stage, view, angle, zoom) -> None:
    stage.canvas.set_overlay(view)
    stage.canvas.march(False)
    stage.canvas.set_brush(Brush(90.0, 0.6))
    turn(stage, angle, zoom)
    stage.press((300.0, 250.0))
    for step in range(1, 12):
        stage.move((300.0 + 9 * step, 250.0 + 40 * np.sin(step / 4)))
        QApplication.processEvents()
    stage.release((400.0, 260.0))
    in_pieces = pixels(stage)

    stage.canvas.refresh()

    off = np.abs(pixels(stage).astype(int) - in_pieces)
    assert np.count_nonzero(off > 2) == 0  # Qt rounds a little otherwise when it draws other parts
    assert np.count_nonzero(off) < 200


def test_turned_surround_shadow_and_ring_leave_nothing_behind(stage) -> None:
    turn(stage, 20.0, 1.0)
    bare = pixels(stage)

    for place in ((30.0, 30.0), (400.0, 300.0), (780.0, 580.0)):
        stage.move(place, held=NONE)
        QApplication.processEvents()

    assert np.array_equal(pixels(stage), bare)


def test_mask_in_black_and_white_ends_with_the_turned_picture(stage) -> None:
    turn(stage, 45.0, 0.5)
    bare = pixels(stage)

    stage.canvas.set_overlay("white")

    seen = pixels(stage)
    outside = np.array(
        [list(stage.canvas.view.to_widget(*at)) for at in ((-12, 200), (300, -12), (612, 200))]
    )
    for x, y in outside.astype(int):
        assert np.array_equal(seen[y, x], bare[y, x])
    x, y = (int(side) for side in stage.canvas.view.to_widget(12, 200))
    assert not seen[y, x].any()


def test_turned_back_looks_as_before_to_the_byte(stage) -> None:
    stage.zoom_to(1.0)
    stage.drag((300.0, 250.0), (420.0, 300.0))
    before, view = pixels(stage), stage.canvas.view

    stage.canvas.turn_to(57.0)
    pixels(stage)
    stage.canvas.look(view)

    assert np.array_equal(pixels(stage), before)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    angle=st.floats(-180, 180),
    zoom=st.sampled_from([0.3, 0.77, 1.0, 2.5, 9.0]),
    points=st.lists(st.tuples(st.integers(0, 4800), st.integers(0, 3200)), min_size=2, max_size=5),
    diameter=st.sampled_from([9.0, 40.0, 131.0]),
)
def test_mask_of_a_stroke_is_the_same_at_any_angle_and_zoom(stage, angle, zoom, points, diameter) -> None:
    places = [(x / 8 + 0.0371, y / 8 + 0.0417) for x, y in points]
    upright = painted(stage, 0.0, 1.0, places, diameter)

    turned = painted(stage, angle, zoom, places, diameter)

    off = np.abs(turned.astype(int) - upright.astype(int))
    assert np.count_nonzero(off > 1) == 0


def painted(stage: Stage, angle: float, zoom: float, places, diameter: float) -> np.ndarray:
    """The mask after a stroke over places of the picture, with the view turned and zoomed."""
    stage.session.clear_mask()
    stage.canvas.set_brush(Brush(diameter, 0.8))
    turn(stage, angle, zoom)
    stage.drag(*stage.over(*places))
    return stage.mask.coverage.copy()


@settings(max_examples=40, deadline=None)
@given(
    angle=st.floats(-180, 180),
    zoom=st.floats(2, 32),
    corner=st.tuples(st.floats(-300, 300), st.floats(-300, 300)),
    seed=st.integers(0, 9),
)
def test_slanted_squares_are_the_pixels_under_the_middle_of_each_place(angle, zoom, corner, seed) -> None:
    pixels = np.random.default_rng(seed).integers(1, 256, (23, 31), dtype=np.uint8)
    onto = QTransform().translate(*corner).rotate(angle).scale(zoom, zoom)
    place = QRect(-40, -25, 60, 50)

    found = slanted(pixels, place, onto)

    back, _ = onto.inverted()
    for y in range(0, 50, 7):
        for x in range(0, 60, 7):
            column, row = back.map(QPointF(x - 40 + 0.5, y - 25 + 0.5)).toTuple()
            if min(abs(column - round(column)), abs(row - round(row))) > 1e-3:
                inside = 0 <= column < 31 and 0 <= row < 23
                expected = pixels[math.floor(row), math.floor(column)] if inside else 0
                assert found[y, x] == expected
