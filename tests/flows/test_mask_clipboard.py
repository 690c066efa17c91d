"""Masks copied and pasted: between pictures, into other programs, and from them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QDialog, QPushButton
from tests.flows.desk import CONTROL, SHIFT, Desk, child, desk
from tests.flows.wait import until

from overpaint.core.masks.mask import stretched

Photo = Callable[..., Path]


@pytest.fixture(autouse=True)
def empty_clipboard(qapp) -> None:
    QGuiApplication.clipboard().clear()


def coverage(app: Desk) -> np.ndarray:
    return app.item.mask.coverage.copy()


def copy(app: Desk) -> None:
    app.canvas.setFocus()
    app.key(Qt.Key.Key_C, CONTROL | SHIFT)


async def paste(app: Desk) -> None:
    before = app.studio.session.history.revision
    app.canvas.setFocus()
    app.key(Qt.Key.Key_V, CONTROL | SHIFT)
    await until(lambda: app.studio.session.history.revision != before)


def on_clipboard() -> QImage:
    image = QGuiApplication.clipboard().image()
    assert not image.isNull()
    return image.convertToFormat(QImage.Format.Format_Grayscale8)


def pixels(image: QImage) -> np.ndarray:
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()]


def black_and_white(width: int, height: int) -> tuple[QImage, np.ndarray]:
    """A picture as another program would copy it, and the coverage that it means."""
    wanted = np.zeros((height, width), np.uint8)
    wanted[20:60, 30:90] = 255
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    for y in range(20, 60):
        for x in range(30, 90):
            image.setPixelColor(x, y, QColor("white"))
    return image, wanted


async def test_copied_mask_is_a_grey_picture_for_other_programs(photo: Photo) -> None:
    async with desk([photo("chelsea.png")]) as app:
        app.paint((100.0, 100.0), (201.0, 150.0))

        copy(app)

        assert np.array_equal(pixels(on_clipboard()), coverage(app))
        assert QGuiApplication.clipboard().mimeData().hasImage()


async def test_mask_pasted_on_another_picture_is_stretched_to_it(photo: Photo) -> None:
    async with desk([photo("chelsea.png"), photo("coffee.png")]) as app:
        await until(lambda: len(app.names) == 2)
        app.studio.session.show(app.studio.session.tray[0].id)
        await app.on_canvas()
        app.paint((100.0, 100.0), (200.0, 150.0))
        copied = coverage(app)
        copy(app)
        app.studio.session.show(app.studio.session.tray[1].id)
        await app.on_canvas()

        await paste(app)

        assert np.array_equal(coverage(app), stretched(copied, 600, 400))
        assert app.studio.session.history.undo_name == "Paste mask"
        assert app.words("statusNotice") == (
            "The mask came from 451 × 300 pixels and was stretched over 600 × 400."
        )


async def test_picture_of_another_shape_pasted_as_a_mask_says_that_it_was_stretched(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        QGuiApplication.clipboard().setImage(black_and_white(300, 100)[0])

        await paste(app)
        await until(lambda: "stretched" in app.words("statusNotice"))

        assert app.words("statusNotice") == (
            "The mask came from 300 × 100 pixels and was stretched over 600 × 400."
        )


async def test_picture_copied_later_in_another_program_is_the_one_that_is_pasted(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.paint((100.0, 100.0), (200.0, 150.0))
        copy(app)
        picture, wanted = black_and_white(600, 400)
        QGuiApplication.clipboard().setImage(picture)

        await paste(app)

        assert np.array_equal(coverage(app), wanted)


async def test_words_copied_later_leave_the_mask_to_be_pasted(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.paint((100.0, 100.0), (200.0, 150.0))
        copied = coverage(app)
        copy(app)
        app.studio.session.clear_mask()
        QGuiApplication.clipboard().setText("remove the cup")

        await paste(app)

        assert np.array_equal(coverage(app), copied)


async def test_soft_mask_of_another_window_is_pasted_byte_for_byte_without_a_question(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        soft = np.tile(np.arange(600, dtype=np.uint16) * 255 // 599, (400, 1)).astype(np.uint8)
        mime = QMimeData()
        mime.setImageData(QImage(soft.data, 600, 400, 600, QImage.Format.Format_Grayscale8).copy())
        mime.setData("application/x-overpaint-mask", b"another")
        QGuiApplication.clipboard().setMimeData(mime)

        await paste(app)

        assert np.array_equal(coverage(app), soft)


async def test_picture_that_does_not_say_what_is_masked_is_asked_about(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        QGuiApplication.clipboard().setImage(QImage(str(photo("camera.png"))))
        app.canvas.setFocus()
        app.key(Qt.Key.Key_V, CONTROL | SHIFT)
        asked = await until(lambda: next(iter(app.shown(QDialog)), None))

        app.click(child(asked, QPushButton, "which0"))

        await until(lambda: app.studio.session.history.undo_name == "Paste mask")
        assert app.item.mask.coverage.any()


async def test_nothing_copied_is_said(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.actions_["paste_mask"].trigger()

        await until(lambda: app.words("statusNotice").startswith("No mask was copied yet"))
