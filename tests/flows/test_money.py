"""Money, as the user sees it: nothing sent twice by a slip, the cap asked, and what was spent."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QDoubleSpinBox, QLabel, QPushButton
from tests.api import wire
from tests.fault_server import Script
from tests.flows.desk import LEFT, child, desk
from tests.flows.shop import shop
from tests.flows.wait import settled, until
from tests.studio.making import request

from overpaint.core.results.job_state import JobState
from overpaint.core.results.prices import Estimate
from overpaint.library.journal.journal import Journal
from overpaint.library.journal.spool import Spool
from overpaint.studio.config.folders import Folders

HTML = {"content-type": "text/html"}


@pytest.fixture
def good(photo) -> Script:
    """A server that streams a picture, with its usage."""
    return Script(200, wire.EVENT_STREAM, wire.completed(photo("coffee.png").read_bytes()))


# --- once


async def test_same_edit_again_asks_first_and_is_sent_only_on_a_yes(photo, good) -> None:
    async with shop(photo, good) as here:
        await here.generate()
        await here.app.ended()

        await here.generate()
        words = await here.answer("askNo")
        assert "Exactly this edit ran a moment ago" in words
        assert (here.server.posts, len(here.app.runs)) == (1, 1)

        await here.generate()
        await here.answer("askYes")
        await here.app.ended(2)
        assert here.server.posts == 2


async def test_same_edit_again_answered_by_escape_is_not_sent(photo, good) -> None:
    async with shop(photo, good) as here:
        await here.generate()
        await here.app.ended()
        await here.generate()
        await here.asked()

        here.app.key(Qt.Key.Key_Escape)
        await settled()

        assert here.questions == []
        assert (here.server.posts, len(here.app.runs)) == (1, 1)


async def test_changed_edit_is_sent_without_a_question(photo, good) -> None:
    async with shop(photo, good) as here:
        await here.generate()
        await here.app.ended()

        here.app.say("remove the plate")
        await here.generate()
        await here.app.ended(2)

        assert here.server.posts == 2


async def test_double_click_on_generate_sends_once(photo, good) -> None:
    async with shop(photo, good) as here:
        here.app.paint((100, 100), (300, 200))
        button = here.app.find(QPushButton, "generateButton")

        QTest.mouseClick(button, LEFT)
        QTest.mouseDClick(button, LEFT)
        await here.app.ended()

        assert (here.server.posts, len(here.app.runs), here.questions) == (1, 1, [])


async def test_keys_of_generate_pressed_twice_send_once(photo, good) -> None:
    async with shop(photo, good) as here:
        here.press_keys()
        here.press_keys()
        await here.app.ended()

        assert (here.server.posts, len(here.app.runs), here.questions) == (1, 1, [])
        assert not here.app.window.actions_["generate"].autoRepeat()


async def test_generate_while_the_question_is_open_asks_no_second_one(photo, good) -> None:
    async with shop(photo, good) as here:
        await here.generate()
        await here.app.ended()
        await here.generate()
        await here.asked()

        here.app.window.actions_["generate"].trigger()
        await settled()
        assert len(here.questions) == 1

        await here.answer("askYes")
        await here.app.ended(2)
        assert (here.server.posts, here.questions) == (2, [])


async def test_keys_of_generate_held_into_the_question_are_no_yes(photo, good) -> None:
    async with shop(photo, good) as here:
        await here.generate()
        await here.app.ended()
        await here.generate()
        await here.asked()

        here.press_keys()
        await settled()

        assert (here.server.posts, len(here.app.runs)) == (1, 1)


async def test_try_again_pressed_twice_sends_once_more_and_asks_nothing(photo, good) -> None:
    async with shop(photo, Script(502, HTML), good) as here:
        await here.generate()
        await here.app.ended()
        failed = here.app.runs[0]
        assert "billed" in here.message(failed)
        assert here.step(failed) == "Try again"

        here.press_step(failed)
        here.press_step(failed)
        await here.app.ended(2)

        assert (here.server.posts, len(here.app.runs), here.questions) == (2, 2, [])
        assert here.app.job.state is JobState.SAVED


async def test_try_again_of_what_was_tried_again_already_asks(photo, good) -> None:
    async with shop(photo, Script(502, HTML), good) as here:
        await here.generate()
        await here.app.ended()
        here.press_step()
        await here.app.ended(2)

        here.press_step(here.app.runs[1])
        await here.answer("askNo")

        assert here.server.posts == 2


# --- the cap


async def test_cap_is_asked_before_it_is_passed_and_escape_keeps_the_money(photo, good) -> None:
    async with shop(photo, good, cap=0.001) as here:
        await here.generate()
        dialog = await here.asked()
        assert "above your cap of $0.00 a day" in child(dialog, QLabel, "askWords").text()

        here.app.key(Qt.Key.Key_Escape)
        await settled()
        assert (here.server.connections, here.app.runs) == (0, [])

        await here.generate()
        await here.answer("askYes")
        await here.app.ended()
        assert here.server.posts == 1


async def test_cap_set_in_the_settings_holds_for_the_next_edit(photo, good) -> None:
    async with shop(photo, good) as here:
        here.app.window.actions_["settings"].trigger()
        dialog = await until(lambda: here.app.window.findChild(QDialog, "settingsDialog"))
        dialog.activateWindow()
        await settled()
        spin = child(dialog, QDoubleSpinBox, "setting_daily_cap")
        spin.selectAll()
        QTest.keyClicks(spin, "0.01")
        here.app.click(child(dialog, QPushButton, "settingsSave"))
        await settled()

        await here.generate()

        assert "your cap of $0.01 a day" in await here.answer("askNo")
        assert here.server.connections == 0


async def test_cap_that_could_not_be_read_is_asked_about_until_it_is_set_in_the_settings(photo, good) -> None:
    file = Folders.find().settings_file
    file.parent.mkdir(parents=True)
    file.write_text("daily_cap = 5\ntheme =")
    async with shop(photo, good, cap=None) as here:
        assert "paid edits ask until you set it" in here.app.studio.settings.warning
        await here.generate()
        assert "spending cap couldn't be read" in await here.answer("askNo")
        assert (here.server.connections, here.app.runs) == (0, [])

        here.app.window.actions_["settings"].trigger()
        dialog = await until(lambda: here.app.window.findChild(QDialog, "settingsDialog"))
        dialog.activateWindow()
        await settled()
        spin = child(dialog, QDoubleSpinBox, "setting_daily_cap")
        spin.selectAll()
        QTest.keyClicks(spin, "5")
        here.app.click(child(dialog, QPushButton, "settingsSave"))
        await settled()
        await here.generate()
        await here.app.ended()

        assert (here.server.posts, here.questions) == (1, [])


async def test_cap_with_a_model_of_unknown_price_asks(photo, good) -> None:
    async with shop(photo, good, cap=100) as here:
        here.app.studio.parameters.set(model="house-model", size="auto", quality="auto")

        await here.generate()

        assert "price of this edit isn't known" in await here.answer("askNo")
        assert here.server.connections == 0


async def test_try_again_asks_for_the_cap_alone(photo, good) -> None:
    async with shop(photo, Script(502, HTML), good) as here:
        await here.generate()
        await here.app.ended()
        here.app.studio.settings.replace(daily_cap=0.01)

        here.press_step()

        assert "cap of $0.01" in await here.answer("askYes")
        assert here.questions == []
        await here.app.ended(2)
        assert here.server.posts == 2


# --- what was spent


async def test_spending_of_today_and_this_month_is_shown_after_a_paid_run(photo, good) -> None:
    async with shop(photo, good) as here:
        await until(lambda: here.app.words("spentToday") == "Spent today $0.00 · this month $0.00")

        await here.generate()
        job = await here.app.ended()

        assert job.cost == pytest.approx(0.0126, abs=0.0005)
        await until(lambda: here.app.words("spentToday") == "Spent today $0.01 · this month $0.01")
        assert (
            here.app.find(QLabel, "spentToday").toolTip().startswith("Since the start: $0.01 in 1 paid run")
        )


async def test_run_that_an_earlier_start_left_open_is_shown_with_its_partial_and_its_price(photo) -> None:
    picture = photo("coffee.png").read_bytes()
    journal = Journal(Folders.find().journal)
    asked = request(photo("chelsea.jpg"), endpoint="OpenAI")
    record = journal.open_job(
        asked, "api.openai.com", Estimate(0.1, 0.2, output=0.2, known=True), when=datetime.now(UTC)
    )
    spool = Spool(record)
    spool.sent()
    spool.head(200, wire.EVENT_STREAM, "req_1")
    spool.write(wire.partial(picture, 0))
    spool.close()
    record.close()

    async with desk() as app:
        await until(lambda: app.runs)
        words = app.told(app.runs[0])
        await until(lambda: app.canvas._scene.result is not None)

        assert words == "Overpaint was closed before the picture was complete. It may have been billed."
        assert app.canvas._caption.text == "Unfinished: partial 1"
        assert app.job.state is JobState.OUTCOME_UNKNOWN
        spent = app.find(QLabel, "spentToday")
        await until(lambda: "up to $0.20 whose outcome is not known" in spent.toolTip())
