"""Colour and opacity of the mask: applied as they are chosen, remembered, and seen by every eye."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QColorDialog, QLineEdit, QWidget
from tests.flows.desk import Desk, desk

from overpaint.studio.config.settings import MASK_AUTO, MASK_COLOUR, MASK_OPACITY
from overpaint.ui.masks.overlay_appearance import PALETTE
from overpaint.ui.theme.canvas_colours import DARK, LIGHT, CanvasColours

pytestmark = pytest.mark.qt_log_ignore(
    "plugin does not support (raise|grabbing the keyboard|propagateSizeHints)", extend=True
)  # said for every popup where there is no real screen

COLOURS = [colour for colour in PALETTE if colour != MASK_AUTO]
GROUNDS = [(1.0, 1.0, 1.0), (0.5, 0.5, 0.5), (0.0, 0.0, 0.0), (0.85, 0.65, 0.5), (0.2, 0.35, 0.2)]

Rgb = tuple[float, float, float]


def over(ground: Rgb, *layers: QColor) -> Rgb:
    """What these layers look like on a ground."""
    for layer in layers:
        parts = layer.redF(), layer.greenF(), layer.blueF()
        ground = tuple(  # type: ignore[assignment]  # three parts in, three parts out
            part * layer.alphaF() + below * (1 - layer.alphaF())
            for part, below in zip(parts, ground, strict=True)
        )
    return ground


def contrast(one: Rgb, other: Rgb) -> float:
    """As WCAG 2.2 reckons it, from lightness alone: what an eye sees that tells no hues apart."""

    def luminance(colour: Rgb) -> float:
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("colour", "ground"), [*product(COLOURS, GROUNDS)])
def test_painted_area_differs_in_lightness_on_any_ground(colour, ground) -> None:
    look = DARK.marked(QColor(colour), MASK_OPACITY)

    tinted = over(ground, look.mask)
    striped = over(tinted, look.hatch)

    assert max(contrast(tinted, ground), contrast(striped, tinted), contrast(striped, ground)) > 1.4


@pytest.mark.parametrize(("colour", "ground"), [*product([*COLOURS, "#000000", "#ffffff"], GROUNDS)])
def test_hatch_alone_has_bright_and_dark_stripes_on_any_ground(colour, ground) -> None:
    look = DARK.marked(QColor(colour), MASK_OPACITY)

    assert contrast(over(ground, look.hatch_alone), over(ground, look.hatch_gap)) > 2.4


@given(st.sampled_from(COLOURS), st.floats(0.1, 1), st.floats(0.1, 1))
def test_more_opacity_never_lays_on_less(colour: str, one: float, other: float) -> None:
    low, high = sorted((one, other))

    faint, strong = (DARK.marked(QColor(colour), opacity) for opacity in (low, high))

    for part in ("mask", "hatch", "hatch_alone", "hatch_gap"):
        assert getattr(faint, part).alpha() <= getattr(strong, part).alpha()


@pytest.mark.parametrize("colours", [DARK, LIGHT])
def test_usual_colour_and_opacity_are_the_set_s_own(colours: CanvasColours) -> None:
    assert colours.marked(QColor("#ff3b5c"), MASK_OPACITY) == colours


def opened(app: Desk) -> QWidget:
    app.window.actions_["mask_look"].trigger()
    panel = app.find(QWidget, "maskLook")
    assert panel.isVisible()
    return panel


def painted(app: Desk) -> QColor:
    """What the canvas shows in the middle of what is painted, without stripes."""
    app.window.actions_["view_tint"].trigger()
    app.paint((300, 200), (300, 200))
    x, y = app.canvas.view.to_widget(300, 200)
    image = app.canvas.grab().toImage()
    ratio = image.devicePixelRatio()
    return image.pixelColor(int((x + 12) * ratio), int((y + 12) * ratio))


def tint_of(app: Desk) -> QColor:
    return app.canvas._colours.mask


async def test_colour_and_opacity_chosen_are_seen_at_once(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.actions_["fill_mask"].trigger()
        panel = opened(app)
        app.click(app.find(QAbstractButton, "maskColour_blue"))
        app.type_over(app.find(QLineEdit, "maskOpacityValue"), "100")
        QTest.keyClick(app.find(QLineEdit, "maskOpacityValue"), Qt.Key.Key_Return)
        panel.close()

        assert painted(app).name() == "#2a72e0"
        assert tint_of(app).alpha() == 255


async def test_look_is_there_again_at_the_next_start(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        panel = opened(app)
        app.click(app.find(QAbstractButton, "maskColour_green"))
        panel.close()

    async with desk([photo("coffee.png")], look="light") as app:
        assert tint_of(app).name() == "#30d158"
        opened(app)
        assert app.find(QAbstractButton, "maskColour_green").isChecked()


async def test_other_look_of_the_window_keeps_the_mask_s_colour(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.studio.settings.replace(mask_colour="#a03ee0", mask_opacity=0.8)

        app.window.actions_["look_light"].trigger()

        assert app.canvas._colours.surround == LIGHT.surround
        assert (tint_of(app).name(), tint_of(app).alpha()) == ("#a03ee0", 204)


async def test_colour_of_one_s_own_is_asked_for_and_is_none_of_the_swatches(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        opened(app)
        app.click(app.find(QAbstractButton, "maskColourOther"))
        dialog = app.find(QColorDialog, "maskColourDialog")
        dialog.setCurrentColor(QColor("#123456"))

        dialog.accept()
        QApplication.sendPostedEvents()

        assert app.studio.settings.current.mask_colour == "#123456"
        assert tint_of(app).name() == "#123456"
        assert not any(
            app.find(QAbstractButton, f"maskColour_{name.lower()}").isChecked() for name in PALETTE.values()
        )


async def test_panel_opens_in_the_smallest_window_too(photo) -> None:
    async with desk([photo("coffee.png")], size=(1024, 700)) as app:
        panel = opened(app)

        assert app.window.screen().availableGeometry().contains(panel.geometry())
        panel.close()


async def test_colour_on_auto_follows_the_picture_and_a_chosen_one_stays(photo) -> None:
    async with desk([photo("coffee.png"), photo("camera.png")]) as app:
        first, second = app.studio.session.tray
        on_red = app.canvas.colours.mask.name()
        app.studio.session.show(second.id)
        await app.on_canvas()
        on_grey = app.canvas.colours.mask.name()

        assert on_red != MASK_COLOUR == on_grey
        app.studio.settings.replace(mask_colour="#a03ee0")
        app.studio.session.show(first.id)
        await app.on_canvas()
        assert app.canvas.colours.mask.name() == "#a03ee0"
