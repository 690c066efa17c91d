"""Pens on the canvas: pressure, the eraser end, leaving, touch beside it, and the steadied line."""

import functools
import math

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.ui.canvas.canvas_stage import CONTROL, LEFT, NONE, RIGHT, SHIFT, Stage, set_up
from tests.ui.tools.drawn import covered

from overpaint.core.masks.mask import Mask
from overpaint.core.masks.undo_history import History
from overpaint.core.paint.brush_stroke import Brush, Stroke
from overpaint.core.paint.pen_pressure import FIRM, SOFT, Pen
from overpaint.core.paint.stroke_stabilizer import LONGEST_STRING, StrokeStabilizer

PRESS, MOVE, RELEASE = QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletRelease
PEN, ERASER = QPointingDevice.PointerType.Pen, QPointingDevice.PointerType.Eraser
ZIGZAG = [(200.0, 300.0), (240.0, 310.0), (280.0, 290.0), (320.0, 310.0), (360.0, 290.0), (420.0, 330.0)]


@pytest.fixture
def stage(qtbot, photo) -> Stage:
    stage = set_up(photo("coffee.png"))
    qtbot.addWidget(stage.canvas)
    return stage


@functools.cache  # an event holds no reference to its device
def tablet(end=PEN) -> QPointingDevice:
    able = QInputDevice.Capability.Position | QInputDevice.Capability.Pressure
    return QPointingDevice("pen", 7, QInputDevice.DeviceType.Stylus, end, able, 1, 3)


def pen(stage: Stage, kind: QEvent.Type, pixel, pressure=1.0, *, end=PEN, hover=False) -> None:
    """Sends a pen's event over the picture's coordinates."""
    place = QPointF(*stage.over(pixel)[0])
    where = QPointF(stage.canvas.mapToGlobal(place))
    button = NONE if kind == MOVE else LEFT
    held = NONE if hover or kind == RELEASE else LEFT
    plain = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(
        stage.canvas,
        QTabletEvent(kind, tablet(end), place, where, pressure, 0, 0, 0, 0, 0, plain, button, held),
    )


def shape(stage: Stage) -> tuple[int, int]:
    return stage.mask.height, stage.mask.width


