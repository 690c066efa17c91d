"""The tiles of the tray under mouse and keys: names, twins, replacement, numbers, and what each says."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QMenu, QPushButton, QToolButton
from tests.flows.desk import CONTROL, LEFT, NONE, Desk, desk
from tests.flows.wait import settled, until

from overpaint.core.request.params import MAX_PICTURES
from overpaint.ui.shell import file_manager
from overpaint.ui.tray.tray_tile import in_bytes

ALT = Qt.KeyboardModifier.AltModifier


def act(app: Desk, name: str) -> None:
    """Chooses an act of the menus."""
    action = app.window.actions_[name]
    assert action.isEnabled(), name
    action.trigger()


def edit_of(app: Desk) -> QLineEdit:
    """The field in which a name is typed."""
    return app.find(QLineEdit, "trayNameEdit")


async def choose(app: Desk, name: str, file: Path) -> None:
    """Answers a file dialog."""
    dialog = await until(lambda: next(iter(app.window.findChildren(QFileDialog, name)), None))
    dialog.findChildren(QLineEdit, "fileNameEdit")[0].setText(str(file))
    QTest.keyClick(dialog.findChildren(QLineEdit, "fileNameEdit")[0], Qt.Key.Key_Return)
    await until(lambda: not dialog.isVisible())


async def test_tile_says_number_name_size_bytes_and_what_is_converted(photo, tmp_path) -> None:
    file = tmp_path / "print.jpg"
    with Image.open(photo("coffee.png")) as image:
        image.convert("CMYK").save(file)
    async with desk([file]) as app:
        (tile,) = app.tiles

        sent = in_bytes(app.item.picture.bytes)
        assert tile.caption == "print.jpg"
        assert tile.toolTip().splitlines() == [
            "Picture 1: print.jpg",
            f"600 × 400, {sent} as it is sent",
            "Converted to PNG for upload: it is CMYK",
            "This picture is edited",
        ]
        assert tile._second == ("600×400", sent)


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 B"), (999, "999 B"), (45_200, "45 kB"), (2_340_000, "2.3 MB"), (49e6, "49 MB")],
)
def test_length_of_a_file_is_said_in_seven_characters_at_most(count: int, words: str) -> None:
    assert in_bytes(count) == words


async def test_name_typed_in_the_tile_is_kept_and_taken_back_by_undo(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        app.tiles[1].setFocus()
        app.key(Qt.Key.Key_F2)
        edit = edit_of(app)
        QTest.keyClick(edit, Qt.Key.Key_A, CONTROL)
        QTest.keyClicks(edit, "the cat")
        QTest.keyClick(edit, Qt.Key.Key_Return)
        await settled()

        assert app.names == ["coffee.png", "the cat"]
        assert app.tiles[1].caption == "the cat"
        app.key(Qt.Key.Key_Z, CONTROL)
        assert app.names == ["coffee.png", "chelsea.jpg"]


async def test_name_that_another_picture_has_is_numbered(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        app.window.edit.tray.renamed.emit(app.studio.session.tray[1].id, "Coffee.png")

        assert app.names == ["coffee.png", "Coffee 2.png"]


async def test_name_left_by_escape_stays_and_no_run_is_cancelled(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        act(app, "rename_picture")
        QTest.keyClicks(edit_of(app), "something else")

        QTest.keyClick(edit_of(app), Qt.Key.Key_Escape)
        await settled()

        assert app.names == ["coffee.png"]
        assert app.window.findChildren(QLineEdit, "trayNameEdit") == []


async def test_keys_mean_the_picture_that_is_marked_after_it_was_duplicated(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        app.click(app.tiles[0])
        app.key(Qt.Key.Key_J, CONTROL)
        await app.on_canvas()

        app.key(Qt.Key.Key_Delete)

        assert app.names == ["coffee.png", "chelsea.jpg"]


async def test_alt_backspace_which_fills_masks_removes_no_picture(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        app.click(app.tiles[0])
        await app.on_canvas()

        app.key(Qt.Key.Key_Backspace, ALT)

        assert app.names == ["coffee.png", "chelsea.jpg"]


async def test_picture_whose_file_is_gone_shows_no_other_in_its_place(photo, tmp_path) -> None:
    file = tmp_path / "gone.png"
    file.write_bytes(photo("coffee.png").read_bytes())
    async with desk([file, photo("chelsea.jpg"), photo("rocket.jpg"), photo("camera.png")]) as app:
        for tile in app.tiles[1:]:  # until nobody remembers the first one's pixels
            app.click(tile)
            await app.on_canvas()
        file.unlink()

        app.click(app.tiles[0])
        await until(lambda: app.canvas.picture is None)

        assert "gone.png" in app.window.status.notice


async def test_duplicate_has_a_mask_of_its_own(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        app.paint((300, 200), (340, 240))
        painted = app.item.mask.coverage.copy()

        app.canvas.setFocus()
        app.key(Qt.Key.Key_J, CONTROL)
        await app.on_canvas()

        first, twin, _ = app.studio.session.tray
        assert app.names == ["coffee.png", "coffee 2.png", "chelsea.jpg"]
        assert app.item is twin
        assert np.array_equal(twin.mask.coverage, painted)
        app.paint((100, 100), (140, 140))
        assert np.array_equal(first.mask.coverage, painted)
        assert not np.array_equal(twin.mask.coverage, painted)


async def test_duplicate_in_a_full_tray_is_not_offered(photo) -> None:
    small = [photo("camera.png", (40 + at, 30)) for at in range(MAX_PICTURES)]
    async with desk(small) as app:
        assert not app.window.actions_["duplicate_picture"].isEnabled()


async def test_replaced_picture_of_the_same_size_keeps_place_and_mask(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        app.paint((300, 200), (340, 240))
        painted = app.item.mask.coverage.copy()

        act(app, "replace_picture")
        await choose(app, "replacePictureDialog", photo("rocket.png", (600, 400)))
        await until(lambda: app.names == ["rocket.png", "chelsea.jpg"])
        await app.on_canvas()

        assert app.item is app.studio.session.tray[0]
        assert np.array_equal(app.item.mask.coverage, painted)
        act(app, "undo")
        assert app.names == ["coffee.png", "chelsea.jpg"]
        act(app, "undo")
        assert app.mask_is_empty(app.studio.session.tray[0])


@pytest.mark.parametrize(("answer", "share"), [("which0", True), ("which1", False)])
async def test_replaced_picture_of_another_size_asks_what_becomes_of_the_mask(photo, answer, share) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.studio.session.fill_mask()

        act(app, "replace_picture")
        await choose(app, "replacePictureDialog", photo("chelsea.png"))
        button = await until(lambda: next(iter(app.window.findChildren(QPushButton, answer)), None))
        app.click(button)
        await until(lambda: app.names == ["chelsea.png"])
        await app.on_canvas()

        assert app.item.mask.coverage.shape == (300, 451)
        assert app.item.mask.is_full() is share


async def test_replacement_that_is_no_picture_leaves_the_tray(photo, tmp_path) -> None:
    words = tmp_path / "notes.png"
    words.write_text("words")
    async with desk([photo("coffee.png")]) as app:
        act(app, "replace_picture")
        await choose(app, "replacePictureDialog", words)
        await until(lambda: "text file" in app.words("trayWords"))

        assert app.names == ["coffee.png"]


async def test_number_keys_bring_pictures_onto_the_canvas(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg"), photo("rocket.jpg")]) as app:
        app.tiles[0].setFocus()
        app.key(Qt.Key.Key_3)
        assert app.item.name == "rocket.jpg"

        app.canvas.setFocus()
        app.key(Qt.Key.Key_2, ALT)
        assert app.item.name == "chelsea.jpg"

        app.key(Qt.Key.Key_9, ALT)
        assert app.item.name == "chelsea.jpg"


async def test_tab_goes_through_the_pictures_as_they_stand_and_then_to_adding(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg"), photo("rocket.jpg")]) as app:
        app.studio.session.move(app.tiles[2].item.id, 0)
        await settled()
        tiles = app.tiles
        tiles[0].setFocus()

        passed = []
        for _ in range(6):
            focused = QApplication.focusWidget()
            assert focused is not None
            QTest.keyClick(focused, Qt.Key.Key_Tab)
            passed.append(QApplication.focusWidget())

        assert [tile.item.name for tile in tiles] == ["rocket.jpg", "coffee.png", "chelsea.jpg"]
        eyes = [tile.eye for tile in tiles]
        assert passed == [eyes[0], tiles[1], eyes[1], tiles[2], eyes[2], app.find(QToolButton, "trayAdd")]


async def test_digits_on_the_canvas_are_still_opacity(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        app.window.wiring.set_tool("brush")
        app.canvas.setFocus()

        app.key(Qt.Key.Key_2)

        assert app.item.name == "coffee.png"


async def test_menu_of_a_tile_is_that_of_its_picture_and_moves_it(photo, monkeypatch) -> None:
    monkeypatch.setattr(QMenu, "popup", lambda *_: None)  # the offscreen platform complains of it
    async with desk([photo("coffee.png"), photo("chelsea.jpg"), photo("rocket.jpg")]) as app:
        tile = app.tiles[2]
        event = QContextMenuEvent(
            QContextMenuEvent.Reason.Mouse, QPoint(20, 20), tile.mapToGlobal(QPoint(20, 20))
        )
        QApplication.sendEvent(tile, event)
        (menu,) = app.window.edit.tray.findChildren(QMenu)
        words = {one.text(): one for one in menu.actions() if not one.isSeparator()}

        assert app.item.name == "rocket.jpg"
        assert not words["Move right"].isEnabled()
        words["Move left"].trigger()
        assert app.names == ["coffee.png", "rocket.jpg", "chelsea.jpg"]
        words["Make it first: it is edited"].trigger()
        assert app.names == ["rocket.jpg", "coffee.png", "chelsea.jpg"]
        menu.close()


async def test_drag_shows_where_the_tile_comes_to_stand_and_escape_leaves_it(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg"), photo("rocket.jpg")]) as app:
        first, _, last = app.tiles
        mark = app.window.edit.tray._mark
        goal = QPointF(last.mapFromGlobal(first.mapToGlobal(first.rect().topLeft())))
        last.setFocus()

        app.mouse(last, QEvent.Type.MouseButtonPress, QPointF(last.rect().center()), LEFT, LEFT)
        app.mouse(last, QEvent.Type.MouseMove, goal, NONE, LEFT)
        assert mark.isVisible()
        assert mark.geometry().left() <= first.geometry().left()

        app.key(Qt.Key.Key_Escape)
        app.mouse(last, QEvent.Type.MouseButtonRelease, goal, LEFT, NONE)
        assert not mark.isVisible()
        assert app.names == ["coffee.png", "chelsea.jpg", "rocket.jpg"]


async def test_picture_opens_in_its_program_and_shows_in_its_folder_by_the_file_the_user_gave(
    photo, tmp_path, monkeypatch
) -> None:
    file = tmp_path / "print.jpg"
    with Image.open(photo("coffee.png")) as image:
        image.convert("CMYK").save(file)
    opened: list[str] = []

    def take_note(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", take_note)
    monkeypatch.setattr(file_manager, "_shown_by_bus", lambda _: False)
    async with desk([file]) as app:
        act(app, "open_picture")
        act(app, "reveal_picture")

        assert opened == [str(file), str(tmp_path)]


async def test_desktop_without_programs_is_said_in_words(photo, monkeypatch) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _: False)
    monkeypatch.setattr(file_manager, "_shown_by_bus", lambda _: False)
    async with desk([photo("coffee.png")]) as app:
        act(app, "open_picture")
        assert app.window.status.notice == "No program could be found that opens coffee.png."

        act(app, "reveal_picture")
        assert app.window.status.notice.startswith("No file manager could be opened. The folder is ")


async def test_names_and_twins_are_there_again_at_the_next_start(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.edit.tray.renamed.emit(app.item.id, "my cup")
        act(app, "duplicate_picture")
        await app.on_canvas()
        app.paint((300, 200), (340, 240))
    async with desk() as app:
        assert app.names == ["my cup", "my cup 2"]
        assert [app.mask_is_empty(item) for item in app.studio.session.tray] == [True, False]


async def test_file_that_is_too_large_comes_in_by_one_click(photo, tmp_path) -> None:
    large = tmp_path / "large.bmp"
    Image.effect_noise((4200, 4100), 60).convert("RGB").save(large)
    async with desk([photo("coffee.png")]) as app:
        app.drop([large])
        shrink = app.find(QPushButton, "trayShrink")
        await until(shrink.isVisible)
        assert app.words("trayWords").startswith("large.bmp has 52 MB; a picture must stay under 50 MB.")

        app.click(shrink)
        await until(lambda: len(app.names) == 2)

        assert not shrink.isVisible()
        assert app.item.note == "Shrunk to fit: JPEG of 4200 × 4100"
        assert app.item.picture.bytes < 50_000_000
        assert app.find(QLabel, "trayWords").property("role") == "dim"


async def test_picture_that_comes_onto_the_canvas_is_in_sight_in_the_tray(photo) -> None:
    small = [photo("camera.png", (40 + at, 30)) for at in range(MAX_PICTURES)]
    async with desk(small, size=(1024, 700)) as app:
        view = app.window.edit.tray.view.viewport()

        app.studio.session.show(app.studio.session.tray[-1].id)
        await settled()

        last = app.tiles[-1]
        assert view.rect().contains(last.mapTo(view, last.rect().center()))
