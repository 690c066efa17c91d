"""Pictures on their way into the tray, within it and out: dropped, pasted, dragged, removed, refused."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget
from tests.flows.desk import CONTROL, LEFT, NONE, Desk, desk
from tests.flows.wait import settled, until

from overpaint.core.request.params import MAX_PICTURES


def refusal(app: Desk) -> str:
    """What the tray says about what didn't come in."""
    words = app.find(QLabel, "trayWords")
    return words.text() if words.property("role") == "problem" else ""


async def test_first_start_shows_the_sample_and_says_what_to_do() -> None:
    async with desk() as app:
        assert len(app.tiles) == 1
        assert app.canvas._scene.picture is not None
        hints = " ".join(label.text() for label in app.shown(QLabel))
        assert "Paint over what should change, say what you want, press Generate" in hints
        assert app.studio.profile.is_offline
        assert not app.find(QPushButton, "generateButton").isEnabled()
        assert app.words("generateNote") == "Say what should change."


async def test_drop_beside_a_painted_sample_keeps_both(photo) -> None:
    async with desk() as app:
        await app.on_canvas()
        app.paint((200.0, 200.0), (400.0, 300.0))

        await app.take(photo("rocket.jpg"))

        assert app.names == ["sample.jpg", "rocket.jpg"]


async def test_undo_brings_the_sample_back_that_a_drop_had_replaced(photo) -> None:
    async with desk() as app:
        await app.take(photo("rocket.jpg"))
        assert app.names == ["rocket.jpg"]

        app.canvas.setFocus()
        app.key(Qt.Key.Key_Z, CONTROL)

        assert app.names == ["sample.jpg"]


