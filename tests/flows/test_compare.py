"""A result compared with what it was made of, by real keys: each way in, what it shows, and the way out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QToolButton
from tests.flows.desk import SHIFT, Desk, desk
from tests.flows.wait import settled, until

from overpaint.ui.canvas.picture_surface import DIFFERENCE_WORDS
from overpaint.ui.results.floating_bar import FloatingBar

WAYS = {"split": Qt.Key.Key_Y, "side": Qt.Key.Key_N, "blink": Qt.Key.Key_K, "difference": Qt.Key.Key_D}


@asynccontextmanager
async def with_results(photo, count: int = 1) -> AsyncIterator[Desk]:
    """A window in which an edit of the offline engine has come back so many times."""
    async with desk([photo("coffee.png")]) as app:
        app.studio.parameters.set(n=count)
        app.say("invert the colours")
        app.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await app.ended(count)
        await until(lambda: app.canvas.result is not None)
        app.canvas.setFocus()
        await settled()
        yield app


def seen(app: Desk) -> np.ndarray:
    QApplication.sendEvent(app.canvas, QEvent(QEvent.Type.Leave))
    image = app.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    words = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return words[..., :3].copy()


def bar(app: Desk, name: str) -> FloatingBar:
    return app.find(FloatingBar, name)


def buttons(app: Desk, name: str) -> list[str]:
    return [one.text().strip() for one in bar(app, name).findChildren(QToolButton) if not one.isHidden()]


@pytest.mark.parametrize("way", WAYS)
async def test_key_begins_each_way_and_the_same_key_ends_it(photo, way) -> None:
    async with with_results(photo) as app:
        plain = seen(app)
        assert bar(app, "resultBar").isVisible()

        app.key(WAYS[way])
        await until(lambda: not np.array_equal(seen(app), plain))

        assert app.window.edit.compare.mode == way
        assert bar(app, "compareBar").isVisible()
        assert not bar(app, "resultBar").isVisible()
        app.key(WAYS[way])
        await settled()
        assert app.window.edit.compare.mode == ""
        assert app.canvas.panes == ()
        assert app.canvas.split is None
        assert not app.canvas.showing_before
        assert bar(app, "resultBar").isVisible()


async def test_escape_ends_comparing_first_then_the_result(photo) -> None:
    async with with_results(photo) as app:
        app.key(Qt.Key.Key_N)
        await until(lambda: len(app.canvas.panes) == 2)

        app.key(Qt.Key.Key_Escape)
        await settled()
        assert app.canvas.panes == ()
        assert app.window.edit.stage.job is not None

        app.key(Qt.Key.Key_Escape)
        await settled()
        assert app.window.edit.stage.job is None
        assert not bar(app, "resultBar").isVisible()


async def test_split_is_turned_by_its_key_and_begins_where_it_was_left(photo) -> None:
    async with with_results(photo) as app:
        app.key(Qt.Key.Key_Y)
        app.key(Qt.Key.Key_Y, SHIFT)
        assert app.canvas.split is not None
        assert app.canvas.split.flat
        app.key(Qt.Key.Key_Y)

        app.key(Qt.Key.Key_Y)

        assert app.canvas.split is not None
        assert app.canvas.split.flat


async def test_all_shows_the_picture_before_and_every_variation(photo) -> None:
    async with with_results(photo, 3) as app:
        app.key(Qt.Key.Key_N, SHIFT)
        await until(lambda: len(app.canvas.panes) == 4)

        words = [pane.words for pane in app.canvas.panes]
        assert words == ["Before", "Result 1 of 3", "Result 2 of 3", "Result 3 of 3"]
        assert app.canvas.panes[0].levels is app.canvas.source


async def test_side_by_side_follows_to_the_next_variation(photo) -> None:
    async with with_results(photo, 2) as app:
        app.key(Qt.Key.Key_N)
        await until(lambda: len(app.canvas.panes) == 2)
        first = app.canvas.panes[1]

        app.key(Qt.Key.Key_Right)

        await until(lambda: app.canvas.panes[1].words == "Result 2 of 2")
        assert first.words == "Result 1 of 2"
        assert app.window.edit.compare.mode == "side"


async def test_difference_is_black_where_nothing_has_changed(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.paint((100, 100), (160, 140))
        app.say("make it blue")
        app.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await app.ended()
        await until(lambda: app.canvas.result is not None)
        app.canvas.setFocus()

        app.key(Qt.Key.Key_D)

        await until(lambda: app.canvas.shown not in (app.canvas.result, app.canvas.source))
        shown = app.canvas.shown
        assert shown is not None
        painted, far = shown.pixels[110:130, 120:150, :3], shown.pixels[300:, 400:, :3]
        assert painted.mean() > 60 > 20 > far.mean()  # far off it was scaled there and back


async def test_buttons_of_the_result_do_what_they_say_and_none_is_dead(photo) -> None:
    async with with_results(photo) as app:
        assert buttons(app, "resultBar") == ["Replace 1", "Add", "Compare", "Another free", "Export", ""]

        app.click(app.find(QToolButton, "resultBar_compare"))
        await settled()

        assert app.canvas.split is not None
        assert buttons(app, "compareBar") == ["Split", "Side by side", "Blink", "Difference", ""]
        app.click(app.find(QToolButton, "compareBar_compare_leave"))
        await settled()
        assert app.window.edit.compare.mode == ""


async def test_keys_of_comparing_type_letters_while_a_text_is_edited(photo) -> None:
    async with with_results(photo) as app:
        app.say("")
        for key in "ynkd":
            app.key(getattr(Qt.Key, f"Key_{key.upper()}"))

        assert app.window.edit.compare.mode == ""


async def test_difference_is_called_so_and_no_longer_when_it_ends(photo) -> None:
    async with with_results(photo) as app:
        app.canvas.setFocus()
        app.key(Qt.Key.Key_D)
        await until(lambda: app.canvas._caption.text == DIFFERENCE_WORDS)

        app.key(Qt.Key.Key_Escape)
        await settled()
        assert app.canvas._caption.text.startswith("Result")
