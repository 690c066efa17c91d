"""Answers of reading processes that a picture has taken over are none."""

import io
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from overpaint.core.errors import PictureError
from overpaint.core.request.edit_request import Picture
from overpaint.core.request.sizes import Size
from overpaint.imaging.reading.reader_protocol import (
    Answer,
    Decode,
    Decoded,
    Failed,
    Garbled,
    Look,
    Looked,
    ReadRequest,
    Take,
    Taken,
    encode,
    read_answer,
)
from overpaint.studio.pictures import reader_child as module
from overpaint.studio.pictures.picture_reader import PictureReader
from overpaint.studio.pictures.pixel_folders import PixelFolders
from overpaint.studio.pictures.reader_protocol_check import matches_request

FILE, INTO = Path("/pictures/a.png"), Path("/copies")


def picture(file: Path) -> Picture:
    return Picture(file, "a", "png", Size(2, 1), 10)


@pytest.mark.parametrize(
    ("order", "answer", "body"),
    [
        (Decode(FILE), Decoded((1, 2)), bytes(8)),
        (Decode(FILE), Failed("picture", "No picture."), b""),
        (Take(FILE, INTO), Taken(picture(FILE), "", (1, 2)), bytes(8)),
        (Take(FILE, INTO), Taken(picture(INTO / "a.png"), "copied", (1, 2)), bytes(8)),
        (Look(FILE), Looked(picture(FILE)), b""),
    ],
)
def test_answer_to_the_order_fits(order: ReadRequest, answer: Answer, body: bytes) -> None:
    assert matches_request(order, answer, body, PixelFolders(()))


@pytest.mark.parametrize(
    ("order", "answer", "body"),
    [
        (Decode(FILE), Looked(picture(FILE)), b""),
        (Decode(FILE), Decoded((1, 2)), bytes(7)),
        (Decode(FILE), Decoded((-1, -2)), bytes(8)),
        (Decode(FILE), Decoded((0, 0)), b""),
        (Decode(FILE), Decoded((1, 2), Path("/etc/passwd")), b""),
        (Take(FILE, INTO), Taken(picture(FILE), "", (1, 2)), b""),
        (Take(FILE, INTO), Taken(picture(Path("/home/key")), "", (1, 2)), bytes(8)),
        (Take(FILE, INTO), Taken(picture(INTO / ".."), "", (1, 2)), bytes(8)),
        (Look(FILE), Looked(picture(Path("/home/key"))), b""),
    ],
)
def test_other_answer_does_not_fit(order: ReadRequest, answer: Answer, body: bytes) -> None:
    assert not matches_request(order, answer, body, PixelFolders(()))


def test_pixels_in_a_file_fit_when_they_are_all_there_and_no_link(tmp_path: Path) -> None:
    (tmp_path / "whole").write_bytes(bytes(8))
    (tmp_path / "short").write_bytes(bytes(7))
    (tmp_path / "link").symlink_to(tmp_path / "whole")
    folders = PixelFolders((tmp_path,))

    found = {
        name: matches_request(Decode(FILE), Decoded((1, 2), tmp_path / name), b"", folders)
        for name in ("whole", "short", "link", "gone")
    }

    assert found == {"whole": True, "short": False, "link": False, "gone": False}


@pytest.mark.parametrize(
    "data",
    [
        struct.pack("<IQ", 4, 0) + b"oops",
        struct.pack("<IQ", 2, 0) + b"{}",
        struct.pack("<IQ", 2**31, 0),
        struct.pack("<IQ", 2, 2**63) + b"{}",
        encode(Decoded((1, 2), Path("x"))).replace(b'"x"', b'"\xc4\x80"'),
        encode(Failed("a", "b")).replace(b'"a"', b'"\xff"'),
    ],
)
def test_frame_that_is_none_is_garbled(data: bytes) -> None:
    with pytest.raises(Garbled):
        read_answer(io.BytesIO(data))


@pytest.mark.parametrize("said", ["x" * 40, encode(Looked(picture(FILE))).decode("latin-1")])
async def test_process_that_talks_nonsense_counts_as_lost_and_the_reader_goes_on(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, photo: Callable[..., Path]
) -> None:
    program = tmp_path / "nonsense.py"
    program.write_text(f"import sys; sys.stdout.buffer.write({said.encode('latin-1')!r}); sys.stdout.flush()")
    command, file = module._command, photo("coffee.png")
    nonsense = [sys.executable, str(program)]
    reader = PictureReader()
    try:
        monkeypatch.setattr(module, "_command", lambda: nonsense)
        with pytest.raises(PictureError, match="confused the process that reads pictures"):
            await reader.pixels(file)
        monkeypatch.setattr(module, "_command", command)
        pixels = await reader.pixels(file)
    finally:
        reader.close()

    assert pixels.shape == (400, 600, 4)
