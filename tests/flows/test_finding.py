"""Wand, quick select and large outlines in the window: what they find is what a plainer search finds."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QLineEdit, QWidget
from skimage.color import rgb2lab
from skimage.data import coffee
from skimage.segmentation import flood
from tests.flows.desk import LEFT, NONE, PLAIN, SHIFT, Desk, desk
from tests.flows.wait import settled, until

from overpaint.ui.tools.selecting import wand
from overpaint.ui.viewport.pyramids import PicturePyramid

ALT = Qt.KeyboardModifier.AltModifier
CUP_RIM = (400, 120)


def mask(app: Desk) -> np.ndarray:
    return app.item.mask.coverage


async def lead(app: Desk, *pixels, modifiers=PLAIN) -> None:
    """Leads the left button over the picture, and waits until what was looked for is masked."""
    before = app.studio.session.history.revision
    kinds = [
        QEvent.Type.MouseButtonPress,
        *[QEvent.Type.MouseMove] * len(pixels),
        QEvent.Type.MouseButtonRelease,
    ]
    for kind, pixel in zip(kinds, [*pixels[:1], *pixels, pixels[-1]], strict=True):
        at = QPointF(*app.canvas.view.to_widget(*pixel))
        button = NONE if kind == QEvent.Type.MouseMove else LEFT
        held = NONE if kind == QEvent.Type.MouseButtonRelease else LEFT
        where = QPointF(app.canvas.mapToGlobal(at))
        QApplication.sendEvent(app.canvas, QMouseEvent(kind, at, where, button, held, modifiers))
    await until(lambda: app.studio.session.history.revision != before)


def alike(x: int, y: int, tolerance: float) -> np.ndarray:
    """The pixels whose colour in CIELAB is at most so far from the one at (x, y)."""
    lab = rgb2lab(coffee())
    near: np.ndarray = np.linalg.norm(lab - lab[y, x], axis=2) <= tolerance
    return near


def agreement(found: np.ndarray, expected: np.ndarray) -> float:
    """Pixels in both over pixels in either."""
    return float((found & expected).sum() / (found | expected).sum())


@pytest.mark.parametrize("contiguous", [True, False])
async def test_wand_masks_what_a_plain_flood_of_the_colour_reaches(photo, contiguous) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.canvas.setFocus()
        app.key(Qt.Key.Key_W)
        app.type_over(app.find(QLineEdit, "selectToleranceValue"), "24")
        app.key(Qt.Key.Key_Return)
        app.find(QCheckBox, "selectContiguous").setChecked(contiguous)

        await lead(app, (CUP_RIM[0] + 0.5, CUP_RIM[1] + 0.5))

        near = alike(*CUP_RIM, 24)
        expected = flood(near, CUP_RIM[::-1], connectivity=1) if contiguous else near
        assert agreement(mask(app) >= 128, expected) > 0.97
        assert app.studio.session.history.names()[1:] == ["Magic wand"]


async def test_wand_with_shift_adds_and_with_alt_takes_away_again(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.actions_["wand"].trigger()
        await lead(app, (400, 120))
        first = mask(app).copy()

        await lead(app, (20, 20), modifiers=SHIFT)
        both = mask(app).copy()
        await lead(app, (20, 20), modifiers=ALT)

        assert both[20, 20] == 255
        assert (both >= first).all()
        assert np.array_equal(mask(app) >= 128, (first >= 128) & ~(both > first))


async def test_wand_undone_restores_every_byte(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.paint((50, 50), (120, 80))
        before = mask(app).copy()
        app.window.actions_["wand"].trigger()
        await lead(app, (400, 120))

        app.studio.session.undo()

        assert np.array_equal(mask(app), before)


async def test_quick_select_led_over_the_saucer_s_cup_finds_more_than_the_stroke(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.canvas.setFocus()
        app.key(Qt.Key.Key_W, SHIFT)

        await lead(app, (250, 100), (300, 130), (350, 150))

        found = mask(app) >= 128
        assert found[130, 300]
        assert found.sum() > 5_000
        assert not found[390, 590]
        assert app.studio.session.history.names()[1:] == ["Quick select"]


async def test_quick_select_with_alt_takes_the_object_away(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.studio.session.fill_mask()
        app.window.actions_["quick"].trigger()

        await lead(app, (250, 100), (300, 130), (350, 150), modifiers=ALT)

        assert mask(app)[130, 300] == 0
        assert mask(app)[390, 590] == 255


async def test_find_that_ends_in_a_stroke_waits_until_the_stroke_is_over(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.actions_["wand"].trigger()
        at = QPointF(*app.canvas.view.to_widget(400, 120))
        app.mouse(app.canvas, QEvent.Type.MouseButtonPress, at, LEFT, LEFT)
        app.mouse(app.canvas, QEvent.Type.MouseButtonRelease, at, LEFT, NONE)
        app.window.actions_["brush"].trigger()
        app.mouse(app.canvas, QEvent.Type.MouseButtonPress, at, LEFT, LEFT)
        await until(lambda: app.canvas.picture in wand._prepared)
        await until(lambda: app.canvas.cursor().shape() == Qt.CursorShape.BlankCursor)

        app.mouse(app.canvas, QEvent.Type.MouseButtonRelease, at, LEFT, NONE)
        await until(lambda: len(app.studio.session.history.names()) == 3)

        assert app.studio.session.history.names()[1:] == ["Brush stroke", "Magic wand"]


# --- looking at a result


def two_halves(width: int, height: int) -> PicturePyramid:
    """A result that is orange at the left and blue at the right."""
    bgra = np.full((height, width, 4), (20, 120, 240, 255), np.uint8)
    bgra[:, width // 2 :] = (220, 90, 30, 255)
    return PicturePyramid.build(bgra)


@pytest.mark.parametrize("size", [(600, 400), (300, 200), (1201, 800)])
async def test_wand_on_a_result_masks_what_looks_alike_there_in_the_picture_s_frame(photo, size) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.actions_["wand"].trigger()
        app.canvas.set_result(two_halves(*size))
        app.click(app.find(QAbstractButton, "selectSample_result"))

        await lead(app, (100, 100))

        left = np.zeros((400, 600), bool)
        left[:, :300] = True
        assert agreement(mask(app) >= 128, left) > 0.99
        assert app.canvas._scene.result is None


async def test_second_click_looks_at_the_result_that_gave_way_to_the_picture(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.actions_["wand"].trigger()
        app.canvas.set_result(two_halves(600, 400))
        app.click(app.find(QAbstractButton, "selectSample_result"))
        await lead(app, (100, 100))

        await lead(app, (500, 300), modifiers=SHIFT)

        assert app.item.mask.is_full()


async def test_quick_select_on_a_result_finds_what_is_there(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.actions_["quick"].trigger()
        app.canvas.set_result(two_halves(300, 200))
        app.click(app.find(QAbstractButton, "selectSample_result"))

        await lead(app, (60, 100), (140, 200), (80, 320))

        left = np.zeros((400, 600), bool)
        left[:, :300] = True
        assert agreement(mask(app) >= 128, left) > 0.95


async def test_sample_can_be_chosen_only_while_there_is_a_result_of_the_picture_s_shape(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.actions_["wand"].trigger()
        offered = [app.find(QWidget, "selectSample").isVisible()]

        for size in ((600, 400), (400, 400)):
            app.canvas.set_result(two_halves(*size))
            offered.append(app.find(QWidget, "selectSample").isVisible())
        app.canvas.set_result(two_halves(600, 400))
        await app.take(photo("astronaut.png"))
        offered.append(app.find(QWidget, "selectSample").isVisible())

        assert offered == [False, True, False, False]


async def test_sample_chosen_is_the_picture_again_where_there_is_no_result(photo) -> None:
    async with desk([photo("astronaut.png")]) as app:
        app.window.actions_["wand"].trigger()
        app.canvas.set_result(two_halves(512, 512))
        app.click(app.find(QAbstractButton, "selectSample_result"))
        await app.take(photo("coffee.png"))

        await lead(app, (CUP_RIM[0] + 0.5, CUP_RIM[1] + 0.5))

        expected = flood(alike(*CUP_RIM, 16), CUP_RIM[::-1], connectivity=1)
        assert agreement(mask(app) >= 128, expected) > 0.95
        assert app.studio.settings.current.selection.sample == "result"


# --- large outlines


async def test_large_outline_is_masked_a_moment_later_and_nothing_overtakes_it(photo) -> None:
    async with desk([photo("coffee.jpg", (3840, 2160))]) as app:
        app.window.actions_["ellipse"].trigger()
        app.paint((120, 80), (900, 500), (3720, 2080))
        at_once = mask(app).any()
        app.click(app.find(QAbstractButton, "selectWay_subtract"))
        app.window.actions_["rectangle"].trigger()

        app.paint((1900, 1000), (1950, 1050), (2000, 1100))
        await until(lambda: len(app.studio.session.history.names()) == 3)
        await settled()

        box = app.item.mask.bounds()
        # Places on the screen are whole pixels of it, so the corners are known to some pixels of the picture.
        area = math.pi * box.width * box.height / 4 - 100 * 100
        assert not at_once
        assert app.studio.session.history.names()[1:] == ["Ellipse", "Rectangle"]
        assert (box.x, box.y, box.right, box.bottom) == pytest.approx((120, 80, 3720, 2080), abs=6)
        assert np.count_nonzero(mask(app) >= 128) == pytest.approx(area, rel=0.003)
        assert mask(app)[1050, 1950] == 0


async def test_large_outline_undone_restores_every_byte(photo) -> None:
    async with desk([photo("coffee.jpg", (3840, 2160))]) as app:
        app.paint((500, 500), (1200, 800))
        before = mask(app).copy()
        app.window.actions_["lasso"].trigger()
        app.paint((200, 200), (3500, 300), (2000, 2000))
        await until(lambda: app.studio.session.history.undo_name == "Lasso")

        app.studio.session.undo()

        assert np.array_equal(mask(app), before)
