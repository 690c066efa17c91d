"""Money, as the user sees it: nothing sent twice by a slip, the cap asked, each refusal with its way on."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QDoubleSpinBox, QLabel, QLineEdit, QMenu, QPushButton
from tests.api import wire
from tests.fault_server import FaultServer, Script
from tests.flows.desk import CONTROL, LEFT, Desk, child, desk
from tests.flows.wait import settled, until
from tests.studio.making import request
from tests.wire.canary import hits

from overpaint.core.endpoint import BUILT_IN, EndpointProfile
from overpaint.core.jobs import JobState
from overpaint.core.prices import Estimate
from overpaint.library.journal import Journal
from overpaint.library.spool import Spool
from overpaint.studio.folders import Folders
from overpaint.ui.run_tile import RunTile

HTML = {"content-type": "text/html"}
NOT_FOUND = Script(404, HTML, b"<html><body>Nothing here</body></html>")


@dataclass(frozen=True)
class Shop:
    """The window before a server that wants money, and what it was sent."""

    server: FaultServer
    app: Desk

    @property
    def questions(self) -> list[QDialog]:
        """The questions that are open."""
        return [one for one in self.app.window.findChildren(QDialog, "askDialog") if one.isVisible()]

    async def generate(self) -> None:
        """Presses the keys of Generate in the window, which the desktop brings back after a dialog."""
        self.app.window.activateWindow()
        await settled()
        self.press_keys()

    def press_keys(self) -> None:
        self.app.key(Qt.Key.Key_Return, CONTROL)

    async def asked(self) -> QDialog:
        """Waits for a question, so that its keys and buttons can be pressed."""
        (dialog,) = await until(lambda: self.questions)
        dialog.activateWindow()
        await settled()
        return dialog

    async def answer(self, button: str) -> str:
        """Presses a button of the question that comes; the words of the question."""
        dialog = await self.asked()
        words = child(dialog, QLabel, "askWords").text()
        self.app.click(child(dialog, QPushButton, button))
        await settled()
        return words

    def message(self, tile: RunTile | None = None) -> str:
        return child(tile or self.app.runs[0], QLabel, "runMessage").text()

    def step(self, tile: RunTile | None = None) -> str:
        """What the button of a run offers, the newest one's by default."""
        act = child(tile or self.app.runs[0], QPushButton, "runAction")
        return act.text() if act.isVisible() else ""

    def press_step(self, tile: RunTile | None = None) -> None:
        self.app.click(child(tile or self.app.runs[0], QPushButton, "runAction"))


@asynccontextmanager
async def shop(photo, *scripts: Script, cap: float = 0.0) -> AsyncIterator[Shop]:
    async with FaultServer(*scripts) as server, desk([photo("chelsea.jpg")]) as app:
        app.use_endpoint(server.base_url)
        app.studio.settings.replace(daily_cap=cap)
        app.studio.session.set(size="1024x1024", quality="low", stream=True)
        app.say("remove the cup")
        yield Shop(server, app)


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


async def test_cap_with_a_model_of_unknown_price_asks(photo, good) -> None:
    async with shop(photo, good, cap=100) as here:
        here.app.studio.session.set(model="house-model", size="auto", quality="auto")

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
        assert here.app.find(QLabel, "spentToday").toolTip() == "1 paid runs this month"


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
        words = child(app.runs[0], QLabel, "runMessage").text()
        app.click(app.runs[0].picture)
        await until(lambda: app.canvas._scene.result is not None)

        assert words == "Overpaint was closed before the picture was complete. It may have been billed."
        assert app.canvas._caption.text == "Unfinished: partial 1"
        assert app.job.state is JobState.OUTCOME_UNKNOWN
        spent = app.find(QLabel, "spentToday")
        await until(lambda: spent.toolTip() == "Up to $0.20 more is open: runs whose outcome is not known.")


# --- the way on


async def test_wrong_path_is_mended_by_the_other_one_for_good(photo, good) -> None:
    async with shop(photo, NOT_FOUND, NOT_FOUND, good) as here:
        await here.generate()
        await here.app.ended()
        here.app.say("remove the plate")
        await here.generate()
        await here.app.ended(2)
        assert here.step() == here.step(here.app.runs[1]) == "Try the other path"

        here.press_step()
        await here.app.ended(3)
        here.press_step(here.app.runs[2])
        await here.app.ended(4)

        wrong, right = "/v1/images/edits", "/v1/image/edits"
        assert [one.target for one in here.server.requests] == [wrong, wrong, right, right]
        assert here.app.studio.profile.path == "/image/edits"
        assert here.app.job.state is JobState.SAVED


async def test_path_that_has_no_other_spelling_leads_to_the_settings_of_its_endpoint(photo) -> None:
    async with shop(photo, NOT_FOUND) as here:
        settings = here.app.studio.settings
        odd = EndpointProfile("Odd", here.server.base_url, "/edit", auth="none")
        settings.put(settings.current.with_profile(odd))
        settings.replace(endpoint="Odd")
        await here.generate()
        await here.app.ended()
        assert here.step() == "Endpoint settings …"
        settings.replace(endpoint="Elsewhere")

        here.press_step()

        dialog = await until(lambda: here.app.window.findChild(QDialog, "endpointDialog"))
        assert dialog.windowTitle() == "Odd: endpoint settings"
        dialog.reject()
        await settled()


