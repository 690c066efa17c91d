"""The Mask menu on a real picture: each act runs off the main thread and is one entry that can be undone."""

import cv2
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QPushButton, QSpinBox
from tests.flows.desk import CONTROL, SHIFT, Desk, child, desk
from tests.flows.wait import settled, until

ALT = Qt.KeyboardModifier.AltModifier


def box(app: Desk, left: int, top: int, right: int, bottom: int) -> None:
    """Masks a rectangle by hand."""
    app.window.actions_["rectangle"].trigger()
    app.paint((left, top), (right, bottom))


async def answer(app: Desk, amount: int) -> None:
    """Types the amount that is asked for, and waits until the act is in the history."""
    dialog = await until(lambda: app.window.findChild(QDialog, "numberDialog"))
    before = app.studio.session.history.revision
    child(dialog, QSpinBox, "numberValue").setValue(amount)
    app.click(child(dialog, QPushButton, "numberApply"))
    await until(lambda: app.studio.session.history.revision != before)
    await settled()


def mask(app: Desk) -> np.ndarray:
    return app.item.mask.coverage


@pytest.mark.parametrize(
    ("key", "modifiers", "side"),
    [(Qt.Key.Key_Plus, CONTROL | ALT, 100 + 2 * 6), (Qt.Key.Key_Minus, CONTROL | ALT, 100 - 2 * 6)],
)
async def test_grow_and_shrink_by_their_keys_move_the_edge_by_the_amount(photo, key, modifiers, side) -> None:
    async with desk([photo("coffee.png")]) as app:
        box(app, 200, 100, 300, 200)
        before = mask(app).copy()
        app.canvas.setFocus()

        app.key(key, modifiers)
        await answer(app, 6)

        bounds = app.item.mask.bounds()
        assert (bounds.width, bounds.height) == (side, side)
        app.studio.session.undo()
        assert np.array_equal(mask(app), before)


