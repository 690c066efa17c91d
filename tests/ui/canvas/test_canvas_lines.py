"""The straight line that Shift-click would paint is shown before the click."""

import numpy as np
import pytest
from tests.ui.canvas.canvas_stage import CONTROL, NONE, SHIFT, Stage, set_up

START, END = (100.0, 100.0), (300.0, 130.0)


@pytest.fixture
def stage(qtbot, photo) -> Stage:
    stage = set_up(photo("coffee.png"))
    qtbot.addWidget(stage.canvas)
    stage.drag(*stage.over(START, START))
    return stage


def test_shift_over_the_canvas_shows_the_line_from_the_last_end(stage) -> None:
    stage.move(*stage.over(END), held=NONE, modifiers=SHIFT)

    assert stage.canvas._outline is not None
    assert np.allclose(stage.canvas._outline.points, [START, END])


def test_shift_with_control_shows_the_line_at_a_round_angle(stage) -> None:
    stage.move(*stage.over((300.0, 110.0)), held=NONE, modifiers=SHIFT | CONTROL)

    assert np.allclose(stage.canvas._outline.points, [START, (300.0, 100.0)])


def test_shift_let_go_takes_the_line_away(stage) -> None:
    stage.move(*stage.over(END), held=NONE, modifiers=SHIFT)

    stage.move(*stage.over(END), held=NONE)

    assert stage.canvas._outline is None


def test_press_takes_the_line_away_and_paints_it(stage) -> None:
    stage.move(*stage.over(END), held=NONE, modifiers=SHIFT)

    stage.press(*stage.over(END), modifiers=SHIFT)
    stage.release(*stage.over(END), modifiers=SHIFT)

    assert stage.canvas._outline is None
    assert stage.mask.coverage[115, 200] == 255


def test_shift_before_the_first_stroke_shows_nothing(qtbot, photo) -> None:
    fresh = set_up(photo("coffee.png"))
    qtbot.addWidget(fresh.canvas)

    (end,) = fresh.over(END)
    fresh.move(end, held=NONE, modifiers=SHIFT)

    assert fresh.canvas._outline is None
