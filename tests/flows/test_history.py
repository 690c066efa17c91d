"""The history panel: one row for each act, and a click goes to the moment after it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QListWidget
from tests.flows.desk import Desk, desk

Photo = Callable[..., Path]


async def test_click_into_the_history_goes_back_and_forth_byte_for_byte(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await app.on_canvas()
        masks = [coverage(app)]
        for y in (80.0, 160.0, 240.0):
            app.paint((100.0, y), (300.0, y))
            masks.append(coverage(app))
        rows = panel(app)
        assert [rows.item(at).text() for at in range(2, rows.count())] == ["Brush stroke"] * 3

        for row in (1, 4, 2, 3):
            click(rows, row)

            assert np.array_equal(coverage(app), masks[row - 1])
            assert rows.currentRow() == row


async def test_stroke_after_going_back_replaces_what_was_undone(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await app.on_canvas()
        app.paint((100.0, 80.0), (300.0, 80.0))
        app.paint((100.0, 160.0), (300.0, 160.0))
        rows = panel(app)
        click(rows, 1)

        app.studio.session.fill_mask()

        assert [rows.item(at).text() for at in range(rows.count())][-1] == "Fill mask"
        assert rows.count() == 3


def panel(app: Desk) -> QListWidget:
    app.find(QDockWidget, "historyDock").show()
    return app.find(QListWidget, "historyList")


def click(rows: QListWidget, row: int) -> None:
    place = rows.visualItemRect(rows.item(row)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)


def coverage(app: Desk) -> np.ndarray:
    current = app.studio.session.current
    assert current is not None
    return current.mask.coverage.copy()
