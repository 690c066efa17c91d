"""The table of file formats: first bytes and names decide, and a new row is all that its pictures need."""

from configparser import ConfigParser
from pathlib import Path

import pytest
from PIL import Image
from tests.conftest import Photo

from overpaint.cli import main
from overpaint.core.request import picture_formats
from overpaint.core.request.picture_formats import FORMATS, PictureFormat, recognize
from overpaint.imaging.reading.prepare import make_uploadable
from overpaint.studio.pictures.file_collection import collect_files
from overpaint.ui.dialogs import file_dialogs

ROOT = Path(__file__).resolve().parents[3]
PORTABLE = PictureFormat(
    "ppm",
    "portable pixmap",
    "converted",
    (((0, b"P6"),),),
    suffixes=(".ppm",),
    mime="image/x-portable-pixmap",
    decoder="PPM",
)


def test_any_first_bytes_are_recognized_or_not_without_an_error() -> None:
    for start in range(256):
        for length in (0, 1, 3, 11, 40):
            row = recognize(bytes([start]) * length)

            assert row is None or row.name in ("text", "bmp")


@pytest.mark.parametrize("row", [one for one in FORMATS if one.signatures], ids=lambda one: one.name)
def test_every_signature_leads_to_its_row(row: PictureFormat) -> None:
    for signature in row.signatures:
        head = bytearray(b"\0" * 64)
        for offset, data in signature:
            head[offset : offset + len(data)] = data

        assert recognize(bytes(head)) == row


def test_names_and_endings_are_each_one_rows_own() -> None:
    endings = [ending for row in FORMATS for ending in (*row.suffixes, *row.rare_suffixes)]

    assert len({row.name for row in FORMATS}) == len(FORMATS)
    assert len(set(endings)) == len(endings)


def test_formats_that_are_taken_have_all_that_their_pictures_need() -> None:
    for row in FORMATS:
        assert row.taken == bool(row.suffixes and row.mime and row.decoder)


def test_new_row_is_recognized_offered_collected_checked_and_taken(
    photo: Photo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "folder" / "scan.ppm"
    file.parent.mkdir()
    with Image.open(photo("coffee.png")) as image:
        image.convert("RGB").save(file)
    assert main(["check", str(file)]) == 1
    assert "Overpaint takes PNG, JPEG, WebP, GIF, BMP and TIFF" not in file_dialogs._pictures()

    monkeypatch.setattr(picture_formats, "FORMATS", (PORTABLE, *FORMATS))

    assert recognize(file.read_bytes()) == PORTABLE
    assert "*.ppm" in file_dialogs._pictures()
    assert collect_files([file.parent]).files == (file,)
    made = make_uploadable(file, tmp_path / "drafts")
    assert "it is a portable pixmap" in made.change
    assert made.picture.mime == "image/png"
    assert made.picture.upload_name(1) == "image-1.png"


def test_desktop_offers_the_program_for_the_formats_that_are_sent() -> None:
    (entry,) = (ROOT / "packaging").glob("*.desktop")
    parser = ConfigParser(interpolation=None)
    parser.read(entry, "utf-8")

    offered = parser["Desktop Entry"]["MimeType"].strip(";").split(";")

    assert offered == [row.mime for row in picture_formats.sent()]
