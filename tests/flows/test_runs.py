"""Runs as they are watched, cancelled, queued, looked at and taken further."""

import hashlib
import os

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton
from tests.flows.desk import CONTROL, Desk, child, desk
from tests.flows.wait import settled, until

from overpaint.core.results.job_state import JobState
from overpaint.library.gallery import sidecar
from overpaint.ui.canvas.picture_surface import NO_SOURCE_WORDS
from overpaint.ui.canvas.render.captions import BEFORE_WORDS
from overpaint.ui.viewport.pyramids import PicturePyramid, decode_levels

BIG = (2048, 1360)
"""A picture whose hole takes the engine long enough to be interrupted."""


def hold(app: Desk, key: Qt.Key, *, down: bool) -> None:
    """Presses a key on the canvas, or lets it go."""
    kind = QEvent.Type.KeyPress if down else QEvent.Type.KeyRelease
    QApplication.sendEvent(app.canvas, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, "\\"))


def seen(app: Desk) -> str:
    """A digest of what the canvas looks like."""
    image = app.canvas.grab().toImage()
    return hashlib.sha256(bytes(image.constBits())).hexdigest()


async def finish_a_run(app: Desk, prompt: str = "make it warmer") -> None:
    app.say(prompt)
    app.key(Qt.Key.Key_Return, CONTROL)
    await app.ended()
    await until(lambda: app.canvas._scene.result is not None and app.canvas._words.startswith("Result"))


async def start_a_long_run(app: Desk) -> None:
    app.paint((300, 300), (1700, 400), (1500, 1000), (400, 1100), (1500, 700))
    app.say("remove it")
    app.key(Qt.Key.Key_Return, CONTROL)
    await until(lambda: app.studio.jobs.all and app.job.waiting is not None and app.job.started)


