"""The prompt by real keys: pictures named after an @, fields, problems, undo, and what is sent."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextCharFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from tests.flows.desk import CONTROL, SHIFT, Desk, desk
from tests.flows.wait import settled, until

from overpaint.library.gallery import sidecar
from overpaint.studio.document.tray_commands import TrayCommands
from overpaint.ui.prompt.name_list import NameList
from overpaint.ui.prompt.prompt_edit import PromptEdit

WAVE = QTextCharFormat.UnderlineStyle.WaveUnderline


async def with_two(app: Desk) -> PromptEdit:
    """The prompt with the focus, once both pictures are in the tray."""
    await until(lambda: len(app.tiles) == 2)
    edit = app.window.edit.inspector.prompt.edit
    app.click(edit.viewport())
    return edit


def names(app: Desk) -> NameList:
    return app.window.edit.inspector.prompt.edit.names


def rename(app: Desk, place: int, name: str) -> None:
    session = app.studio.session
    TrayCommands(session).rename(session.tray[place].id, name)


def sent(app: Desk) -> str:
    return app.studio.edit.state.sent.prompt


def words(app: Desk, name: str) -> str:
    """What a label says while it can be seen."""
    found = app.find(QLabel, name)
    return found.text() if found.isVisibleTo(app.window) else ""


def formats(edit: QPlainTextEdit) -> list[tuple[str, bool]]:
    """The marked parts of the text, each with whether it is underlined as wrong."""
    block = edit.document().firstBlock()
    raw = block.text().encode("utf-16-le")
    ranges = block.layout().formats()
    return [
        (
            raw[2 * one.start : 2 * (one.start + one.length)].decode("utf-16-le"),
            one.format.underlineStyle() == WAVE,
        )
        for one in ranges
    ]


# --- names


async def test_name_begun_before_its_picture_arrives_is_offered_once_it_is_there(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await until(lambda: len(app.tiles) == 1)
        edit = app.window.edit.inspector.prompt.edit
        app.click(edit.viewport())
        QTest.keyClicks(edit, "Take @ch")
        assert not names(app).isVisible()

        await app.take(photo("chelsea.jpg"))

        assert names(app).isVisible()
        assert names(app).names == ["chelsea.jpg"]


async def test_name_taken_by_keys_is_sent_as_the_place_of_its_picture(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        edit = await with_two(app)

        QTest.keyClicks(edit, "Take @")
        assert names(app).isVisible()
        assert names(app).names == ["coffee.png", "chelsea.jpg"]
        QTest.keyClick(edit, Qt.Key.Key_Down)
        QTest.keyClick(edit, Qt.Key.Key_Return)
        QTest.keyClicks(edit, " away")

        assert edit.toPlainText() == "Take @chelsea.jpg away"
        assert not names(app).isVisible()
        app.key(Qt.Key.Key_Return, CONTROL)
        job = await app.ended()
        assert job.request.params.prompt == "Take image 2 away"
        kept = sidecar.read(job.results[0].path.with_suffix(".overpaint.json"))
        assert (kept.params.prompt, kept.written) == ("Take image 2 away", "Take @chelsea.jpg away")


async def test_names_are_filtered_as_they_are_typed_and_show_their_pictures(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        edit = await with_two(app)

        QTest.keyClicks(edit, "@C")
        await until(lambda: names(app).item(0).icon().pixmap(28).toImage().pixelColor(14, 14).alpha() > 0)
        QTest.keyClicks(edit, "HEL")

        assert names(app).names == ["chelsea.jpg"]
        QTest.keyClicks(edit, "x")
        assert not names(app).isVisible()


async def test_tab_takes_the_name_and_the_focus_stays(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        edit = await with_two(app)
        rename(app, 0, "the old lamp")

        QTest.keyClicks(edit, "@the ol")
        QTest.keyClick(edit, Qt.Key.Key_Tab)

        assert edit.toPlainText() == '@"the old lamp"'
        assert edit.hasFocus()
        assert sent(app) == "image 1"


async def test_click_takes_the_name(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        edit = await with_two(app)
        edit.insertPlainText("\U0001f388 \U0001f388 ")
        QTest.keyClicks(edit, "@")

        rows = names(app)
        app.click(rows.viewport(), rows.visualItemRect(rows.item(1)).center())

        assert edit.toPlainText() == "\U0001f388 \U0001f388 @chelsea.jpg"
        assert formats(edit) == [("@chelsea.jpg", False)]


async def test_escape_closes_the_names_and_cancels_nothing(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        edit = await with_two(app)
        cancelled: list[bool] = []
        app.window.actions_["leave"].triggered.connect(lambda: cancelled.append(True))
        QTest.keyClicks(edit, "@")

        app.key(Qt.Key.Key_Escape)
        QTest.keyClicks(edit, "c")
        QTest.keyClick(edit, Qt.Key.Key_Return)

        assert not names(app).isVisible()
        assert edit.toPlainText() == "@c\n"
        assert cancelled == []
        app.key(Qt.Key.Key_Escape)
        assert cancelled == [True]


async def test_names_go_when_the_focus_does(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        edit = await with_two(app)
        QTest.keyClicks(edit, "@")

        app.canvas.setFocus()

        assert not names(app).isVisible()
        assert edit.toPlainText() == "@"


@pytest.mark.parametrize("typed", ["me@c", "a @ b", "@@c"])
async def test_letters_that_are_no_name_offer_nothing_and_are_no_problem(photo, typed) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        edit = await with_two(app)

        for letter in typed:
            QTest.keyClicks(edit, letter)
        assert not names(app).isVisible()

        assert words(app, "promptStrange") == ""
        assert app.studio.edit.state.problems == ()


async def test_text_follows_its_pictures_when_they_are_renamed_and_moved(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        edit = await with_two(app)
        app.say("@chelsea.jpg onto @coffee.png")
        app.studio.parameters.fill_prompt_fields({"what": "@coffee.png"})

        rename(app, 1, "the cat")
        app.studio.session.move(app.studio.session.tray[1].id, 0)

        assert edit.toPlainText() == '@"the cat" onto @coffee.png'
        assert sent(app) == "image 1 onto image 2"
        app.studio.session.undo()
        app.studio.session.undo()
        assert edit.toPlainText() == "@chelsea.jpg onto @coffee.png"
        assert sent(app) == "image 2 onto image 1"


async def test_text_names_the_picture_that_came_into_the_place_of_another(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        edit = await with_two(app)
        app.say("@chelsea.jpg onto @coffee.png")
        session = app.studio.session
        other = await app.studio.picture_import.examine(photo("rocket.jpg"))

        TrayCommands(session).replace(session.tray[1].id, other)

        assert edit.toPlainText() == "@rocket.jpg onto @coffee.png"
        session.undo()
        assert edit.toPlainText() == "@chelsea.jpg onto @coffee.png"


async def test_name_that_no_picture_has_is_told_and_mended_by_a_click(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        edit = await with_two(app)

        app.say("Write @home on @coffee.png")

        assert words(app, "promptStrange") == "There is no picture named “home”."
        assert formats(edit) == [("@home", True), ("@coffee.png", False)]
        assert not app.find(QPushButton, "generateButton").isEnabled()
        assert "no picture named “home”" in words(app, "generateNote")
        app.click(app.find(QPushButton, "promptStrangeMend"))
        assert sent(app) == "Write @home on image 1"
        assert words(app, "promptStrange") == ""
        assert app.find(QPushButton, "generateButton").isEnabled()


async def test_picture_that_is_removed_leaves_its_name_as_a_problem_until_undo(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        await with_two(app)
        app.say("@chelsea.jpg")

        app.studio.session.remove(app.studio.session.tray[1].id)

        assert "“chelsea.jpg”" in words(app, "promptStrange")
        app.studio.session.undo()
        assert words(app, "promptStrange") == ""


async def test_preview_shows_the_text_as_it_is_sent_where_that_differs(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        await with_two(app)
        preview = app.window.edit.inspector.prompt.preview
        app.say("plain words")
        assert not preview.isVisibleTo(app.window)

        app.say("@coffee.png, {{so}}")
        app.click(preview.button)

        shown = app.find(QPlainTextEdit, "promptSent")
        assert shown.isVisibleTo(app.window)
        assert shown.toPlainText() == "image 1, {so}"


# --- the text itself


async def test_undo_in_the_text_comes_first_and_leaves_the_picture_alone(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        edit = await with_two(app)
        app.paint((100.0, 100.0), (200.0, 150.0))
        app.say("one two")
        QTest.keyClicks(edit, " @")
        QTest.keyClick(edit, Qt.Key.Key_Return)
        assert edit.toPlainText() == "one two @coffee.png"

        app.key(Qt.Key.Key_Z, CONTROL)

        assert edit.toPlainText() == "one two @"
        app.key(Qt.Key.Key_Z, CONTROL | SHIFT)
        assert edit.toPlainText() == "one two @coffee.png"
        assert app.studio.session.history.can_undo
        assert not app.mask_is_empty(app.studio.session.tray[0])


async def test_prompt_put_there_from_elsewhere_can_be_undone_in_the_text(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        edit = await with_two(app)
        app.say("my own words")

        app.studio.parameters.set(prompt="other \U0001f388 words")
        app.key(Qt.Key.Key_Z, CONTROL)

        assert app.studio.parameters.params.prompt == edit.toPlainText() == "my own words"


async def test_counter_is_there_from_nine_tenths_and_says_how_many_are_too_many(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        await with_two(app)
        said = []

        for length in (28_799, 28_800, 32_000, 32_001):
            app.studio.parameters.set(prompt="x" * length)
            said.append((words(app, "promptCounter"), bool(app.studio.edit.state.problems)))

        assert said == [
            ("", False),
            ("28,800 of 32,000 characters", False),
            ("32,000 of 32,000 characters", False),
            ("32,001 of 32,000 characters: 1 too many", True),
        ]
        assert "1 character too long" in words(app, "generateNote")


async def test_length_that_counts_is_that_of_what_is_sent(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        await with_two(app)

        app.studio.parameters.set(prompt="{long}")
        app.studio.parameters.fill_prompt_fields({"long": "x" * 32_001})

        assert "too many" in words(app, "promptCounter")
        assert not app.find(QPushButton, "generateButton").isEnabled()


async def test_prompt_full_of_marks_is_typed_in_as_any_other(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        edit = await with_two(app)

        edit.setPlainText("@a{b} " * 2_000)
        await settled()
        QTest.keyClicks(edit, "still typing ")

        assert edit.toPlainText().startswith("still typing @a{b}")
        assert len(app.find(QWidget, "promptFields").findChildren(QLineEdit)) == 1


# --- fields


async def test_field_is_filled_in_by_keys_and_sent_so(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        edit = await with_two(app)
        app.say("Make the {thing} {colour}")
        QTest.keyClick(edit, Qt.Key.Key_Tab)
        thing = app.find(QLineEdit, "promptField_thing")
        assert words(app, "promptFieldWords_thing") == "Fill in {thing}"
        assert "Fill in {thing}" in words(app, "generateNote")
        assert formats(edit) == [("{thing}", True), ("{colour}", True)]

        assert thing.hasFocus()
        QTest.keyClicks(thing, "cup")
        QTest.keyClick(thing, Qt.Key.Key_Tab)
        QTest.keyClicks(app.find(QLineEdit, "promptField_colour"), "blue")

        assert words(app, "promptFieldWords_thing") == ""
        assert formats(edit) == [("{thing}", False), ("{colour}", False)]
        app.key(Qt.Key.Key_Return, CONTROL)
        job = await app.ended()
        assert job.request.params.prompt == "Make the cup blue"


async def test_field_remembers_what_was_typed_over_a_restart(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        await with_two(app)
        app.say("Make it {the mood}")
        app.type_over(app.find(QLineEdit, "promptField_the mood"), "warmer")

    async with desk([photo("coffee.png")]) as app:
        assert sent(app) == "Make it warmer"
        app.say("Now {the mood}")
        assert sent(app) == "Now warmer"


async def test_picture_can_be_named_in_a_field_and_an_unknown_one_is_told_beside_it(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        await with_two(app)
        app.say("Move {what}")
        field = app.find(QLineEdit, "promptField_what")

        app.type_over(field, "@sofa")
        told = words(app, "promptFieldWords_what")
        app.type_over(field, "@chelsea.jpg")

        assert told == "There is no picture named “sofa”."
        assert sent(app) == "Move image 2"


@pytest.mark.parametrize("pasted", [True, False])
async def test_long_paragraph_that_comes_whole_makes_the_prompt_as_high_as_it_may_be(photo, pasted) -> None:
    async with desk([photo("coffee.png")]) as app:
        edit = app.window.edit.inspector.prompt.edit
        app.click(edit.viewport() if pasted else app.canvas)
        low = edit.height()

        if pasted:
            QGuiApplication.clipboard().setText("warm light " * 3600)
            app.key(Qt.Key.Key_V, CONTROL)
        else:
            app.studio.parameters.set(prompt="warm light " * 3600)

        await until(lambda: edit.height() >= low + 7 * edit.fontMetrics().lineSpacing())
        app.studio.parameters.set(prompt="short")
        await until(lambda: edit.height() == low)