def tapering_line(stage: Stage, start, end, radii) -> np.ndarray:
    """The share of each pixel inside all discs from ``start`` to ``end`` whose radius goes evenly over."""

    (x0, y0), (x1, y1) = start, end
    length = math.hypot(x1 - x0, y1 - y0)
    thinning = (radii[0] - radii[1]) / length

    def inside(x, y):
        along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length
        across = np.abs((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) / length
        # The disc that reaches furthest beyond this point, where that no longer changes along the way.
        best = np.clip(along - thinning * across / math.sqrt(1 - thinning**2), 0, length)
        return np.hypot(along - best, across) <= radii[0] - thinning * best

    return covered(shape(stage), inside)


@pytest.mark.parametrize("zoom", [0.7, 1.0, 2.0])
def test_pressure_drives_the_size_along_the_line(stage, zoom) -> None:
    stage.canvas.set_brush(Brush(60.0, pen=Pen(least_size=0.2)))
    stage.zoom_to(zoom)

    pen(stage, PRESS, (250.0, 180.0), 0.25)
    pen(stage, MOVE, (340.0, 220.0), 0.75)
    pen(stage, RELEASE, (340.0, 220.0), 0.75)

    expected = tapering_line(stage, (250, 180), (340, 220), [30 * (0.2 + 0.8 * p) for p in (0.25, 0.75)])
    off = np.abs(stage.mask.coverage / 255 - expected)
    edge = (expected > 0) & (expected < 1)
    assert off.max() < 80 / 255
    assert off[edge].mean() < 14 / 255
    assert off[~edge].mean() < 0.001


@pytest.mark.parametrize(("curve", "exponent"), [(SOFT, 0.5), (FIRM, 2.0)])
def test_pressure_drives_the_opacity_through_its_curve(stage, curve, exponent) -> None:
    chosen = Pen(to_size=False, to_opacity=True, opacity_curve=curve)
    stage.canvas.set_brush(Brush(30.0, opacity=0.9, pen=chosen))

    pen(stage, PRESS, (200.0, 180.0), 0.2)
    pen(stage, MOVE, (400.0, 180.0), 0.8)
    pen(stage, RELEASE, (400.0, 180.0), 0.8)

    ramp = stage.mask.coverage[180, 220:380].astype(float)
    xs = np.arange(220, 380) + 0.5
    reaching = np.minimum(xs + 15.0, 400.0)  # the strongest dab that covers this pixel
    pressures = 0.2 + 0.6 * (reaching - 200.0) / 200.0
    assert np.abs(ramp - 255 * 0.9 * pressures**exponent).max() < 255 / 64 + 2
    assert (np.diff(ramp) >= 0).all()


def test_mouse_paints_with_the_whole_brush_whatever_the_pen_is_set_to(stage) -> None:
    stage.canvas.set_brush(Brush(40.0, pen=Pen(to_opacity=True, size_curve=FIRM)))

    stage.drag(*stage.over((250.0, 180.0), (250.0, 180.0)))

    assert stage.mask.coverage[180, 250 + 18] == 255


def test_eraser_end_takes_away_where_it_presses_and_as_hard(stage) -> None:
    stage.session.fill_mask()
    stage.canvas.set_brush(Brush(40.0, pen=Pen(to_opacity=True)))

    pen(stage, PRESS, (250.0, 180.0), 0.5, end=ERASER)
    pen(stage, RELEASE, (250.0, 180.0), 0.0, end=ERASER)

    assert stage.mask.coverage[180, 250] == 255 - 128
    assert stage.mask.coverage[180, 250 + 12] == 255
    assert stage.session.history.undo_name == "Erase"


def test_pen_that_leaves_in_a_stroke_ends_it_as_one_entry(stage) -> None:
    pen(stage, PRESS, (200.0, 180.0))
    pen(stage, MOVE, (260.0, 200.0))
    painted = stage.mask.coverage.copy()

    app = QApplication.instance()
    assert app is not None
    gone = QTabletEvent(
        QEvent.Type.TabletLeaveProximity, tablet(), QPointF(), QPointF(), 0, 0, 0, 0, 0, 0,
        Qt.KeyboardModifier.NoModifier, NONE, NONE,
    )  # fmt: skip
    QApplication.sendEvent(app, gone)
    pen(stage, MOVE, (300.0, 300.0), 0.0, hover=True)

    assert not stage.canvas.painting
    assert stage.session.history.names() == ["Brush stroke"]
    assert np.array_equal(stage.mask.coverage, painted)


def test_pen_that_comes_back_without_pressing_ends_the_stroke(stage) -> None:
    pen(stage, PRESS, (200.0, 180.0))

    pen(stage, MOVE, (300.0, 300.0), 0.0, hover=True)

    assert not stage.canvas.painting
    assert stage.mask.coverage[300, 300] == 0


def test_window_left_in_a_pen_s_stroke_ends_it_and_later_moves_paint_nothing(stage) -> None:
    pen(stage, PRESS, (200.0, 180.0))
    QApplication.sendEvent(
        stage.canvas, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason)
    )
    before = stage.mask.coverage.copy()

    pen(stage, MOVE, (300.0, 250.0))
    pen(stage, RELEASE, (300.0, 250.0))

    assert np.array_equal(stage.mask.coverage, before)
    assert stage.session.history.names() == ["Brush stroke"]


def test_hovering_pen_shows_the_ring_at_the_brush_s_size(stage) -> None:
    stage.canvas.set_brush(Brush(60.0))
    stage.zoom_to(2.0)

    pen(stage, MOVE, (250.0, 180.0), 0.0, hover=True)

    ring = stage.canvas._ring
    assert ring is not None
    assert (ring.x, ring.y) == pytest.approx(stage.over((250.0, 180.0))[0])
    assert ring.radius == pytest.approx(60.0)
    assert not stage.mask.coverage.any()


