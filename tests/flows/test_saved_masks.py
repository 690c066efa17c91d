"""Masks saved under names: from the menu into the panel, back into the picture, and over a restart."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QDialog,
    QDockWidget,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPushButton,
    QToolButton,
)
from tests.flows.desk import CONTROL, LEFT, PLAIN, Desk, child, desk
from tests.flows.wait import settled, until

from overpaint.core.masks.undo_history import History
from overpaint.ui.masks.saved_mask_delegate import PICTURE

Photo = Callable[..., Path]
ALT = Qt.KeyboardModifier.AltModifier


async def dialog(app: Desk) -> QDialog:
    return await until(lambda: next(iter(app.shown(QDialog)), None))


async def name_it(app: Desk, name: str) -> None:
    """Types a name into the dialog that asks for one, and takes it."""
    asked = await dialog(app)
    app.type_over(child(asked, QLineEdit, "nameValue"), name)
    app.click(child(asked, QPushButton, "nameApply"))
    await until(lambda: not app.shown(QDialog))
    app.window.activateWindow()  # offscreen nobody gives the focus back
    await settled()


async def save(app: Desk, name: str) -> None:
    """Saves the mask by its key."""
    count = len(app.item.shelf.masks)
    app.canvas.setFocus()
    app.key(Qt.Key.Key_S, CONTROL | ALT)
    await name_it(app, name)
    await until(lambda: len(app.item.shelf.masks) == count + 1)


async def show(app: Desk) -> QListWidget:
    """Brings the panel into sight by its key; the list has the focus then."""
    app.canvas.setFocus()
    app.key(Qt.Key.Key_M, CONTROL | ALT)
    await settled()
    return app.find(QListWidget, "masksList")


def rows(masks: QListWidget) -> list[str]:
    return [masks.item(at).text() for at in range(masks.count())]


def coverage(app: Desk) -> np.ndarray:
    return app.item.mask.coverage.copy()


async def act(app: Desk, name: str) -> None:
    """Clicks a button of the panel and waits until it is done."""
    before = app.studio.session.history.revision
    app.click(app.find(QToolButton, f"mask_{name}"))
    await until(lambda: app.studio.session.history.revision != before)


def doubled(app: Desk, masks: QListWidget, row: int) -> None:
    place = masks.visualItemRect(masks.item(row)).center()
    QTest.mouseClick(masks.viewport(), LEFT, PLAIN, place)
    QTest.mouseDClick(masks.viewport(), LEFT, PLAIN, place)


async def test_panel_without_masks_says_what_it_is_for(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await show(app)

        assert app.find(QDockWidget, "masksDock").isVisible()
        assert app.find(QLabel, "masksEmpty").isVisible()
        assert app.find(QToolButton, "maskSave").hasFocus()
        assert not app.find(QToolButton, "mask_load").isEnabled()


async def test_nothing_painted_is_nothing_to_save(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.actions_["save_mask"].trigger()

        await until(lambda: "Nothing is painted yet" in app.words("statusNotice"))
        assert app.item.shelf.masks == ()


async def test_saved_mask_stands_in_the_panel_with_picture_share_and_name(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.paint((100, 100), (300, 200))
        await save(app, "  Cup  ")
        masks = await show(app)

        assert rows(masks) == ["Cup"]
        share = masks.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
        assert share == f"Cup, {100 * app.item.mask.fraction():.1f} % of the picture"
        await until(lambda: masks.item(0).data(PICTURE) is not None)
        assert masks.item(0).data(PICTURE).toImage().pixelColor(1, 1).lightness() == 0
        assert "“Cup”" in app.words("statusNotice")


@pytest.mark.parametrize("name", ["load", "add", "subtract", "intersect"])
async def test_buttons_bring_a_saved_mask_back_in_four_ways(photo: Photo, name: str) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.paint((100, 100), (300, 200))
        saved = coverage(app)
        await save(app, "Cup")
        await show(app)
        app.studio.session.clear_mask()
        app.paint((200, 100), (400, 300))
        old = coverage(app)

        await act(app, name)

        expected = {
            "load": saved,
            "add": np.maximum(old, saved),
            "subtract": np.minimum(old, 255 - saved),
            "intersect": np.minimum(old, saved),
        }
        assert np.array_equal(coverage(app), expected[name])
        app.canvas.setFocus()
        app.key(Qt.Key.Key_Z, CONTROL)
        assert np.array_equal(coverage(app), old)


def done_last(history: History, name: str) -> bool:
    return history.undo_name == name


async def test_keys_in_the_list_do_all_that_the_buttons_do(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.paint((100, 100), (300, 200))
        saved = coverage(app)
        await save(app, "Cup")
        masks = await show(app)
        history = app.studio.session.history

        for key, name in (
            (Qt.Key.Key_Minus, "Subtract mask “Cup”"),
            (Qt.Key.Key_Plus, "Add mask “Cup”"),
        ):
            app.key(key)
            await until(partial(done_last, history, name))
        app.studio.session.fill_mask()
        app.key(Qt.Key.Key_Asterisk)
        await until(lambda: history.undo_name == "Intersect with mask “Cup”")
        app.studio.session.fill_mask()
        app.key(Qt.Key.Key_Return)
        await until(lambda: history.undo_name == "Load mask “Cup”")
        assert np.array_equal(coverage(app), saved)

        app.key(Qt.Key.Key_F2)
        await name_it(app, "Mug")
        assert rows(masks) == ["Mug"]
        masks.setFocus()
        app.key(Qt.Key.Key_Delete)
        assert rows(masks) == []
        assert np.array_equal(coverage(app), saved)


async def test_double_click_loads(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.paint((100, 100), (300, 200))
        saved = coverage(app)
        await save(app, "Cup")
        masks = await show(app)
        app.studio.session.invert_mask()

        doubled(app, masks, 0)

        await until(lambda: app.studio.session.history.undo_name == "Load mask “Cup”")
        assert np.array_equal(coverage(app), saved)


async def test_deleted_mask_comes_back_by_the_notice(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.paint((100, 100), (300, 200))
        await save(app, "Cup")
        await save(app, "Cup")
        masks = await show(app)
        assert rows(masks) == ["Cup", "Cup 2"]

        masks.setCurrentRow(0)
        await act(app, "delete")
        assert rows(masks) == ["Cup 2"]
        app.click(app.find(QPushButton, "statusAct"))

        assert rows(masks) == ["Cup", "Cup 2"]


async def test_undo_of_the_notice_after_another_act_leaves_that_act_alone(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.paint((100, 100), (300, 200))
        await save(app, "Cup")
        await show(app)
        await act(app, "delete")
        app.studio.session.fill_mask()

        app.click(app.find(QPushButton, "statusAct"))

        assert app.studio.session.history.undo_name == "Fill mask"
        assert app.item.mask.is_full()


async def test_name_that_was_not_given_saves_nothing(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.paint((100, 100), (300, 200))
        app.window.actions_["save_mask"].trigger()
        asked = await dialog(app)
        app.type_over(child(asked, QLineEdit, "nameValue"), " ")
        assert not child(asked, QPushButton, "nameApply").isEnabled()

        app.click(child(asked, QPushButton, "nameCancel"))
        await until(lambda: not app.shown(QDialog))

        assert app.item.shelf.masks == ()


async def test_saved_masks_of_each_picture_are_there_after_a_restart_in_another_order(photo: Photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.png")]) as app:
        await until(lambda: len(app.names) == 2)
        for item, name in zip(app.studio.session.tray, ("Cup", "Cat"), strict=True):
            app.studio.session.show(item.id)
            await app.on_canvas()
            app.paint((100, 100), (200, 150))
            await save(app, name)
        saved = coverage(app)
        app.studio.session.clear_mask()
        app.studio.session.move(app.studio.session.tray[1].id, 0)

    async with desk() as again:
        await until(lambda: again.names == ["chelsea.png", "coffee.png"])
        await again.on_canvas()
        masks = await show(again)
        assert [[one.name for one in item.shelf.masks] for item in again.studio.session.tray] == [
            ["Cat"],
            ["Cup"],
        ]
        assert rows(masks) == ["Cat"]

        await act(again, "load")

        assert np.array_equal(coverage(again), saved)


async def test_hidden_panels_come_back_as_they_were(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await show(app)
        docks = [app.find(QDockWidget, f"{name}Dock") for name in ("masks", "history")]

        app.canvas.setFocus()
        app.key(Qt.Key.Key_Tab)
        assert app.window.workspaces.panels_hidden

        app.key(Qt.Key.Key_Tab)
        assert [one.isVisible() for one in docks] == [True, False]


async def test_menu_acts_on_the_only_mask_or_on_the_one_that_is_chosen(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.actions_["load_saved"].trigger()
        assert app.words("statusNotice") == "No mask is saved with this picture yet."
        app.paint((100, 100), (300, 200))
        saved = coverage(app)
        await save(app, "Cup")
        app.studio.session.invert_mask()

        app.window.actions_["load_saved"].trigger()
        await until(lambda: app.studio.session.history.undo_name == "Load mask “Cup”")
        assert np.array_equal(coverage(app), saved)

        await save(app, "Twin")
        app.window.actions_["delete_saved"].trigger()
        assert len(app.item.shelf.masks) == 2
        assert app.find(QListWidget, "masksList").isVisible()
        app.window.actions_["delete_saved"].trigger()
        assert len(app.item.shelf.masks) == 1


async def test_acts_on_saved_masks_stand_in_a_menu_of_their_own(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        inner = app.find(QMenu, "menuMaskSavedMask")

        assert [act.text() for act in inner.actions()][:2] == ["Load saved mask", "Add saved mask"]
        assert inner.menuAction() in app.find(QMenu, "menuMask").actions()
