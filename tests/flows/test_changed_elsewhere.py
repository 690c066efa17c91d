"""A picture of the tray that is changed by another program while the window is open."""

import os
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QPushButton
from tests.flows.desk import Desk, desk
from tests.flows.wait import settled, until


def save(file: Path, colour: str) -> Path:
    """A picture of one colour, with a date of its own however coarse the file system's clock is."""
    before = file.stat().st_mtime_ns if file.exists() else 0
    Image.new("RGB", (300, 200), colour).save(file)
    os.utime(file, ns=(before + 10**10, before + 10**10))
    return file


def come_back(app: Desk) -> None:
    """The window is activated, as when one comes back from another program."""
    QApplication.sendEvent(app.window, QEvent(QEvent.Type.ActivationChange))


def colour_on_canvas(app: Desk) -> tuple[int, ...]:
    """Red, green and blue of the picture's first pixel on the canvas."""
    picture = app.canvas.picture
    assert picture is not None
    return tuple(int(value) for value in np.flip(picture.pixels[0, 0, :3]))


async def test_picture_is_shown_as_it_was_saved_elsewhere_with_its_mask(tmp_path) -> None:
    file = save(tmp_path / "wall.png", "red")
    async with desk([file]) as app:
        app.paint((50.0, 50.0), (120.0, 90.0))
        mask = app.item.mask.coverage.copy()

        save(file, "blue")
        come_back(app)
        await until(lambda: colour_on_canvas(app) == (0, 0, 255))

        assert np.array_equal(app.item.mask.coverage, mask)
        assert app.canvas.mask_on_canvas is app.item.mask
        assert app.window.status.notice == "“wall.png” changed on the disk and was read again."
        await until(lambda: _tile_colour(app) == (0, 0, 255))


async def test_generate_sends_no_picture_that_nobody_has_seen(tmp_path) -> None:
    file = save(tmp_path / "wall.png", "red")
    async with desk([file]) as app:
        app.studio.parameters.set(prompt="make it brighter")
        await settled()
        save(file, "blue")

        app.click(app.find(QPushButton, "generateButton"))
        await until(lambda: colour_on_canvas(app) == (0, 0, 255))
        await settled()
        unsent = len(app.studio.jobs.all)
        app.click(app.find(QPushButton, "generateButton"))
        await until(lambda: app.studio.jobs.all and app.job.results)

        assert unsent == 0


async def test_picture_that_became_none_is_named_in_the_tray_and_kept(tmp_path) -> None:
    file = save(tmp_path / "wall.png", "red")
    async with desk([file]) as app:
        file.write_text("no picture at all, but a text that is long enough to be one")

        come_back(app)
        await until(lambda: app.words("trayWords").startswith("wall.png changed on the disk."))

        assert app.names == ["wall.png"]
        assert colour_on_canvas(app) == (255, 0, 0)


async def test_change_while_the_program_was_closed_is_noticed_at_the_start(tmp_path) -> None:
    file = save(tmp_path / "wall.png", "red")
    async with desk([file]) as app:
        app.paint((50.0, 50.0), (120.0, 90.0))
        painted = app.item.mask.fraction()

    save(file, "blue")

    async with desk() as app:
        await until(lambda: app.window.status.notice.startswith("“wall.png” changed"))
        await until(lambda: colour_on_canvas(app) == (0, 0, 255))
        assert app.item.mask.fraction() == painted


def _tile_colour(app: Desk) -> tuple[int, ...] | None:
    pixmap = app.tiles[0]._pixmap
    if pixmap is None:
        return None
    colour = pixmap.toImage().pixelColor(1, 1)
    return colour.red(), colour.green(), colour.blue()
