"""What the canvas shows, pixel by pixel, and how little it draws for a stroke."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from tests.pixels import load_bgra
from tests.ui.canvas.canvas_stage import NONE, Stage, set_up

from overpaint.core.masks.mask import Mask
from overpaint.core.paint.brush_stroke import Brush
from overpaint.ui.theme.canvas_colours import DARK, LIGHT
from overpaint.ui.viewport.pyramids import PicturePyramid

ROUNDING = 3  # smooth scaling of a part rounds a little otherwise than of the whole


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


def plain(size: tuple[int, int], colour: str) -> PicturePyramid:
    """A picture of one colour."""
    value = QColor(colour)
    bgra = np.empty((size[1], size[0], 4), np.uint8)
    bgra[...] = (value.blue(), value.green(), value.red(), 255)
    return PicturePyramid.build(bgra)


def test_picture_at_100_percent_is_shown_byte_for_byte(stage, photo) -> None:
    stage.zoom_to(1.0)

    shown = pixels(stage.seen())

    left, top = stage.canvas.view.left, stage.canvas.view.top
    part = shown[top : top + stage.levels.height, left : left + stage.levels.width, :3]
    assert np.array_equal(part, load_bgra(photo("coffee.png"))[..., :3])


def test_picture_at_400_percent_shows_every_pixel_as_a_block(stage, photo) -> None:
    stage.zoom_to(4.0)

    shown = pixels(stage.seen())

    x, y = (int(value) for value in stage.canvas.view.to_picture(400.0, 300.0))
    left, top = (round(value) for value in stage.canvas.view.to_widget(x, y))
    block = shown[top : top + 4, left : left + 4, :3]
    assert (block == load_bgra(photo("coffee.png"))[y, x, :3]).all()


def test_mask_is_shown_as_a_tint_with_stripes_and_its_softness(stage) -> None:
    stage.canvas.set_picture(plain((600, 400), "#808080"), stage.mask, keep_view=True)
    stage.zoom_to(1.0)
    stage.mask.coverage[:, :200] = 255
    stage.mask.coverage[:, 200:400] = 128
    stage.mask.changed(stage.mask.rect)
    stage.session.mask_edited.emit(stage.session.current, stage.mask.rect)

    shown = pixels(stage.seen())

    left, top = stage.canvas.view.left, stage.canvas.view.top
    row = shown[top + 200, left : left + 600, :3].astype(int)
    full, half, none = row[50:150], row[250:350], row[450:550]
    tint = 0.46 * np.array([92, 59, 255]) + 0.54 * 128
    stripe = 0.35 * 255 + 0.65 * tint
    assert np.allclose(full.min(axis=0), np.minimum(tint, stripe), atol=2)
    assert np.allclose(full.max(axis=0), np.maximum(tint, stripe), atol=2)
    assert np.allclose(half.mean(axis=0), (full.mean(axis=0) + 128) / 2, atol=4)
    assert (none == 128).all()


def test_overlay_off_shows_the_bare_picture(stage) -> None:
    before = pixels(stage.seen())
    stage.session.fill_mask()

    stage.canvas.set_overlay("off")

    assert np.array_equal(pixels(stage.seen()), before)


@pytest.mark.parametrize("zoom", [0.13, 0.5, 1.0, 1.37, 3.0, 7.5])
@pytest.mark.parametrize("diameter", [12.0, 150.0, 400.0])
def test_stroke_drawn_piece_by_piece_looks_as_drawn_at_once(stage, zoom, diameter) -> None:
    stage.canvas.set_brush(Brush(diameter, 0.5))
    stage.zoom_to(zoom)
    places = [(300.0 + 9 * step, 250.0 + 40 * np.sin(step / 4)) for step in range(20)]
    stage.press(places[0])
    for place in places[1:]:
        stage.move(place)
        QApplication.processEvents()
    stage.release(places[-1])
    in_pieces = pixels(stage.seen())

    stage.canvas.refresh()

    at_once = pixels(stage.seen())
    assert furthest(in_pieces, at_once) <= (0 if zoom >= 2.0 or zoom == 1.0 else ROUNDING)


def test_undo_of_a_stroke_looks_as_before_it(stage) -> None:
    before = pixels(stage.seen())
    stage.drag((300.0, 250.0), (400.0, 330.0))
    assert not np.array_equal(pixels(stage.seen()), before)

    stage.session.undo()

    assert furthest(pixels(stage.seen()), before) <= ROUNDING


def test_move_in_a_stroke_draws_only_around_the_brush(stage, monkeypatch) -> None:
    stage.canvas.set_brush(Brush(20.0))
    stage.zoom_to(1.0)
    stage.press((300.0, 300.0))
    QApplication.processEvents()
    drawn = watch_drawing(stage, monkeypatch)

    stage.move((310.0, 300.0))
    QApplication.processEvents()

    area = sum(place.width() * place.height() for place in drawn)
    assert 0 < area < 60 * 60


def test_move_without_a_stroke_draws_nothing_of_the_picture(stage, monkeypatch) -> None:
    stage.move((300.0, 300.0), held=NONE)
    QApplication.processEvents()
    drawn = watch_drawing(stage, monkeypatch)

    stage.move((310.0, 300.0), held=NONE)
    QApplication.processEvents()

    assert drawn == []


def test_painting_a_large_stroke_again_draws_nothing(stage, monkeypatch) -> None:
    stage.canvas.set_brush(Brush(400.0))
    stage.zoom_to(1.0)
    stage.drag((300.0, 300.0), (330.0, 300.0))
    QApplication.processEvents()
    drawn = watch_drawing(stage, monkeypatch)

    stage.drag((300.0, 300.0), (330.0, 300.0))
    QApplication.processEvents()

    assert drawn == []


def watch_drawing(stage: Stage, monkeypatch) -> list[QRect]:
    """The device pixels that are composed from now on."""
    drawn: list[QRect] = []
    draw = stage.canvas._scene.draw

    def watched(painter, places, view, *, smooth):
        drawn.extend(places)
        draw(painter, places, view, smooth=smooth)

    monkeypatch.setattr(stage.canvas._scene, "draw", watched)
    return drawn


def test_result_is_shown_in_the_pictures_place_without_the_mask(stage) -> None:
    stage.session.fill_mask()

    stage.canvas.set_result(plain((1200, 800), "#00ff00"))

    for pixel in [(2.0, 2.0), (300.0, 200.0), (597.0, 397.0)]:
        assert stage.colour_over(pixel) == QColor("#00ff00")
    assert stage.colour_over((-6.0, 200.0)) != QColor("#00ff00")


def test_result_of_another_shape_is_contained_and_centred(stage) -> None:
    stage.canvas.set_result(plain((400, 400), "#00ff00"))

    assert stage.colour_over((300.0, 200.0)) == QColor("#00ff00")
    assert stage.colour_over((103.0, 5.0)) == QColor("#00ff00")
    assert stage.colour_over((497.0, 395.0)) == QColor("#00ff00")
    assert stage.colour_over((40.0, 200.0)) == DARK.surround


def test_before_shows_the_picture_without_its_mask_and_after_the_result(stage) -> None:
    bare = pixels(stage.seen())
    stage.session.fill_mask()
    stage.canvas.set_result(plain((600, 400), "#00ff00"), source=stage.canvas.picture)
    with_result = pixels(stage.seen())

    stage.canvas.show_before(True)
    held = pixels(stage.seen())
    stage.canvas.show_before(False)

    below_chip = stage.canvas.view.top + 60
    assert np.array_equal(held[below_chip:], bare[below_chip:])
    assert not np.array_equal(held[:below_chip], bare[:below_chip])  # the chip says "Before"
    assert np.array_equal(pixels(stage.seen()), with_result)


def test_no_result_any_more_shows_picture_and_mask_again(stage) -> None:
    stage.drag((300.0, 250.0), (400.0, 330.0))
    before = pixels(stage.seen())
    stage.canvas.set_result(plain((600, 400), "#00ff00"), "Partial 1 of 3")

    stage.canvas.set_result(None)

    assert furthest(pixels(stage.seen()), before) <= ROUNDING


def test_caption_stands_inside_the_picture_and_goes_again(stage) -> None:
    stage.canvas.set_result(plain((600, 400), "#00ff00"))
    bare = pixels(stage.seen())

    stage.canvas.set_caption("Partial 2 of 3 · 27 s")
    with_words = pixels(stage.seen())
    stage.canvas.set_caption("")

    rows, columns = np.nonzero((with_words != bare).any(axis=2))
    assert rows.min() >= stage.canvas.view.top
    assert columns.min() >= stage.canvas.view.left
    assert np.array_equal(pixels(stage.seen()), bare)


def test_transparent_parts_show_the_checkerboard(stage) -> None:
    stage.canvas.set_picture(PicturePyramid.build(np.zeros((400, 600, 4), np.uint8)), None, keep_view=True)

    image = stage.seen()

    tones = {image.pixelColor(x, 300).rgb() for x in range(380, 420)}
    assert tones == {tone.rgb() for tone in DARK.checker}


def test_other_colours_change_the_surround(stage) -> None:
    assert stage.seen().pixelColor(2, 2) == DARK.surround

    stage.canvas.set_colours(LIGHT)

    assert stage.seen().pixelColor(2, 2) == LIGHT.surround


def test_empty_canvas_says_what_it_was_given_to_say(stage) -> None:
    stage.canvas.show_when_empty("Drop pictures here")
    stage.canvas.set_picture(None, None, keep_view=False)

    shown = pixels(stage.seen())

    assert stage.seen().pixelColor(2, 2) == DARK.surround
    assert len(np.unique(shown[280:320].reshape(-1, 4), axis=0)) > 5


def test_ring_shows_the_brushs_true_size(stage) -> None:
    stage.canvas.set_brush(Brush(80.0))
    stage.zoom_to(1.0)
    bare = pixels(stage.seen())

    stage.move((400.0, 300.0), held=NONE)
    ringed = pixels(stage.canvas.grab().toImage())

    rows, columns = np.nonzero((ringed != bare).any(axis=2))
    assert columns.max() - columns.min() == pytest.approx(80, abs=6)
    assert rows.max() - rows.min() == pytest.approx(80, abs=6)


def test_mask_of_another_picture_changes_nothing_here(stage, monkeypatch) -> None:
    drawn = watch_drawing(stage, monkeypatch)
    other = Mask(600, 400)

    stage.session.mask_edited.emit(replace(stage.session.current, mask=other), other.rect)
    QApplication.processEvents()

    assert drawn == []
