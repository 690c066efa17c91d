"""The magnetic lasso: few clicks near an edge give the outline of what has it."""

import math

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.flows.wait import until
from tests.ui.canvas.canvas_stage import NONE, Stage, set_up
from tests.ui.tools.drawn import covered, ellipse
from tests.ui.tools.finding_stage import Fulfilled

DISC = (150.0, 100.0, 350.0, 300.0)


@pytest.fixture
def stage(qtbot, tmp_path) -> Stage:
    disc = ellipse((400, 500), *DISC)[..., None]
    pixels = disc * np.array([200, 60, 30]) + (1 - disc) * np.array([40, 70, 90])
    Image.fromarray(pixels.astype(np.uint8)).save(tmp_path / "disc.png")
    stage = set_up(tmp_path / "disc.png")
    qtbot.addWidget(stage.canvas)
    stage.canvas.set_tool("magnetic")
    return stage


def settled(qtbot, stage: Stage) -> None:
    """Waits for the paths that were still looked for."""
    qtbot.waitUntil(lambda: bool(stage.session.history.names()))


def click(stage: Stage, *pixels: tuple[float, float]) -> None:
    for at in stage.over(*pixels):
        stage.press(at)
        stage.release(at)


ROUND = [(250.0, 100.0), (350.0, 200.0), (250.0, 300.0), (150.0, 200.0)]


@pytest.mark.parametrize("zoom", [0.7, 1.0, 2.0])
def test_four_clicks_on_a_disc_s_edge_mask_the_disc(qtbot, stage, zoom) -> None:
    stage.zoom_to(zoom)

    click(stage, *ROUND, ROUND[0])
    settled(qtbot, stage)

    disc = ellipse((400, 500), *DISC) >= 0.5
    found = stage.mask.coverage >= 128
    assert (found & disc).sum() / (found | disc).sum() > 0.95
    assert stage.session.history.names() == ["Magnetic lasso"]


def test_the_same_clicks_of_a_polygon_mask_far_less(stage) -> None:
    stage.canvas.set_tool("polygon")

    click(stage, *ROUND, ROUND[0])

    diamond = covered((400, 500), lambda x, y: abs(x - 250) + abs(y - 200) <= 100)
    assert np.abs(stage.mask.coverage / 255 - diamond).max() < 0.1


def test_backspace_takes_the_last_corner_with_its_way_back(qtbot, stage) -> None:
    click(stage, *ROUND, (20.0, 380.0))

    QTest.keyClick(stage.canvas, Qt.Key.Key_Backspace)
    QTest.keyClick(stage.canvas, Qt.Key.Key_Return)
    settled(qtbot, stage)

    disc = ellipse((400, 500), *DISC) >= 0.5
    found = stage.mask.coverage >= 128
    assert (found & disc).sum() / (found | disc).sum() > 0.95


def test_clicks_too_fast_for_any_path_lose_no_corner_and_give_the_same_mask(qtbot, stage) -> None:
    for pixel in ROUND:  # slowly: each line is shown before the next click
        stage.move(*stage.over(pixel), held=NONE)
        qtbot.waitUntil(lambda: not corners(stage) or len(drawn_line(stage)) > 30 * corners(stage))
        click(stage, pixel)
    click(stage, ROUND[0])
    settled(qtbot, stage)
    slowly = stage.mask.coverage.copy()
    stage.session.undo()

    click(stage, *ROUND, ROUND[0])
    qtbot.waitUntil(lambda: stage.session.history.can_undo)

    assert np.array_equal(stage.mask.coverage, slowly)
    assert slowly.any()


def test_line_to_the_pointer_follows_the_edge_a_moment_later(qtbot, stage) -> None:
    click(stage, ROUND[0])

    stage.move(*stage.over(ROUND[1]), held=NONE)
    at_once = len(drawn_line(stage))

    qtbot.waitUntil(lambda: len(drawn_line(stage)) > 30)
    from_middle = [math.dist(point, (250.0, 200.0)) for point in drawn_line(stage)[1:-1]]
    assert at_once == 2
    assert np.abs(np.array(from_middle) - 100.0).max() < 5.0


def test_escape_while_a_path_is_looked_for_leaves_nothing_behind(qtbot, stage) -> None:
    click(stage, *ROUND)
    waiting = stage.canvas._tool_context.worker

    QTest.keyClick(stage.canvas, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not waiting._asked)

    assert stage.canvas._outline is None
    assert stage.session.history.names() == []


async def test_mask_that_is_found_in_a_stroke_waits_for_its_end(stage) -> None:
    requests = Fulfilled(stage)
    click(stage, *ROUND, ROUND[0])
    stage.canvas.set_tool("brush")
    (at,) = stage.over((30.0, 30.0))
    stage.press(at)
    await until(lambda: bool(requests.asked))

    stage.release(at)
    await requests.all()

    assert stage.session.history.names() == ["Brush stroke", "Magnetic lasso"]


def drawn_line(stage: Stage) -> tuple[tuple[float, float], ...]:
    """The line as it is shown."""
    outline = stage.canvas._outline
    return () if outline is None else outline.points


def corners(stage: Stage) -> int:
    """How many corners are shown."""
    outline = stage.canvas._outline
    return 0 if outline is None else len(outline.handles)
