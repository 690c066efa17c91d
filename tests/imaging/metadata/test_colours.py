"""Colours are what profiles, gamma and code points do; broken or huge metadata keeps nobody from pixels."""

import io
import random
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from tests.imaging.metadata.planted import photograph, pixels
from tests.pixels import load_rgba
from tests.tray.odd import chunk, encoded, wide_profile

from overpaint.core.request.sizes import Size
from overpaint.imaging.metadata.icc_profile import profile_of_code_points, profile_of_gamma
from overpaint.imaging.reading.colour_conversion import is_plain_srgb
from overpaint.imaging.reading.prepare import Prepared, make_uploadable

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
PNG = encoded(photograph(), "PNG")
JPEG = encoded(photograph(), "JPEG", quality=95)
CONVERTED = "Converted to PNG for upload: its colours are not sRGB"
TURNED = "Converted to PNG for upload: its pixels are stored turned"


def renamed(profile: bytes, name: str) -> bytes:
    """A profile that calls itself otherwise and shows the same; the names have as many letters."""
    for old in ("sRGB", "Wide"):
        profile = profile.replace(old.encode("utf-16-be"), name.encode("utf-16-be")).replace(
            old.encode(), name.encode()
        )
    return profile


def with_chunks(png: bytes, *chunks: bytes, before: bytes = b"IDAT") -> bytes:
    """A PNG with more chunks."""
    at = png.index(before) - 4
    return png[:at] + b"".join(chunks) + png[at:]


def with_segment(jpeg: bytes, marker: int, body: bytes) -> bytes:
    """A JPEG with one more segment behind its start."""
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + jpeg[2:]


def exif(orientation: int) -> bytes:
    """A block of EXIF that says nothing but how a picture is turned, without its head."""
    return b"II*\0\x08\0\0\0" + struct.pack("<HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)


def prepared(folder: Path, data: bytes) -> Prepared:
    """What becomes of a file."""
    file = folder / "given"
    file.write_bytes(data)
    return make_uploadable(file, folder / "copies")


def linear() -> Image.Image:
    """The picture with values in proportion to light."""
    curve = [
        round(((at / 255) / 12.92 if at <= 10 else ((at / 255 + 0.055) / 1.055) ** 2.4) * 255)
        for at in range(256)
    ]
    return photograph().point(curve * 3)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one[..., :3].astype(int) - other[..., :3].astype(int)).mean())


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_profile_is_srgb_by_what_it_shows_and_not_by_its_name(mode: str) -> None:
    assert is_plain_srgb(renamed(SRGB, "Wide"), mode)
    assert is_plain_srgb(renamed(wide_profile(), "sRGB"), mode) is (mode == "L")  # its greys are the same


def test_linear_picture_is_shown_and_sent_as_light_as_it_is_whatever_its_profile_is_called(
    tmp_path: Path,
) -> None:
    profile = profile_of_gamma(1.0, ())
    assert profile is not None
    named = profile.replace(b"\x02-\0" + b"\0" * 4, b"\x05sRGB\0" + b"\0")

    made = prepared(tmp_path, encoded(linear(), "PNG", icc_profile=named))

    assert made.change == CONVERTED
    assert difference(load_rgba(made.picture.path), np.asarray(photograph())) < 4


@pytest.mark.parametrize(
    ("chunks", "is_converted"),
    [
        ([(b"gAMA", struct.pack(">I", 45455))], False),
        (
            [
                (b"gAMA", struct.pack(">I", 45455)),
                (b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)),
            ],
            False,
        ),
        ([(b"gAMA", struct.pack(">I", 100_000))], True),
        ([(b"gAMA", struct.pack(">I", 100_000)), (b"sRGB", b"\0")], False),
        (
            [
                (b"gAMA", struct.pack(">I", 45455)),
                (b"cHRM", struct.pack(">8I", 31270, 32900, 70800, 29200, 17000, 79700, 13100, 4600)),
            ],
            True,
        ),
        ([(b"cHRM", struct.pack(">8I", *range(8))), (b"gAMA", b"\0" * 4)], False),
        ([(b"cICP", bytes((1, 13, 0, 1)))], False),
        ([(b"cICP", bytes((12, 13, 0, 1)))], True),
        ([(b"cICP", bytes((9, 16, 0, 1)))], True),
        ([(b"cICP", bytes((1, 13, 0, 1))), (b"iCCP", b"x\0\0" + zlib.compress(wide_profile()))], False),
        ([(b"iCCP", b"x\0\0" + zlib.compress(wide_profile())), (b"sRGB", b"\0")], True),
        ([(b"gAMA", b"\0"), (b"cHRM", b"\0" * 32), (b"cICP", b"\xff")], False),
    ],
)
def test_png_says_its_colours_in_numbers_too(tmp_path: Path, chunks, *, is_converted: bool) -> None:
    data = with_chunks(PNG, *(chunk(name, body) for name, body in chunks))

    made = prepared(tmp_path, data)

    assert made.change.startswith(CONVERTED) is is_converted
    sent = made.picture.path.read_bytes()
    assert np.array_equal(pixels(sent), pixels(PNG)) is not is_converted


