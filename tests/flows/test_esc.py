"""Esc goes back one step at a time, and money ends only when it is asked for twice; keys after Generate."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPushButton, QWidget
from tests.api import wire
from tests.fault_server import Script
from tests.flows.desk import CONTROL, PLAIN, Desk, child
from tests.flows.shop import Shop, shop
from tests.flows.wait import settled, until

from overpaint.core.results.job_state import JobState
from overpaint.ui.canvas.render.captions import BEFORE_WORDS
from overpaint.ui.prompt.prompt_edit import PromptEdit

STALLS = Script(stall_before_head=True)


@pytest.fixture
def good(photo) -> Script:
    return Script(200, wire.EVENT_STREAM, wire.completed(photo("coffee.png").read_bytes()))


def prompt(app: Desk) -> PromptEdit:
    return app.window.edit.inspector.prompt.edit


def focus() -> QWidget | None:
    return QApplication.focusWidget()


async def running(here: Shop, posts: int = 1) -> None:
    """Waits until so many requests are with the server."""
    await here.generate()
    await until(lambda: here.server.posts == posts)
    await settled()


async def test_escape_in_the_prompt_leads_to_the_canvas_and_leaves_the_paid_run(photo) -> None:
    async with shop(photo, STALLS) as here:
        await running(here)
        here.app.click(prompt(here.app).viewport())

        here.app.key(Qt.Key.Key_Escape)

        assert focus() is here.app.canvas
        assert here.app.job.running
        assert here.app.words("statusNotice") == ""


async def test_paid_run_on_the_canvas_ends_only_at_the_second_escape(photo) -> None:
    async with shop(photo, STALLS) as here:
        await running(here)

        here.app.key(Qt.Key.Key_Escape)
        assert here.app.job.running
        assert here.app.words("statusNotice") == "Esc again cancels; it may be billed."

        here.app.key(Qt.Key.Key_Escape)
        job = await here.app.ended()
        assert job.state is JobState.CANCELLED
        assert here.app.words("statusNotice") == ""


async def test_held_escape_is_one_escape(photo) -> None:
    async with shop(photo, STALLS) as here:
        await running(here)

        here.app.hold(Qt.Key.Key_Escape)
        for _ in range(5):
            held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, PLAIN, "", True)
            QApplication.sendEvent(here.app.canvas, held)
        here.app.let_go(Qt.Key.Key_Escape)

        assert here.app.job.running


async def test_second_escape_that_comes_too_late_asks_again(photo) -> None:
    async with shop(photo, STALLS) as here:
        await running(here)
        here.app.key(Qt.Key.Key_Escape)
        await until(lambda: here.app.words("statusNotice") == "", 10)

        here.app.key(Qt.Key.Key_Escape)

        assert here.app.job.running
        assert here.app.words("statusNotice") == "Esc again cancels; it may be billed."


async def test_escape_says_nothing_more_once_the_run_is_over(photo, good) -> None:
    slow = replace(good, pieces=len(good.body) // 4 + 1, drip=0.3)
    async with shop(photo, slow) as here:
        await running(here)
        here.app.key(Qt.Key.Key_Escape)

        await here.app.ended()

        assert "billed" not in here.app.words("statusNotice")
        here.app.key(Qt.Key.Key_Escape)
        assert here.app.window.edit.stage.job is None
        assert here.app.job.state is JobState.SAVED


async def test_escape_ends_no_run_that_is_not_on_the_canvas(photo, good) -> None:
    async with shop(photo, STALLS) as here:
        await running(here)
        here.app.window.edit.stage.back()

        for _ in range(3):
            here.app.key(Qt.Key.Key_Escape)

        assert here.app.job.running


@pytest.mark.parametrize("name", ["brushSizeValue", "widthEdit"])
async def test_escape_leads_from_every_number_to_the_canvas(photo, name) -> None:
    async with shop(photo, STALLS) as here:
        await running(here)
        here.app.find(QLineEdit, name).setFocus()

        here.app.key(Qt.Key.Key_Escape)

        assert focus() is here.app.canvas
        assert here.app.job.running


async def test_escape_on_the_tile_of_a_result_goes_back_to_the_picture(photo, good) -> None:
    async with shop(photo, good) as here:
        await here.generate()
        await here.app.ended()
        here.app.click(here.app.runs[0])

        here.app.key(Qt.Key.Key_Escape)

        assert here.app.window.edit.stage.job is None
        assert focus() is here.app.canvas


# --- after Generate


async def test_after_generate_from_the_prompt_keys_belong_to_the_canvas(photo, good) -> None:
    async with shop(photo, good) as here:
        here.app.click(prompt(here.app).viewport())
        said = prompt(here.app).toPlainText()

        here.app.key(Qt.Key.Key_Return, CONTROL)
        here.app.key(Qt.Key.Key_Backslash)
        await here.app.ended()
        await until(lambda: here.app.canvas._scene.result is not None)
        here.app.hold(Qt.Key.Key_Backslash)
        assert here.app.canvas._caption.text == BEFORE_WORDS
        here.app.let_go(Qt.Key.Key_Backslash)

        assert prompt(here.app).toPlainText() == said
        assert here.app.canvas._caption.text != BEFORE_WORDS


async def test_generate_that_is_off_leaves_the_caret_in_the_prompt(photo, good) -> None:
    async with shop(photo, good) as here:
        here.app.say("")
        here.app.key(Qt.Key.Key_Delete)
        assert prompt(here.app).toPlainText() == ""

        here.app.key(Qt.Key.Key_Return, CONTROL)

        assert focus() is prompt(here.app)


async def test_a_key_leads_to_the_prompt_even_while_the_panels_are_away(photo, good) -> None:
    async with shop(photo, good) as here:
        here.app.canvas.setFocus()
        here.app.key(Qt.Key.Key_Tab)
        assert not prompt(here.app).isVisible()
        said = prompt(here.app).toPlainText()

        here.app.key(Qt.Key.Key_P)
        await settled()

        assert prompt(here.app).isVisible()
        assert focus() is prompt(here.app)
        assert prompt(here.app).toPlainText() == said


# --- on tiles, buttons and lists


async def test_arrows_and_backslash_work_on_run_tiles(photo, good) -> None:
    async with shop(photo, good) as here:
        for words in ("make it warmer", "make it darker"):
            here.app.say(words)
            await here.generate()
            await here.app.ended()
        newest, older = here.app.studio.jobs.all
        here.app.click(here.app.runs[0])
        await until(lambda: here.app.canvas._scene.result is not None)

        here.app.key(Qt.Key.Key_Right)
        assert here.app.window.edit.stage.job is older
        assert focus() is here.app.runs[1]
        here.app.key(Qt.Key.Key_Left)
        assert here.app.window.edit.stage.job is newest
        here.app.hold(Qt.Key.Key_Backslash)
        assert here.app.canvas._caption.text == BEFORE_WORDS
        here.app.let_go(Qt.Key.Key_Backslash)


async def test_delete_on_a_run_tile_takes_the_run_out_and_keeps_file_and_mask(photo, good) -> None:
    async with shop(photo, good) as here:
        here.app.paint((60, 60), (120, 90))
        await here.generate()
        job = await here.app.ended()
        here.app.click(here.app.runs[0])

        here.app.key(Qt.Key.Key_Delete)
        await until(lambda: not here.app.runs)

        assert job.results[0].path.exists()
        assert not here.app.mask_is_empty()


async def test_delete_on_the_tile_of_a_run_that_goes_on_says_why_it_stays(photo) -> None:
    async with shop(photo, STALLS) as here:
        await running(here)
        here.app.runs[0].setFocus()

        here.app.key(Qt.Key.Key_Delete)
        await settled()

        assert here.app.job.running
        assert "can be cancelled" in here.app.words("statusNotice")


async def test_backslash_in_a_list_to_choose_from_shows_the_picture_before(photo, good) -> None:
    async with shop(photo, good) as here:
        await here.generate()
        await here.app.ended()
        await until(lambda: here.app.canvas._scene.result is not None)
        combo = here.app.find(QComboBox, "qualityCombo")
        combo.setFocus()
        chosen = combo.currentIndex()

        here.app.hold(Qt.Key.Key_Backslash)
        assert here.app.canvas._caption.text == BEFORE_WORDS
        here.app.let_go(Qt.Key.Key_Backslash)

        assert here.app.canvas._caption.text != BEFORE_WORDS
        assert combo.currentIndex() == chosen


async def test_delete_on_a_button_clears_the_mask_as_on_the_canvas(photo) -> None:
    async with shop(photo, STALLS) as here:
        here.app.paint((60, 60), (120, 90))
        assert not here.app.mask_is_empty()
        child(here.app.window, QPushButton, "generateButton").setFocus()

        here.app.key(Qt.Key.Key_Delete)

        assert here.app.mask_is_empty()


async def test_enter_on_a_box_closes_the_outline_that_is_begun(photo) -> None:
    async with shop(photo, STALLS) as here:
        here.app.window.actions_["polygon"].trigger()
        for place in ((40, 40), (200, 40), (200, 160)):
            here.app.paint(place)
        here.app.find(QCheckBox, "selectSmooth").setFocus()

        here.app.key(Qt.Key.Key_Return)

        assert not here.app.mask_is_empty()
