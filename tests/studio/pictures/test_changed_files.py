"""Pictures of the tray that another program changes on the disk."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.tray import odd

from overpaint.core.masks.geometry import Rect
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem
from overpaint.studio.pictures.changed_files import ChangedFiles
from overpaint.studio.pictures.picture_import import PictureImport
from overpaint.studio.pictures.picture_reader import PictureReader

SIZE = (60, 40)


@pytest.fixture
def session() -> Session:
    return Session(8 * 1024 * 1024)


@pytest.fixture
async def picture_import(session: Session, tmp_path: Path) -> AsyncIterator[PictureImport]:
    reader = PictureReader()
    yield PictureImport(session, tmp_path / "drafts", reader)
    reader.close()


@pytest.fixture
def changed_files(session: Session, picture_import: PictureImport) -> ChangedFiles:
    return ChangedFiles(session, picture_import)


def save(file: Path, colour: str, size: tuple[int, int] = SIZE, **more: Any) -> Path:
    """A picture of one colour, with a date of its own however coarse the file system's clock is."""
    before = file.stat().st_mtime_ns if file.exists() else 0
    Image.new("RGB", size, colour).save(file, **more)
    os.utime(file, ns=(before + 10**10, before + 10**10))
    return file


def painted(session: Session) -> TrayItem:
    """The first picture, with ten pixels of its mask painted."""
    item = session.tray[0]
    item.mask.coverage[5, 5:15] = 255
    item.mask.changed(Rect(5, 5, 10, 1))
    return item


async def test_picture_that_stays_as_it_is_is_not_read_again(
    session, picture_import, changed_files, tmp_path
) -> None:
    await picture_import.import_files([save(tmp_path / "a.png", "red")])
    before = session.tray

    changed = await changed_files.look()

    assert (changed.renewed, changed.refused, changed.words) == ((), (), "")
    assert session.tray[0] is before[0]


async def test_changed_picture_keeps_its_place_its_name_and_its_very_mask(
    session, picture_import, changed_files, tmp_path
) -> None:
    file = save(tmp_path / "a.png", "red")
    await picture_import.import_files([file, save(tmp_path / "b.png", "blue")])
    session.replace_tray((session.tray[0].renamed("lamp"), session.tray[1]))
    before = painted(session)
    acts = session.history.names()

    save(file, "green", compress_level=0)
    changed = await changed_files.look()

    after = session.tray[0]
    assert changed.words == "“lamp” changed on the disk and was read again."
    assert (after.id, after.name, session.names) == (before.id, "lamp", ("lamp", "b.png"))
    assert after.mask is before.mask
    assert after.picture.bytes == file.stat().st_size != before.picture.bytes
    assert session.history.names() == acts
    assert (await changed_files.look()).renewed == ()


async def test_mask_is_stretched_over_a_picture_of_another_size(
    session, picture_import, changed_files, tmp_path
) -> None:
    file = save(tmp_path / "a.png", "red")
    await picture_import.import_files([file])
    painted(session)

    save(file, "red", (120, 80))
    await changed_files.look()

    after = session.tray[0]
    assert str(after.picture.size) == "120x80"
    assert after.mask.bounds() == Rect(10, 10, 20, 2)


async def test_picture_that_can_t_be_read_any_more_is_named_and_stays(
    session, picture_import, changed_files, tmp_path
) -> None:
    file = save(tmp_path / "a.png", "red")
    await picture_import.import_files([file])
    before = session.tray

    file.write_text("no picture at all, but a text that is long enough to be one")
    changed = await changed_files.look()

    assert session.tray == before
    (refusal,) = changed.refused
    assert refusal.message.startswith("a.png changed on the disk. a.png ")


async def test_picture_whose_file_is_gone_stays(session, picture_import, changed_files, tmp_path) -> None:
    file = save(tmp_path / "a.png", "red")
    await picture_import.import_files([file])

    file.unlink()

    assert (await changed_files.look()).words == ""
    assert len(session.tray) == 1


async def test_converted_picture_is_converted_again_when_its_own_file_changed(
    session, picture_import, changed_files, tmp_path
) -> None:
    file = save(tmp_path / "a.gif", "red")
    await picture_import.import_files([file])
    copy = session.tray[0].picture.path

    save(file, "green")
    await changed_files.look()

    assert session.tray[0].source == file
    assert session.tray[0].picture.path not in (copy, file)


async def test_place_that_another_program_wrote_into_a_picture_is_not_sent(
    session, picture_import, changed_files, tmp_path
) -> None:
    file = save(tmp_path / "a.jpg", "red")
    await picture_import.import_files([file])
    exif = Image.Exif()
    exif.get_ifd(odd.GPS).update({1: "N", 2: (48.0, 51.0, 29.0)})

    save(file, "red", exif=exif)
    await changed_files.look()

    assert session.tray[0].note == "Left out: place"
    assert session.tray[0].picture.path != file


async def test_picture_removed_while_it_is_read_again_does_not_come_back(
    session, picture_import, changed_files, tmp_path
) -> None:
    file = save(tmp_path / "a.png", "red")
    await picture_import.import_files([file])
    save(file, "green")
    picture_import.pending_changed.connect(
        remove := lambda: [session.remove(item.id) for item in session.tray]
    )

    changed = await changed_files.look()

    assert remove is not None
    assert session.tray == ()
    assert changed.words == ""
