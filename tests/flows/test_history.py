"""The history panel: one row for each act, and a click goes to the moment after it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QListWidget
from tests.flows.desk import CONTROL, Desk, desk
from tests.flows.wait import settled

from overpaint.studio.runs.job import Job
from overpaint.ui.theme.window_theme import DARK, LIGHT

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


async def test_panel_opened_after_many_acts_shows_where_the_work_stands(photo: Photo) -> None:
    async with desk([photo("coffee.png")], size=(1024, 700)) as app:
        await app.on_canvas()
        for _ in range(40):
            app.studio.session.invert_mask()

        rows = panel(app)
        app.find(QDockWidget, "masksDock").show()
        await settled()

        assert rows.viewport().rect().contains(rows.visualItemRect(rows.currentItem()))


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


async def test_rows_that_are_undone_are_dimmed_and_said_so(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await app.on_canvas()
        app.paint((100.0, 80.0), (300.0, 80.0))
        app.studio.session.fill_mask()
        rows = panel(app)

        app.studio.session.undo()

        assert [colour(rows, at) for at in range(rows.count() - 2, rows.count())] == [
            DARK.text,
            DARK.dim,
        ]
        assert spoken(rows, rows.count() - 1) == "Fill mask, undone"
        app.studio.session.redo()
        assert colour(rows, rows.count() - 1) == DARK.text
        assert spoken(rows, rows.count() - 1) == "Fill mask"


async def test_arrow_keys_go_through_the_history(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await app.on_canvas()
        masks = [coverage(app)]
        for y in (80.0, 160.0):
            app.paint((100.0, y), (300.0, y))
            masks.append(coverage(app))
        rows = panel(app)
        rows.setFocus()

        for key, at in ((Qt.Key.Key_Up, 1), (Qt.Key.Key_Up, 0), (Qt.Key.Key_Down, 1), (Qt.Key.Key_Down, 2)):
            app.key(key)

            assert np.array_equal(coverage(app), masks[at])


async def test_history_done_while_the_panel_was_hidden_is_there_when_it_is_shown(photo: Photo) -> None:
    async with desk([photo("coffee.png")], look="light") as app:
        await app.on_canvas()
        app.studio.session.fill_mask()
        app.studio.session.invert_mask()
        app.studio.session.undo()

        rows = panel(app)

        assert [rows.item(at).text() for at in range(rows.count())][-2:] == ["Fill mask", "Invert mask"]
        assert rows.currentRow() == rows.count() - 2
        assert colour(rows, rows.count() - 1) == LIGHT.dim


async def test_strokes_and_jumps_while_a_run_streams_lose_nothing(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await app.on_canvas()
        app.paint((200, 100), (300, 200), (250, 300))
        app.studio.parameters.set(prompt="remove it", partial_images=3)
        rows, masks = panel(app), [coverage(app)]
        first = rows.count() - 1

        def paint_and_jump(_: Job) -> None:
            app.paint((40.0, 20.0 + 9 * len(masks)), (500.0, 90.0 + 9 * len(masks)))
            masks.append(coverage(app))
            click(rows, first)
            assert np.array_equal(coverage(app), masks[0])
            click(rows, rows.count() - 1)

        app.studio.jobs.changed.connect(paint_and_jump)
        app.key(Qt.Key.Key_Return, CONTROL)
        await app.ended()

        assert app.job.results
        assert len(masks) > 3
        assert np.array_equal(coverage(app), masks[-1])
        for at, mask in reversed(list(enumerate(masks))):
            app.studio.session.go_to(first + at)
            assert np.array_equal(coverage(app), mask)


def panel(app: Desk) -> QListWidget:
    app.find(QDockWidget, "historyDock").show()
    return app.find(QListWidget, "undoList")


def click(rows: QListWidget, row: int) -> None:
    rows.scrollToItem(rows.item(row))
    place = rows.visualItemRect(rows.item(row)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)


def coverage(app: Desk) -> np.ndarray:
    current = app.studio.session.current
    assert current is not None
    return current.mask.coverage.copy()


def colour(rows: QListWidget, row: int) -> str:
    return rows.item(row).foreground().color().name()


def spoken(rows: QListWidget, row: int) -> str:
    return str(rows.item(row).data(Qt.ItemDataRole.AccessibleTextRole))
