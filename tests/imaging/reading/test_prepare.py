"""Files that go up as they are, and copies of those that can't."""

import errno
import io
import os
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin
from tests.conftest import Photo
from tests.imaging.reading.test_inspect import ORIENTATION, REFUSED, make_file
from tests.pixels import load_bgra, load_rgba

from overpaint.core.errors import PictureError, StorageError
from overpaint.core.request.sizes import Size
from overpaint.imaging.reading.inspect import inspect
from overpaint.imaging.reading.prepare import prepare

CONVERTED = ["cmyk", "16-bit", "16-bit grey", "palette"]
CONVERTED += ["gif", "bmp", "tiff", "animated webp"]


@pytest.mark.parametrize("name", ["coffee.png", "coffee.jpg", "coffee.webp", "camera.png"])
def test_prepare_when_it_fits_then_the_file_itself(photo: Photo, tmp_path: Path, name: str):
    picture = prepare(photo(name), tmp_path / "copies")

    assert picture == inspect(photo(name))
    assert not (tmp_path / "copies").exists()


@pytest.mark.parametrize("kind", CONVERTED)
def test_prepare_when_it_can_not_go_as_it_is_then_a_copy_that_can(tmp_path: Path, photo: Photo, kind: str):
    picture = prepare(make_file(kind, tmp_path, photo), tmp_path / "copies")

    assert inspect(picture.path).size == picture.size == Size(600, 400)
    assert picture.name == f"{kind}.png"
    assert picture.bytes == picture.path.stat().st_size
    with Image.open(photo("coffee.png")) as image:
        original = np.asarray(image.convert("L" if kind == "16-bit grey" else "RGB").convert("RGB")).astype(
            int
        )
    assert np.abs(load_rgba(picture.path)[..., :3] - original).mean() < 12


def test_prepare_when_nothing_may_be_forced_to_the_disk_then_a_copy_all_the_same(
    tmp_path: Path, photo: Photo, monkeypatch: pytest.MonkeyPatch
):
    def refuse(handle: int) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "fsync", refuse)

    assert prepare(make_file("bmp", tmp_path, photo), tmp_path / "copies").path.exists()


