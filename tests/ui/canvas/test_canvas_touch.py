"""Fingers on the canvas, by real touch events, touchpad gestures and wheels with pixel steps."""

import math

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.ui.canvas.canvas_stage import Stage, set_up

MIDDLE = (400.0, 300.0)
GESTURES = Qt.NativeGestureType


@pytest.fixture(scope="module")
def screen() -> QPointingDevice:
    return QTest.createTouchDevice(QInputDevice.DeviceType.TouchScreen)


@pytest.fixture
def stage(qtbot, photo) -> Stage:
    stage = set_up(photo("coffee.png"))
    qtbot.addWidget(stage.canvas)
    stage.zoom_to(1.0)
    return stage


def pair(angle: float, reach: float, middle: tuple[float, float] = MIDDLE) -> list[QPoint]:
    """Two fingers on either side of a place."""
    dx, dy = reach * math.cos(math.radians(angle)), reach * math.sin(math.radians(angle))
    return [
        QPoint(round(middle[0] + dx), round(middle[1] + dy)),
        QPoint(round(middle[0] - dx), round(middle[1] - dy)),
    ]


def lead(stage: Stage, screen: QPointingDevice, steps: list[list[QPoint]]) -> None:
    """Puts fingers down at the first places, moves them over the others, lifts them at the last."""
    for number, place in enumerate(steps[0]):
        QTest.touchEvent(stage.canvas, screen).press(number, place, stage.canvas).commit()
    for step in steps[1:]:
        event = QTest.touchEvent(stage.canvas, screen)
        for number, place in enumerate(step):
            event.move(number, place, stage.canvas)
        event.commit()
    event = QTest.touchEvent(stage.canvas, screen)
    for number, place in enumerate(steps[-1]):
        event.release(number, place, stage.canvas)
    event.commit()


def test_one_finger_pans_and_paints_nothing(stage, screen) -> None:
    before = stage.canvas.view

    lead(stage, screen, [[QPoint(400, 300)], [QPoint(380, 320)], [QPoint(350, 330)]])

    view = stage.canvas.view
    assert (view.x - before.x, view.y - before.y) == (-50.0, 30.0)
    assert not stage.mask.coverage.any()


def test_two_fingers_pan_together(stage, screen) -> None:
    before = stage.canvas.view

    lead(stage, screen, [pair(0, 100), pair(0, 100, (420.0, 310.0)), pair(0, 100, (450.0, 320.0))])

    view = stage.canvas.view
    assert (view.x - before.x, view.y - before.y) == (50.0, 20.0)
    assert (view.zoom, view.angle) == (1.0, 0.0)


def test_pinch_zooms_between_the_fingers_and_a_slight_twist_turns_nothing(stage, screen) -> None:
    before = stage.canvas.view.to_picture(*MIDDLE)

    lead(stage, screen, [pair(0, 60), pair(2, 80), pair(5, 100), pair(3, 120)])

    view = stage.canvas.view
    assert view.zoom == pytest.approx(2.0, rel=0.03)
    assert view.angle == 0.0
    assert view.to_picture(*MIDDLE) == pytest.approx(before, abs=1.5)


def test_twist_of_two_fingers_turns_after_the_first_degrees_without_a_leap(stage, screen) -> None:
    told: list[float] = []
    stage.canvas.angle_changed.connect(told.append)

    lead(stage, screen, [pair(angle, 150) for angle in range(0, 61, 3)])

    assert 60 - 9 - 4 <= stage.canvas.view.angle <= 60 - 9 + 1
    assert max(abs(after - before) for before, after in zip([0.0, *told], told, strict=False)) < 5


def test_twist_after_the_fingers_were_lifted_begins_anew(stage, screen) -> None:
    lead(stage, screen, [pair(angle, 150) for angle in range(0, 31, 3)])
    turned = stage.canvas.view.angle

    lead(stage, screen, [pair(0, 150), pair(3, 150), pair(6, 150)])

    assert turned > 0
    assert stage.canvas.view.angle == turned


def test_second_finger_put_down_or_lifted_moves_nothing(stage, screen) -> None:
    before = stage.canvas.view
    canvas = stage.canvas

    fingers = QTest.touchEvent(canvas, screen)
    fingers.press(0, QPoint(300, 300), canvas).commit()
    fingers.stationary(0).press(1, QPoint(500, 300), canvas).commit()
    fingers.stationary(0).release(1, QPoint(500, 300), canvas).commit()
    fingers.release(0, QPoint(300, 300), canvas).commit()

    assert canvas.view == before


def gesture(stage: Stage, kind: Qt.NativeGestureType, value: float = 0.0) -> None:
    """A touchpad's gesture in the middle of the canvas."""
    at = QPointF(*MIDDLE)
    where = QPointF(stage.canvas.mapToGlobal(at))
    device = QPointingDevice.primaryPointingDevice()
    event = QNativeGestureEvent(kind, device, 2, at, at, where, value, QPointF())
    QApplication.sendEvent(stage.canvas, event)


def test_native_pinch_zooms_at_the_pointer(stage) -> None:
    before = stage.canvas.view.to_picture(*MIDDLE)

    for _ in range(5):
        gesture(stage, GESTURES.ZoomNativeGesture, 0.1)

    assert stage.canvas.view.zoom == pytest.approx(1.1**5, rel=1e-3)
    assert stage.canvas.view.to_picture(*MIDDLE) == pytest.approx(before, abs=1.0)


def test_native_twist_turns_once_it_is_meant(stage) -> None:
    gesture(stage, GESTURES.BeginNativeGesture)
    for _ in range(2):
        gesture(stage, GESTURES.RotateNativeGesture, 4.0)
    slight = stage.canvas.view.angle
    for _ in range(6):
        gesture(stage, GESTURES.RotateNativeGesture, 4.0)
    gesture(stage, GESTURES.EndNativeGesture)

    assert slight == 0.0
    assert stage.canvas.view.angle == pytest.approx(20.0)


def test_pixel_steps_of_a_touchpad_move_exactly_so_far_and_then_it_lies_still(stage, qtbot) -> None:
    stage.zoom_to(3.0)
    before = stage.canvas.view

    for _ in range(7):
        scroll(stage, QPoint(-3, 5))
    QApplication.processEvents()

    view = stage.canvas.view
    assert (view.x - before.x, view.y - before.y) == (-21.0, 35.0)
    with qtbot.assertNotEmitted(stage.canvas.view_changed, wait=120):
        QApplication.processEvents()


def test_pixel_steps_on_a_turned_view_move_along_the_screen(stage) -> None:
    stage.zoom_to(3.0)
    stage.canvas.turn_to(50.0)
    before = stage.canvas.view.to_widget(300, 200)

    scroll(stage, QPoint(-30, 12))

    after = stage.canvas.view.to_widget(300, 200)
    assert (after[0] - before[0], after[1] - before[1]) == pytest.approx((-30.0, 12.0))


def scroll(stage: Stage, pixels: QPoint) -> None:
    at = QPointF(*MIDDLE)
    where = QPointF(stage.canvas.mapToGlobal(at))
    plain, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.ScrollUpdate
    event = QWheelEvent(at, where, pixels, QPoint(), Qt.MouseButton.NoButton, plain, phase, False)
    QApplication.sendEvent(stage.canvas, event)
