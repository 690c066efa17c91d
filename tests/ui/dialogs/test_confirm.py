"""The question before something costs: only its own button, pressed on purpose, is a yes."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget
from tests.flows.desk import CONTROL, child
from tests.flows.wait import settled, until

from overpaint.ui.dialogs.confirm import confirm

WORDS = "Exactly this edit is still running. Running it again is billed again."


class Question:
    """A question that is open, and what was answered."""

    def __init__(self, parent: QWidget) -> None:
        self.answer = asyncio.get_running_loop().create_task(
            confirm(parent, "Run the same again?", WORDS, "Run again")
        )
        self._parent = parent

    async def opened(self) -> QDialog:
        dialog = await until(lambda: self._parent.findChild(QDialog, "askDialog"))
        dialog.activateWindow()
        await settled()
        return dialog


@pytest.fixture
def window(qtbot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


async def test_question_shows_its_words_and_both_answers(window) -> None:
    question = Question(window)

    dialog = await question.opened()

    assert dialog.isModal()
    assert dialog.accessibleDescription() == WORDS
    assert child(dialog, QLabel, "askWords").text() == WORDS
    assert child(dialog, QPushButton, "askYes").text() == "Run again"
    assert child(dialog, QPushButton, "askNo").text() == "Cancel"
    dialog.reject()
    assert not await question.answer


@pytest.mark.parametrize(("button", "answer"), [("askYes", True), ("askNo", False)])
async def test_question_answered_by_a_button_is_that_answer_and_goes_away(window, button, answer) -> None:
    question = Question(window)
    dialog = await question.opened()

    QTest.mouseClick(child(dialog, QPushButton, button), Qt.MouseButton.LeftButton)

    assert await question.answer is answer
    await settled()
    assert window.findChild(QDialog, "askDialog") is None


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
async def test_question_answered_in_haste_by_a_key_is_a_no(window, key) -> None:
    question = Question(window)
    dialog = await question.opened()

    QTest.keyClick(QApplication.focusWidget() or dialog, key)

    assert await question.answer is False


async def test_question_lets_the_keys_of_generate_pass_without_an_answer(window) -> None:
    question = Question(window)
    dialog = await question.opened()

    QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Return, CONTROL)
    await settled()

    assert not question.answer.done() or question.answer.result() is False
    dialog.reject()
    assert not await question.answer


async def test_question_reached_by_tab_can_be_answered_yes_by_keys(window) -> None:
    question = Question(window)
    dialog = await question.opened()

    QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Tab)
    QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Return)

    assert await question.answer is True


async def test_question_that_is_closed_is_a_no(window) -> None:
    question = Question(window)
    dialog = await question.opened()

    dialog.close()

    assert await question.answer is False


async def test_question_whose_asker_is_cancelled_goes_away(window) -> None:
    question = Question(window)
    await question.opened()

    question.answer.cancel()
    await asyncio.wait([question.answer])
    await settled()

    assert window.findChild(QDialog, "askDialog") is None