@pytest.mark.parametrize("transfer", [1, 4, 5, 6, 8, 13, 14, 15, 16, 18])
@pytest.mark.parametrize("primaries", [1, 4, 5, 6, 7, 9, 11, 12])
def test_made_profile_keeps_white_white_and_black_black(primaries: int, transfer: int) -> None:
    profile = profile_of_code_points(primaries, transfer)
    if profile is None:
        assert primaries == 1
        return
    extremes = Image.frombytes("RGB", (2, 1), b"\xff" * 3 + b"\0" * 3)

    shown = ImageCms.profileToProfile(
        extremes, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
    )

    assert shown is not None
    assert np.abs(np.asarray(shown).astype(int) - [[[255] * 3, [0] * 3]]).max() <= 1


def deflated(name: bytes, head: bytes, body: bytes, length: int | None = None) -> bytes:
    """A PNG with a chunk whose body is compressed, or only the first bytes of that."""
    return with_chunks(PNG, chunk(name, head + zlib.compress(body)[:length]))


@pytest.mark.parametrize(
    ("data", "change"),
    [
        (deflated(b"iCCP", b"scanner\0\0", SRGB + b"\0" * 1_500_000), "colour profile"),
        (deflated(b"iCCP", b"x\0\0", SRGB, 90), "colour profile"),
        (deflated(b"iCCP", b"x\0\0", SRGB.replace(b"RGB ", b"CMYK", 1)), "colour profile"),
        (deflated(b"zTXt", b"Raw profile type xmp\0\0", b"ab" * 750_000), "text"),
        (deflated(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0", random.Random(1).randbytes(2_000_000)), "text"),
        (with_chunks(PNG, chunk(b"eXIf", b"\0\0\x11\0\0\x01\x04\0" + b"\0" * 40)), "other data"),
        (with_chunks(PNG, chunk(b"eXIf", exif(6)[:18])), "other data"),
        (with_chunks(PNG, chunk(b"tEXt", b"a\0b")[:-1] + b"\xee"), "text"),
        (with_chunks(PNG, chunk(b"tEXt", b"a\0b")[:-6], before=b"IEND")[:-12], "text"),
        (with_segment(JPEG, 0xE1, b"Exif\0\0"), ""),
        (with_segment(JPEG, 0xE1, b"Exif\0\0" + exif(6)[:18]), "other data"),
        (with_segment(JPEG, 0xE1, b"Exif\0\0II*\0\xff\xff\xff\x7f"), "other data"),
        (with_segment(JPEG, 0xE2, b"ICC_PROFILE\0\x01\x01" + bytes(range(256))), "colour profile"),
        (with_segment(JPEG, 0xE2, b"ICC_PROFILE\0\x07\x09"), "other data"),
    ],
)
def test_metadata_is_never_a_reason_to_refuse_pixels(tmp_path: Path, data: bytes, change: str) -> None:
    made = prepared(tmp_path, data)

    assert made.change == (f"Left out: {change}" if change else "")
    plain = PNG if data.startswith(b"\x89PNG") else JPEG
    assert np.array_equal(pixels(made.picture.path.read_bytes()), pixels(plain))


@pytest.mark.parametrize("before", [b"IDAT", b"IEND"])
def test_exif_turns_a_png_wherever_it_stands(tmp_path: Path, before: bytes) -> None:
    made = prepared(tmp_path, with_chunks(PNG, chunk(b"eXIf", exif(6)), before=before))

    assert (made.picture.size, made.change) == (Size(64, 96), TURNED)
    assert np.array_equal(load_rgba(made.picture.path), np.rot90(pixels(PNG), -1))


@pytest.mark.parametrize(
    "data",
    [
        with_segment(JPEG, 0xE1, b'http://ns.adobe.com/xap/1.0/\0<x xmlns:tiff="t" tiff:Orientation="6"/>'),
        with_chunks(PNG, chunk(b"iTXt", b'XML:com.adobe.xmp\0\0\0\0\0<x tiff:Orientation="6"/>')),
        with_chunks(
            PNG, chunk(b"tEXt", b"Raw profile type exif\0\nexif\n      34\n" + exif(6).hex().encode())
        ),
        with_chunks(PNG, chunk(b"tEXt", b"exif:Orientation\x006")),
    ],
)
def test_nothing_but_exif_turns_a_picture(tmp_path: Path, data: bytes) -> None:
    made = prepared(tmp_path, data)

    assert made.picture.size == Size(96, 64)
    assert made.change.startswith("Left out: ")
