"""The strip at the foot: inputs beside results by the click that asked for them, and what is told of each."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from tests.api import wire
from tests.fault_server import Script
from tests.flows.desk import LEFT, NONE, Desk, child, desk
from tests.flows.shop import shop
from tests.flows.wait import settled, until

from overpaint.core.request.params import MAX_PICTURES
from overpaint.ui.app.edit_strip import HIGHEST, LOWEST
from overpaint.ui.runs.run_group import RunGroup
from overpaint.ui.runs.run_tile import RunTile

STALLS = Script(stall_before_head=True)


@pytest.fixture
def good(photo) -> Script:
    return Script(200, wire.EVENT_STREAM, wire.completed(photo("coffee.png").read_bytes()))


def heads(app: Desk) -> list[str]:
    """The lines above the groups of results, from left to right."""
    groups = sorted(app.shown(RunGroup), key=lambda one: one.mapToGlobal(QPoint()).x())
    return [child(group, QLabel, "runGroupHead").text() for group in groups]


def drag_the_handle(app: Desk, up: int) -> None:
    handle = app.find(QWidget, "stripHandle")
    start = QPointF(handle.rect().center())
    app.mouse(handle, QEvent.Type.MouseButtonPress, start, LEFT, LEFT)
    app.mouse(handle, QEvent.Type.MouseMove, start - QPointF(0, up), NONE, LEFT)
    app.mouse(handle, QEvent.Type.MouseButtonRelease, start - QPointF(0, up), LEFT, NONE)


async def test_handle_makes_the_strip_higher_and_the_tiles_with_it_within_limits(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        low = app.tiles[0].height()

        drag_the_handle(app, 60)
        await settled()
        assert app.window.edit.strip.dock.height() == LOWEST + 60
        assert app.tiles[0].height() == low + 60

        drag_the_handle(app, 900)
        await settled()
        assert app.window.edit.strip.dock.height() == HIGHEST
        drag_the_handle(app, -900)
        await settled()
        assert app.window.edit.strip.dock.height() == LOWEST
        assert app.tiles[0].height() == low


async def test_height_of_the_strip_is_there_again_at_the_next_start(photo) -> None:
    async with desk([photo("coffee.png")], size=None) as app:
        drag_the_handle(app, 70)
        await settled()
        kept = app.window.edit.strip.dock.height()
    async with desk(size=None) as app:
        assert app.window.edit.strip.dock.height() == kept == LOWEST + 70


@pytest.mark.parametrize("size", [(1440, 900), (1024, 700)], ids=["1440", "1024"])
async def test_inputs_take_what_they_need_and_never_more_than_two_fifths(photo, size) -> None:
    async with desk([photo("coffee.png")], size=size) as app:
        strip, tray = app.window.edit.strip, app.window.edit.tray
        alone = tray.width()

        app.drop([photo("camera.png", (40 + at, 30)) for at in range(MAX_PICTURES - 1)])
        await until(lambda: len(app.tiles) == MAX_PICTURES)
        await settled()

        assert alone < 0.34 * strip.width()
        assert 0.35 * strip.width() < tray.width() <= 0.4 * strip.width() + 1


async def test_facts_above_the_inputs_say_how_many_are_sent(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        assert app.words("trayStripFacts") == "Inputs · 1 of 16"

        await app.take(photo("chelsea.jpg"))
        assert app.words("trayStripFacts") == "Inputs · 2 of 16, both sent"

        app.window.actions_["send_picture"].trigger()
        await settled()
        assert app.words("trayStripFacts") == "Inputs · 2 of 16, 1 sent"


async def test_runs_stand_in_groups_by_their_click_the_newest_first(photo, good) -> None:
    async with shop(photo, good) as here:
        await here.generate()
        await here.app.ended()
        here.app.studio.parameters.set(n=3)
        here.app.say("make it blue, and keep the rest as it is, please, with every scratch in the wood")
        await here.generate()
        await here.app.ended(4)

        newest, older = heads(here.app)
        assert newest.startswith("make it blue, and keep")
        assert " · 3" in newest
        assert older.startswith("remove the cup")
        assert [tile.job.place for tile in here.app.runs] == [1, 2, 3, 1]


async def test_results_of_the_offline_engine_are_called_free(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.say("make it warmer")
        app.window.wiring.runs.generate()
        await app.ended()

        assert heads(app) == ["make it warmer · free"]


async def test_failed_run_says_a_word_on_its_tile_and_all_of_it_in_a_popover(photo) -> None:
    refused = Script(401, body=wire.refusal("Incorrect API key provided.", code="invalid_api_key"))
    async with shop(photo, refused) as here:
        await here.generate()
        await here.app.ended()
        tile = here.app.runs[0]

        assert tile.caption == "key refused"
        assert tile.details is None
        assert "key" in here.app.window.status.notice
        assert here.app.find(QPushButton, "statusAct").text() == "Details"

        here.app.click(here.app.find(QPushButton, "statusAct"))
        details = tile.details
        assert details is not None
        assert "key" in child(details, QLabel, "runMessage").text()
        assert details.mapToGlobal(QPoint()).y() < tile.mapToGlobal(QPoint()).y()
        here.app.key(Qt.Key.Key_Escape)
        await settled()
        assert tile.details is None


async def test_strip_keeps_its_height_whatever_a_run_has_to_say(photo) -> None:
    async with shop(photo, Script(502, {"content-type": "text/html"}, b"<html>no</html>")) as here:
        before = here.app.canvas.geometry()

        await here.generate()
        await here.app.ended()

        assert here.app.canvas.geometry() == before
        assert not [one for one in here.app.shown(QLabel) if one.objectName() == "runMessage"]


async def test_finished_run_leaves_the_strip_by_delete_and_the_keys_go_to_its_neighbour(photo, good) -> None:
    async with shop(photo, good) as here:
        for count, words in enumerate(("make it warmer", "make it darker"), 1):
            here.app.say(words)
            await here.generate()
            await here.app.ended(count)
        first, second = here.app.runs
        here.app.click(first)

        here.app.key(Qt.Key.Key_Delete)
        await until(lambda: len(here.app.runs) == 1)

        assert second.hasFocus()
        menu = here.app.menu_of(second)
        menu["Take it out of the list"].trigger()
        await until(lambda: not here.app.runs)
        assert "Paint over what should change" in here.app.words("firstHintWords")
        assert here.app.find(QWidget, "firstHint").isVisible()


async def test_menu_of_a_run_that_goes_on_offers_to_cancel_it_alone_or_with_the_others(photo) -> None:
    async with shop(photo, STALLS) as here:
        here.app.studio.parameters.set(n=3)
        await here.generate()
        await until(lambda: len(here.app.runs) == 3)

        assert list(here.app.menu_of(here.app.runs[0])) == ["Cancel", "Cancel all 3"]


async def test_waiting_is_said_over_the_canvas_and_on_the_button(photo) -> None:
    async with shop(photo, STALLS) as here:
        app = here.app
        await here.generate()
        await until(lambda: " s" in app.words("waitingWords"))

        assert app.find(QWidget, "waitingLine").isVisible()
        assert app.find(QWidget, "waitingLine").width() == app.canvas.width()
        assert app.find(QPushButton, "generateButton").text().startswith("Running… · Queue another")
        bar = app.find(QWidget, "waitingBar")
        assert bar.isVisible()
        assert not app.find(QWidget, "resultBar").isVisible()

        app.click(app.find(QWidget, "waitingBar_cancel"))
        await app.ended()
        assert not bar.isVisible()
        assert not app.find(QWidget, "waitingLine").isVisible()
        assert app.find(QPushButton, "generateButton").text().startswith("Generate")


async def test_line_stays_and_the_bar_makes_way_when_one_goes_back_to_the_picture(photo) -> None:
    async with shop(photo, STALLS) as here:
        await here.generate()
        await until(lambda: here.app.find(QWidget, "waitingBar").isVisible())

        here.app.window.edit.stage.back()

        assert not here.app.find(QWidget, "waitingBar").isVisible()
        assert here.app.find(QWidget, "waitingLine").isVisible()


async def test_tile_canvas_and_status_line_count_the_same_seconds(photo) -> None:
    async with shop(photo, STALLS) as here:
        app = here.app
        await here.generate()
        await until(lambda: app.runs and app.job.seconds >= 1 and " s" in app.words("waitingWords"))
        app.window.edit.runs._tick()

        clock = app.words("waitingWords").rpartition(" · ")[2]
        assert app.shown(RunTile)[0].caption.endswith(clock)
        assert app.words("statusRuns") == f"1 running, {clock}"
