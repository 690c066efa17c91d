"""The navigator: there while a part of the picture is out of sight, and never in the way of a stroke."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.ui.canvas.canvas_stage import CONTROL, Stage, set_up

from overpaint.core.paint.brush_stroke import Brush
from overpaint.ui.canvas.navigator import INSET, LONGER_SIDE, Navigator

SHADOW = 6


@pytest.fixture
def stage(qtbot, photo) -> Stage:
    stage = set_up(photo("coffee.png"))
    qtbot.addWidget(stage.canvas)
    return stage


@pytest.fixture
def navigator(stage) -> Navigator:
    return Navigator(stage.canvas, stage.session)


def spot(navigator: Navigator, x: float, y: float) -> QPoint:
    """The place in it of coordinates of the 600 x 400 picture."""
    scale = LONGER_SIDE / 600
    return QPoint(round(SHADOW + x * scale), round(SHADOW + y * scale))


def middle(stage: Stage) -> tuple[float, float]:
    return stage.canvas.view.to_picture(400.0, 300.0)


def test_all_of_the_picture_in_sight_needs_no_navigator(stage, navigator) -> None:
    assert not navigator.isVisible()

    stage.zoom_to(3.0)
    zoomed_in = navigator.isVisible()
    stage.canvas.fit()

    assert zoomed_in
    assert not navigator.isVisible()


def test_navigator_stands_in_the_lower_right_corner_a_little_inside(stage, navigator) -> None:
    stage.zoom_to(3.0)

    box = navigator.geometry().adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)

    assert (box.width(), box.height()) == (LONGER_SIDE, 120)
    assert (box.right() + 1, box.bottom() + 1) == (800 - INSET, 600 - INSET)


def test_small_canvas_has_no_room_for_it(stage, navigator) -> None:
    stage.canvas.resize(160, 120)

    stage.zoom_to(5.0)

    assert not navigator.isVisible()


def test_switched_off_it_stays_away(stage, navigator) -> None:
    navigator.want(False)
    stage.zoom_to(3.0)
    off = navigator.isVisible()

    navigator.want(True)

    assert not off
    assert navigator.isVisible()


def test_click_brings_that_place_into_the_middle(stage, navigator) -> None:
    stage.zoom_to(6.0)

    QTest.mouseClick(navigator, Qt.MouseButton.LeftButton, pos=spot(navigator, 150, 300))

    assert middle(stage) == pytest.approx((150, 300), abs=3.0)
    assert stage.canvas.view.zoom == 6.0


def test_click_on_a_turned_view_brings_that_place_into_the_middle(stage, navigator) -> None:
    stage.zoom_to(6.0)
    stage.canvas.turn_to(77.0)

    QTest.mouseClick(navigator, Qt.MouseButton.LeftButton, pos=spot(navigator, 200, 100))

    assert middle(stage) == pytest.approx((200, 100), abs=3.0)
    assert stage.canvas.view.angle == 77.0


def test_frame_taken_off_its_middle_is_moved_without_a_leap(stage, navigator) -> None:
    stage.zoom_to(4.0)
    start = middle(stage)
    grip = spot(navigator, start[0] + 40, start[1] + 20)

    QTest.mousePress(navigator, Qt.MouseButton.LeftButton, pos=grip)
    pressed = middle(stage)
    QTest.mouseMove(navigator, grip + QPoint(30, -12))
    QTest.mouseRelease(navigator, Qt.MouseButton.LeftButton, pos=grip + QPoint(30, -12))

    assert pressed == pytest.approx(start, abs=3.0)
    assert middle(stage) == pytest.approx((start[0] + 100, start[1] - 40), abs=5.0)


def test_nothing_done_in_it_paints(stage, navigator) -> None:
    stage.zoom_to(4.0)

    for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
        QTest.mouseClick(navigator, button, pos=spot(navigator, 100, 100))
    QTest.mouseDClick(navigator, Qt.MouseButton.LeftButton, pos=spot(navigator, 300, 100))

    assert not stage.mask.coverage.any()


def test_wheel_zooms_at_the_middle_of_the_canvas(stage, navigator) -> None:
    stage.zoom_to(4.0)
    before = middle(stage)
    at = QPointF(spot(navigator, 100, 100))
    where = QPointF(navigator.mapToGlobal(at))
    plain, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    none = Qt.MouseButton.NoButton

    event = QWheelEvent(at, where, QPoint(), QPoint(0, 120), none, plain, phase, False)
    QApplication.sendEvent(navigator, event)

    assert stage.canvas.view.zoom == pytest.approx(4.0 * 2 ** (1 / 3))
    assert middle(stage) == pytest.approx(before, abs=0.5)


def test_keys_move_and_zoom_what_is_seen(stage, navigator) -> None:
    stage.zoom_to(4.0)
    before = middle(stage)

    QTest.keyClick(navigator, Qt.Key.Key_Right)
    QTest.keyClick(navigator, Qt.Key.Key_Down)
    moved = middle(stage)
    QTest.keyClick(navigator, Qt.Key.Key_Plus)

    assert (moved[0] - before[0], moved[1] - before[1]) == pytest.approx((20.0, 15.0))
    assert stage.canvas.view.zoom == 6.0


def test_stroke_goes_on_beneath_it_while_it_is_away_and_it_comes_back(stage, navigator, qtbot) -> None:
    stage.zoom_to(3.0)
    under = navigator.geometry().center()
    stage.canvas.set_brush(Brush(20.0))

    stage.press((300.0, 250.0))
    away = not navigator.isVisible()
    stage.move((under.x(), under.y()))
    stage.release((under.x(), under.y()))

    x, y = stage.canvas.view.to_picture(under.x(), under.y())
    assert away
    assert stage.mask.coverage[int(y), int(x)] == 255
    qtbot.waitUntil(navigator.isVisible, timeout=3000)


def test_moving_the_view_by_hand_leaves_it_there(stage, navigator) -> None:
    stage.zoom_to(3.0)
    stage.canvas.set_tool("pan")

    stage.press((300.0, 250.0))
    stage.move((250.0, 200.0))

    assert navigator.isVisible()


def test_mask_shows_in_it_after_a_stroke(stage, navigator, qtbot) -> None:
    stage.zoom_to(3.0)
    bare = seen(navigator)

    stage.canvas.set_brush(Brush(120.0))
    stage.drag(*stage.over((260, 180), (340, 220)))

    qtbot.waitUntil(lambda: navigator.isVisible() and not np.array_equal(seen(navigator), bare), timeout=3000)
    x, y = spot(navigator, 300, 200).toTuple()
    red, before = seen(navigator)[y, x, 2].astype(int), bare[y, x, 2].astype(int)
    assert red >= before


def test_picture_is_drawn_in_its_place_and_the_unseen_part_is_dimmer(stage, navigator) -> None:
    stage.zoom_to(6.0)
    stage.canvas.look(stage.canvas.view.centred((600, 400), (450.0, 300.0), (800.0, 600.0)))
    navigator.setFocus()  # only then it hides what is below it

    shown = seen(navigator).astype(int)

    picture = stage.levels.pixels[..., :3]
    bright, dim = around(shown, navigator, 450, 300), around(shown, navigator, 105, 105)
    assert np.abs(bright - picture[280:320, 430:470].mean(axis=(0, 1))).max() < 12
    assert dim.sum() < picture[85:125, 85:125].mean(axis=(0, 1)).sum() * 0.75


def around(shown: np.ndarray, navigator: Navigator, x: float, y: float) -> np.ndarray:
    """The mean colour in it of 40 x 40 pixels of the picture around a place."""
    column, row = spot(navigator, x, y).toTuple()
    mean: np.ndarray = shown[row - 6 : row + 6, column - 6 : column + 6].mean(axis=(0, 1))
    return mean


def seen(navigator: Navigator) -> np.ndarray:
    image = navigator.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    words = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return words[..., :3].copy()


def test_it_is_reached_by_tab_and_says_what_it_is(stage, navigator) -> None:
    assert navigator.focusPolicy() == Qt.FocusPolicy.TabFocus
    assert navigator.accessibleName() == "Navigator"
    assert navigator.accessibleDescription()


def test_strokes_cost_it_no_drawing(stage, navigator) -> None:
    stage.zoom_to(3.0)
    before = navigator._picture.cacheKey()

    stage.press((300.0, 250.0))
    for step in range(20):
        stage.move((300.0 + 5 * step, 250.0))
        QApplication.processEvents()

    assert navigator._picture.cacheKey() == before
    stage.release((400.0, 250.0), modifiers=CONTROL)
