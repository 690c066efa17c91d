"""The magnetic lasso: few clicks near an edge give the outline of what has it."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.ui.canvas_stage import Stage, set_up
from tests.ui.drawn import covered, ellipse

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


def click(stage: Stage, *pixels: tuple[float, float]) -> None:
    for at in stage.over(*pixels):
        stage.press(at)
        stage.release(at)


ROUND = [(250.0, 100.0), (350.0, 200.0), (250.0, 300.0), (150.0, 200.0)]


@pytest.mark.parametrize("zoom", [0.7, 1.0, 2.0])
def test_four_clicks_on_a_disc_s_edge_mask_the_disc(stage, zoom) -> None:
    stage.zoom_to(zoom)

    click(stage, *ROUND, ROUND[0])

    disc = ellipse((400, 500), *DISC) >= 0.5
    found = stage.mask.coverage >= 128
    assert (found & disc).sum() / (found | disc).sum() > 0.95
    assert stage.session.history.names() == ["Magnetic lasso"]


def test_the_same_clicks_of_a_polygon_mask_far_less(stage) -> None:
    stage.canvas.set_tool("polygon")

    click(stage, *ROUND, ROUND[0])

    diamond = covered((400, 500), lambda x, y: abs(x - 250) + abs(y - 200) <= 100)
    assert np.abs(stage.mask.coverage / 255 - diamond).max() < 0.1


def test_backspace_takes_the_last_corner_with_its_way_back(stage) -> None:
    click(stage, *ROUND, (20.0, 380.0))

    QTest.keyClick(stage.canvas, Qt.Key.Key_Backspace)
    QTest.keyClick(stage.canvas, Qt.Key.Key_Return)

    disc = ellipse((400, 500), *DISC) >= 0.5
    found = stage.mask.coverage >= 128
    assert (found & disc).sum() / (found | disc).sum() > 0.95
