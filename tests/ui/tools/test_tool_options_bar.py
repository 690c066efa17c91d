"""The option bar of every tool: it fits the smallest window with any panels, and keeps what is set there."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QDockWidget, QLineEdit
from tests.flows.desk import Desk, desk
from tests.flows.wait import settled

from overpaint.ui.tools.options.selection_options import SelectionOptions
from overpaint.ui.tools.toolset import TOOLS

IDS = [tool.id for tool in TOOLS]


def need(app: Desk) -> int:
    """The width below which the option bar would cut something off."""
    layout = app.window.edit.options.layout()
    assert layout is not None
    return layout.minimumSize().width()


@pytest.mark.parametrize("panels", [(), ("historyDock", "masksDock")])
@pytest.mark.parametrize("sampled", [False, True])
async def test_options_of_every_tool_fit_the_smallest_window(photo, sampled, panels) -> None:
    async with desk([photo("coffee.png")], size=(1024, 700)) as app:
        for panel in panels:
            app.find(QDockWidget, panel).show()
        await settled()
        app.window.edit.options.offer_result(sampled)
        widths = {}
        for tool in IDS:
            app.window.actions_[tool].trigger()
            await settled()
            widths[tool] = need(app)

        room = app.window.edit.options.width()
        assert {tool: width for tool, width in widths.items() if width > room} == {}


async def test_another_tool_leaves_canvas_and_inspector_where_they_are(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        places = set()
        for tool in IDS:
            app.window.actions_[tool].trigger()
            await settled()
            places.add((app.canvas.width(), app.window.edit.inspector.width()))

        assert len(places) == 1


async def test_every_tool_has_its_button_down_and_its_name_in_the_bar(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        for tool in IDS:
            app.window.actions_[tool].trigger()

            down = [one for one in IDS if app.find(QAbstractButton, f"tool_{one}").isChecked()]
            assert down == [tool]
            assert app.words("toolTitle")


async def test_choice_is_there_again_at_the_next_start(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.actions_["lasso"].trigger()
        app.find(QCheckBox, "selectSmooth").click()
        app.window.wiring._selection_options_edited(
            SelectionOptions(feather=7, smooth=False, tolerance=31, contiguous=False, sample="result")
        )

    async with desk([photo("coffee.png")]) as app:
        app.window.actions_["lasso"].trigger()
        assert app.find(QLineEdit, "selectFeatherValue").text() == "7 px"
        assert not app.find(QCheckBox, "selectSmooth").isChecked()
        app.window.actions_["wand"].trigger()
        assert app.find(QLineEdit, "selectToleranceValue").text() == "31 %"
        assert app.find(QAbstractButton, "selectSample_result").isChecked()


async def test_segment_pressed_in_the_bar_is_how_the_next_selection_combines(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.actions_["rectangle"].trigger()
        app.paint((100, 100), (200, 200))
        app.click(app.find(QAbstractButton, "selectWay_subtract"))

        app.paint((150, 100), (200, 200))

        bounds = app.item.mask.bounds()
        assert (bounds.x, bounds.y, bounds.right, bounds.bottom) == (100, 100, 150, 200)
