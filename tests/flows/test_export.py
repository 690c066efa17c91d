"""The result that is seen, exported in each format: with its pixels, without metadata, and with a word of
what the format costs."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit
from tests.flows.desk import CONTROL, SHIFT, Desk, child, desk
from tests.flows.wait import settled, until


async def with_result(app: Desk) -> Path:
    """Paints, edits, and waits for the kept picture."""
    app.paint((200, 150), (260, 190))
    app.say("make it blue")
    app.key(Qt.Key.Key_Return, CONTROL)
    await app.ended()
    saved = app.job.results[-1]
    await until(lambda: app.studio.kept_results.state_of(saved).kept is not None)
    app.canvas.setFocus()
    await settled()
    return app.studio.kept_results.picture_of(saved)


async def export(app: Desk, place: Path) -> None:
    app.key(Qt.Key.Key_E, CONTROL | SHIFT)
    dialog = await until(lambda: app.window.findChild(QFileDialog, "exportResultDialog"))
    child(dialog, QLineEdit, "fileNameEdit").setText(str(place))
    dialog.accept()


@pytest.mark.parametrize("ending", ["png", "webp", "tiff", "jpg"])
async def test_export_holds_what_is_seen(photo, tmp_path, ending) -> None:
    async with desk([photo("coffee.png")]) as app:
        kept = await with_result(app)
        place = tmp_path / f"cup.{ending}"

        await export(app, place)

        await until(place.exists)
        with Image.open(place) as picture, Image.open(kept) as expected:
            seen, wanted = (np.asarray(one.convert("RGB")).astype(int) for one in (picture, expected))
            assert ending == "tiff" or not picture.getexif()  # whose header is made of the same tags
        assert np.abs(seen - wanted).max() <= (24 if ending == "jpg" else 0)


async def test_export_in_an_unknown_format_says_so_and_leaves_nothing(photo, tmp_path) -> None:
    async with desk([photo("coffee.png")]) as app:
        await with_result(app)

        await export(app, tmp_path / "cup.bmp")

        await until(lambda: "none of the formats" in app.words("statusNotice"))
        assert not (tmp_path / "cup.bmp").exists()
