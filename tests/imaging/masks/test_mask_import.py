"""Any picture as a mask."""

import math
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image
from tests.conftest import Photo
from tests.pixels import load_bgra

from overpaint.core.errors import PictureError
from overpaint.core.request.sizes import Size
from overpaint.imaging.masks.mask_import import (
    ImportedMask,
    Meaning,
    from_luminance,
    from_transparency,
    read_mask,
)
from overpaint.imaging.masks.mask_png import encode_grey, encode_mask

SIZE = Size(64, 48)


def imported(
    picture: Path, size: Size, meaning: Literal["alpha", "white", "black"] | None = None
) -> ImportedMask:
    return read_mask(load_bgra(picture), size, meaning)


def square(level: int = 255, ground: int = 0) -> np.ndarray:
    pixels = np.full((SIZE.height, SIZE.width), ground, np.uint8)
    pixels[8:24, 10:30] = level
    return pixels


def saved(folder: Path, pixels: np.ndarray, name: str = "mask.png") -> Path:
    path = folder / name
    Image.fromarray(pixels).save(path)
    return path


@settings(max_examples=30)
@given(arrays.arrays(np.uint8, (9, 14)))
def test_exported_masks_then_imported_are_the_identity(
    tmp_path_factory: pytest.TempPathFactory, coverage: np.ndarray
) -> None:
    folder, size = tmp_path_factory.mktemp("masks"), Size(14, 9)
    (folder / "grey.png").write_bytes(encode_grey(coverage))
    (folder / "sent.png").write_bytes(encode_mask(coverage))

    grey = imported(folder / "grey.png", size, "white").coverage
    sent = imported(folder / "sent.png", size, "alpha").coverage

    assert np.array_equal(grey, coverage)
    assert np.array_equal(sent, np.where(coverage >= 128, 255, 0))


def test_transparent_part_is_edited_whatever_its_colours(tmp_path: Path) -> None:
    pixels = np.full((SIZE.height, SIZE.width, 4), 200, np.uint8)
    pixels[..., 3] = 255 - square(180)

    mask = imported(saved(tmp_path, pixels), SIZE)

    assert mask.meaning == "alpha"
    assert np.array_equal(mask.coverage, square(180))


def test_white_on_black_is_edited_where_it_is_white(tmp_path: Path) -> None:
    mask = imported(saved(tmp_path, square()), SIZE)

    assert mask.meaning == "white"
    assert np.array_equal(mask.coverage, square())


def test_opaque_alpha_says_nothing(tmp_path: Path) -> None:
    pixels = np.dstack([square()] * 3 + [np.full_like(square(), 255)])

    assert imported(saved(tmp_path, pixels), SIZE).meaning == "white"


@pytest.mark.parametrize("pixels", [square(0, 255), square(128, 120), square(0, 0), square(255, 255)])
def test_picture_that_can_be_read_both_ways_is_unclear_and_read_as_white(
    tmp_path: Path, pixels: np.ndarray
) -> None:
    mask = imported(saved(tmp_path, pixels), SIZE)

    assert mask.meaning == "unclear"
    assert np.array_equal(mask.coverage, pixels)


def test_photograph_is_unclear(photo: Photo) -> None:
    assert imported(photo("coffee.jpg"), Size(600, 400)).meaning == "unclear"


@pytest.mark.parametrize(("meaning", "edited"), [("white", 255 - square()), ("black", square()),
                                                 ("alpha", np.zeros_like(square()))])  # fmt: skip
def test_meaning_that_was_chosen_is_followed(tmp_path: Path, meaning: Meaning, edited: np.ndarray) -> None:
    assert meaning != "unclear"

    mask = imported(saved(tmp_path, square(0, 255)), SIZE, meaning)

    assert mask.meaning == meaning
    assert np.array_equal(mask.coverage, edited)


@given(width=st.integers(1, 90), height=st.integers(1, 90))
@settings(max_examples=20)
def test_mask_of_another_size_is_stretched_without_new_greys(
    tmp_path_factory: pytest.TempPathFactory, width: int, height: int
) -> None:
    path = saved(tmp_path_factory.mktemp("masks"), square(190))

    coverage = imported(path, Size(width, height), "white").coverage

    rows = [math.floor(Fraction(2 * row + 1, 2) * SIZE.height / height) for row in range(height)]
    columns = [math.floor(Fraction(2 * column + 1, 2) * SIZE.width / width) for column in range(width)]
    assert np.array_equal(coverage, square(190)[np.ix_(rows, columns)])


def test_mask_stored_on_its_side_is_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(square()).save(tmp_path / "turned.png", exif=exif)

    mask = imported(tmp_path / "turned.png", Size(SIZE.height, SIZE.width), "white")

    assert np.array_equal(mask.coverage, np.rot90(square(), -1))


def test_file_that_is_no_picture_is_a_picture_error(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("white = edit", "utf-8")

    for name in ("notes.txt", "missing.png", "."):
        with pytest.raises(PictureError):
            imported(tmp_path / name, SIZE)


def test_masks_from_a_picture_are_its_transparency_and_its_brightness(photo: Photo) -> None:
    bgra = load_bgra(photo("coffee.png"))
    bgra[:50, :, 3] = 0
    grey = np.dstack([square(77, 200)] * 3 + [np.full_like(square(), 255)])
    before = bgra.copy()

    transparent, bright = from_transparency(bgra), from_luminance(grey)

    assert (transparent[:50] == 255).all()
    assert not transparent[50:].any()
    assert np.array_equal(bright, square(77, 200))
    assert np.array_equal(bgra, before)
