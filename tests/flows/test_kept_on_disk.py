"""What runs and pictures leave on the disk has bounds, is told in the settings, and goes at a click."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QPushButton
from tests.flows.desk import CONTROL, child, desk
from tests.flows.wait import until

from overpaint.library.storage.folder_sizes import size_of

Photo = Callable[..., Path]


async def test_settings_tell_what_is_kept_and_clear_what_nothing_needs(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.say("make it warmer")
        app.key(Qt.Key.Key_Return, CONTROL)
        await app.ended()
        journal = app.studio.folders.journal
        await until(lambda: not list(journal.glob("*/reply.body")))
        tray = size_of(app.studio.folders.draft)

        app.key(Qt.Key.Key_Comma, CONTROL)
        dialog = await until(lambda: app.window.findChild(QDialog, "settingsDialog"))
        told = child(dialog, QLabel, "keptBytes")
        assert told.text().endswith(" MB")
        assert len(list(journal.iterdir())) == 1

        app.click(child(dialog, QPushButton, "clearKept"))

        await until(lambda: not list(journal.iterdir()))
        assert app.job.results[0].path.is_file()
        assert size_of(app.studio.folders.draft) >= tray
        dialog.reject()
