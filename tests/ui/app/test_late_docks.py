"""Docks that nobody sees at the start: their content is made when they are shown."""

import pytest
from PySide6.QtWidgets import QDockWidget, QListWidget, QWidget
from tests.flows.desk import desk


@pytest.mark.parametrize(("dock", "content"), [("historyDock", "historyPanel"), ("masksDock", "masksPanel")])
async def test_hidden_dock_gets_its_content_when_it_is_shown_and_keeps_it(photo, dock, content) -> None:
    async with desk([photo("coffee.png")]) as app:
        assert app.window.findChildren(QWidget, content) == []

        app.find(QDockWidget, dock).toggleViewAction().trigger()
        made = app.find(QWidget, content)
        app.find(QDockWidget, dock).toggleViewAction().trigger()

        assert made.isHidden() or not made.isVisible()
        assert app.find(QWidget, content) is made


async def test_dock_that_was_left_open_has_its_content_at_the_next_start(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.find(QDockWidget, "historyDock").toggleViewAction().trigger()

    async with desk([photo("coffee.png")]) as app:
        assert app.find(QListWidget, "undoList").isVisible()
