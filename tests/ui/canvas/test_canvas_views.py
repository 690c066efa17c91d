"""The views of the mask on the canvas: what each must show of it, at any zoom and drawn in any pieces."""

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from tests.ui.canvas.canvas_stage import Stage, set_up

from overpaint.core.masks.mask import SENT_FROM
from overpaint.core.paint.brush_stroke import Brush


@pytest.fixture
def stage(qtbot, photo) -> Stage:
    stage = set_up(photo("coffee.png"))
    qtbot.addWidget(stage.canvas)
    stage.zoom_to(1.0)
    return stage


def show(stage: Stage, coverage) -> None:
    stage.mask.coverage[...] = coverage
    stage.mask.changed(stage.mask.rect)
    item = stage.session.current
    assert item is not None
    stage.session.mask_edited.emit(item, stage.mask.rect)


def shown(stage: Stage) -> np.ndarray:
    """What the canvas shows of the picture at 100 %, shape (400, 600, 3), BGR."""
    image = stage.seen().convertToFormat(QImage.Format.Format_RGB32)
    words = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    view = stage.canvas.view
    return words[view.top : view.top + 400, view.left : view.left + 600, :3].copy()


def steps() -> np.ndarray:
    coverage = np.zeros((400, 600), np.uint8)
    coverage[:, 200:300], coverage[:, 300:400], coverage[:, 400:] = 127, 128, 255
    return coverage


def test_black_and_white_shows_the_coverage_itself(stage) -> None:
    show(stage, steps())

    stage.canvas.set_overlay("white")

    assert np.array_equal(shown(stage), np.repeat(steps()[..., None], 3, axis=2))


def test_preview_as_sent_is_white_exactly_where_the_service_will_edit(stage) -> None:
    show(stage, steps())

    stage.canvas.set_overlay("sent")

    assert np.array_equal(shown(stage)[..., 0] == 255, stage.mask.coverage >= SENT_FROM)
    assert set(np.unique(shown(stage))) == {0, 255}


@pytest.mark.parametrize("zoom", [0.5, 0.25])
def test_preview_as_sent_below_100_percent_reduces_what_is_hard_already(stage, zoom) -> None:
    coverage = np.zeros((400, 600), np.uint8)
    coverage[100:300:8, 200:400:8] = 255
    coverage[50, :] = 120
    show(stage, coverage)
    stage.canvas.set_overlay("sent")

    stage.zoom_to(zoom)

    step = round(1 / zoom)
    sent = (stage.mask.coverage >= SENT_FROM) * 255.0
    reduced = sent.reshape(400 // step, step, 600 // step, step).mean(axis=(1, 3))
    image = stage.seen().convertToFormat(QImage.Format.Format_RGB32)
    words = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    view = stage.canvas.view
    seen = words[view.top : view.top + len(reduced), view.left : view.left + reduced.shape[1], 0]
    assert np.abs(seen - reduced).max() <= 2
    assert seen[100 // step, 200 // step] > 0
    assert np.array_equal(stage.mask.coverage, coverage)


def test_preview_as_sent_follows_a_stroke_at_any_zoom_and_back(stage) -> None:
    stage.canvas.set_overlay("sent")
    stage.canvas.set_brush(Brush(60.0, 0.2))
    stage.zoom_to(0.5)
    stage.drag(*stage.over((200, 150), (400, 250)))

    stage.zoom_to(1.0)

    assert np.array_equal(shown(stage)[..., 0] == 255, stage.mask.coverage >= SENT_FROM)
    stage.canvas.set_overlay("white")
    assert np.array_equal(shown(stage)[..., 0], stage.mask.coverage)


def test_black_and_white_of_an_empty_mask_is_black(stage) -> None:
    stage.canvas.set_overlay("white")

    assert not shown(stage).any()


def test_ants_go_round_the_inner_edge_and_nowhere_else(stage) -> None:
    bare = shown(stage)
    coverage = np.zeros((400, 600), np.uint8)
    coverage[100:200, 150:350] = 255
    show(stage, coverage)

    stage.canvas.set_overlay("ants")

    edge = coverage > 0
    edge[101:199, 151:349] = False
    seen = shown(stage)
    assert np.array_equal(seen[~edge], bare[~edge])
    assert set(np.unique(seen[edge])) == {0, 255}


def test_ants_of_a_full_mask_go_round_the_picture(stage) -> None:
    stage.canvas.set_overlay("ants")

    show(stage, 255)

    seen = shown(stage)
    rim = np.concatenate([seen[0], seen[-1], seen[:, 0], seen[:, -1]])
    assert set(np.unique(rim)) == {0, 255}


def test_ants_zoomed_in_draw_no_line_where_the_canvas_ends(stage) -> None:
    show(stage, 255)
    stage.zoom_to(8.0)
    stage.canvas.set_overlay("off")
    bare = stage.seen()

    stage.canvas.set_overlay("ants")

    assert stage.seen() == bare


def test_ants_march(stage, qtbot) -> None:
    show(stage, steps())
    stage.canvas.set_overlay("ants")
    before = shown(stage)

    stage.canvas._step()

    assert not np.array_equal(shown(stage), before)


def test_ants_that_are_switched_off_stand_still(stage) -> None:
    stage.canvas.set_overlay("ants")

    stage.canvas.set_overlay("tint")

    assert not stage.canvas._marching.isActive()


def test_tint_alone_has_no_stripes_and_hatch_alone_has(stage) -> None:
    show(stage, 255)
    stage.canvas.set_overlay("off")
    bare = shown(stage).astype(int)

    stage.canvas.set_overlay("tint")
    tint = shown(stage).astype(int)
    stage.canvas.set_overlay("hatch")
    hatch = shown(stage).astype(int)

    expected = 0.54 * bare + 0.46 * np.array([92, 59, 255])
    assert np.abs(tint - expected).max() <= 3
    stripes = np.abs(hatch - bare).mean(axis=2)
    assert stripes.std() > 10


@pytest.mark.parametrize("view", ["tint", "hatch", "ants", "white", "sent"])
@pytest.mark.parametrize("zoom", [0.5, 1.0, 3.0])
def test_stroke_drawn_piece_by_piece_looks_as_drawn_at_once_in_every_view(stage, view, zoom) -> None:
    stage.canvas.set_overlay(view)
    stage.canvas.march(False)
    stage.canvas.set_brush(Brush(90.0, 1.0))
    stage.zoom_to(zoom)
    places = [(300.0 + 9 * step, 250.0 + 40 * np.sin(step / 4)) for step in range(12)]
    stage.press(places[0])
    for place in places[1:]:
        stage.move(place)
        QApplication.processEvents()
    stage.release(places[-1])
    in_pieces = stage.seen()

    stage.canvas.refresh()

    assert stage.seen() == in_pieces