def touch(stage: Stage, *places: tuple[float, float]) -> None:
    """A finger put down at the first place, led over the others and lifted."""
    device = QTest.createTouchDevice()
    sequence = QTest.touchEvent(stage.canvas, device)
    points = [QPointF(*place).toPoint() for place in places]
    sequence.press(0, points[0], stage.canvas)
    sequence.commit()
    for point in points[1:]:
        sequence.move(0, point, stage.canvas)
        sequence.commit()
    sequence.release(0, points[-1], stage.canvas)
    sequence.commit()


def test_touch_pans_and_while_the_pen_paints_does_nothing(stage) -> None:
    stage.zoom_to(3.0)
    before = stage.canvas.view
    pen(stage, PRESS, (300.0, 200.0))
    touch(stage, (300.0, 300.0), (360.0, 330.0))
    during = stage.canvas.view
    pen(stage, RELEASE, (300.0, 200.0))

    touch(stage, (300.0, 300.0), (360.0, 330.0))

    assert during == before
    assert stage.canvas.view.to_widget(0, 0) == pytest.approx(
        (before.to_widget(0, 0)[0] + 60, before.to_widget(0, 0)[1] + 30)
    )


# --- the steadied line


def steadied(stage: Stage, places, brush: Brush) -> np.ndarray:
    """What the brush gives when it is led on the string over these places in the widget, and catches up."""
    mask = Mask(stage.mask.width, stage.mask.height)
    stroke = Stroke(mask, History(), brush)
    string = StrokeStabilizer(places[0], brush.smoothing * LONGEST_STRING)
    stroke.begin(*stage.canvas.view.to_picture(*places[0]))
    for place in places[1:]:
        for spot, _ in string.follow(place):
            stroke.extend(*stage.canvas.view.to_picture(*spot))
    stroke.extend(*stage.canvas.view.to_picture(*places[-1]))
    stroke.finish()
    return mask.coverage


@pytest.mark.parametrize("zoom", [0.37, 1.0, 3.0])
@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.4, 1.0])
def test_steadied_line_is_the_same_on_the_screen_at_any_zoom(stage, zoom, smoothing) -> None:
    brush = Brush(12.0, 0.8, smoothing=smoothing)
    stage.canvas.set_brush(brush)
    stage.zoom_to(zoom)

    stage.drag(*ZIGZAG)

    assert np.array_equal(stage.mask.coverage, steadied(stage, ZIGZAG, brush))
    assert stage.session.history.names() == ["Brush stroke"]


def test_line_without_smoothing_is_byte_for_byte_the_stroke_itself(stage) -> None:
    stage.canvas.set_brush(Brush(12.0, 0.8))
    plain, stroke = Mask(stage.mask.width, stage.mask.height), None
    for place in ZIGZAG:
        at = stage.canvas.view.to_picture(*place)
        if stroke is None:
            stroke = Stroke(plain, History(), Brush(12.0, 0.8))
            stroke.begin(*at)
        else:
            stroke.extend(*at)

    stage.drag(*ZIGZAG)

    assert np.array_equal(stage.mask.coverage, plain.coverage)


@pytest.mark.parametrize("smoothing", [0.1, 0.5, 1.0])
def test_steadied_line_ends_where_the_pen_was_lifted_as_thick_as_it_pressed(stage, smoothing) -> None:
    stage.canvas.set_brush(Brush(20.0, smoothing=smoothing))
    stage.zoom_to(1.0)

    pen(stage, PRESS, (200.0, 180.0), 0.8)
    pen(stage, MOVE, (330.0, 250.0), 0.8)
    pen(stage, RELEASE, (330.0, 250.0), 0.0)

    tip = covered(shape(stage), lambda x, y: (x - 330) ** 2 + (y - 250) ** 2 <= 7.0**2)
    assert (stage.mask.coverage[tip == 1] == 255).all()


