"""The canvas under wheel, keys and focus: where the picture lies, and what the pointer is told."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.ui.canvas.canvas_stage import MIDDLE, NONE, Stage, set_up

from overpaint.ui.theme.canvas_colours import DARK

STILL = QPoint()


@pytest.fixture
def stage(qtbot, photo) -> Stage:
    stage = set_up(photo("coffee.png"))
    qtbot.addWidget(stage.canvas)
    return stage


def pixels(image: QImage):
    """The image's bytes, shape (height, width, 4), BGRA."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


def furthest(one, other) -> int:
    """The largest difference between two pictures."""
    return int(np.abs(one.astype(int) - other.astype(int)).max())


def test_wheel_zooms_at_the_pointer(stage) -> None:
    place = (250.0, 180.0)
    before, zoom = stage.canvas.view.to_picture(*place), stage.canvas.view.zoom

    wheel(stage, place, angle=QPoint(0, 120))

    assert stage.canvas.view.zoom > zoom
    assert stage.canvas.view.to_picture(*place) == pytest.approx(before, abs=1.0)


def test_touchpad_scroll_pans_and_with_control_zooms(stage) -> None:
    stage.zoom_to(3.0)
    before = stage.canvas.view

    wheel(stage, (400.0, 300.0), pixel=QPoint(-30, 12))
    panned = stage.canvas.view
    wheel(stage, (400.0, 300.0), pixel=QPoint(0, 40), modifiers=Qt.KeyboardModifier.ControlModifier)

    assert (panned.x - before.x, panned.y - before.y, panned.zoom) == (-30.0, 12.0, 3.0)
    assert stage.canvas.view.zoom > 3.0


def wheel(stage, place, angle=STILL, pixel=STILL, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    """Turns a wheel, or moves two fingers on a touchpad, at a place in the widget."""
    at = QPointF(*place)
    where = QPointF(stage.canvas.mapToGlobal(at))
    phase = Qt.ScrollPhase.NoScrollPhase
    QApplication.sendEvent(stage.canvas, QWheelEvent(at, where, pixel, angle, NONE, modifiers, phase, False))


def test_keys_and_buttons_step_through_round_zooms(stage, qtbot) -> None:
    stage.canvas.actual_size()
    told: list[float] = []
    stage.canvas.zoom_changed.connect(told.append)

    stage.canvas.zoom_in()
    stage.canvas.zoom_in()
    stage.canvas.zoom_out()

    assert told == [1.5, 2.0, 1.5]


def test_resize_keeps_a_fitted_picture_fitted(stage) -> None:
    stage.canvas.resize(500, 500)

    right, bottom = stage.canvas.view.to_widget(stage.levels.width, stage.levels.height)
    assert right <= 500
    assert bottom <= 500
    assert stage.canvas.view.to_widget(0, 0)[0] == pytest.approx(500 - right, abs=1.5)


def test_resize_of_a_zoomed_canvas_keeps_the_middle(stage) -> None:
    stage.zoom_to(2.0)
    middle = stage.canvas.view.to_picture(400.0, 300.0)

    stage.canvas.resize(600, 500)

    assert stage.canvas.view.zoom == 2.0
    assert stage.canvas.view.to_picture(300.0, 250.0) == pytest.approx(middle, abs=1.0)


def test_hover_tells_the_pixel_and_none_outside(stage) -> None:
    told: list[object] = []
    stage.canvas.hovered.connect(told.append)

    stage.move(stage.over((120.4, 77.9))[0], held=NONE)
    stage.move((1.0, 1.0), held=NONE)

    assert told == [(120, 77), None]


def test_focus_by_tab_shows_a_frame_and_by_click_none(stage) -> None:
    bare = pixels(stage.seen())
    QApplication.sendEvent(stage.canvas, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    framed = stage.seen()

    QApplication.sendEvent(stage.canvas, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.MouseFocusReason))

    assert framed.pixelColor(1, 300) == DARK.focus
    assert np.array_equal(pixels(stage.seen()), bare)


def test_pan_far_away_keeps_a_part_in_view(stage) -> None:
    stage.drag((400.0, 300.0), (-9000.0, 9000.0), button=MIDDLE)

    right = stage.canvas.view.to_widget(stage.levels.width, 0)[0]
    top = stage.canvas.view.to_widget(0, 0)[1]
    assert right > 20
    assert top < 580


def test_zoom_tool_click_zooms_in_and_with_alt_out(stage) -> None:
    stage.canvas.set_tool("zoom")
    stage.canvas.actual_size()

    QTest.mouseClick(
        stage.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(400, 300)
    )
    larger = stage.canvas.view.zoom
    QTest.mouseClick(
        stage.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier, QPoint(400, 300)
    )

    assert larger == 1.5
    assert stage.canvas.view.zoom == 1.0


def test_unknown_tool_is_refused(stage) -> None:
    with pytest.raises(ValueError, match="no tool"):
        stage.canvas.set_tool("spoon")


def test_canvas_has_a_name_for_tests_and_for_those_who_listen(stage) -> None:
    assert stage.canvas.objectName() == "canvas"
    assert stage.canvas.accessibleName()
    assert stage.canvas.accessibleDescription()


def test_screen_of_another_scale_keeps_zoom_and_middle(stage, monkeypatch) -> None:
    stage.zoom_to(2.0)
    middle = stage.canvas.view.to_picture(400.0, 300.0)
    monkeypatch.setattr(stage.canvas, "devicePixelRatioF", lambda: 2.0)

    QApplication.sendEvent(stage.canvas, QEvent(QEvent.Type.DevicePixelRatioChange))

    assert (stage.canvas.view.zoom, stage.canvas.view.ratio) == (2.0, 2.0)
    assert stage.canvas.view.to_picture(400.0, 300.0) == pytest.approx(middle, abs=0.5)


def test_painting_with_the_overlay_off_shows_when_it_is_on_again(stage) -> None:
    stage.zoom_to(1.0)
    stage.canvas.set_overlay("off")
    stage.drag((300.0, 250.0), (400.0, 330.0))
    bare = pixels(stage.seen())

    stage.canvas.set_overlay("both")

    assert furthest(pixels(stage.seen()), bare) > 20
