"""Changes say what changed: nobody works out anew what they leave as it was."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.flows.calls import calls
from tests.flows.desk import NONE, Desk, desk
from tests.flows.wait import settled, until

from overpaint.core.request import prompt_syntax
from overpaint.core.results import prices
from overpaint.studio.document import effective_spec

Photo = Callable[..., Path]

_SAVING = {"write the settings", "write the draft", "look the mask over"}
_RIGHT = Qt.MouseButton.RightButton
_ALT = Qt.KeyboardModifier.AltModifier


async def test_brush_that_is_dragged_larger_prices_and_resolves_nothing(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        sizes = set()
        with calls() as made:
            alt(app, QEvent.Type.MouseButtonPress, 200, _RIGHT)
            for x in range(201, 241):
                alt(app, QEvent.Type.MouseMove, x, NONE)
                await settled()
                sizes.add(app.studio.settings.current.brush.diameter)
            alt(app, QEvent.Type.MouseButtonRelease, 240, _RIGHT)
            await settled()

        assert len(sizes) == 40
        assert made.of(prices.estimate) == 0
        assert made.of(prompt_syntax.as_sent) == 0
        assert made.of(effective_spec.effective_spec) == 0


async def test_letter_in_the_prompt_is_resolved_and_priced_once(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.say("a red ha")
        await settled()
        edit = app.window.edit.inspector.prompt.edit

        with calls() as made:
            QTest.keyClicks(edit, "t")
            await settled()

        assert made.of(prompt_syntax.as_sent) == 1
        assert made.of(effective_spec.effective_spec) == 1
        assert made.of(prices.estimate) == 1


async def test_colour_of_the_mask_is_the_business_of_few(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.paint((200.0, 200.0), (320.0, 260.0))
        before = app.canvas.grab().toImage()
        await until(lambda: _SAVING.isdisjoint(task.get_name() for task in asyncio.all_tasks()))
        await settled()

        with calls() as made:
            app.studio.settings.replace(mask_colour="#30d158")
            await settled()

        assert app.canvas.grab().toImage() != before
        assert len(made.files) < 12, " ".join(sorted(made.files))
        rooms = {str(Path(file).parent) for file in made.drawing - {"ui/app/main_window.py"}}
        over_it = {"ui/canvas/compare", "ui/results"}  # which follow the canvas's size
        assert rooms <= {"core/masks", "ui/canvas", "ui/canvas/render", "ui/viewport"} | over_it, made.drawing


def alt(app: Desk, kind: QEvent.Type, x: float, button: Qt.MouseButton) -> None:
    """A mouse event of a drag with Alt and the right button over the canvas."""
    held = NONE if kind == QEvent.Type.MouseButtonRelease else _RIGHT
    at = QPointF(x, 200)
    where = QPointF(app.canvas.mapToGlobal(at))
    QApplication.sendEvent(app.canvas, QMouseEvent(kind, at, where, button, held, _ALT))
