"""The views of the mask in the window: Q goes through them, the menu chooses, the next start remembers."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from tests.flows.desk import desk

from overpaint.ui.masks.overlay_modes import VIEWS


async def test_q_goes_through_every_view_and_comes_back(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.canvas.setFocus()
        seen = []
        for _ in VIEWS:
            seen.append(app.canvas._scene.overlay)
            app.key(Qt.Key.Key_Q)

        assert seen == list(VIEWS)
        assert app.canvas._scene.overlay == "both"


async def test_view_chosen_in_the_menu_is_marked_and_named(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.actions_["view_sent"].trigger()

        button = app.find(QToolButton, "option_overlay")
        assert app.canvas._scene.overlay == "sent"
        assert button.accessibleName() == "Mask view: Preview as sent"
        assert [view for view in VIEWS if app.window.actions_[f"view_{view}"].isChecked()] == ["sent"]


async def test_view_chosen_is_there_again_at_the_next_start(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.actions_["view_hatch"].trigger()

    async with desk([photo("coffee.png")]) as app:
        assert app.canvas._scene.overlay == "hatch"
        assert app.window.actions_["view_hatch"].isChecked()