async def test_streaming_that_is_refused_is_mended_by_the_plain_call(photo) -> None:
    picture = photo("coffee.png").read_bytes()
    refused = Script(400, body=wire.refusal("Streaming is not supported for this model."))
    async with shop(photo, refused, Script(body=wire.plain(picture))) as here:
        here.app.studio.session.set(partial_images=2)
        await here.generate()
        await here.app.ended()
        assert "can't stream this edit" in here.message()
        assert here.step() == "Try without streaming"

        here.press_step()
        job = await here.app.ended(2)

        assert job.results[0].path.read_bytes() == picture
        streamed, plain = (one.body for one in here.server.requests)
        for name in (b'name="stream"', b'name="partial_images"'):
            assert name in streamed
            assert name not in plain
        assert here.app.studio.session.params.stream


async def test_refused_content_offers_nothing_but_to_put_it_away(photo) -> None:
    refused = Script(400, body=wire.refusal("Blocked by our safety system.", code="moderation_blocked"))
    async with shop(photo, refused) as here:
        await here.generate()
        await here.app.ended()

        assert "content policy" in here.message()
        assert here.step() == ""
        assert child(here.app.runs[0], QPushButton, "runDismiss").isVisible()


async def test_rate_limit_counts_down_in_the_tile_and_cancel_ends_it_unbilled(photo) -> None:
    busy = Script(429, {"retry-after": "30"}, wire.refusal("Slow down.", code="rate_limit_exceeded"))
    async with shop(photo, busy) as here:
        await here.generate()

        def seconds_left() -> int:
            found = re.search(r"127\.0\.0\.1 asks to wait: (\d+) s more\.", here.message())
            return int(found[1]) if found else 0

        await until(lambda: here.app.runs and seconds_left())
        first = seconds_left()
        assert 28 <= first <= 30
        await until(lambda: 0 < seconds_left() < first)

        assert here.step() == "Cancel"
        here.press_step()
        job = await here.app.ended()
        assert (job.state, here.message()) == (JobState.CANCELLED, "Cancelled.")
        assert here.server.posts == 1


# --- endpoints


def choose(app: Desk, words: str) -> None:
    """Chooses an entry of the menu at the upper right, which the offscreen platform can't open."""
    menu = app.find(QMenu, "endpointMenu")
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == words).trigger()


async def endpoint_dialog(app: Desk) -> QDialog:
    dialog = await until(lambda: app.window.findChild(QDialog, "endpointDialog"))
    dialog.activateWindow()
    await settled()
    return dialog


async def test_own_endpoint_with_a_typed_key_works_and_the_key_ends_in_no_file(photo, good, home) -> None:
    async with shop(photo, good) as here:
        choose(here.app, "Add a custom endpoint…")
        dialog = await endpoint_dialog(here.app)
        for name, text in {"Name": "R&D", "BaseUrl": here.server.base_url, "Key": wire.KEY}.items():
            here.app.type_over(child(dialog, QLineEdit, f"endpoint{name}"), text)

        here.app.click(child(dialog, QPushButton, "endpointSave"))
        await until(lambda: here.app.studio.profile.name == "R&D")
        await until(lambda: "key" in here.app.window.parts.status.notice)
        await here.generate()
        await here.app.ended()

        assert here.app.job.state is JobState.SAVED
        assert here.server.requests[0].headers["authorization"] == f"Bearer {wire.KEY}"
        assert here.app.window.parts.endpoints.button.text() == "R&&D  ▾"
    assert b"R&D" in (Folders.find().settings_file).read_bytes()
    assert hits(wire.KEY, home) == []


async def test_built_in_endpoint_that_was_changed_can_be_put_back(photo) -> None:
    async with desk([photo("chelsea.jpg")]) as app:
        for path in ("/image/edits", "/images/edits"):
            choose(app, "OpenAI")
            choose(app, "Endpoint settings…")
            dialog = await endpoint_dialog(app)
            app.type_over(child(dialog, QLineEdit, "endpointPath"), path)
            app.click(child(dialog, QPushButton, "endpointSave"))
            await until(lambda path=path: app.studio.profile.path == path)
            await settled()

        assert app.studio.profile in BUILT_IN
        assert app.studio.settings.current.endpoints == ()


async def test_endpoint_without_an_address_asks_for_it_when_it_is_chosen(photo) -> None:
    async with desk([photo("chelsea.jpg")]) as app:
        choose(app, "Azure OpenAI")

        dialog = await endpoint_dialog(app)

        assert dialog.windowTitle() == "Azure OpenAI: endpoint settings"
        assert not child(dialog, QPushButton, "endpointSave").isEnabled()
        assert not app.find(QPushButton, "generateButton").isEnabled()
        dialog.reject()
        await settled()
