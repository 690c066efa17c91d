"""The grid between pixels: there from 800 %, exactly where another pixel begins, the same in any pieces."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from tests.ui.canvas.canvas_stage import Stage, set_up


@pytest.fixture
def stage(qtbot, photo) -> Stage:
    stage = set_up(photo("coffee.png"))
    qtbot.addWidget(stage.canvas)
    return stage


def pixels(stage: Stage) -> np.ndarray:
    image = stage.seen().convertToFormat(QImage.Format.Format_RGB32)
    words = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return words[..., :3].astype(int)


def uneven(line: np.ndarray) -> set[int]:
    """Where along a line of colours another one begins."""
    return set((np.flatnonzero(np.abs(np.diff(line, axis=0)).max(axis=1)) + 1).tolist())


@pytest.mark.parametrize("zoom", [8.0, 12.0, 13.7, 32.0])
def test_grid_lines_lie_on_the_first_row_of_each_pixel(stage, zoom) -> None:
    stage.zoom_to(zoom)
    view = stage.canvas.view
    shown = pixels(stage)

    row = math.floor(view.to_picture(0, 300)[1])
    changes = uneven(shown[round(view.to_widget(0, row + 0.5)[1]), 40:760])

    begins = {int(np.ceil(view.left + at * zoom - 0.5)) - 40 for at in range(600)}
    inside = {x for x in begins if 0 <= x < 719}
    assert changes <= inside | {x + 1 for x in inside}
    assert len(changes & inside) > 0.9 * len(inside)


def test_no_grid_below_800_percent(stage) -> None:
    stage.zoom_to(7.9)
    shown = pixels(stage)
    assert len(uneven(shown[300, 40:760])) <= 720 / 7.9 + 1


def test_grid_drawn_piece_by_piece_looks_as_drawn_at_once(stage) -> None:
    stage.zoom_to(11.3)
    stage.drag((300.0, 250.0), (360.0, 290.0))
    for left in range(0, 800, 97):
        stage.canvas._pending += QRect(left, 0, 97, 600)
        stage.canvas.repaint()
    in_pieces = pixels(stage)

    stage.canvas.refresh()

    assert np.array_equal(pixels(stage), in_pieces)
