"""What is seen is what is edited: the button, the line below it and the tray say so, whatever is shown."""

import asyncio

import msgspec
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from tests.flows.desk import CONTROL, Desk, desk
from tests.flows.test_runs import finish_a_run
from tests.flows.wait import settled, until

from overpaint.core.request.prompt_syntax import token


def line_below(app: Desk) -> str:
    return app.words("generateNote")


def tone(app: Desk) -> str:
    return str(app.find(QLabel, "generateNote").property("tone") or "")


def link(app: Desk) -> QPushButton:
    return app.find(QPushButton, "generateFault")


def button(app: Desk) -> str:
    return app.find(QPushButton, "generateButton").text()


def press_eye(app: Desk, number: int) -> None:
    app.click(app.tiles[number - 1].eye)


async def test_paint_that_a_server_has_no_use_for_is_said_in_amber(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.say("remove the cup")
        sglang = app.studio.settings.current.profile("SGLang")
        near = msgspec.structs.replace(sglang, base_url="http://127.0.0.1:9/v1")
        app.studio.settings.replace_all(app.studio.settings.current.with_profile(near))
        app.studio.settings.replace(endpoint="SGLang")
        await settled()
        assert (button(app), tone(app)) == ("Generate   free", "")

        app.paint((200, 150), (260, 180))
        await settled()

        assert not app.tiles[0].mask_is_sent  # its chip is grey
        assert line_below(app) == (
            "Edits 1 · coffee.png as a whole."
            " 127.0.0.1 doesn't use masks: your words apply to the whole picture."
        )
        assert tone(app) == "warn"


async def test_second_picture_at_a_server_that_looks_at_one_is_said_not_to_be_sent(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.say("remove the cup")
        app.studio.settings.replace(endpoint="Lemonade")
        app.drop([photo("chelsea.jpg")])
        await until(lambda: len(app.names) == 2)
        await app.on_canvas()

        assert line_below(app) == "You see chelsea.jpg, which isn't sent. Edits 1 · coffee.png as a whole."

        app.click(app.tiles[0])
        await app.on_canvas()
        assert "127.0.0.1 looks at the first picture only: the others aren't sent." in line_below(app)


async def test_second_picture_shown_and_painted_is_told_not_to_be_edited_and_can_be_made_first(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.say("remove the cup")
        app.drop([photo("chelsea.jpg")])
        await until(lambda: len(app.names) == 2)
        await app.on_canvas()
        assert app.item.name == "chelsea.jpg"

        app.paint((200, 150), (260, 180))
        await settled()

        assert button(app).startswith("Generate")
        assert line_below(app) == (
            "You see chelsea.jpg, a reference. What you painted on it isn't sent."
            " Edits 1 · coffee.png as a whole; 2 · chelsea.jpg as reference."
        )
        assert tone(app) == "warn"

        app.click(link(app))
        await settled()

        assert app.names == ["chelsea.jpg", "coffee.png"]
        assert button(app).startswith("Generate")
        assert line_below(app) == "Edits 1 · chelsea.jpg, inside its mask; 2 · coffee.png as reference."
        assert (tone(app), link(app).isVisible()) == ("", False)

        app.key(Qt.Key.Key_Return, CONTROL)
        job = await app.ended()
        assert [one.name for one in job.request.pictures] == ["chelsea.jpg", "coffee.png"]
        assert job.request.mask is not None

        app.window.actions_["undo"].trigger()
        assert app.names == ["coffee.png", "chelsea.jpg"]


async def test_eye_leaves_a_picture_out_by_click_and_key_over_a_restart_and_undo(photo) -> None:
    files = [photo("coffee.png"), photo("chelsea.jpg"), photo("rocket.jpg")]
    async with desk(files) as app:
        app.say("warmer")
        shown = app.item
        press_eye(app, 2)
        await settled()
        state = app.studio.edit.state

        assert app.item is shown  # the eye chooses nothing
        assert state.names == ("coffee.png", "rocket.jpg")
        assert state.plan == "Edits 1 · coffee.png as a whole; 2 · rocket.jpg as reference."
        assert "not sent" in app.tiles[1].accessibleName()
        assert app.tiles[2].accessibleName().startswith("Picture 2: rocket.jpg")

        app.tiles[0].setFocus()
        app.key(Qt.Key.Key_E, CONTROL)
        await settled()
        assert list(app.studio.edit.state.names) == ["rocket.jpg"]
        assert button(app).startswith("Generate")
        assert "You see coffee.png, which isn't sent." in line_below(app)

        app.window.actions_["undo"].trigger()
        assert list(app.studio.edit.state.names) == ["coffee.png", "rocket.jpg"]

    async with desk([]) as app:
        await until(lambda: len(app.names) == 3)
        assert list(app.studio.edit.state.names) == ["coffee.png", "rocket.jpg"]


async def test_no_picture_sent_says_so_and_the_link_sends_the_one_on_the_canvas(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.say("warmer")
        press_eye(app, 1)
        await settled()

        assert not app.find(QPushButton, "generateButton").isEnabled()
        assert line_below(app) == "No picture is sent: switch the eye of one on."
        app.click(link(app))
        await settled()

        assert app.find(QPushButton, "generateButton").isEnabled()


async def test_name_of_a_picture_that_is_not_sent_is_a_problem_of_the_prompt(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        press_eye(app, 2)
        app.say(f"put {token('chelsea.jpg')} into the cup")
        await settled()

        assert "isn't sent" in line_below(app)
        assert not app.find(QLabel, "promptStrange").isVisible()  # there is such a picture

        app.say("put {what} into the cup")
        app.studio.parameters.fill_prompt_fields({"what": token("chelsea.jpg")})
        await settled()
        assert line_below(app) == "“chelsea.jpg” isn't sent: switch its eye on in the tray."


async def test_eye_is_one_click_and_no_drag(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        tile = app.tiles[1]
        app.click(tile.eye)
        app.click(tile.eye)
        await asyncio.sleep(0)

        assert app.studio.edit.state.names == ("coffee.png", "chelsea.jpg")
        assert app.names == ["coffee.png", "chelsea.jpg"]


async def test_paint_on_a_reference_that_is_out_of_sight_is_said_in_amber(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        app.say("warmer")
        app.studio.session.show(app.studio.session.tray[1].id)
        await app.on_canvas()
        app.paint((200, 150), (260, 180))
        app.studio.session.show(app.studio.session.tray[0].id)
        await app.on_canvas()

        assert line_below(app).startswith("What you painted on chelsea.jpg isn't sent. Edits 1 · coffee.png")
        assert tone(app) == "warn"

        press_eye(app, 2)  # it waits for an edit of its own now
        await settled()
        assert (line_below(app), tone(app)) == ("Edits 1 · coffee.png as a whole. Nothing is painted.", "")


async def test_long_names_leave_the_line_its_height_and_are_whole_in_the_tip(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg"), photo("rocket.jpg")]) as app:
        app.say("warmer")
        note = app.find(QLabel, "generateNote")
        height = note.height()
        for item in app.studio.session.tray:
            app.window.edit.tray.renamed.emit(item.id, f"{item.name} and a long story " * 4)
        app.studio.session.show(app.studio.session.tray[2].id)
        await app.on_canvas()
        note.grab()

        assert note.height() == height
        whole = " ".join(note.toolTip().split())
        assert all(f"{at} · {name.strip()}" in whole for at, name in enumerate(app.names, 1))


async def test_eye_is_reached_by_tab_and_pressed_by_space(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        app.tiles[0].setFocus()
        app.key(Qt.Key.Key_Tab)
        eye = QApplication.focusWidget()
        assert eye is app.tiles[0].eye
        assert eye.accessibleName() == "coffee.png is sent with the edit"
        assert "Ctrl+E" in eye.toolTip()

        app.key(Qt.Key.Key_Space)
        await settled()

        assert eye.accessibleName() == "coffee.png is not sent with the edit"
        assert app.studio.edit.state.names == ("chelsea.jpg",)
        app.key(Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is app.tiles[1]


async def test_size_that_comes_back_is_told_where_it_is_smaller_than_the_picture(photo) -> None:
    async with desk([photo("retina.jpg", (2048, 1360))]) as app:
        app.say("warmer")
        app.studio.parameters.set(size="1536x1024")
        await settled()
        assert "Comes back as 1536 × 1024; the picture is 2048 × 1360." in line_below(app)

        app.studio.parameters.set(size="2048x1360")
        await settled()
        assert "Comes back" not in line_below(app)


async def test_sample_that_is_left_out_is_so_at_the_next_start() -> None:
    async with desk([]) as app:
        await app.on_canvas()
        press_eye(app, 1)
        await settled()

    async with desk([]) as app:
        await until(lambda: app.names)
        assert app.studio.edit.state.left_out == ("sample.jpg",)


async def test_result_on_the_canvas_is_said_not_to_be_edited_and_can_take_its_picture_s_place(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await finish_a_run(app)
        result = app.job.results[0].path
        assert button(app) == "Generate   free"
        assert line_below(app) == "You see a result. Edits 1 · coffee.png as a whole."
        assert (link(app).text(), tone(app)) == ("Replace", "")

        app.click(link(app))
        await until(lambda: app.item.source == result)
        await app.on_canvas()

        assert button(app) == "Generate   free"
        assert line_below(app) == "Edits 1 · coffee.png as a whole. Nothing is painted."


async def test_run_is_shown_in_the_place_of_the_picture_that_it_was_made_of(photo, tmp_path) -> None:
    tall = tmp_path / "tall.png"
    with Image.open(photo("rocket.jpg")) as rocket:
        rocket.crop((200, 0, 400, 427)).save(tall)
    async with desk([photo("coffee.png"), tall]) as app:
        await finish_a_run(app)
        app.click(app.tiles[1])
        await app.on_canvas()
        assert app.canvas._scene.size == (200, 427)

        app.click(app.runs[0])
        await until(lambda: app.canvas._scene.result is not None and app.canvas._scene.size == (600, 400))
        await settled()

        assert app.item.name == "coffee.png"
        assert app.canvas._scene.result is not None
        assert app.window.edit.stage.job is app.job
        app.key(Qt.Key.Key_Escape)
        await app.on_canvas()
        assert app.item.name == "coffee.png"
        assert app.canvas._scene.shown is app.canvas.picture
        assert app.names == ["coffee.png", "tall.png"]
