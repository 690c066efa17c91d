"""Masks as PNG files."""

import contextlib
import io
import struct
import sys
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from overpaint.core.errors import PictureError
from overpaint.imaging.masks.mask_png import UPLOAD_LIMIT, decode_grey, decode_mask, encode_grey, encode_mask

coverages = arrays.arrays(
    np.uint8,
    arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=70),
    elements=st.integers(0, 255),
)


@pytest.fixture(params=["isal", "zlib"])
def deflater(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to compress: with isal, and as where it has no wheel."""
    if request.param == "zlib":
        monkeypatch.setitem(sys.modules, "isal", None)
    else:
        pytest.importorskip("isal", reason="no isal wheel for this processor")
    return str(request.param)


def ring(width: int, height: int, softness: float = 1.0) -> np.ndarray:
    ys, xs = np.mgrid[:height, :width]
    distance = np.abs(np.hypot(xs - width / 2, ys - height / 2) - height / 3)
    return np.asarray(np.clip((height / 8 - distance) / softness, 0, 1) * 255, np.uint8)


def saved(image: Image.Image, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", **options)
    return file.getvalue()


@given(coverages)
def test_grey_export_then_import_is_the_identity(coverage: np.ndarray) -> None:
    assert np.array_equal(decode_grey(encode_grey(coverage)), coverage)
    assert np.array_equal(decode_mask(encode_grey(coverage)), coverage)


@given(coverages, st.integers(1, 255))
def test_mask_export_then_import_is_what_was_sent(coverage: np.ndarray, threshold: int) -> None:
    sent = np.where(coverage >= threshold, 255, 0)

    assert np.array_equal(decode_mask(encode_mask(coverage, threshold)), sent)


@pytest.mark.parametrize("shape", [(1, 1), (1, 3001), (2999, 1), (1031, 1537)])
@pytest.mark.usefixtures("deflater")
def test_both_files_over_several_bands_are_whole(shape: tuple[int, int]) -> None:
    coverage = np.random.default_rng(1).integers(0, 256, shape, np.uint8)

    assert np.array_equal(decode_grey(encode_grey(coverage)), coverage)
    assert np.array_equal(decode_mask(encode_mask(coverage)), np.where(coverage >= 128, 255, 0))


@given(coverages, st.integers(1, 255))
def test_readers_of_alpha_and_of_grey_see_the_same_mask(coverage: np.ndarray, threshold: int) -> None:
    sent = Image.open(io.BytesIO(encode_mask(coverage, threshold)))

    by_alpha = np.asarray(sent.getchannel("A")) == 0
    assert sent.mode == "RGBA"
    assert np.array_equal(by_alpha, coverage >= threshold)
    assert np.array_equal(np.asarray(sent.convert("L")) == 255, by_alpha)  # alpha dropped, as stb_image does
    for band in sent.convert("RGB").split():
        assert np.array_equal(np.asarray(band), np.where(by_alpha, 255, 0))


@pytest.mark.usefixtures("deflater")
def test_mask_has_two_kinds_of_pixel_also_where_it_was_soft() -> None:
    image = Image.open(io.BytesIO(encode_mask(ring(640, 480, 90.0))))

    image.load()

    assert (image.format, image.mode, image.size) == ("PNG", "RGBA", (640, 480))
    colours = np.unique(np.asarray(image).reshape(-1, 4), axis=0)
    assert colours.tolist() == [[0, 0, 0, 255], [255, 255, 255, 0]]


@pytest.mark.usefixtures("deflater")
def test_mask_passes_a_strict_check_of_every_chunk() -> None:
    data = encode_mask(ring(640, 480))
    at, kinds = 8, []

    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        (checksum,) = struct.unpack_from(">I", data, at + 8 + size)
        assert checksum == zlib.crc32(data[at + 4 : at + 8 + size])
        kinds.append(kind)
        at += 12 + size

    assert kinds == [b"IHDR", b"IDAT", b"IEND"]
    assert len(zlib.decompress(data[41:-16])) == 480 * (1 + 4 * 640)


@pytest.mark.usefixtures("deflater")
def test_worst_mask_of_the_largest_size_stays_below_the_limit() -> None:
    noise = np.random.default_rng(2).integers(0, 256, (2160, 3840), np.uint8)

    assert len(encode_mask(noise)) < UPLOAD_LIMIT


def test_mask_that_fast_compression_leaves_too_large_is_compressed_better() -> None:
    noise = np.random.default_rng(3).integers(0, 256, (2400, 4000), np.uint8)

    encoded = encode_mask(noise)

    assert len(encoded) < UPLOAD_LIMIT
    assert np.array_equal(decode_mask(encoded) > 0, noise >= 128)


def test_encoding_leaves_the_coverage_alone() -> None:
    coverage = ring(64, 48, 20.0)
    before = coverage.copy()

    encode_mask(coverage)
    encode_grey(coverage)

    assert np.array_equal(coverage, before)


def test_encoding_a_part_of_a_larger_mask_works_on_its_view() -> None:
    view = ring(640, 480)[10:300:2, 5:601:3]

    assert np.array_equal(decode_grey(encode_grey(view)), view)
    assert np.array_equal(decode_mask(encode_mask(view)) > 0, view >= 128)


@pytest.mark.parametrize("threshold", [0, 256, -1])
def test_threshold_out_of_range_is_refused(threshold: int) -> None:
    with pytest.raises(ValueError, match="1 to 255"):
        encode_mask(ring(8, 8), threshold)


@pytest.mark.parametrize(
    "wrong", [np.zeros((3, 4, 4), np.uint8), np.zeros((3, 4)), np.zeros((0, 4), np.uint8)]
)
def test_other_than_a_byte_a_pixel_is_refused(wrong: np.ndarray) -> None:
    for encode in (encode_mask, encode_grey):
        with pytest.raises(ValueError, match="one byte a pixel"):
            encode(wrong)


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P", "I;16"])
def test_import_without_transparency_takes_white_as_edit(mode: str) -> None:
    square = np.zeros((20, 30), np.uint8)
    square[5:9, 10:20] = 255
    image = (
        Image.fromarray(square.astype(np.uint16) * 257)
        if mode == "I;16"
        else Image.fromarray(square).convert(mode)
    )

    assert np.array_equal(decode_mask(saved(image)), square)


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_import_with_transparency_takes_transparent_as_edit(mode: str) -> None:
    image = Image.new("RGBA", (30, 20), (200, 100, 50, 255))
    image.paste((9, 9, 9, 0), (10, 5, 20, 9))
    image.paste((9, 9, 9, 55), (0, 0, 2, 2))

    coverage = decode_mask(saved(image.convert(mode)))

    assert (coverage[5:9, 10:20] == 255).all()
    assert (coverage[:2, :2] == 200).all()
    assert np.count_nonzero(coverage) == 44


@pytest.mark.parametrize("mode", ["L", "P", "RGB"])
def test_import_with_one_transparent_colour_takes_it_as_edit(mode: str) -> None:
    image = Image.new("RGB", (30, 20), (255, 255, 255)).convert(mode)
    image.paste(Image.new("RGB", (4, 4)).convert(mode), (10, 5))
    colour = image.getpixel((10, 5))

    coverage = decode_mask(saved(image, transparency=colour))

    assert np.count_nonzero(coverage == 255) == 16
    assert np.count_nonzero(coverage) == 16


def test_import_cut_anywhere_is_a_clear_error() -> None:
    data = encode_grey(ring(40, 30, 9.0))

    for length in range(len(data) - 24):  # what is left out from there on are checksums and the end mark
        with pytest.raises(PictureError, match="readable PNG"):
            decode_mask(data[:length])


@settings(max_examples=200)
@given(st.data())
def test_import_with_a_flipped_byte_is_a_mask_or_a_clear_error(data: st.DataObject) -> None:
    broken = bytearray(encode_mask(ring(40, 30)))
    broken[data.draw(st.integers(0, len(broken) - 1))] ^= data.draw(st.integers(1, 255))

    with contextlib.suppress(PictureError):
        coverage = decode_mask(bytes(broken))
        assert coverage.dtype == np.uint8


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\xff\xd8\xff\xe0", b"<html>", b"\x89PNG\r\n\x1a\n"])
def test_import_of_another_file_is_a_clear_error(data: bytes) -> None:
    for decode in (decode_mask, decode_grey):
        with pytest.raises(PictureError, match="readable PNG"):
            decode(data)


def test_import_of_a_picture_too_large_is_refused_before_it_is_decoded() -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    bomb = bytearray(encode_grey(ring(8, 8)))
    bomb[16:29] = header
    bomb[29:33] = struct.pack(">I", zlib.crc32(bomb[12:29]))

    with pytest.raises(PictureError, match="too large: 60000 × 60000"):
        decode_mask(bytes(bomb))


def test_grey_import_of_another_kind_of_mask_is_refused() -> None:
    with pytest.raises(PictureError, match="not a mask saved by Overpaint"):
        decode_grey(encode_mask(ring(8, 8)))