async def test_backslash_held_shows_the_picture_before(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await finish_a_run(app)
        app.canvas.setFocus()
        after = seen(app)

        hold(app, Qt.Key.Key_Backslash, down=True)
        assert app.canvas._caption.text == BEFORE_WORDS
        assert seen(app) != after

        hold(app, Qt.Key.Key_Backslash, down=False)
        assert seen(app) == after


async def test_replace_puts_the_result_into_its_picture_s_place_in_one_undo(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        await finish_a_run(app)
        result = app.job.results[0].path
        entries = app.studio.session.history.position

        app.key(Qt.Key.Key_U, CONTROL)
        await until(lambda: app.studio.session.tray[0].source == result)
        await app.on_canvas()

        assert app.names == ["coffee.png", "chelsea.jpg"]
        assert app.studio.session.current is app.studio.session.first_picture
        assert app.studio.session.history.position == entries + 1
        await finish_a_run(app, "make it darker")
        told = app.job.results[0].sidecar
        assert told is not None
        assert sidecar.read(told).parents == (result.name,)

        app.window.actions_["undo"].trigger()
        assert app.studio.session.tray[0].source != result


async def test_replace_asks_what_becomes_of_the_mask_and_keeps_it_when_told_so(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.paint((200, 200), (300, 300))
        await finish_a_run(app)
        painted = app.item.mask.coverage.any()

        app.window.actions_["use"].trigger()
        keep = await until(
            lambda: next((one for one in app.shown(QPushButton) if one.objectName() == "which0"), None)
        )
        app.click(keep)
        await until(lambda: app.studio.session.tray[0].source == app.job.results[0].path)

        assert painted
        assert app.studio.session.tray[0].mask.coverage.any()


async def test_reference_comes_behind_the_others_and_leaves_the_canvas_alone(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await finish_a_run(app)
        shown = app.item

        app.key(Qt.Key.Key_U, CONTROL | Qt.KeyboardModifier.ShiftModifier)
        await until(lambda: len(app.names) == 2)

        assert app.names == ["coffee.png", app.job.results[0].path.name]
        assert app.item is shown
        assert app.studio.edit.state.plan == (
            f"Edits 1 · coffee.png as a whole; 2 · {app.names[1]} as reference."
        )


async def test_reference_made_of_the_sample_leaves_sample_and_result_where_they_are() -> None:
    async with desk([]) as app:
        await app.on_canvas()
        await finish_a_run(app)

        app.key(Qt.Key.Key_U, CONTROL | Qt.KeyboardModifier.ShiftModifier)
        await until(lambda: app.job.results[0].path.name in app.names)

        assert app.names == ["sample.jpg", app.job.results[0].path.name]
        assert app.window.edit.stage.job is app.job


async def test_replace_takes_the_place_of_an_earlier_result_of_the_same_picture(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        await finish_a_run(app)
        await finish_a_run(app, "make it darker")
        first, second = (job.results[0].path for job in reversed(app.studio.jobs.all))
        app.window.edit.stage.show_job(app.studio.jobs.all[1])
        app.key(Qt.Key.Key_U, CONTROL)
        await until(lambda: app.studio.session.tray[0].source == first)

        app.window.edit.stage.show_job(app.job)
        app.key(Qt.Key.Key_U, CONTROL)
        await until(lambda: app.studio.session.tray[0].source == second)

        assert app.names == ["coffee.png", "chelsea.jpg"]


async def test_replace_harms_no_other_picture_when_its_own_has_left_the_tray(photo, tmp_path) -> None:
    other = tmp_path / "coffee.png"
    other.write_bytes(photo("rocket.jpg").read_bytes())
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        await finish_a_run(app)
        app.studio.session.remove(app.studio.session.tray[0].id)
        await app.take(other)
        there = [item.source for item in app.studio.session.tray]
        app.window.edit.stage.show_job(app.job)

        app.key(Qt.Key.Key_U, CONTROL)
        await until(lambda: len(app.names) == 3)
        await app.on_canvas()

        assert [item.source for item in app.studio.session.tray] == [*there, app.job.results[0].path]
        assert app.names == ["chelsea.jpg", "coffee.png", "coffee 2.png"]
        assert app.item.name == "coffee 2.png"
        app.window.actions_["undo"].trigger()
        assert [item.source for item in app.studio.session.tray] == there


async def test_before_is_the_picture_that_the_run_was_made_of_whatever_is_in_the_tray_now(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await finish_a_run(app)
        job = app.job
        app.drop([photo("chelsea.jpg")])
        await until(lambda: len(app.names) == 2)
        app.studio.session.remove(app.studio.session.tray[0].id)
        await app.on_canvas()
        app.window.edit.stage.show_job(job)
        await until(lambda: app.canvas._scene.result is not None)
        app.canvas.setFocus()

        hold(app, Qt.Key.Key_Backslash, down=True)

        assert app.canvas._caption.text == BEFORE_WORDS
        source = app.canvas._scene.shown
        assert source is not None
        assert source.size == (600, 400)  # coffee's, not the cat's


@pytest.mark.parametrize("moved", [True, False], ids=["moved into the gallery", "drawn over"])
async def test_before_is_known_by_its_content_and_not_by_its_place(photo, tmp_path, moved) -> None:
    file = tmp_path / "cup.png"
    file.write_bytes(photo("coffee.png").read_bytes())
    written = file.stat()
    async with desk([file, photo("chelsea.jpg")]) as app:
        await finish_a_run(app)
        app.studio.session.remove(app.studio.session.tray[0].id)
        await app.on_canvas()
        if moved:
            file.rename(app.gallery / "another name.png")
        with Image.new("RGB", (600, 400), "red") as other:
            other.save(file)
        file.write_bytes(file.read_bytes().ljust(written.st_size, b"\0"))
        os.utime(file, ns=(written.st_atime_ns, written.st_mtime_ns))  # nothing but the content tells

        app.window.edit.stage._source_of = None
        app.window.edit.stage._decoded.clear()
        app.window.edit.stage.show_job(app.job)
        await until(lambda: app.canvas._scene.result is not None)
        app.canvas.setFocus()
        hold(app, Qt.Key.Key_Backslash, down=True)

        words = BEFORE_WORDS if moved else NO_SOURCE_WORDS
        assert app.canvas._caption.text == words
        source = app.canvas._scene.source
        assert (source is not None) == moved
        if source is not None:
            with Image.open(photo("coffee.png")) as cup:
                expected = np.asarray(cup.convert("RGB"))[200, 300]
            assert list(source.pixels[200, 300, 2::-1]) == list(expected)


async def test_escape_ends_the_run_and_everything_stays(photo) -> None:
    async with desk([photo("retina.jpg", BIG)]) as app:
        await start_a_long_run(app)
        engine = app.studio.engine.pid

        app.canvas.setFocus()
        app.key(Qt.Key.Key_Escape)
        job = await app.ended()

        assert job.state is JobState.CANCELLED
        tile = app.runs[0]
        assert tile.caption == "cancelled"
        assert app.told(tile) == "Cancelled."
        assert not app.mask_is_empty()
        assert app.studio.parameters.params.prompt == "remove it"
        assert app.studio.engine.pid == engine
        await finish_a_small_run_on_the_same_engine(app, photo)


async def finish_a_small_run_on_the_same_engine(app: Desk, photo) -> None:
    """The engine's place for the cancelled job is free again."""
    await app.take(photo("coffee.png"))
    app.studio.session.move(app.studio.session.tray[-1].id, 0)
    await finish_a_run(app)
    assert app.job.state is JobState.SAVED


async def test_cancel_in_the_run_tile_offers_to_run_again(photo) -> None:
    async with desk([photo("retina.jpg", BIG)]) as app:
        await start_a_long_run(app)
        await settled()
        cancel = child(app.runs[0], QToolButton, "runCancel")

        app.click(cancel)
        await app.ended()
        assert not cancel.isVisible()
        again = child(app.details(app.runs[0]), QPushButton, "runAction")
        assert again.text() == "Run again"

        app.click(again)
        await until(lambda: len(app.studio.jobs.all) == 2)
        assert app.job.request == app.studio.jobs.all[1].request


async def test_third_run_waits_until_one_of_two_is_over(photo) -> None:
    async with desk([photo("retina.jpg", BIG)]) as app:
        await start_a_long_run(app)
        for count in (2, 3):
            app.key(Qt.Key.Key_Return, CONTROL)
            await started(app, count)
        await settled()

        assert app.words("statusRuns") == "2 running, 1 queued"
        assert app.runs[0].caption == "queued"
        assert app.told(app.runs[0]) == "Waits for its turn."
        third = app.job
        app.studio.jobs.cancel(app.studio.jobs.all[2])

        await until(lambda: not third.queued)
        assert third.running


async def started(app: Desk, count: int) -> None:
    await until(lambda: len(app.studio.jobs.all) == count)


async def test_click_on_an_older_run_shows_its_result_and_escape_the_picture(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await finish_a_run(app, "make it warmer")
        await finish_a_run(app, "make it darker")
        warmer = decode_levels(app.studio.jobs.all[1].results[0].path.read_bytes())

        app.click(app.runs[1])
        await until(lambda: app.window.edit.stage.job is app.studio.jobs.all[1])
        await until(lambda: same(app, warmer))

        app.canvas.setFocus()
        app.key(Qt.Key.Key_Escape)
        assert app.canvas._scene.result is None


def same(app: Desk, levels: PicturePyramid) -> bool:
    result = app.canvas._scene.result
    return result is not None and bool((result._arrays[0] == levels._arrays[0]).all())


async def test_arrows_on_the_canvas_step_through_the_results(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await finish_a_run(app, "make it warmer")
        await finish_a_run(app, "make it darker")
        newest, older = app.studio.jobs.all
        app.canvas.setFocus()

        app.key(Qt.Key.Key_Right)
        assert app.window.edit.stage.job is older
        app.key(Qt.Key.Key_Right)
        assert app.window.edit.stage.job is older
        app.key(Qt.Key.Key_Left)
        assert app.window.edit.stage.job is newest


@pytest.mark.parametrize("form", ["jpeg", "webp"])
async def test_run_with_another_format_saves_those_bytes(photo, form) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.studio.parameters.set(output_format=form, output_compression=70)

        await finish_a_run(app)

        data = app.job.results[0].path.read_bytes()
        assert data.startswith(b"\xff\xd8" if form == "jpeg" else b"RIFF")
        assert app.job.results[0].path.suffix == (".jpg" if form == "jpeg" else ".webp")


async def test_status_line_and_zoom_speak_of_the_result_while_it_is_shown(photo) -> None:
    async with desk([photo("retina.jpg", BIG)]) as app:
        app.studio.parameters.set(size="1024x1024")
        await finish_a_run(app)
        await until(lambda: app.canvas._scene.result is not None)
        app.canvas.setFocus()

        app.key(Qt.Key.Key_1, CONTROL)

        width, height = await until(lambda: app.canvas.result_size)
        assert app.words("statusZoom") == "100 %"
        assert app.canvas._scene.frame(app.canvas.view).width() == width
        assert app.words("statusMask") == f"{width} × {height}"

        app.key(Qt.Key.Key_Escape)
        assert app.words("statusZoom") != "100 %"
        assert "mask" in app.words("statusMask")