async def test_feather_by_its_key_makes_a_ramp(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        box(app, 200, 100, 300, 200)
        app.canvas.setFocus()

        app.key(Qt.Key.Key_F, CONTROL | ALT)
        await answer(app, 9)

        row = mask(app)[150, 185:215].astype(int)
        assert (np.diff(row) >= 0).all()
        assert len(np.unique(row)) > 10
        assert app.studio.session.history.undo_name == "Feather mask"


@pytest.mark.parametrize(("act", "amount", "gone"), [("fill_holes", 500, True), ("fill_holes", 50, False)])
async def test_fill_holes_fills_those_up_to_the_amount(photo, act, amount, gone) -> None:
    async with desk([photo("coffee.png")]) as app:
        box(app, 200, 100, 300, 200)
        app.item.mask.coverage[140:150, 240:250] = 0
        app.window.actions_[act].trigger()
        dialog = await until(lambda: app.window.findChild(QDialog, "numberDialog"))
        child(dialog, QSpinBox, "numberValue").setValue(amount)

        app.click(child(dialog, QPushButton, "numberApply"))
        await until(lambda: app.window.findChild(QDialog, "numberDialog") is None)
        await until(lambda: bool(mask(app)[145, 245]) == gone)

        assert bool(mask(app)[145, 245]) == gone


async def test_remove_specks_takes_small_pieces_and_leaves_large_ones(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        box(app, 200, 100, 300, 200)
        app.item.mask.coverage[20:24, 20:24] = 255

        app.window.actions_["remove_specks"].trigger()
        await answer(app, 40)

        assert not mask(app)[22, 22]
        assert mask(app)[150, 250] == 255


async def test_amount_left_by_escape_changes_nothing(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        box(app, 200, 100, 300, 200)
        before = mask(app).copy()
        app.window.actions_["grow_mask"].trigger()
        dialog = await until(lambda: app.window.findChild(QDialog, "numberDialog"))

        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await until(lambda: app.window.findChild(QDialog, "numberDialog") is None)

        assert np.array_equal(mask(app), before)
        assert app.studio.session.history.undo_name == "Rectangle"


async def test_amount_is_remembered_for_the_next_time(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        box(app, 200, 100, 300, 200)
        app.window.actions_["grow_mask"].trigger()
        await answer(app, 17)

        app.window.actions_["grow_mask"].trigger()
        dialog = await until(lambda: app.window.findChild(QDialog, "numberDialog"))

        assert child(dialog, QSpinBox, "numberValue").value() == 17
        dialog.reject()
        await settled()


async def test_mask_copied_and_pasted_on_a_picture_of_another_size_covers_the_same_part(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        first, second = app.studio.session.tray
        app.studio.session.show(first.id)
        await app.on_canvas()
        box(app, 0, 0, first.mask.width // 2, first.mask.height)
        app.canvas.setFocus()
        app.key(Qt.Key.Key_C, CONTROL | SHIFT)
        app.studio.session.show(second.id)
        await app.on_canvas()

        app.key(Qt.Key.Key_V, CONTROL | SHIFT)
        await until(lambda: app.studio.session.history.undo_name == "Paste mask")

        half = (second.mask.width + 1) // 2
        assert second.mask.coverage[:, : half - 1].min() == 255
        assert second.mask.coverage[:, half:].max() == 0


async def save_as(app: Desk, path) -> None:
    dialog = await until(lambda: app.window.findChild(QFileDialog, "saveDialog"))
    child(dialog, QLineEdit, "fileNameEdit").setText(str(path))
    dialog.accept()
    await until(path.exists)
    await until(lambda: "Mask saved" in app.words("statusNotice"))


async def test_mask_exported_for_the_api_is_transparent_where_it_is_edited(photo, tmp_path) -> None:
    async with desk([photo("coffee.png")]) as app:
        box(app, 200, 100, 300, 200)

        app.window.actions_["export_mask"].trigger()
        await save_as(app, tmp_path / "mask.png")

        pixels = cv2.imread(str(tmp_path / "mask.png"), cv2.IMREAD_UNCHANGED)
        assert pixels is not None
        assert np.array_equal(pixels[..., 3] == 0, mask(app) >= 128)


async def test_mask_exported_in_black_and_white_is_its_coverage(photo, tmp_path) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.paint((200, 150), (260, 180))

        app.window.actions_["export_grey"].trigger()
        await save_as(app, tmp_path / "mask.png")

        with Image.open(tmp_path / "mask.png") as image:
            assert np.array_equal(np.asarray(image), mask(app))


async def test_export_where_nothing_can_be_written_says_so(photo, tmp_path) -> None:
    async with desk([photo("coffee.png")]) as app:
        box(app, 200, 100, 300, 200)
        app.window.actions_["export_mask"].trigger()
        dialog = await until(lambda: app.window.findChild(QFileDialog, "saveDialog"))
        blocked = tmp_path / "gone"
        blocked.mkdir()
        dialog.setDirectory(str(blocked))
        dialog.selectFile("mask.png")
        blocked.rmdir()

        dialog.done(1)
        await until(lambda: app.words("statusNotice"))

        assert not (blocked / "mask.png").exists()


async def test_mask_from_transparency_covers_what_is_transparent(photo, tmp_path) -> None:
    pixels = np.asarray(Image.open(photo("coffee.png")).convert("RGBA")).copy()
    pixels[50:120, 30:200, 3] = 0
    Image.fromarray(pixels).save(tmp_path / "cut.png")
    async with desk([tmp_path / "cut.png"]) as app:
        app.window.actions_["from_transparency"].trigger()
        await until(lambda: mask(app).any())

        assert np.array_equal(mask(app), 255 - pixels[..., 3])
        assert app.studio.session.history.undo_name == "From transparency"


async def test_mask_from_luminance_is_the_picture_in_grey(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.actions_["from_luminance"].trigger()
        await until(lambda: mask(app).any())

        grey = np.asarray(Image.open(photo("coffee.png")).convert("L")).astype(int)
        assert np.abs(mask(app) - grey).max() <= 1


async def open_mask(app: Desk, path) -> None:
    app.window.actions_["import_mask"].trigger()
    dialog = await until(lambda: app.window.findChild(QFileDialog, "importMaskDialog"))
    child(dialog, QLineEdit, "fileNameEdit").setText(str(path))
    dialog.accept()


async def test_mask_exported_and_imported_again_is_the_same(photo, tmp_path) -> None:
    async with desk([photo("coffee.png")]) as app:
        box(app, 200, 100, 300, 200)
        before = mask(app).copy()
        app.window.actions_["export_mask"].trigger()
        await save_as(app, tmp_path / "mask.png")
        app.studio.session.clear_mask()

        await open_mask(app, tmp_path / "mask.png")
        await until(lambda: mask(app).any())

        assert np.array_equal(mask(app), before)


@pytest.mark.parametrize(("answer", "inverted"), [("which0", False), ("which1", True)])
async def test_picture_that_says_nothing_is_asked_what_of_it_changes(photo, answer, inverted) -> None:
    async with desk([photo("coffee.png")]) as app:
        await open_mask(app, photo("coffee.png"))
        dialog = await until(lambda: app.window.findChild(QDialog, "whichDialog"))

        app.click(child(dialog, QPushButton, answer))
        await until(lambda: mask(app).any())

        grey = np.asarray(Image.open(photo("coffee.png")).convert("L")).astype(int)
        assert np.abs(mask(app) - (255 - grey if inverted else grey)).max() <= 1


async def test_file_that_is_no_picture_says_so_and_leaves_the_mask(photo, tmp_path) -> None:
    (tmp_path / "notes.png").write_text("no picture")
    async with desk([photo("coffee.png")]) as app:
        box(app, 200, 100, 300, 200)
        before = mask(app).copy()

        await open_mask(app, tmp_path / "notes.png")
        await until(lambda: app.words("statusNotice"))

        assert np.array_equal(mask(app), before)


async def test_full_mask_is_a_hundred_percent_and_nothing_less_is(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.actions_["fill_mask"].trigger()
        full = app.words("statusMask")
        app.item.mask.coverage[0, 0] = 0
        app.item.mask.changed(app.item.mask.rect)
        app.window.status.show_item(app.item)

        assert (full, app.words("statusMask")) == ("mask 100 %", "mask 99.9 %")
