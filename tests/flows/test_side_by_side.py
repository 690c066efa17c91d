"""Four variations that stream: four tiles with their numbers, each with its own Cancel and one for all."""

import pytest
from PySide6.QtWidgets import QToolButton
from tests.api import wire
from tests.fault_server import Script
from tests.flows.desk import child
from tests.flows.shop import shop
from tests.flows.wait import settled, until

from overpaint.core.results.job_state import JobState

STALLS = Script(stall_before_head=True)


@pytest.fixture
def good(photo) -> Script:
    return Script(200, wire.EVENT_STREAM, wire.completed(photo("coffee.png").read_bytes()))


async def test_variations_stand_in_the_strip_by_their_numbers_and_the_first_is_on_the_canvas(
    photo, good
) -> None:
    async with shop(photo, good) as here:
        here.app.studio.parameters.set(n=4)

        await here.generate()
        await here.app.ended(4)

        spoken = [tile.accessibleName() for tile in here.app.runs]
        assert [f"{at} of 4" in words for at, words in enumerate(spoken, 1)] == [True] * 4
        assert here.app.words("runGroupHead").startswith("remove the cup · 4 · ")
        shown = here.app.window.edit.stage.job
        assert shown is not None
        assert shown.place == 1


async def test_cancel_on_a_tile_ends_that_variation_alone(photo, good) -> None:
    async with shop(photo, STALLS, good) as here:
        here.app.studio.settings.replace(running_at_once=1)
        here.app.studio.parameters.set(n=2)
        await here.generate()
        await until(lambda: here.server.posts == 1 and len(here.app.runs) == 2)

        here.app.click(child(here.app.runs[0], QToolButton, "runCancel"))
        await here.app.ended(2)

        assert [tile.job.state for tile in here.app.runs] == [JobState.CANCELLED, JobState.SAVED]


@pytest.mark.parametrize("by", ["tile", "menu"])
async def test_cancel_all_ends_what_still_goes_on_and_sends_no_further_one(photo, good, by) -> None:
    async with shop(photo, good, STALLS) as here:
        here.app.studio.settings.replace(running_at_once=1)
        here.app.studio.parameters.set(n=4)
        await here.generate()
        await until(lambda: here.server.posts == 2)
        await until(lambda: here.app.runs[0].job.results)
        await settled()

        if by == "tile":
            menu = here.app.menu_of(here.app.runs[1])
            menu["Cancel all 3"].trigger()
        else:
            here.app.window.actions_["cancel"].trigger()
        await here.app.ended(4)

        states = [tile.job.state for tile in here.app.runs]
        assert states == [JobState.SAVED, *[JobState.CANCELLED] * 3]
        assert here.server.posts == 2
