"""Pictures beside each other on the canvas: a line that is dragged, and panes that show the same part."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from tests.ui.canvas.canvas_stage import LEFT, NONE, Stage, set_up

from overpaint.core.masks.geometry import Rect
from overpaint.core.paint.brush_stroke import Brush
from overpaint.ui.canvas.compare.panes import Pane
from overpaint.ui.canvas.render.split import Split
from overpaint.ui.theme.canvas_colours import DARK, LIGHT
from overpaint.ui.viewport.pyramids import PicturePyramid


@pytest.fixture(params=[DARK, LIGHT], ids=["dark", "light"])
def stage(qtbot, photo, request) -> Stage:
    stage = set_up(photo("coffee.png"), colours=request.param)
    qtbot.addWidget(stage.canvas)
    stage.canvas.fit()
    return stage


CAPTION = 90 * 32
"""Pixels that the words “Before” cover at most."""


def inverted(levels: PicturePyramid) -> PicturePyramid:
    pixels = levels.pixels.copy()
    pixels[..., :3] = 255 - pixels[..., :3]
    return PicturePyramid.build(pixels)


def with_result(stage: Stage) -> PicturePyramid:
    result = inverted(stage.levels)
    stage.canvas.set_result(result, source=stage.levels)
    return result


def seen(stage: Stage) -> np.ndarray:
    """What the canvas shows, shape (height, width, 3), BGR."""
    image = stage.seen().convertToFormat(QImage.Format.Format_RGB32)
    words = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return words[..., :3].astype(int)


def alone(stage: Stage, levels: PicturePyramid) -> np.ndarray:
    """What the canvas shows of a picture by itself, at the same view."""
    stage.canvas.set_split(None)
    stage.canvas.set_result(levels, source=stage.levels)
    return seen(stage)


def alike(one: np.ndarray, other: np.ndarray, captions: int = 0) -> bool:
    """Whether nobody could tell them apart: Qt adds up rounded steps from where it begins in a row. The
    pixels of so many captions may differ."""
    off = np.abs(one - other).max(axis=2) > 2
    return int(off.sum()) <= captions * CAPTION


def wheel(stage: Stage, at: tuple[float, float], notches: int) -> None:
    place = QPointF(*at)
    where = QPointF(stage.canvas.mapToGlobal(place))
    event = QWheelEvent(
        place,
        where,
        QPoint(),
        QPoint(0, 120 * notches),
        NONE,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(stage.canvas, event)


@pytest.mark.parametrize("angle", [0.0, 30.0, 90.0])
@pytest.mark.parametrize("flat", [False, True])
def test_split_when_shown_then_each_side_is_the_picture_by_itself(stage: Stage, flat: bool, angle: float):
    stage.canvas.turn_to(angle)
    result = with_result(stage)

    stage.canvas.set_split(Split(0.4, flat))
    both = seen(stage)

    before, after = alone(stage, stage.levels), alone(stage, result)
    line = round(0.4 * (both.shape[0] if flat else both.shape[1]))
    near, far = slice(0, line - 20), slice(line + 20, None)
    rows = (lambda part: (part, slice(None))) if flat else (lambda part: (slice(None), part))
    assert alike(both[rows(near)], before[rows(near)], captions=1)
    assert alike(both[rows(far)], after[rows(far)])


def test_split_when_its_line_is_dragged_then_it_follows_and_nothing_is_painted(stage: Stage):
    with_result(stage)
    stage.canvas.set_split(Split())
    width, height = stage.canvas.width(), stage.canvas.height()

    stage.drag((width / 2, 40), (width / 2 - 60, 40), (width / 4, 50))

    split = stage.canvas.split
    assert split is not None
    assert split.share == pytest.approx(0.25)
    assert not stage.mask.coverage.any()
    assert stage.canvas.split is not None  # the result is still there
    stage.mouse(QEvent.Type.MouseButtonDblClick, (width / 4, height / 2), LEFT, LEFT)
    stage.release((width / 4, height / 2))
    assert stage.canvas.split == Split()


def test_split_when_dragged_step_by_step_then_it_looks_as_if_drawn_at_once(stage: Stage):
    with_result(stage)
    stage.canvas.set_split(Split())
    seen(stage)
    for share in (0.45, 0.61, 0.2, 0.33):
        stage.canvas.set_split(Split(share))
        seen(stage)
    steps = seen(stage)

    stage.canvas.refresh()

    assert alike(steps, seen(stage))


def test_split_when_there_is_no_result_then_the_picture_shows_alone(stage: Stage):
    plain = seen(stage)

    stage.canvas.set_split(Split())

    assert stage.canvas.split is None
    assert np.array_equal(seen(stage), plain)


def test_panes_when_zoomed_and_panned_in_one_then_all_show_the_same_part(stage: Stage):
    result = inverted(stage.levels)
    stage.canvas.set_panes((Pane(stage.levels, ""), Pane(result, "")))
    left, top = (round(side) for side in stage.canvas.corner_of(1))

    width, height = (round(side) for side in stage.canvas.room)
    wheel(stage, (left + width / 2, top + height / 2), 8)
    stage.drag((left + 100, top + 100), (left + 130, top + 110), button=Qt.MouseButton.MiddleButton)
    image = seen(stage)

    first, second = image[:height, :width], image[top : top + height, left : left + width]
    shown = np.abs(first + second - 255).max(axis=2) <= 1  # a picture and its negative
    assert shown.mean() > 0.9
    assert stage.canvas.view.zoom > 1


@pytest.mark.parametrize("count", [2, 3, 4])
def test_panes_when_shown_then_each_shows_the_whole_picture(stage: Stage, count: int):
    stage.canvas.set_panes((Pane(stage.levels, ""),) * count)

    image = seen(stage)

    width, height = (round(side) for side in stage.canvas.room)
    corners = [stage.canvas.corner_of(pane) for pane in range(count)]
    parts = [image[round(y) : round(y) + height, round(x) : round(x) + width] for x, y in corners]
    assert all(np.array_equal(part, parts[0]) for part in parts)
    assert len(set(corners)) == count
    place = stage.canvas.view.to_device(stage.mask.rect)
    assert Rect(0, 0, width, height).intersected(place) == place


def test_panes_when_painted_in_the_second_then_the_stroke_is_where_it_is_seen(stage: Stage):
    stage.canvas.set_brush(Brush(20, hardness=1))
    stage.canvas.set_panes((Pane(stage.levels, ""), Pane(stage.levels, "")))
    left, top = stage.canvas.corner_of(1)
    x, y = stage.canvas.view.to_widget(300.5, 200.5)

    stage.drag((left + x, top + y), (left + x + 1, top + y))

    assert stage.mask.coverage[200, 300] == 255
    assert stage.mask.bounds().x >= 280


def test_panes_when_ended_then_the_canvas_shows_one_picture_as_large_as_before(stage: Stage):
    before, plain = stage.canvas.view, seen(stage)
    stage.canvas.set_panes((Pane(stage.levels, "one"), Pane(stage.levels, "two")))

    stage.canvas.set_panes(())

    assert stage.canvas.view == before
    assert np.array_equal(seen(stage), plain)


def test_panes_when_the_canvas_is_made_smaller_then_both_still_show_all(stage: Stage):
    stage.canvas.set_panes((Pane(stage.levels, ""), Pane(stage.levels, "")))

    stage.canvas.resize(500, 700)
    QApplication.processEvents()

    width, height = stage.canvas.room
    place = stage.canvas.view.to_device(stage.mask.rect)
    assert 0 <= place.x < place.right <= width
    assert 0 <= place.y < place.bottom <= height
