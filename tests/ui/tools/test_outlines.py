"""Rectangle, ellipse, lasso and polygon under the hand: what is dragged or clicked is what the mask holds."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from tests.ui.canvas.canvas_stage import ALT, LEFT, NONE, SHIFT, Stage, set_up
from tests.ui.tools.drawn import covered, ellipse, polygon, rectangle
from tests.ui.tools.finding_stage import Fulfilled

from overpaint.ui.tools.options.selection_options import SelectionOptions

ZOOMS = [0.37, 1.0, 1.3, 4.0]
HEART = [(250.0, 150.0), (330.5, 130.25), (360.0, 200.0), (270.75, 280.5), (230.0, 210.0)]
SLACK, FARTHEST = 8 / 255, 20 / 255


@pytest.fixture
def stage(qtbot, photo) -> Stage:
    stage = set_up(photo("coffee.png"))
    qtbot.addWidget(stage.canvas)
    return stage


def click(stage: Stage, pixel, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    (at,) = stage.over(pixel)
    stage.press(at, modifiers=modifiers)
    stage.release(at, modifiers=modifiers)


def double_click(stage: Stage, pixel) -> None:
    (at,) = stage.over(pixel)
    click(stage, pixel)
    stage.mouse(QEvent.Type.MouseButtonDblClick, at, LEFT, LEFT)
    stage.release(at)


def like(stage: Stage, expected) -> bool:
    """Whether the mask is what was computed, but for what 64 samples in a pixel of the edge can't tell."""
    edge = (expected > 0) & (expected < 1)
    off = np.abs(stage.mask.coverage / 255 - expected)
    return off.max() < FARTHEST and (not edge.any() or off[edge].mean() < SLACK)


def shape(stage: Stage) -> tuple[int, int]:
    return stage.mask.height, stage.mask.width


@pytest.mark.parametrize("zoom", ZOOMS)
def test_rectangle_dragged_at_any_zoom_masks_its_pixels(stage, zoom) -> None:
    stage.canvas.set_tool("rectangle")
    stage.zoom_to(zoom)

    stage.drag(*stage.over((260, 170), (300, 210), (341, 232)))

    assert like(stage, rectangle(shape(stage), 260, 170, 341, 232))
    assert stage.session.history.names() == ["Rectangle"]


@pytest.mark.parametrize("zoom", ZOOMS)
def test_ellipse_dragged_at_any_zoom_masks_the_disc(stage, zoom) -> None:
    stage.canvas.set_tool("ellipse")
    stage.zoom_to(zoom)

    stage.drag(*stage.over((240, 150), (250, 160), (340, 230)))

    assert like(stage, ellipse(shape(stage), 240, 150, 340, 230))
    assert stage.session.history.names() == ["Ellipse"]


@pytest.mark.parametrize("zoom", ZOOMS)
def test_lasso_led_round_at_any_zoom_masks_what_it_encloses(stage, zoom) -> None:
    stage.canvas.set_tool("lasso")
    stage.zoom_to(zoom)

    stage.drag(*stage.over(*HEART))

    assert like(stage, polygon(shape(stage), HEART))
    assert stage.session.history.names() == ["Lasso"]


@pytest.mark.parametrize("zoom", ZOOMS)
def test_polygon_clicked_and_closed_on_its_start_masks_what_it_encloses(stage, zoom) -> None:
    stage.canvas.set_tool("polygon")
    stage.zoom_to(zoom)

    for corner in [*HEART, HEART[0]]:
        click(stage, corner)

    assert like(stage, polygon(shape(stage), HEART))
    assert stage.session.history.names() == ["Polygon"]


def test_polygon_double_clicked_closes_with_that_corner(stage) -> None:
    stage.canvas.set_tool("polygon")

    for corner in HEART[:-1]:
        click(stage, corner)
    double_click(stage, HEART[-1])

    assert like(stage, polygon(shape(stage), HEART))


def test_polygon_with_enter_closes(stage) -> None:
    stage.canvas.set_tool("polygon")
    for corner in HEART:
        click(stage, corner)

    QTest.keyClick(stage.canvas, Qt.Key.Key_Return)

    assert like(stage, polygon(shape(stage), HEART))


