"""What the tray takes, what it refuses, and the sentence for each."""

import io
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from tests.conftest import Photo

from overpaint.core.errors import PictureError
from overpaint.core.request.sizes import Size
from overpaint.imaging.reading import opening
from overpaint.imaging.reading.file_headers import claimed_size, stored_size
from overpaint.imaging.reading.inspect import inspect

ORIENTATION = 0x0112


@pytest.mark.parametrize(("suffix", "kind"), [("png", "png"), ("jpg", "jpeg"), ("webp", "webp")])
def test_inspect_when_a_photograph_then_its_facts(photo: Photo, suffix: str, kind: str):
    file = photo(f"coffee.{suffix}")

    picture = inspect(file)

    assert (picture.path, picture.name, picture.format) == (file, file.name, kind)
    assert (picture.size, picture.bytes) == (Size(600, 400), file.stat().st_size)


def test_inspect_when_the_ending_lies_then_the_first_bytes_decide(photo: Photo, tmp_path: Path):
    file = tmp_path / "really-a.png"
    file.write_bytes(photo("coffee.jpg").read_bytes())

    assert inspect(file).format == "jpeg"


@pytest.mark.parametrize("turn", range(1, 9))
def test_inspect_when_turned_then_the_size_is_as_shown(photo: Photo, tmp_path: Path, turn: int):
    file = _saved(tmp_path / "turned.jpg", photo, exif={ORIENTATION: turn})

    assert inspect(file).size == (Size(400, 600) if turn > 4 else Size(600, 400))


ANIMATED = "it is an animation, of which the first picture is taken"
REFUSED = {
    "missing": "missing.png is not there.",
    "folder": "folder.png is a folder, not a picture.",
    "empty": "empty.png is empty.",
    "text": "text.png is a text file, not a picture.",
    "unknown": "unknown.png is no picture that Overpaint knows; it takes PNG, JPEG, WebP, GIF, BMP and TIFF.",
    "svg": "svg.png is an SVG file; Overpaint takes PNG, JPEG, WebP, GIF, BMP and TIFF.",
    "pdf": "pdf.png is a PDF file; Overpaint takes PNG, JPEG, WebP, GIF, BMP and TIFF.",
    "heic": "heic.png is a HEIC file; Overpaint takes PNG, JPEG, WebP, GIF, BMP and TIFF.",
    "avif": "avif.png is an AVIF file; Overpaint takes PNG, JPEG, WebP, GIF, BMP and TIFF.",
    "gif": "gif.png can’t be sent as it is: it is a GIF.",
    "bmp": "bmp.png can’t be sent as it is: it is a BMP.",
    "tiff": "tiff.png can’t be sent as it is: it is a TIFF.",
    "html": "html.png is a web page file, not a picture.",
    "header": "header.png is damaged or incomplete.",
    "bomb": "bomb.png has 30000 × 30000 pixels; at most 100 megapixels are taken.",
    "webp bomb": "webp bomb.png has 16383 × 16383 pixels; at most 50 megapixels are taken.",
    "animated webp": f"animated webp.png can’t be sent as it is: {ANIMATED}.",
    "large": "large.png has 50 MB; a picture must stay under 50 MB.",
    "cmyk": "cmyk.png can’t be sent as it is: it is CMYK.",
    "16-bit": "16-bit.png can’t be sent as it is: it has 16 bits a channel.",
    "16-bit grey": "16-bit grey.png can’t be sent as it is: it has 16 bits a channel.",
    "palette": "palette.png can’t be sent as it is: it has a palette.",
}


@pytest.mark.parametrize(("kind", "sentence"), REFUSED.items())
def test_inspect_when_not_to_be_sent_then_a_sentence(tmp_path: Path, photo: Photo, kind: str, sentence: str):
    file = make_file(kind, tmp_path, photo)

    with pytest.raises(PictureError) as caught:
        inspect(file)

    assert caught.value.message == sentence


def test_inspect_when_a_file_may_not_be_read_then_a_sentence(
    tmp_path: Path, photo: Photo, monkeypatch: pytest.MonkeyPatch
):
    file = _saved(tmp_path / "locked.png", photo)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # root, who runs CI, may read every file

    with pytest.raises(PictureError, match=r"locked\.png may not be read"):
        inspect(file)