@pytest.mark.parametrize("kind", sorted(set(REFUSED) - set(CONVERTED)))
def test_prepare_when_no_picture_then_the_sentence_of_inspect(tmp_path: Path, photo: Photo, kind: str):
    file = make_file(kind, tmp_path, photo)

    with pytest.raises(PictureError) as caught:
        prepare(file, tmp_path / "copies")

    assert caught.value.message == REFUSED[kind]


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp"])
def test_prepare_when_cut_short_then_damaged(tmp_path: Path, photo: Photo, suffix: str):
    file = tmp_path / f"cut.{suffix}"
    data = photo(f"coffee.{suffix}").read_bytes()
    file.write_bytes(data[: len(data) // 2])

    with pytest.raises(PictureError, match="is damaged or incomplete"):
        prepare(file, tmp_path / "copies")


@pytest.mark.parametrize("turn", range(2, 9))
def test_prepare_when_turned_then_the_copy_stands_as_shown(tmp_path: Path, photo: Photo, turn: int):
    file = tmp_path / "turned.png"
    upright = np.asarray(Image.open(photo("coffee.png")).convert("RGB"))
    _save_turned(upright, turn, file)

    picture = prepare(file, tmp_path / "copies")

    assert np.array_equal(load_rgba(picture.path)[..., :3], upright)
    assert picture.size == Size(600, 400)


def test_prepare_when_twice_then_the_same_copy(tmp_path: Path, photo: Photo):
    file = make_file("palette", tmp_path, photo)

    first, second = (prepare(file, tmp_path / "copies") for _ in range(2))

    assert first == second
    assert [one.name for one in (tmp_path / "copies").iterdir()] == [first.path.name]


def test_prepare_when_colours_are_wide_then_srgb(tmp_path: Path, photo: Photo):
    file = tmp_path / "wide.png"
    with Image.open(photo("coffee.png")) as image:
        image.convert("RGB").save(file, icc_profile=_swapped_profile())

    picture = prepare(file, tmp_path / "copies")

    assert picture.path != file
    red, _, blue = load_rgba(picture.path)[..., :3].astype(int).mean(axis=(0, 1))
    assert blue > red  # the profile names red and blue the other way round


def test_prepare_when_the_folder_can_not_be_made_then_a_storage_error(tmp_path: Path, photo: Photo):
    (tmp_path / "copies").write_text("a file is in the way")

    with pytest.raises(StorageError, match="Couldn’t write into"):
        prepare(make_file("palette", tmp_path, photo), tmp_path / "copies")


@pytest.mark.parametrize("turn", [1, 3])
@pytest.mark.parametrize("suffix", ["png", "jpg", "webp"])
def test_prepare_when_the_place_is_in_the_file_then_it_stays_at_home(
    tmp_path: Path, photo: Photo, suffix: str, turn: int
):
    file = tmp_path / f"trip.{suffix}"
    _save_located(photo("coffee.png"), file, turn)

    picture = prepare(file, tmp_path / "copies")

    data = picture.path.read_bytes()
    assert b"GPSLatitude" not in data
    assert b"Exif\0\0" not in data
    with Image.open(picture.path) as copy:
        assert dict(copy.getexif()) == {}
    if turn == 1:
        assert picture.path.suffix == file.suffix
        assert np.array_equal(load_rgba(picture.path), load_rgba(file))


def test_load_bgra_when_translucent_then_premultiplied(tmp_path: Path):
    buffer = io.BytesIO()
    Image.new("RGBA", (2, 3), (200, 100, 50, 128)).save(buffer, "PNG")

    pixels = load_bgra(buffer.getvalue())

    assert pixels.shape == (3, 2, 4)
    assert pixels[0, 0].tolist() == [25, 50, 100, 128]
    assert pixels.flags.writeable
    assert pixels.flags.c_contiguous


def test_load_bgra_when_opaque_then_pillows_pixels_with_blue_first(photo: Photo):
    pixels = load_bgra(photo("astronaut.png"))

    with Image.open(photo("astronaut.png")) as image:
        expected = np.asarray(image.convert("RGB"))[..., ::-1]
    assert np.array_equal(pixels[..., :3], expected)
    assert pixels[..., 3].min() == 255


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp"])
def test_load_bgra_when_an_edge_is_given_then_no_side_is_longer(photo: Photo, suffix: str):
    small = load_bgra(photo(f"retina.{suffix}"), max_edge=200)
    whole = load_bgra(photo(f"retina.{suffix}"))

    assert small.shape == (200, 200, 4)
    reduced = cv2.resize(whole, (200, 200), interpolation=cv2.INTER_AREA).astype(int)
    assert np.abs(small - reduced).mean() < 4


def test_load_bgra_when_smaller_than_the_edge_then_not_magnified(photo: Photo):
    assert load_bgra(photo("coffee.png"), max_edge=5000).shape == (400, 600, 4)


def test_load_bgra_when_a_chunk_claims_more_than_there_is_then_a_picture_error():
    header = b"IHDR" + (4).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    data = b"IDAT" + zlib.compress(b"\0" * 5)
    chunks = b"".join(
        len(one[4:]).to_bytes(4, "big") + one + zlib.crc32(one).to_bytes(4, "big")
        for one in (header, data, b"IEND")
    )

    with pytest.raises(PictureError, match="damaged or incomplete"):
        load_bgra(b"\x89PNG\r\n\x1a\n" + chunks)


def _save_turned(upright: np.ndarray, turn: int, file: Path) -> None:
    """Stores pixels so that the given orientation makes them upright again."""
    undo = {
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.transpose(1, 0, 2),
        6: np.rot90(upright, 1),
        7: upright[::-1, ::-1].transpose(1, 0, 2),
        8: np.rot90(upright, -1),
    }
    tags = Image.Exif()
    tags[ORIENTATION] = turn
    Image.fromarray(np.ascontiguousarray(undo[turn])).save(file, exif=tags)


def _swapped_profile() -> bytes:
    """sRGB's own profile with the names of red and blue exchanged: no one's colours, but easily seen."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = plain.replace(b"rXYZ", b"tmp_").replace(b"bXYZ", b"rXYZ").replace(b"tmp_", b"bXYZ")
    for encoding in ("utf-16-be", "ascii"):
        swapped = swapped.replace("sRGB".encode(encoding), "wide".encode(encoding))
    return swapped


def _save_located(source: Path, file: Path, turn: int) -> None:
    tags = Image.Exif()
    tags[ORIENTATION] = turn
    tags.get_ifd(0x8825)[2] = (52.0, 30.0, 0.0)
    notes = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a exif:GPSLatitude="52,30N"/></x:xmpmeta>'
    with Image.open(source) as image:
        rgb = image.convert("RGB")
    if file.suffix == ".png":
        text = PngImagePlugin.PngInfo()
        text.add_itxt("XML:com.adobe.xmp", notes.decode())
        rgb.save(file, exif=tags, pnginfo=text)
    else:
        rgb.save(file, exif=tags, xmp=notes)