def test_polygon_with_backspace_takes_the_last_corner_back(stage) -> None:
    stage.canvas.set_tool("polygon")
    for corner in [*HEART, (20.0, 20.0)]:
        click(stage, corner)

    QTest.keyClick(stage.canvas, Qt.Key.Key_Backspace)
    click(stage, HEART[0])

    assert like(stage, polygon(shape(stage), HEART))


def test_polygon_with_escape_is_forgotten(stage) -> None:
    stage.canvas.set_tool("polygon")
    for corner in HEART:
        click(stage, corner)

    QTest.keyClick(stage.canvas, Qt.Key.Key_Escape)
    QTest.keyClick(stage.canvas, Qt.Key.Key_Return)

    assert not stage.mask.coverage.any()
    assert stage.canvas._outline is None


def test_polygon_left_for_another_tool_is_forgotten(stage) -> None:
    stage.canvas.set_tool("polygon")
    for corner in HEART:
        click(stage, corner)

    stage.canvas.set_tool("rectangle")

    assert stage.canvas._outline is None
    assert not stage.mask.coverage.any()


@pytest.mark.parametrize("tool", ["rectangle", "ellipse", "lasso"])
def test_escape_in_a_drag_leaves_the_mask_alone(stage, tool) -> None:
    stage.canvas.set_tool(tool)
    places = stage.over(*HEART)
    stage.press(places[0])
    for place in places[1:]:
        stage.move(place)

    QTest.keyClick(stage.canvas, Qt.Key.Key_Escape)
    stage.release(places[-1])

    assert not stage.mask.coverage.any()
    assert stage.session.history.names() == []


@pytest.mark.parametrize(
    ("modifiers", "way"),
    [
        (SHIFT, lambda old, new: np.maximum(old, new)),
        (ALT, lambda old, new: np.minimum(old, 1 - new)),
        (SHIFT | ALT, np.minimum),
        (Qt.KeyboardModifier.NoModifier, lambda _, new: new),
    ],
    ids=["add", "subtract", "intersect", "new"],
)
def test_keys_at_the_press_say_how_it_combines(stage, modifiers, way) -> None:
    stage.canvas.set_tool("rectangle")
    stage.drag(*stage.over((100, 100), (200, 200)))
    (start, end) = stage.over((150, 150), (260, 240))

    stage.press(start, modifiers=modifiers)
    stage.move(end)
    stage.release(end)

    old = rectangle(shape(stage), 100, 100, 200, 200)
    new = rectangle(shape(stage), 150, 150, 260, 240)
    assert like(stage, way(old, new))


@pytest.mark.parametrize("how", ["add", "subtract", "intersect"])
def test_choice_of_the_option_bar_says_how_it_combines(stage, how) -> None:
    stage.canvas.set_tool("rectangle")
    stage.drag(*stage.over((100, 100), (200, 200)))
    stage.canvas.set_selection_options(SelectionOptions(how))

    stage.drag(*stage.over((150, 150), (260, 240)))

    both = stage.mask.coverage[160, 160], stage.mask.coverage[110, 110], stage.mask.coverage[230, 250]
    assert both == {"add": (255, 255, 255), "subtract": (0, 255, 0), "intersect": (255, 0, 0)}[how]


def test_shift_after_the_press_makes_a_square(stage) -> None:
    stage.canvas.set_tool("rectangle")
    start, end = stage.over((100, 100), (180, 130))
    stage.press(start)

    stage.move(end, modifiers=SHIFT)
    stage.release(end, modifiers=SHIFT)

    assert like(stage, rectangle(shape(stage), 100, 100, 180, 180))


def test_alt_after_the_press_draws_from_the_middle(stage) -> None:
    stage.canvas.set_tool("ellipse")
    start, end = stage.over((200, 150), (250, 190))
    stage.press(start)

    stage.move(end, modifiers=ALT)
    stage.release(end, modifiers=ALT)

    assert like(stage, ellipse(shape(stage), 150, 110, 250, 190))


def test_shift_that_adds_makes_a_square_once_it_was_let_go_and_held_anew(stage) -> None:
    stage.canvas.set_tool("rectangle")
    start, end = stage.over((100, 100), (180, 130))
    stage.press(start, modifiers=SHIFT)
    stage.move(end, modifiers=SHIFT)
    level = stage.canvas._outline.points
    stage.move(end)

    stage.move(end, modifiers=SHIFT)
    stage.release(end, modifiers=SHIFT)

    assert level[2] == (180, 130)
    assert like(stage, rectangle(shape(stage), 100, 100, 180, 180))


