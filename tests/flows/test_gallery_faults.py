"""A gallery folder that takes nothing: the picture is kept, saved elsewhere, or saved at the next start."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton
from tests.flows.desk import CONTROL, Desk, child, desk
from tests.flows.wait import settled, until

from overpaint.core.results.job_state import JobState
from overpaint.library.gallery import sidecar
from overpaint.studio.studio import Studio


def put_a_file_in_the_gallerys_place(studio: Studio) -> None:
    """Nothing can be saved there, not even by root."""
    folder = studio.gallery().folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("in the way")


async def run_one(app: Desk) -> None:
    app.say("make it warmer")
    app.key(Qt.Key.Key_Return, CONTROL)
    await app.ended()
    await until(lambda: app.canvas._scene.result is not None)


async def choose_folder(app: Desk, folder: Path) -> None:
    """Types a folder into the dialog that is open, and accepts it."""
    dialog = await until(lambda: app.window.findChild(QFileDialog, "chooseFolderDialog"))
    await settled()
    edit = child(dialog, QLineEdit, "fileNameEdit")
    app.type_over(edit, str(folder))
    app.key(Qt.Key.Key_Return)


@pytest.mark.qt_log_ignore("^This plugin does not support (raise|grabbing)", extend=True)
async def test_picture_that_the_gallery_refuses_is_saved_elsewhere_at_a_click(photo, tmp_path) -> None:
    async with desk([photo("coffee.png")], before=put_a_file_in_the_gallerys_place) as app:
        await run_one(app)
        kept = app.job.unsaved[0].data
        tile = app.runs[0]
        told = app.details(tile)
        step = child(told, QPushButton, "runAction")
        assert tile.caption.startswith("not saved")
        assert "pictures" in child(told, QLabel, "runMessage").text()
        assert step.text() == "Save to another folder…"

        app.click(step)
        await choose_folder(app, tmp_path)
        await until(lambda: "not saved" not in tile.caption)

        (saved,) = app.job.results
        assert saved.path.parent == tmp_path
        assert saved.path.read_bytes() == kept
        assert saved.sidecar is not None
        assert sidecar.read(saved.sidecar).params.prompt == "make it warmer"
        assert app.gallery == tmp_path
        assert tile.details is None


async def test_picture_that_was_never_saved_is_recovered_at_the_next_start(photo) -> None:
    async with desk([photo("coffee.png")], before=put_a_file_in_the_gallerys_place) as app:
        await run_one(app)
        kept, in_the_way = app.job.unsaved[0].data, app.gallery
    in_the_way.unlink()

    async with desk() as app:
        await until(lambda: app.runs)

        assert app.job.state is JobState.SAVED
        assert app.job.results[0].path.read_bytes() == kept
        assert app.runs[0].caption.startswith("recovered")
        assert app.window.status.notice == "1 picture of an interrupted run recovered and saved"


async def test_gallery_typed_with_a_tilde_is_in_the_users_folder(tmp_path, monkeypatch) -> None:
    (tmp_path / "Pictures" / "mine").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path))
    async with desk() as app:
        await app.window.window_actions.galleries.use(Path("~/Pictures/mine"))

        assert app.gallery == tmp_path / "Pictures" / "mine"
