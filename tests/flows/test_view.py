"""The View menu and the keys that move the picture, in the whole window."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtWidgets import QDialog, QLabel
from tests.flows.desk import LEFT, NONE, Desk, desk
from tests.flows.wait import settled, until

from overpaint.ui.canvas.navigator import Navigator


def turn_by_hand(app: Desk) -> None:
    """Holds R and drags a quarter round the middle of the canvas."""
    app.canvas.setFocus()
    x, y = app.canvas.middle
    app.hold(Qt.Key.Key_R)
    app.mouse(app.canvas, QEvent.Type.MouseButtonPress, QPointF(x + 150, y), LEFT, LEFT)
    app.mouse(app.canvas, QEvent.Type.MouseMove, QPointF(x + 110, y + 110), NONE, LEFT)
    app.mouse(app.canvas, QEvent.Type.MouseButtonRelease, QPointF(x, y + 150), LEFT, NONE)
    app.let_go(Qt.Key.Key_R)


async def test_r_drag_turns_the_picture_and_the_status_line_says_how_far(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        turn_by_hand(app)

        assert app.canvas.view.angle == 90.0
        assert app.words("statusZoom").endswith("· 90°")
        assert app.mask_is_empty()


async def test_five_straightens_it_and_then_sets_the_opacity(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        turn_by_hand(app)

        app.key(Qt.Key.Key_5)
        opacity = app.studio.settings.current.brush.opacity

        assert app.canvas.view.angle == 0.0
        assert opacity == 1.0
        assert "°" not in app.words("statusZoom")


async def test_menu_turns_by_fifteen_degrees_and_back(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        acts = app.window.actions_
        disabled = not acts["turn_back"].isEnabled()

        acts["turn_right"].trigger()
        acts["turn_right"].trigger()
        acts["turn_left"].trigger()
        turned = app.canvas.view.angle
        acts["turn_back"].trigger()

        assert disabled
        assert turned == 15.0
        assert app.canvas.view.angle == 0.0
        assert not acts["turn_back"].isEnabled()


async def test_mask_painted_on_a_turned_view_is_the_one_painted_upright(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        places = ((150.04, 100.04), (300.04, 220.04), (420.04, 90.04))
        app.paint(*places)
        upright = app.item.mask.coverage.copy()
        app.studio.session.clear_mask()

        app.canvas.turn_to(-63.0)
        app.paint(*places)

        assert np.abs(app.item.mask.coverage.astype(int) - upright).max() <= 1


async def test_navigator_is_shown_while_zoomed_in_and_switching_it_off_is_remembered(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        navigator = app.find(Navigator, "navigator")
        fitted = navigator.isVisible()
        app.canvas.look(app.canvas.view.zoomed_to(6.0, app.canvas.middle))
        zoomed = navigator.isVisible()

        app.window.actions_["navigator"].trigger()

        assert (fitted, zoomed, navigator.isVisible()) == (False, True, False)
        assert not app.studio.settings.current.navigator


async def test_navigator_left_switched_off_stays_so_at_the_next_start(photo) -> None:
    def off(studio) -> None:
        studio.settings.replace(navigator=False)

    async with desk([photo("coffee.png")], before=off) as app:
        app.canvas.look(app.canvas.view.zoomed_to(6.0, app.canvas.middle))

        assert not app.find(Navigator, "navigator").isVisible()
        assert not app.window.actions_["navigator"].isChecked()


async def test_keys_help_tells_how_the_view_is_turned(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.actions_["keys"].trigger()

        dialog = await until(lambda: app.window.findChild(QDialog, "keysDialog"))
        words = {one.text() for one in dialog.findChildren(QLabel)}

        assert {"Rotate the view", "Reset the rotation"} <= words
        dialog.reject()


async def test_notice_with_an_act_leaves_the_picture_where_it_is(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await settled()
        before = app.canvas.height(), app.canvas.view

        app.window.status.notify("Saved to “pictures”.", act="Show", todo=lambda: None)
        await settled()

        assert (app.canvas.height(), app.canvas.view) == before
