"""Closing the window, or throwing a run away, while something would be lost by it."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton
from tests.api import wire as replies
from tests.fault_server import Script
from tests.flows.desk import CONTROL, Desk, child, desk
from tests.flows.shop import shop
from tests.flows.test_gallery_faults import put_a_file_in_the_gallerys_place, run_one
from tests.flows.wait import settled, until

from overpaint.library.drafts.draft_store import DraftStore
from overpaint.studio.config.folders import HOME_VARIABLE, Folders
from overpaint.studio.drafts import draft_autosave

pytestmark = pytest.mark.qt_log_ignore("^This plugin does not support (raise|grabbing)", extend=True)


async def question(app: Desk) -> QDialog:
    dialog = await until(lambda: app.window.findChild(QDialog, "askDialog"))
    await settled()
    return dialog


async def test_picture_that_is_not_saved_yet_keeps_the_window_open_unless_it_is_given_up(photo) -> None:
    async with desk([photo("coffee.png")], before=put_a_file_in_the_gallerys_place) as app:
        await run_one(app)

        app.window.close()
        first = await question(app)
        words = first.accessibleDescription()
        app.click(child(first, QPushButton, "askNo"))
        await until(lambda: app.window.findChild(QDialog, "askDialog") is None)
        stayed = app.window.isVisible()
        app.window.close()
        app.click(child(await question(app), QPushButton, "askYes"))
        await until(lambda: not app.window.isVisible())

        assert words == "One finished picture is not saved yet."
        assert stayed
        assert len(app.job.unsaved) == 1


async def test_only_copy_of_a_picture_is_dismissed_with_a_yes_alone(photo) -> None:
    async with desk([photo("coffee.png")], before=put_a_file_in_the_gallerys_place) as app:
        await run_one(app)

        app.click(child(app.details(app.runs[0]), QPushButton, "runDismiss"))
        app.click(child(await question(app), QPushButton, "askNo"))
        await until(lambda: app.window.findChild(QDialog, "askDialog") is None)
        kept = len(app.studio.jobs.all)
        app.click(child(app.details(app.runs[0]), QPushButton, "runDismiss"))
        app.click(child(await question(app), QPushButton, "askYes"))
        await until(lambda: not app.studio.jobs.all)

        assert kept == 1


async def test_paid_edit_that_still_runs_is_named_before_the_window_closes(photo) -> None:
    partial = replies.partial(photo("chelsea.png").read_bytes(), 0)
    script = Script(headers=replies.EVENT_STREAM, body=partial + b" ", stall_at=len(partial))
    async with shop(photo, script) as sold:
        await sold.generate()
        await until(lambda: sold.app.studio.jobs.all and sold.app.job.partial)

        sold.app.window.close()
        words = (await question(sold.app)).accessibleDescription()

        assert words == "One edit is still running and may be billed."
        assert sold.app.window.isVisible()


async def test_nothing_is_asked_when_nothing_would_be_lost(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.paint((50.0, 50.0), (90.0, 90.0))

        app.window.close()

        assert not app.window.isVisible()


async def test_strokes_that_could_not_be_written_are_written_when_the_disk_is_back(
    photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_autosave, "_RETRY", 0.05)
    async with desk([photo("coffee.png")]) as app:
        folder = Folders.find().draft
        await until(lambda: (folder / "draft.json").exists())
        away = folder.with_name("away")
        folder.rename(away)
        folder.write_text("in the way")
        app.paint((50.0, 50.0), (90.0, 90.0))
        await until(lambda: app.studio.draft_autosave.failing)
        unsaved_on_close = app.studio.unsaved_on_close()

        folder.unlink()
        away.rename(folder)
        await until(lambda: not app.studio.draft_autosave.failing)

        draft = DraftStore(folder).load()
        assert unsaved_on_close == ["What was painted last can't be written to the disk."]
        assert draft is not None
        assert all(picture.mask for picture in draft.pictures)


async def test_home_in_which_nothing_can_be_made_still_opens_the_window(
    photo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").write_text("")
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "a file" / "home"))

    async with desk([photo("coffee.png")]) as app:
        app.paint((50.0, 50.0), (90.0, 90.0))
        app.key(Qt.Key.Key_Z, CONTROL)

        assert app.mask_is_empty()
