"""Earlier prompts by real keys: searched, starred, forgotten with undo, taken again, stepped through."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QPushButton, QToolButton, QWidget
from tests.flows.desk import CONTROL, SHIFT, Desk, desk
from tests.flows.wait import settled, until

from overpaint.ui.prompt.prompt_edit import PromptEdit

pytestmark = pytest.mark.qt_log_ignore("^This plugin does not support (raise|grabbing)", extend=True)
ALT = Qt.KeyboardModifier.AltModifier


async def sent_before(app: Desk, *texts: str) -> PromptEdit:
    """The prompt, after these were sent, the last one at last."""
    await until(lambda: not app.studio.prompts._writer._going)
    for text in texts:
        app.studio.prompts.sent(text)
    edit = app.window.edit.inspector.prompt.edit
    app.click(edit.viewport())
    return edit


async def opened(app: Desk) -> QListWidget:
    """The list of earlier prompts, opened by its button."""
    app.click(app.find(QToolButton, "historyButton"))
    await settled()
    assert app.find(QWidget, "promptHistory").isVisible()
    return app.find(QListWidget, "historyList")


def rows(app: Desk) -> list[str]:
    listed = app.find(QListWidget, "historyList")
    return [listed.item(at).text() for at in range(listed.count())]


def search(app: Desk) -> QLineEdit:
    return app.find(QLineEdit, "historySearch")


async def test_prompts_that_were_sent_are_listed_as_they_were_written(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.say("Warm @coffee.png")
        app.key(Qt.Key.Key_Escape)
        app.key(Qt.Key.Key_Return, CONTROL)
        await app.ended()
        app.say("never sent")

        await opened(app)

        assert rows(app) == ["Warm @coffee.png"]
        QTest.keyClick(search(app), Qt.Key.Key_Escape)
        assert not app.find(QWidget, "promptHistory").isVisible()

    async with desk([photo("coffee.png")]) as app:
        await until(lambda: bool(app.studio.prompts.all))
        assert [one.text for one in app.studio.prompts.all] == ["Warm @coffee.png"]


async def test_search_as_it_is_typed_and_enter_takes_the_prompt(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        edit = await sent_before(app, "remove the red balloon", "a red car", "blue sky")
        app.say("being written")
        await opened(app)

        QTest.keyClicks(search(app), "RED ball")
        assert rows(app) == ["remove the red balloon"]
        QTest.keyClick(search(app), Qt.Key.Key_Return)

        assert not app.find(QWidget, "promptHistory").isVisible()
        assert app.studio.parameters.params.prompt == edit.toPlainText() == "remove the red balloon"
        edit.setFocus()
        app.key(Qt.Key.Key_Z, CONTROL)
        assert edit.toPlainText() == "being written"


async def test_nothing_found_is_said(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await opened(app)
        foot = app.find(QLabel, "historyFoot")
        assert foot.text() == "No prompt was sent yet."

        app.studio.prompts.sent("a")
        app.find(QWidget, "promptHistory").close()
        await opened(app)
        QTest.keyClicks(search(app), "zebra")

        assert foot.text() == "No prompt holds these words."
        QTest.keyClick(search(app), Qt.Key.Key_Return)
        assert app.studio.parameters.params.prompt == ""


async def test_star_is_given_by_space_and_by_a_click_that_takes_nothing(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await sent_before(app, "c", "b", "a")
        listed = await opened(app)

        QTest.keyClick(search(app), Qt.Key.Key_Down)
        QTest.keyClick(listed, Qt.Key.Key_Down)
        QTest.keyClick(listed, Qt.Key.Key_Space)
        third = listed.visualItemRect(listed.item(2))
        app.click(listed.viewport(), QPoint(third.left() + 14, third.center().y()))

        assert {one.text for one in app.studio.prompts.all if one.starred} == {"b", "c"}
        assert app.find(QWidget, "promptHistory").isVisible()
        assert rows(app) == ["a", "b", "c"]
        app.find(QWidget, "promptHistory").close()
        await opened(app)
        assert rows(app) == ["b", "c", "a"]


async def test_click_takes_a_prompt(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        edit = await sent_before(app, "b", "a")
        listed = await opened(app)

        app.click(listed.viewport(), listed.visualItemRect(listed.item(1)).center())

        assert edit.toPlainText() == "b"


@pytest.mark.parametrize("way", ["click", "key"])
async def test_deleted_prompt_comes_back_by_undo(photo, way) -> None:
    async with desk([photo("coffee.png")]) as app:
        await sent_before(app, "c", "b", "a")
        listed = await opened(app)
        QTest.keyClick(search(app), Qt.Key.Key_Down)
        QTest.keyClick(listed, Qt.Key.Key_Down)

        QTest.keyClick(listed, Qt.Key.Key_Delete)
        assert rows(app) == ["a", "c"]
        if way == "click":
            app.click(app.find(QPushButton, "historyUndo"))
        else:
            QTest.keyClick(listed, Qt.Key.Key_Z, CONTROL)

        assert rows(app) == ["a", "b", "c"]
        assert not app.find(QPushButton, "historyUndo").isVisible()


async def test_undo_of_a_deletion_is_offered_in_the_status_line_too(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await sent_before(app, "a")
        listed = await opened(app)
        QTest.keyClick(listed, Qt.Key.Key_Delete)
        app.find(QWidget, "promptHistory").close()

        app.click(app.find(QPushButton, "statusAct"))

        assert [one.text for one in app.studio.prompts.all] == ["a"]


async def test_letters_typed_in_the_list_go_on_with_the_search(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await sent_before(app, "balloon", "car")
        listed = await opened(app)
        QTest.keyClick(search(app), Qt.Key.Key_Down)

        QTest.keyClicks(listed, "c")

        assert search(app).text() == "c"
        assert search(app).hasFocus()
        assert rows(app) == ["car"]


async def test_history_opens_by_its_key(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.canvas.setFocus()

        app.key(Qt.Key.Key_H, CONTROL | SHIFT)

        await until(lambda: app.find(QWidget, "promptHistory").isVisible())
        assert search(app).hasFocus()


async def test_alt_up_and_down_step_through_prompts_and_keep_the_draft(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        edit = await sent_before(app, "first", "second")
        app.say("my draft")
        seen = []

        for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
            app.key(key, ALT)
            seen.append(edit.toPlainText())

        assert seen == ["second", "first", "first", "second", "my draft"]
        assert app.studio.parameters.params.prompt == "my draft"
        assert edit.textCursor().atEnd()
