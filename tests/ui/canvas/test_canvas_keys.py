"""Masks made with the keyboard alone: arrows move the crosshair, Space presses and lifts."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.ui.canvas.canvas_stage import SHIFT, Stage, set_up
from tests.ui.tools.drawn import rectangle

from overpaint.core.masks.mask import Mask
from overpaint.core.masks.undo_history import History
from overpaint.core.paint.brush_stroke import Brush, Stroke
from overpaint.ui.viewport.pyramids import PicturePyramid

MIDDLE = (300, 200)


@pytest.fixture
def stage(qtbot, photo) -> Stage:
    stage = set_up(photo("coffee.png"))
    qtbot.addWidget(stage.canvas)
    stage.canvas.set_brush(Brush(20.0, 0.8))
    stage.canvas.point_by_keys(True)
    return stage


def press(stage: Stage, key: Qt.Key, times: int = 1, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    for _ in range(times):
        QTest.keyClick(stage.canvas, key, modifiers)


def test_crosshair_begins_in_the_middle_of_what_is_seen(stage) -> None:
    told: list[tuple[int, int]] = []
    stage.canvas.hovered.connect(told.append)

    press(stage, Qt.Key.Key_Right)

    assert told[-1] == (MIDDLE[0] + 1, MIDDLE[1])


@pytest.mark.parametrize("zoom", [0.4, 1.0, 3.3])
def test_arrows_and_space_with_the_brush_paint_the_stroke_that_the_brush_makes(stage, zoom) -> None:
    stage.zoom_to(zoom)
    press(stage, Qt.Key.Key_Space)
    press(stage, Qt.Key.Key_Right, 3, SHIFT)
    press(stage, Qt.Key.Key_Down, 4)
    press(stage, Qt.Key.Key_Space)

    mask = Mask(600, 400)
    stroke = Stroke(mask, History(), Brush(20.0, 0.8))
    stroke.begin(MIDDLE[0] + 0.5, MIDDLE[1] + 0.5)
    for step in (1, 2, 3):
        stroke.extend(MIDDLE[0] + 0.5 + 10 * step, MIDDLE[1] + 0.5)
    for step in (1, 2, 3, 4):
        stroke.extend(MIDDLE[0] + 30.5, MIDDLE[1] + 0.5 + step)
    assert (
        np.abs(stage.mask.coverage.astype(int) - mask.coverage).max() <= 8
    )  # places rounded to quarters of a pixel
    assert stage.session.history.names() == ["Brush stroke"]


def test_arrows_and_space_with_the_rectangle_mask_the_pixels_between(stage) -> None:
    stage.canvas.set_tool("rectangle")

    press(stage, Qt.Key.Key_Space)
    press(stage, Qt.Key.Key_Right, 4, SHIFT)
    press(stage, Qt.Key.Key_Down, 7)
    press(stage, Qt.Key.Key_Space)

    assert np.array_equal(stage.mask.coverage / 255, rectangle((400, 600), 300, 200, 340, 207))


def test_polygon_clicked_by_space_and_closed_by_enter_masks_what_it_encloses(stage) -> None:
    stage.canvas.set_tool("polygon")
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        press(stage, Qt.Key.Key_Space)
        press(stage, key, 5, SHIFT)
    press(stage, Qt.Key.Key_Space)

    press(stage, Qt.Key.Key_Return)

    assert np.array_equal(stage.mask.coverage / 255, rectangle((400, 600), 300, 200, 350, 250))


def test_escape_takes_a_stroke_by_keys_back(stage) -> None:
    press(stage, Qt.Key.Key_Space)
    press(stage, Qt.Key.Key_Right, 3, SHIFT)

    press(stage, Qt.Key.Key_Escape)
    press(stage, Qt.Key.Key_Right, 3, SHIFT)

    assert not stage.mask.coverage.any()


def test_crosshair_stops_at_the_picture_s_edge_and_stays_in_sight(stage) -> None:
    stage.zoom_to(8.0)

    press(stage, Qt.Key.Key_Left, 40, SHIFT)

    x, _ = stage.canvas.view.to_widget(0.5, 200.5)
    assert 0 <= x <= stage.canvas.width()
    assert stage.canvas._pixel == (0, 200)


def test_crosshair_stays_on_its_pixel_when_the_view_moves(stage) -> None:
    press(stage, Qt.Key.Key_Right, 5, SHIFT)

    stage.zoom_to(6.0)

    assert stage.canvas._pixel == (MIDDLE[0] + 50, MIDDLE[1])


def test_view_moved_while_the_mouse_paints_leaves_its_stroke_alone(stage) -> None:
    stage.press((100, 100))
    stage.move((150, 120))

    stage.zoom_to(2.0)

    assert stage.canvas.painting


def test_view_turned_by_keys_alone_follows_the_crosshair(stage) -> None:
    press(stage, Qt.Key.Key_Right, 10, SHIFT)
    QTest.keyPress(stage.canvas, Qt.Key.Key_R)
    press(stage, Qt.Key.Key_Space)

    press(stage, Qt.Key.Key_Down, 5, SHIFT)

    assert stage.canvas.view.angle > 0.0


def test_another_picture_has_the_crosshair_in_its_own_middle(stage) -> None:
    press(stage, Qt.Key.Key_Right, 25, SHIFT)
    small = PicturePyramid.build(np.zeros((100, 160, 4), np.uint8))

    stage.canvas.set_picture(small, Mask(160, 100), keep_view=False)

    assert stage.canvas._pixel == (80, 50)


def test_switching_it_off_ends_a_stroke(stage) -> None:
    press(stage, Qt.Key.Key_Space)
    press(stage, Qt.Key.Key_Right)

    stage.canvas.point_by_keys(False)

    assert not stage.canvas.painting
    assert stage.session.history.names() == ["Brush stroke"]


def test_arrows_are_taken_before_the_window_s_shortcuts_only_while_it_is_on(stage) -> None:
    def taken() -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        QApplication.sendEvent(stage.canvas, event)
        return event.isAccepted()

    on = taken()
    stage.canvas.point_by_keys(False)

    assert on
    assert not taken()