def test_trembling_line_is_calmer_with_smoothing(stage) -> None:
    stage.zoom_to(1.0)
    tremble = [(150.0 + 6 * step, 300.0 + 8 * (-1) ** step) for step in range(1, 60)]
    shaky = [(150.0, 300.0), *tremble]
    heights = []
    for smoothing in (0.0, 0.5):
        stage.canvas.set_brush(Brush(2.0, smoothing=smoothing))
        stage.drag(*shaky)
        middle = stage.mask.coverage[:, 150:300]  # before the brush catches up
        heights.append(int(middle.any(axis=1).sum()))
        stage.session.undo()

    assert heights[1] < 0.25 * heights[0]


def test_escape_in_a_steadied_stroke_leaves_neither_mask_nor_string(stage) -> None:
    stage.canvas.set_brush(Brush(20.0, smoothing=1.0))
    stage.press(ZIGZAG[0])
    stage.move(ZIGZAG[-1])
    shown = stage.canvas._outline

    QTest.keyClick(stage.canvas, Qt.Key.Key_Escape)

    assert shown is not None
    assert stage.canvas._outline is None
    assert not stage.mask.coverage.any()


def test_string_goes_from_the_brush_to_the_pointer_and_goes_with_the_stroke(stage) -> None:
    stage.canvas.set_brush(Brush(20.0, smoothing=0.5))
    stage.press((200.0, 300.0))
    stage.move((400.0, 300.0))
    outline = stage.canvas._outline
    assert outline is not None
    ends = [stage.canvas.view.to_widget(*point) for point in outline.points]

    stage.release((400.0, 300.0))

    assert ends == [pytest.approx((350.0, 300.0)), pytest.approx((400.0, 300.0))]
    assert stage.canvas._outline is None


def test_picture_moved_in_a_steadied_stroke_keeps_the_brush_where_it_painted(stage) -> None:
    brush = Brush(10.0, smoothing=1.0)
    stage.canvas.set_brush(brush)
    stage.zoom_to(1.0)
    (start,) = stage.over((300.0, 200.0))
    stage.press(start)
    stage.canvas.look(stage.canvas.view.zoomed_to(2.0, start))

    (end,) = stage.over((345.0, 200.0))
    stage.move(end)
    assert math.dist(start, end) < 100
    string_end = stage.mask.coverage[200, 330]
    stage.release(end)

    assert string_end == 0
    assert stage.mask.coverage[200, 345] == 255
    assert stage.mask.bounds().y >= 193
    assert stage.mask.bounds().bottom <= 207


@pytest.mark.parametrize("smoothing", [0.0, 1.0])
def test_straight_line_by_shift_click_is_the_same_with_smoothing(stage, smoothing) -> None:
    stage.canvas.set_brush(Brush(12.0, smoothing=smoothing))
    start, nearly_level = (100.0, 100.0), (250.0, 110.0)
    stage.drag(*stage.over(start, start))

    (at,) = stage.over(nearly_level)
    stage.press(at, modifiers=SHIFT | CONTROL)
    stage.release(at, modifiers=SHIFT | CONTROL)

    expected = covered(shape(stage), lambda x, y: (np.abs(y - 100) <= 6) & (x >= 100) & (x <= 250))
    assert (stage.mask.coverage[expected == 1] >= 240).all()
    assert stage.mask.bounds().bottom <= 107


def test_right_drag_erases_steadied_too(stage) -> None:
    stage.session.fill_mask()
    stage.canvas.set_brush(Brush(20.0, smoothing=0.3))

    stage.drag(*ZIGZAG, button=RIGHT)

    (x, y) = (int(one) for one in stage.canvas.view.to_picture(*ZIGZAG[-1]))
    assert stage.mask.coverage[y, x] == 0


def test_keys_that_point_are_never_held_back(stage) -> None:
    stage.canvas.set_brush(Brush(9.0, smoothing=1.0))
    stage.canvas.point_by_keys(True)
    QTest.keyClick(stage.canvas, Qt.Key.Key_Space)

    for _ in range(6):
        QTest.keyClick(stage.canvas, Qt.Key.Key_Right)
    width = stage.mask.bounds().width
    QTest.keyClick(stage.canvas, Qt.Key.Key_Space)

    assert width >= 9 + 5
