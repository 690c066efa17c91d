"""The tray's one entrance: pictures in their order, rejected in words, and no file opened in vain."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.conftest import Photo

from overpaint.core.request.picture_formats import titles
from overpaint.studio.document.session import Session
from overpaint.studio.pictures.picture_import import PictureImport, checked
from overpaint.studio.pictures.picture_reader import PictureReader, TakenPicture


@pytest.fixture
def session() -> Session:
    return Session(8 * 1024 * 1024)


@pytest.fixture
async def reader() -> AsyncIterator[PictureReader]:
    made = PictureReader()
    yield made
    made.close()


@pytest.fixture
def picture_import(session: Session, reader: PictureReader, tmp_path: Path) -> PictureImport:
    return PictureImport(session, tmp_path / "drafts", reader)


async def test_files_come_in_by_their_order_as_one_act(
    session: Session, picture_import: PictureImport, photo: Photo
) -> None:
    names = ["rocket.png", "chelsea.jpg", "coffee.webp"]

    rejected = await picture_import.import_files([photo(name) for name in names])

    assert rejected == []
    assert [item.name for item in session.tray] == names
    session.undo()
    assert session.tray == ()


async def test_bad_files_are_refused_in_words_and_the_good_come_in(
    session: Session, picture_import: PictureImport, photo: Photo, tmp_path: Path
) -> None:
    text = tmp_path / "notes.png"
    text.write_text("not a picture at all, but quite a long text")
    cut = tmp_path / "cut.png"
    cut.write_bytes(photo("coffee.png").read_bytes()[:5000])

    bare = tmp_path / "bare"
    bare.mkdir()

    rejected = await picture_import.import_files(
        [text, tmp_path / "gone.png", photo("chelsea.png"), bare, cut]
    )

    assert [item.name for item in session.tray] == ["chelsea.png"]
    assert [one.name for one in rejected] == ["bare", "notes.png", "gone.png", "cut.png"]
    assert all(one.message.endswith(".") and "Error" not in one.message for one in rejected)


async def test_seventeenth_picture_is_refused_and_the_tray_stays(
    session: Session, picture_import: PictureImport, photo: Photo
) -> None:
    await picture_import.import_files([photo("chelsea.png")] * 15)

    rejected = await picture_import.import_files([photo("chelsea.png"), photo("coffee.png")])

    assert len(session.tray) == 16
    assert [(one.name, "16 pictures" in one.message) for one in rejected] == [("coffee.png", True)]


async def test_thousand_files_are_not_opened_once_the_tray_is_full(
    session: Session, picture_import: PictureImport, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    plain = PictureReader.prepare

    async def prepare(self: PictureReader, file: Path, into: Path, **how: Any) -> TakenPicture:
        opened.append(file)
        return await plain(self, file, into, **how)

    monkeypatch.setattr(PictureReader, "prepare", prepare)

    rejected = await picture_import.import_files([photo("chelsea.png", (64, 48))] * 1000)

    assert len(session.tray) == 16
    assert len(rejected) == 984
    assert len(opened) <= 20


async def test_unreadable_files_before_good_ones_leave_room_for_those(
    session: Session, picture_import: PictureImport, photo: Photo, tmp_path: Path
) -> None:
    rejected = await picture_import.import_files([tmp_path / "gone.png"] * 20 + [photo("chelsea.png")] * 16)

    assert len(session.tray) == 16
    assert len(rejected) == 20


async def test_picture_that_must_be_converted_says_so_and_keeps_its_source(
    session: Session, picture_import: PictureImport, photo: Photo, tmp_path: Path
) -> None:
    print_file = tmp_path / "for print.jpg"
    with Image.open(photo("chelsea.png")) as image:
        image.convert("CMYK").save(print_file)

    await picture_import.import_files([print_file])

    (item,) = session.tray
    assert item.note == "Converted to PNG for upload: it is CMYK"
    assert item.source == print_file
    assert item.picture.path.parent == tmp_path / "drafts"


async def test_pasted_pixels_become_a_draft_under_the_name_they_are_given(
    session: Session, picture_import: PictureImport, photo: Photo
) -> None:
    rejected = await picture_import.import_pixels(photo("chelsea.png").read_bytes(), "Pasted picture")

    assert rejected == []
    assert session.tray[0].name == "Pasted picture"
    assert session.tray[0].picture.path.exists()


async def test_pasted_pixels_that_cannot_be_kept_are_refused_in_words(
    session: Session, picture_import: PictureImport, photo: Photo, tmp_path: Path
) -> None:
    (tmp_path / "drafts").write_text("a file where the folder should be")

    rejected = await picture_import.import_pixels(photo("chelsea.png").read_bytes(), "Pasted picture")

    assert session.tray == ()
    assert [(one.name, "couldn't be kept" in one.message) for one in rejected] == [("Pasted picture", True)]


async def test_file_that_is_checked_is_described_or_refused(
    reader: PictureReader, photo: Photo, tmp_path: Path
) -> None:
    good = await checked(photo("chelsea.png"), reader)
    taken, why = await checked(tmp_path / "gone.png", reader)

    assert good == (True, "png, 451x300, left out: colour profile")
    assert not taken
    assert "gone.png" in why


async def test_folder_brings_its_pictures_as_people_count_and_says_what_it_left_out(
    session: Session, picture_import: PictureImport, photo: Photo, tmp_path: Path
) -> None:
    folder = tmp_path / "holiday"
    (folder / "more").mkdir(parents=True)
    for name in ("shot 10.png", "shot 2.png", ".hidden.png", "more/shot 1.png"):
        (folder / name).write_bytes(photo("chelsea.png", (64, 48)).read_bytes())
    for name in ("notes.txt", "IMG_1.HEIC", "IMG_2.heic", "wide.avif"):
        (folder / name).write_text("words")

    rejected = await picture_import.import_files([folder])

    assert [item.name for item in session.tray] == ["shot 2.png", "shot 10.png", "shot 1.png"]
    assert [one.message for one in rejected] == [
        f"holiday: 1 AVIF and 2 HEIC pictures were left out; Overpaint takes {titles()}.",
        "holiday: 1 file that is no picture was left out.",
    ]


async def test_pictures_of_one_name_are_numbered(
    session: Session, picture_import: PictureImport, photo: Photo
) -> None:
    await picture_import.import_files([photo("chelsea.png")])

    await picture_import.import_files([photo("chelsea.png"), photo("chelsea.png", (64, 48))])

    assert [item.name for item in session.tray] == ["chelsea.png", "chelsea 2.png", "chelsea 3.png"]


async def test_file_that_is_too_large_comes_in_when_it_may_be_shrunk_and_stays_as_it_was(
    session: Session, picture_import: PictureImport, tmp_path: Path
) -> None:
    large = tmp_path / "large.bmp"
    Image.effect_noise((4200, 4100), 60).convert("RGB").save(large)
    before = large.stat()

    (refusal,) = await picture_import.import_files([large])
    nothing = await picture_import.import_files([large], shrink=True)

    assert refusal.message.startswith("large.bmp has 52 MB; a picture must stay under 50 MB.")
    assert refusal.file == large
    assert nothing == []
    (item,) = session.tray
    assert item.picture.bytes < 50_000_000
    assert str(item.picture.size) == "4200x4100"
    assert item.note == "Shrunk to fit: JPEG of 4200 × 4100"
    assert (large.stat().st_size, large.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


async def test_arrivals_are_told_while_they_are_read_and_have_a_preview_when_they_were(
    picture_import: PictureImport, photo: Photo
) -> None:
    seen: list[list[tuple[str, bool]]] = []
    picture_import.pending_changed.connect(
        lambda: seen.append([(one.name, one.preview is not None) for one in picture_import.pending])
    )

    await picture_import.import_files([photo("chelsea.png"), photo("coffee.png")])

    assert seen[0] == [("chelsea.png", False), ("coffee.png", False)]
    assert seen[-2] == [("chelsea.png", True), ("coffee.png", True)]
    assert seen[-1] == []
