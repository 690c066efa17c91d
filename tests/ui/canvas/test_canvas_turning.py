"""Turning the view by keys and drags, and what turns with it: pointer keys, status, resizing."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.ui.canvas.canvas_stage import CONTROL, NONE, PLAIN, SHIFT, Stage, set_up

MIDDLE = (400.0, 300.0)
EAST, SOUTH, SOUTH_EAST = (600.0, 300.0), (400.0, 500.0), (550.0, 450.0)
R, SPACE, FIVE = Qt.Key.Key_R, Qt.Key.Key_Space, Qt.Key.Key_5


@pytest.fixture
def stage(qtbot, photo) -> Stage:
    stage = set_up(photo("coffee.png"))
    qtbot.addWidget(stage.canvas)
    stage.zoom_to(1.0)
    return stage


def hold(stage: Stage, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    QApplication.sendEvent(stage.canvas, QKeyEvent(QEvent.Type.KeyPress, key, modifiers))


def let_go(stage: Stage, key: Qt.Key) -> None:
    QApplication.sendEvent(stage.canvas, QKeyEvent(QEvent.Type.KeyRelease, key, PLAIN))


def opacities(stage: Stage) -> list[float]:
    """The opacities that keys set from now on."""
    told: list[float] = []
    stage.canvas.brush_edited.connect(lambda brush: told.append(brush.opacity))
    return told


def test_r_drag_turns_the_picture_round_the_middle(stage) -> None:
    before = stage.canvas.view.to_picture(*MIDDLE)

    hold(stage, R)
    stage.drag(EAST, SOUTH_EAST, SOUTH)
    let_go(stage, R)

    assert stage.canvas.view.angle == pytest.approx(90.0)
    assert stage.canvas.view.to_picture(*MIDDLE) == pytest.approx(before, abs=0.6)
    assert not stage.mask.coverage.any()


def test_shift_space_drag_turns_and_space_alone_pans(stage) -> None:
    hold(stage, SPACE, SHIFT)
    stage.drag(EAST, SOUTH_EAST, modifiers=SHIFT)
    let_go(stage, SPACE)
    turned = stage.canvas.view.angle
    hold(stage, SPACE)
    stage.drag(EAST, SOUTH_EAST)
    let_go(stage, SPACE)

    assert turned == pytest.approx(45.0)
    assert stage.canvas.view.angle == turned


def test_control_while_turning_holds_to_fifteen_degrees(stage) -> None:
    hold(stage, R)
    stage.drag(EAST, (560.0, 420.0), modifiers=CONTROL)

    assert stage.canvas.view.angle == 30.0  # 36.9 degrees by hand


def test_escape_while_turning_turns_back(stage) -> None:
    before = stage.canvas.view
    hold(stage, R)
    stage.press(EAST)
    stage.move(SOUTH_EAST)

    QTest.keyClick(stage.canvas, Qt.Key.Key_Escape)
    stage.move(SOUTH)

    assert stage.canvas.view == before


def test_r_let_go_paints_again(stage) -> None:
    hold(stage, R)
    let_go(stage, R)

    stage.drag(MIDDLE, EAST)

    assert stage.canvas.view.angle == 0.0
    assert stage.mask.coverage.any()


def test_r_held_when_the_focus_goes_is_forgotten(stage) -> None:
    hold(stage, R)
    QApplication.sendEvent(stage.canvas, QEvent(QEvent.Type.WindowDeactivate))

    stage.drag(MIDDLE, EAST)

    assert stage.mask.coverage.any()


def test_five_on_a_turned_view_straightens_it_and_leaves_the_opacity(stage) -> None:
    told = opacities(stage)
    stage.canvas.turn_to(40.0)

    QTest.keyClick(stage.canvas, FIVE)

    assert stage.canvas.view.angle == 0.0
    assert told == []


def test_five_on_an_upright_view_is_the_opacity(stage) -> None:
    told = opacities(stage)

    QTest.keyClick(stage.canvas, FIVE)

    assert told == [0.5]


def test_five_as_a_second_digit_on_a_turned_view_is_the_opacity(stage) -> None:
    told = opacities(stage)
    stage.canvas.turn_to(40.0)

    QTest.keyClick(stage.canvas, Qt.Key.Key_4)
    QTest.keyClick(stage.canvas, FIVE)

    assert told == [0.4, 0.45]
    assert stage.canvas.view.angle == pytest.approx(40.0)


def test_five_zero_on_a_turned_view_straightens_it_and_is_fifty_percent(stage) -> None:
    told = opacities(stage)
    stage.canvas.turn_to(40.0)

    QTest.keyClick(stage.canvas, FIVE)
    QTest.keyClick(stage.canvas, Qt.Key.Key_0)

    assert told == [0.5]


@pytest.mark.parametrize("tool", ["pan", "zoom", "rectangle", "wand"])
def test_five_straightens_with_every_other_tool(stage, tool) -> None:
    stage.canvas.set_tool(tool)
    stage.canvas.turn_to(-30.0)

    QTest.keyClick(stage.canvas, FIVE)

    assert stage.canvas.view.angle == 0.0


def test_fit_keeps_the_angle_and_shows_all_of_the_turned_picture(stage) -> None:
    stage.canvas.turn_to(30.0)

    stage.canvas.fit()

    view = stage.canvas.view
    corners = [view.to_widget(x, y) for x in (0, 600) for y in (0, 400)]
    assert view.angle == 30.0
    assert all(12 <= x <= 788 and 12 <= y <= 588 for x, y in corners)


def test_resize_of_a_turned_canvas_keeps_angle_and_middle(stage) -> None:
    stage.zoom_to(2.0)
    stage.canvas.turn_to(33.0)
    middle = stage.canvas.view.to_picture(*MIDDLE)

    stage.canvas.resize(620, 500)

    assert stage.canvas.view.angle == 33.0
    assert stage.canvas.view.to_picture(310.0, 250.0) == pytest.approx(middle, abs=0.6)


def test_another_picture_lies_upright(stage) -> None:
    stage.canvas.turn_to(70.0)
    told: list[float] = []
    stage.canvas.angle_changed.connect(told.append)

    stage.canvas.set_picture(stage.levels, stage.mask, keep_view=False)

    assert stage.canvas.view.angle == 0.0
    assert told == [0.0]


def test_turned_angle_is_told(stage) -> None:
    told: list[float] = []
    stage.canvas.angle_changed.connect(told.append)

    stage.canvas.turn_by(15.0)
    stage.canvas.turn_by(-30.0)

    assert told == [15.0, -15.0]


@pytest.mark.parametrize(
    ("angle", "way"), [(0, (1, 0)), (90, (0, -1)), (180, (-1, 0)), (-90, (0, 1)), (20, (1, 0))]
)
def test_arrow_of_the_key_pointer_leads_the_way_it_points_on_a_turned_view(stage, angle, way) -> None:
    stage.canvas.turn_to(angle)
    stage.canvas.point_by_keys(True)
    told: list[tuple[int, int]] = []
    stage.canvas.hovered.connect(told.append)

    QTest.keyClick(stage.canvas, Qt.Key.Key_Down)
    QTest.keyClick(stage.canvas, Qt.Key.Key_Right)

    before, after = told[-2:]
    assert (after[0] - before[0], after[1] - before[1]) == way


def test_hovered_pixel_on_a_turned_view_is_the_one_under_the_pointer(stage) -> None:
    told: list[object] = []
    stage.canvas.hovered.connect(told.append)
    stage.canvas.turn_to(-111.0)

    stage.move(stage.over((120.4, 77.9))[0], held=NONE)

    assert told[-1] == (120, 77)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(0, 800), st.floats(0, 600)), min_size=2, max_size=8))
def test_turning_by_any_drag_keeps_the_middle_in_place(stage, places) -> None:
    stage.canvas.turn_to(0.0)
    stage.zoom_to(1.0)
    before = stage.canvas.view.to_picture(*MIDDLE)
    hold(stage, R)

    stage.drag(*places)

    let_go(stage, R)
    assert stage.canvas.view.to_picture(*MIDDLE) == pytest.approx(before, abs=1.6)