async def test_drop_on_the_canvas_takes_the_picture(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        taken = app.drop([photo("rocket.jpg")], on=app.canvas)

        # Qt gives a drop that the canvas ignores to the window; a widget that takes none lets it pass.
        assert taken or app.drop([photo("rocket.jpg")])
        await until(lambda: app.names == ["coffee.png", "rocket.jpg"])


async def test_paste_of_a_copied_picture_puts_it_into_the_tray(photo) -> None:
    copied = QImage(48, 32, QImage.Format.Format_RGB32)
    copied.fill(QColor("#336699"))
    async with desk([photo("coffee.png")]) as app:
        QGuiApplication.clipboard().setImage(copied)
        app.canvas.setFocus()

        app.key(Qt.Key.Key_V, CONTROL)
        await until(lambda: len(app.names) == 2)
        await app.on_canvas()

        assert app.names[1] == "Pasted picture"
        picture = app.studio.session.tray[1].picture
        assert str(picture.size) == "48x32"
        assert np.array(Image.open(picture.path).convert("RGB"))[16, 24].tolist() == [0x33, 0x66, 0x99]


async def test_paste_without_a_picture_says_so(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        QGuiApplication.clipboard().setText("words")
        app.canvas.setFocus()

        app.key(Qt.Key.Key_V, CONTROL)

        assert app.window.status.notice == "There is no picture on the clipboard."
        assert app.names == ["coffee.png"]


@pytest.mark.qt_log_ignore("^This plugin does not support (raise|grabbing)", extend=True)  # a list opens
async def test_drop_of_good_and_bad_files_takes_the_good_and_names_the_bad(photo, tmp_path) -> None:
    torn, words, folder = tmp_path / "torn.png", tmp_path / "notes.png", tmp_path / "folder.png"
    torn.write_bytes(photo("coffee.png").read_bytes()[:5000])
    words.write_text("no picture at all")
    folder.mkdir()
    huge = tmp_path / "huge.png"
    write_huge_header(huge)
    async with desk([photo("coffee.png")]) as app:
        app.drop(
            [torn, photo("chelsea.jpg"), words, folder, huge, tmp_path / "gone.png", photo("rocket.jpg")]
        )
        await until(lambda: refusal(app))

        assert app.names == ["coffee.png", "chelsea.jpg", "rocket.jpg"]
        assert refusal(app).startswith("5 pictures didn't come in. ")
        told = app.find(QLabel, "trayWords").toolTip().splitlines()
        for name in ("torn.png", "notes.png", "folder.png", "huge.png", "gone.png"):
            assert sum(name in line for line in told) == 1, told
        assert all(line.count(".") >= 2 for line in told), told

        link = app.find(QPushButton, "trayRefusals")
        assert link.text() == "Show all 5"
        QTest.keyClick(link, Qt.Key.Key_Space)
        popup = app.find(QWidget, "refusalsPopup")
        assert [one.text() for one in popup.findChildren(QLabel, "refusal")] == told
        QTest.keyClick(popup, Qt.Key.Key_Escape)
        assert not popup.isVisible()
        await settled()

        app.click(app.find(QToolButton, "trayDismiss"))
        assert not refusal(app)


def write_huge_header(path: Path) -> None:
    """A PNG that says it has 60,000 x 60,000 pixels and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + data)


async def test_seventeenth_picture_is_refused_in_words_and_sixteen_stay(photo) -> None:
    small = [photo("camera.png", (40 + at, 30)) for at in range(MAX_PICTURES + 1)]
    async with desk(small[:15]) as app:
        app.drop(small[15:])
        await until(lambda: refusal(app))

        assert len(app.names) == len(app.tiles) == MAX_PICTURES
        assert "16 pictures" in refusal(app)
        assert "Remove one" in refusal(app)
        assert not app.find(QToolButton, "trayAdd").isEnabled()


async def test_drag_of_a_tile_puts_it_first_and_makes_its_mask_the_one_that_is_sent(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg"), photo("rocket.jpg")]) as app:
        first, _, last = app.tiles
        start = QPointF(last.rect().center())
        goal = QPointF(last.mapFromGlobal(first.mapToGlobal(first.rect().topLeft())))

        app.mouse(last, QEvent.Type.MouseButtonPress, start, LEFT, LEFT)
        app.mouse(last, QEvent.Type.MouseMove, (start + goal) / 2, NONE, LEFT)
        app.mouse(last, QEvent.Type.MouseMove, goal, NONE, LEFT)
        app.mouse(last, QEvent.Type.MouseButtonRelease, goal, LEFT, NONE)
        await settled()

        assert app.names == ["rocket.jpg", "coffee.png", "chelsea.jpg"]
        assert [tile.item.name for tile in app.tiles] == app.names
        assert "This picture is edited" in app.tiles[0].accessibleName()
        app.canvas.setFocus()
        app.key(Qt.Key.Key_Z, CONTROL)
        assert app.names == ["coffee.png", "chelsea.jpg", "rocket.jpg"]


async def test_keys_on_a_tile_move_it_and_step_to_the_next(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        app.tiles[0].setFocus()

        app.key(Qt.Key.Key_Right, CONTROL)
        await settled()
        assert app.names == ["chelsea.jpg", "coffee.png"]

        app.key(Qt.Key.Key_Left)
        assert app.studio.session.current == app.studio.session.tray[0]


async def test_removed_picture_comes_back_with_its_mask_by_undo(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        app.paint((300, 200), (340, 240))
        painted = app.studio.session.tray[0].mask.coverage.copy()
        app.tiles[0].setFocus()

        app.key(Qt.Key.Key_Delete)
        await app.on_canvas()
        assert app.names == ["chelsea.jpg"]
        assert app.mask_is_empty()

        app.key(Qt.Key.Key_Z, CONTROL)
        await settled()
        assert app.names == ["coffee.png", "chelsea.jpg"]
        assert np.array_equal(app.studio.session.tray[0].mask.coverage, painted)


async def test_mask_stays_with_its_picture_while_another_is_on_the_canvas(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        app.paint((300, 200), (340, 240))

        app.click(app.tiles[1])
        await app.on_canvas()
        assert app.mask_is_empty()

        app.click(app.tiles[0])
        await app.on_canvas()
        assert not app.mask_is_empty()
        assert "inside its mask" in app.tiles[0].accessibleName()


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ({"prompt": ""}, "Say what should change."),
        ({"prompt": "x", "size": "1537x1024"}, "16"),
        ({"prompt": "x", "size": "1537x"}, "both sides"),
        ({"prompt": "x" * 32_001}, "1 character too long"),
    ],
)
async def test_generate_while_something_is_wrong_is_off_with_the_reason(photo, state, reason) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.studio.parameters.set(**state)
        app.canvas.setFocus()

        app.key(Qt.Key.Key_Return, CONTROL)

        assert not app.find(QPushButton, "generateButton").isEnabled()
        assert reason in app.words("generateNote")
        assert app.studio.jobs.all == []


async def test_generate_without_a_picture_is_off_with_the_reason(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.say("make it warmer")
        app.tiles[0].setFocus()

        app.key(Qt.Key.Key_Delete)

        assert not app.find(QPushButton, "generateButton").isEnabled()
        assert app.words("generateNote") == "Add a picture to edit."