def test_inspect_when_only_the_pixels_are_broken_then_no_complaint_yet(tmp_path: Path, photo: Photo):
    file = tmp_path / "cut.png"
    file.write_bytes(photo("coffee.png").read_bytes()[:50_000])

    assert inspect(file).size == Size(600, 400)


@pytest.mark.parametrize("lossless", [True, False])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_claimed_size_when_any_webp_then_as_decoded(mode: str, *, lossless: bool):
    buffer = io.BytesIO()
    Image.new(mode, (123, 45), (200, 10, 90, 128)[: len(mode)]).save(buffer, "WEBP", lossless=lossless)

    assert claimed_size(buffer.getvalue()[:64]) == (123, 45)


def make_file(kind: str, folder: Path, photo: Photo) -> Path:
    """A file that no one can send as it is, named after what is wrong with it and ending in .png."""
    file = folder / f"{kind}.png"
    plain = {
        "empty": b"",
        "text": b"Dear diary,\n",
        "unknown": b"\x00\x01\x02 what is this",
        "svg": b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
        "pdf": b"%PDF-1.7\n",
        "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        "avif": b"\0\0\0\x18ftypavif\0\0\0\0",
        "html": b"<!DOCTYPE html><html></html>",
        "header": b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x09\0\0\0\x09" + b"\xff" * 40,
        "webp bomb": b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xfe\x3f\0\xfe\x3f\0" + b"\0" * 20,
    }
    if kind in plain:
        file.write_bytes(plain[kind])
    elif kind == "folder":
        file.mkdir()
    elif kind == "large":
        with file.open("wb") as stream:
            stream.truncate(50_000_000)
    elif kind != "missing":
        _make_picture(kind, file, photo)
    return file


def _make_picture(kind: str, file: Path, photo: Photo) -> None:
    with Image.open(photo("coffee.png")) as image:
        rgb = image.convert("RGB")
    more = {"save_all": True, "append_images": [rgb.rotate(180)]}
    simple: dict[str, tuple[Image.Image, str, dict[str, Any]]] = {
        "gif": (rgb, "GIF", {}),
        "bmp": (rgb, "BMP", {}),
        "tiff": (rgb, "TIFF", {}),
        "animated png": (rgb, "PNG", more),
        "animated webp": (rgb, "WEBP", more),
        "several": (rgb, "MPO", more),
        "cmyk": (rgb.convert("CMYK"), "JPEG", {}),
        "palette": (rgb.quantize(64), "PNG", {}),
        "16-bit grey": (Image.fromarray(np.asarray(rgb.convert("L")).astype(np.uint16) * 257), "PNG", {}),
    }
    if kind == "bomb":
        Image.new("1", (30_000, 30_000)).save(file, compress_level=1)
    elif kind == "16-bit":
        cv2.imwrite(str(file), np.asarray(rgb)[..., ::-1].astype(np.uint16) * 257)
    else:
        made, name, options = simple[kind]
        made.save(file, name, **options)


def _saved(file: Path, photo: Photo, exif: dict[int, int] | None = None) -> Path:
    tags = Image.Exif()
    tags.update(exif or {})
    with Image.open(photo("coffee.png")) as image:
        image.save(file, exif=tags)
    return file


def test_limits_when_read_then_those_of_the_plan():
    assert opening.MAX_PIXELS == 100_000_000


@pytest.mark.parametrize("name", ["coffee.png", "coffee.jpg", "coffee.webp", "camera.jpg"])
def test_stored_size_when_a_photograph_then_as_decoded(photo: Photo, name: str):
    with Image.open(photo(name)) as image:
        assert stored_size(photo(name)) == image.size


def test_stored_size_when_metadata_is_long_or_the_file_progressive_then_all_the_same(
    photo: Photo, tmp_path: Path
):
    file = tmp_path / "long.jpg"
    with Image.open(photo("coffee.png")) as image:
        image.convert("RGB").save(file, progressive=True, comment=b"c" * 60_000, icc_profile=b"p" * 200_000)

    assert stored_size(file) == (600, 400)


@pytest.mark.parametrize("cut", [0, 2, 3, 5, 20, 100, 160])
def test_stored_size_when_the_header_is_cut_or_none_then_none(photo: Photo, tmp_path: Path, cut: int):
    file = tmp_path / "cut.jpg"
    file.write_bytes(photo("coffee.jpg").read_bytes()[:cut])

    assert stored_size(file) is None
