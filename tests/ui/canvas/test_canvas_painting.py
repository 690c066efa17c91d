"""Painting with mouse, pen and keys: what the hand does over the canvas is what the mask holds."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.ui.canvas.canvas_stage import ALT, CONTROL, LEFT, MIDDLE, NONE, RIGHT, SHIFT, Stage, set_up

from overpaint.core.masks.mask import Mask
from overpaint.core.masks.undo_history import History
from overpaint.core.paint.brush_stroke import Brush, Stroke

WAY = [(100.0, 80.0), (140.0, 95.0), (190.0, 130.0), (180.0, 190.0)]
BRUSH = Brush(24.0, 0.7)


@pytest.fixture
def stage(qtbot, photo) -> Stage:
    stage = set_up(photo("coffee.png"))
    qtbot.addWidget(stage.canvas)
    stage.canvas.set_brush(BRUSH)
    return stage


def painted(stage: Stage, places, brush: Brush = BRUSH):
    """The coverage that the brush itself gives when led over these places in the widget."""
    mask, history = Mask(stage.mask.width, stage.mask.height), History()
    stroke = Stroke(mask, history, brush)
    points = [stage.canvas.view.to_picture(*place) for place in places]
    stroke.begin(*points[0])
    for point in points[1:]:
        stroke.extend(*point)
    stroke.extend(*points[-1])
    stroke.finish()
    return mask.coverage


@pytest.mark.parametrize("zoom", [0.1, 0.37, 1.0, 1.3, 4.0, 12.0])
def test_drag_at_any_zoom_paints_what_the_brush_would(stage, zoom) -> None:
    stage.zoom_to(zoom)
    places = [(300.0, 250.0), (340.5, 260.0), (400.0, 330.25)]

    stage.drag(*places)

    assert np.array_equal(stage.mask.coverage, painted(stage, places))
    assert stage.session.history.names() == ["Brush stroke"]


def test_drag_over_picture_pixels_paints_the_same_mask_at_two_zooms(stage) -> None:
    stage.zoom_to(1.0)
    stage.drag(*stage.over(*WAY))
    at_100 = stage.mask.coverage.copy()
    stage.session.undo()
    stage.zoom_to(2.0)

    stage.drag(*stage.over(*WAY))

    assert np.array_equal(stage.mask.coverage, at_100)


def test_drag_with_the_right_button_erases(stage) -> None:
    stage.session.fill_mask()
    places = stage.over(*WAY)

    stage.drag(*places, button=RIGHT)

    assert stage.mask.coverage[80, 100] == 0
    assert stage.mask.coverage[300, 500] == 255
    assert stage.session.history.undo_name == "Erase"


def test_drag_with_the_eraser_and_the_right_button_paints(stage) -> None:
    stage.canvas.set_tool("eraser")

    stage.drag(*stage.over(*WAY), button=RIGHT)

    assert stage.mask.coverage[80, 100] == 255


def test_drag_that_leaves_the_widget_and_comes_back_goes_on(stage) -> None:
    places = [(300.0, 300.0), (-400.0, 300.0), (-400.0, 350.0), (300.0, 350.0)]

    stage.drag(*places)

    assert np.array_equal(stage.mask.coverage, painted(stage, places))
    assert len(stage.session.history.names()) == 1


def test_shift_click_draws_a_straight_line_from_the_last_end(stage) -> None:
    start, end = (100.0, 100.0), (200.0, 140.0)
    stage.drag(*stage.over(start, start))

    stage.press(*stage.over(end), modifiers=SHIFT)
    stage.release(*stage.over(end), modifiers=SHIFT)

    assert stage.mask.coverage[120, 150] == 255
    assert stage.mask.coverage[100, 190] == 0


def test_shift_click_with_control_draws_at_a_multiple_of_15_degrees(stage) -> None:
    start, nearly_level = (100.0, 100.0), (250.0, 110.0)
    stage.drag(*stage.over(start, start))

    stage.press(*stage.over(nearly_level), modifiers=SHIFT | CONTROL)
    stage.release(*stage.over(nearly_level), modifiers=SHIFT | CONTROL)

    assert stage.mask.coverage[100, 230] == 255


def test_focus_lost_in_a_stroke_ends_it_as_one_entry(stage) -> None:
    stage.press(*stage.over(WAY[0]))
    stage.move(*stage.over(WAY[1]))

    QApplication.sendEvent(stage.canvas, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.OtherFocusReason))

    assert not stage.canvas.painting
    assert stage.session.history.names() == ["Brush stroke"]


def test_move_after_focus_was_lost_paints_nothing(stage) -> None:
    stage.press(*stage.over(WAY[0]))
    QApplication.sendEvent(stage.canvas, QEvent(QEvent.Type.WindowDeactivate))
    before = stage.mask.coverage.copy()

    stage.move(*stage.over(WAY[2]))
    stage.release(*stage.over(WAY[3]))

    assert np.array_equal(stage.mask.coverage, before)


def test_move_without_a_button_after_a_lost_release_ends_the_stroke(stage) -> None:
    stage.press(*stage.over(WAY[0]))
    before = stage.mask.coverage.copy()

    stage.move(*stage.over(WAY[3]), held=NONE)

    assert not stage.canvas.painting
    assert np.array_equal(stage.mask.coverage, before)


def test_escape_in_a_stroke_takes_it_back_without_a_trace(stage) -> None:
    stage.press(*stage.over(WAY[0]))
    stage.move(*stage.over(WAY[2]))

    QTest.keyClick(stage.canvas, Qt.Key.Key_Escape)

    assert not stage.mask.coverage.any()
    assert stage.session.history.names() == []


def test_hiding_the_canvas_ends_the_stroke(stage) -> None:
    stage.press(*stage.over(WAY[0]))

    stage.canvas.hide()

    assert not stage.session.history.recording


def test_another_picture_in_a_stroke_ends_it_first(stage) -> None:
    stage.press(*stage.over(WAY[0]))

    stage.canvas.set_picture(None, None, keep_view=False)

    assert stage.session.history.names() == ["Brush stroke"]


def test_picture_that_arrives_in_a_stroke_ends_it_as_an_entry_of_its_own(stage) -> None:
    stage.press((100, 100))
    stage.move((200, 150))

    stage.session.add([replace(stage.session.tray[0], mask=Mask(600, 400))])

    assert stage.session.history.names() == ["Brush stroke", "Add picture"]
    assert not stage.canvas.painting


def test_second_button_in_a_stroke_neither_ends_nor_changes_it(stage) -> None:
    places = stage.over(*WAY)
    stage.press(places[0])
    stage.press(places[0], button=RIGHT)
    stage.release(places[0], button=RIGHT)
    for place in places[1:]:
        stage.move(place)
    stage.release(places[-1])

    assert np.array_equal(stage.mask.coverage, painted(stage, places))


def test_drag_over_a_mask_that_isnt_the_sessions_paints_nothing(stage) -> None:
    other = Mask(stage.mask.width, stage.mask.height)
    stage.canvas.set_picture(stage.levels, other, keep_view=True)

    stage.drag(*stage.over(*WAY))

    assert not other.coverage.any()
    assert not stage.mask.coverage.any()


def test_painting_over_a_result_brings_the_picture_back(stage, qtbot) -> None:
    stage.canvas.set_result(stage.levels, "Result")

    with qtbot.waitSignal(stage.canvas.painting_resumed, timeout=1000):
        stage.drag(*stage.over(*WAY))

    assert stage.mask.coverage[80, 100] == 255


@pytest.mark.parametrize(
    ("key", "modifiers", "brush"),
    [
        (Qt.Key.Key_BracketRight, Qt.KeyboardModifier.NoModifier, Brush(25.0, 0.7)),
        (Qt.Key.Key_BracketLeft, Qt.KeyboardModifier.NoModifier, Brush(20.0, 0.7)),
        (Qt.Key.Key_BraceRight, SHIFT, Brush(24.0, 0.75)),
        (Qt.Key.Key_BraceLeft, SHIFT, Brush(24.0, 0.5)),
        (Qt.Key.Key_4, Qt.KeyboardModifier.NoModifier, Brush(24.0, 0.7, 0.4)),
        (Qt.Key.Key_0, Qt.KeyboardModifier.NoModifier, Brush(24.0, 0.7, 1.0)),
    ],
)
def test_key_on_the_canvas_changes_the_brush(stage, qtbot, key, modifiers, brush) -> None:
    with qtbot.waitSignal(stage.canvas.brush_edited, timeout=1000) as told:
        QTest.keyClick(stage.canvas, key, modifiers)

    assert told.args == [brush]


def test_two_quick_digits_set_the_opacity_to_the_percent(stage, qtbot) -> None:
    QTest.keyClick(stage.canvas, Qt.Key.Key_3)

    with qtbot.waitSignal(stage.canvas.brush_edited, timeout=1000) as told:
        QTest.keyClick(stage.canvas, Qt.Key.Key_7)

    assert told.args[0].opacity == pytest.approx(0.37)


@pytest.mark.parametrize(("tool", "wanted"), [("brush", "eraser"), ("eraser", "brush")])
def test_x_asks_for_the_other_painting_tool(stage, qtbot, tool, wanted) -> None:
    stage.canvas.set_tool(tool)

    with qtbot.waitSignal(stage.canvas.tool_requested, timeout=1000) as told:
        QTest.keyClick(stage.canvas, Qt.Key.Key_X)

    assert told.args == [wanted]


def test_alt_right_drag_changes_size_and_hardness_and_paints_nothing(stage) -> None:
    told: list[Brush] = []
    stage.canvas.brush_edited.connect(told.append)
    stage.zoom_to(2.0)

    stage.drag((300.0, 300.0), (340.0, 360.0), button=RIGHT, modifiers=ALT)

    assert told[-1].diameter == pytest.approx(24 + 40)
    assert told[-1].hardness == pytest.approx(0.7 - 0.25)
    assert not stage.mask.coverage.any()


@pytest.mark.parametrize("button", [MIDDLE, LEFT])
def test_pan_drag_moves_the_picture_with_the_pointer(stage, button) -> None:
    stage.zoom_to(3.0)
    if button == LEFT:
        QTest.keyPress(stage.canvas, Qt.Key.Key_Space)
    grasped = stage.canvas.view.to_picture(300.0, 300.0)

    stage.drag((300.0, 300.0), (310.0, 320.0), (350.0, 270.0), button=button)

    assert stage.canvas.view.to_picture(350.0, 270.0) == pytest.approx(grasped)
    assert not stage.mask.coverage.any()


def test_space_let_go_paints_again(stage) -> None:
    QTest.keyPress(stage.canvas, Qt.Key.Key_Space)
    QTest.keyRelease(stage.canvas, Qt.Key.Key_Space)

    stage.drag(*stage.over(*WAY))

    assert stage.mask.coverage.any()


def test_pen_pressure_sets_the_size_of_the_stroke(stage) -> None:
    stage.zoom_to(1.0)
    pen(stage, QEvent.Type.TabletPress, (100.0, 100.0), 0.5)
    pen(stage, QEvent.Type.TabletRelease, (100.0, 100.0), 0.5)

    bounds = stage.mask.bounds()

    assert bounds.width == pytest.approx(BRUSH.diameter * 0.5, abs=2.5)


def test_pen_turned_round_erases(stage) -> None:
    stage.session.fill_mask()

    pen(stage, QEvent.Type.TabletPress, (100.0, 100.0), 1.0, QPointingDevice.PointerType.Eraser)
    pen(stage, QEvent.Type.TabletRelease, (100.0, 100.0), 1.0, QPointingDevice.PointerType.Eraser)

    assert stage.mask.coverage[100, 100] == 0


def pen(stage, kind, pixel, pressure, end=QPointingDevice.PointerType.Pen) -> None:
    """Sends a pen's event over the picture's coordinates."""
    place = QPointF(*stage.over(pixel)[0])
    device = QPointingDevice(
        "pen",
        7,
        QInputDevice.DeviceType.Stylus,
        end,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
        1,
        3,
    )
    held = NONE if kind == QEvent.Type.TabletRelease else LEFT
    where = QPointF(stage.canvas.mapToGlobal(place))
    event = QTabletEvent(
        kind,
        device,
        place,
        where,
        pressure,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        Qt.KeyboardModifier.NoModifier,
        LEFT,
        held,
    )
    QApplication.sendEvent(stage.canvas, event)