def test_smooth_edges_off_leaves_no_pixel_in_between(stage) -> None:
    stage.canvas.set_tool("lasso")
    stage.canvas.set_selection_options(SelectionOptions(smooth=False))

    stage.drag(*stage.over(*HEART))

    assert set(np.unique(stage.mask.coverage)) == {0, 255}
    wrong = (stage.mask.coverage > 0) != (polygon(shape(stage), HEART) >= 0.5)
    assert wrong.sum() < 0.01 * (stage.mask.coverage > 0).sum()


async def test_feather_softens_the_edge_and_keeps_its_place(stage) -> None:
    requests = Fulfilled(stage)
    stage.canvas.set_tool("rectangle")
    stage.canvas.set_selection_options(SelectionOptions(feather=10))

    stage.drag(*stage.over((200, 100), (400, 300)))
    await requests.all()

    row = stage.mask.coverage[200, 150:260].astype(int)
    assert (np.diff(row) >= 0).all()
    assert row[0] == 0
    assert row[-1] == 255
    assert abs(int(np.searchsorted(row, 128)) - 50) <= 1


@pytest.mark.parametrize("tool", ["rectangle", "ellipse", "lasso", "polygon"])
def test_click_that_encloses_nothing_leaves_the_mask_alone(stage, tool) -> None:
    stage.session.fill_mask()
    stage.canvas.set_tool(tool)

    click(stage, (200.0, 200.0))

    assert stage.mask.is_full()
    assert stage.session.history.names() == ["Fill mask"]


def test_box_beside_the_picture_leaves_the_mask_alone(stage) -> None:
    stage.session.fill_mask()
    stage.canvas.set_tool("rectangle")

    stage.drag(*stage.over((-90, -80), (-10, -10)))

    assert stage.mask.is_full()


def test_box_over_the_picture_s_edge_is_cut_off_there(stage) -> None:
    stage.canvas.set_tool("rectangle")

    stage.drag(*stage.over((-90, -80), (30, 40)))

    assert like(stage, rectangle(shape(stage), 0, 0, 30, 40))


@pytest.mark.parametrize("tool", ["rectangle", "ellipse", "lasso"])
def test_undo_and_redo_of_a_selection_restore_every_byte(stage, tool) -> None:
    stage.drag(*stage.over((100, 80), (300, 200)))
    before = stage.mask.coverage.copy()
    stage.canvas.set_tool(tool)
    stage.drag(*stage.over(*HEART))
    after = stage.mask.coverage.copy()

    stage.session.undo()
    assert np.array_equal(stage.mask.coverage, before)

    stage.session.redo()
    assert np.array_equal(stage.mask.coverage, after)


def test_outline_shows_while_it_is_dragged_and_leaves_nothing_behind(stage) -> None:
    stage.canvas.set_tool("rectangle")
    bare = stage.seen()
    start, end = stage.over((100, 100), (300, 250))
    stage.press(start)
    stage.move(end)
    during = stage.canvas.grab().toImage()

    QTest.keyClick(stage.canvas, Qt.Key.Key_Escape)

    edge = stage.over((200, 100))[0]
    assert during.pixelColor(*map(int, edge)) != bare.pixelColor(*map(int, edge))
    assert stage.seen() == bare


def test_right_button_with_a_selecting_tool_does_nothing(stage) -> None:
    stage.canvas.set_tool("rectangle")

    stage.drag(*stage.over((100, 100), (200, 200)), button=Qt.MouseButton.RightButton)

    assert not stage.mask.coverage.any()


def test_lost_release_ends_the_drag_where_the_pointer_was(stage) -> None:
    stage.canvas.set_tool("rectangle")
    start, end, away = stage.over((100, 100), (200, 180), (400, 300))
    stage.press(start)
    stage.move(end)

    stage.move(away, held=NONE)

    assert like(stage, rectangle(shape(stage), 100, 100, 200, 180))


def test_reference_disc_has_the_area_of_a_disc() -> None:
    disc = covered((80, 80), lambda x, y: (x - 40) ** 2 + (y - 40) ** 2 <= 900)

    assert disc.sum() == pytest.approx(math.pi * 900, rel=2e-3)
