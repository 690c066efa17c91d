"""What keeps the look: room for the picture, columns in line, nothing over anything, colours one can read."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QDockWidget, QPushButton, QWidget
from tests.flows.calls import calls
from tests.flows.desk import Desk, desk
from tests.flows.wait import settled, until

from overpaint.ui.app.workspaces import LAYOUT
from overpaint.ui.canvas.canvas import Canvas
from overpaint.ui.inspector.size_chips import SizeChips
from overpaint.ui.theme import window_theme
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.fields.titled_field import Field

SIZES = [(1440, 900), (1024, 700)]
LOOKS = [window_theme.DARK, window_theme.LIGHT]
READABLE = 4.5
"""The least contrast of text with its ground: WCAG 2.2, success criterion 1.4.3."""


PINNED = ("generateButton", "canvas", "trayStrip", "runsStrip", "statusLine", "toolStrip", "optionBar")
"""What is in sight whatever is scrolled."""


def names(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


async def test_canvas_has_most_of_the_width_in_the_usual_window(photo) -> None:
    async with desk([photo("coffee.png")], size=(1440, 900)) as app:
        assert app.canvas.width() >= 0.6 * app.window.width()
        assert app.canvas.height() >= 0.5 * app.window.height()


@pytest.mark.parametrize("size", SIZES, ids=names)
async def test_window_of_either_size_shows_everything_that_is_pinned(photo, size) -> None:
    async with desk([photo("coffee.png")], size=size) as app:
        inside = app.window.rect()
        for name in (
            "generateButton",
            "canvas",
            "trayStrip",
            "runsStrip",
            "statusLine",
            "toolStrip",
            "optionBar",
        ):
            widget = app.find(QWidget, name)
            assert widget.isVisible(), name
            assert inside.contains(place(widget, app)), name
        assert app.canvas.width() >= 0.5 * app.window.width()


@pytest.mark.parametrize(("size", "least"), [((1440, 900), 0.50), ((1024, 700), 0.36)], ids=["1440", "1024"])
async def test_fitted_picture_of_three_to_two_is_most_of_the_window(photo, size, least) -> None:
    async with desk([photo("coffee.png")], size=size) as app:
        app.canvas.fit()
        (left, top), (right, bottom) = (app.canvas.view.to_widget(*corner) for corner in ((0, 0), (600, 400)))

        assert (right - left) * (bottom - top) >= least * size[0] * size[1]


async def test_canvas_of_the_usual_window_is_as_large_as_drawn(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        assert abs(app.canvas.width() - 1077) <= 4
        assert abs(app.canvas.height() - 702) <= 12  # the menus are as high as the desktop's font


@pytest.mark.parametrize("size", SIZES, ids=names)
async def test_inspector_has_the_whole_height_beside_the_strip(photo, size) -> None:
    async with desk([photo("coffee.png")], size=size) as app:
        inspector, strip = (
            place(app.find(QDockWidget, name), app) for name in ("inspectorDock", "stripDock")
        )
        bar, status = place(app.find(QWidget, "optionBar"), app), place(app.find(QWidget, "statusLine"), app)

        assert inspector.top() == bar.top()
        assert abs(inspector.bottom() - status.top()) <= 2
        assert strip.right() < inspector.left()
        assert strip.height() == 96


async def test_option_bar_stays_as_it_is_when_a_result_comes_and_goes(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.say("make it warmer")
        before = bar_of(app)

        app.window.wiring.runs.generate()
        await app.ended()
        await until(lambda: app.canvas.result is not None)
        shown = bar_of(app)
        app.window.edit.stage.back()

        assert before == shown == bar_of(app)


def bar_of(app: Desk) -> dict[str, QRect]:
    """Where the controls above the canvas stand."""
    bar = app.find(QWidget, "optionBar")
    seen = [one for one in bar.findChildren(QWidget) if one.isVisible() and one.objectName()]
    return {one.objectName(): place(one, app) for one in seen}


async def test_layout_that_another_version_remembered_is_not_taken_up(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.find(QDockWidget, "inspectorDock").hide()
        app.window.memory.setValue("layout", app.window.saveState(1))
        old = app.window.memory.value("layout")
        app.find(QDockWidget, "inspectorDock").show()

        assert not app.window.restoreState(old, LAYOUT)
        assert app.find(QDockWidget, "inspectorDock").isVisible()


async def test_inspector_comes_to_rest_at_every_height_of_the_window(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        for height in range(700, 960, 12):
            app.window.resize(1440, height)
            for _ in range(4):
                await settled()

            with calls() as made:
                for _ in range(4):
                    await settled()

            assert made.of(SizeChips._show_fitting) == 0, height


def place(widget: QWidget, app: Desk) -> QRect:
    """Where a widget lies in the window."""
    return QRect(widget.mapTo(app.window, QPoint()), widget.size())


async def test_columns_of_the_inspector_line_up(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        pairs = [("nField", "partial_imagesField"), ("output_formatField", "backgroundField")]
        lefts, rights = zip(*pairs, strict=True)
        for column in (lefts, rights):
            boxes = [place(app.find(Field, name).control, app) for name in column]
            assert len({box.left() for box in boxes}) == 1, column
            assert len({box.right() for box in boxes}) == 1, column
        model_and_quality = ("modelField", "qualityField")  # names of models need more than half
        for left, right in (*pairs, model_and_quality):
            tops = {place(app.find(Field, name).control, app).top() for name in (left, right)}
            assert len(tops) == 1, (left, right)
        edges = {
            place(app.find(QWidget, name), app).left() for name in ("promptEdit", "sizeBox", "generateButton")
        }
        assert edges == {place(app.find(Field, "modelField"), app).left()}


@pytest.mark.parametrize("size", SIZES, ids=names)
async def test_siblings_never_overlap(photo, size) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")], size=size) as app:
        app.window.edit.inspector.advanced.open()
        app.studio.parameters.set(prompt="x", size="1537x1024", model="gpt-image-1", n=3)
        await settled()

        assert list(overlaps(app.window)) == []


def overlaps(window: QWidget) -> Iterator[str]:
    """Pairs of visible siblings that share pixels, save those that are meant to."""
    for parent in [window, *window.findChildren(QWidget)]:
        layout = parent.layout()
        if layout is None or not parent.isVisible() or isinstance(parent, Canvas):
            continue
        seen = [one for one in parent.children() if isinstance(one, QWidget) and one.isVisible()]
        laid = [one for one in seen if layout.indexOf(one) >= 0 or nested(layout, one)]
        for at, one in enumerate(laid):
            for other in laid[at + 1 :]:
                if one.geometry().intersects(other.geometry()):
                    yield f"{parent.objectName()}: {one.objectName() or one} / {other.objectName() or other}"


def nested(layout, widget: QWidget) -> bool:
    """Whether a layout within the layout places the widget."""
    inner = [layout.itemAt(at).layout() for at in range(layout.count())]
    return any(one.indexOf(widget) >= 0 or nested(one, widget) for one in inner if one is not None)


async def test_controls_in_a_row_have_one_height(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        fields = ("qualityField", "modelField", "nField", "partial_imagesField", "output_formatField")
        heights = {app.find(Field, name).control.height() for name in fields}

        assert len(heights) == 1
        assert heights <= {28, 29, 30, 31, 32}
        assert 36 <= app.find(QPushButton, "generateButton").height() <= 40


async def test_accent_is_where_the_eye_should_go(photo) -> None:
    """Generate is the one filled area: its ground is the fill colour while it can be pressed."""
    async with desk([photo("coffee.png")]) as app:
        app.studio.parameters.set(prompt="make it warmer")
        await settled()
        button = app.find(QPushButton, "generateButton")

        assert button.grab().toImage().pixelColor(8, button.height() // 2).name() == window_theme.DARK.fill


PAIRS = [
    ("text", "panel"),
    ("text", "field"),
    ("text", "surround"),
    ("text", "selection"),
    ("text", "hover"),
    ("dim", "panel"),
    ("dim", "field"),
    ("accent", "panel"),
    ("accent", "field"),
    ("bad", "panel"),
    ("warn", "panel"),
    ("ok", "panel"),
]


@pytest.mark.parametrize("tokens", LOOKS, ids=["dark", "light"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(tokens: Tokens, text: str, ground: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= READABLE


@pytest.mark.parametrize("tokens", LOOKS, ids=["dark", "light"])
def test_white_stands_out_from_the_fill(tokens: Tokens) -> None:
    assert contrast("#ffffff", tokens.fill) >= READABLE


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, 0 to 1, as WCAG 2.2 defines it."""
    parts = (QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF())
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
