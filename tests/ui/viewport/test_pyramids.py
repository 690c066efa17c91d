"""Levels of pictures and masks: right bytes, right sizes, and only what changed."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image
from PySide6.QtGui import QImage
from tests.pixels import load_bgra

from overpaint.core.errors import PictureError
from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask import Mask
from overpaint.ui.viewport.pyramids import MaskPyramid, PicturePyramid, decode_levels


def bytes_of(image: QImage):
    """The image's bytes, shape (height, width, 4)."""
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)


@pytest.mark.parametrize("name", ["coffee.png", "astronaut.webp"])
def test_decode_levels_gives_the_bytes_that_the_file_holds(photo, name) -> None:
    path = photo(name)

    levels = decode_levels(path.read_bytes())

    difference = np.abs(bytes_of(levels.images[0]).astype(int) - load_bgra(path).astype(int))
    assert difference.max() <= 1
    assert levels.opaque


def test_decode_levels_in_another_thread_gives_the_same(photo) -> None:
    data = photo("coffee.png").read_bytes()
    made: list[PicturePyramid] = []

    worker = threading.Thread(target=lambda: made.append(decode_levels(data)))
    worker.start()
    worker.join()

    assert np.array_equal(bytes_of(made[0].images[0]), bytes_of(decode_levels(data).images[0]))


def test_decode_levels_of_a_picture_with_alpha_premultiplies(tmp_path) -> None:
    path = tmp_path / "alpha.png"
    Image.new("RGBA", (10, 8), (200, 100, 50, 128)).save(path)

    levels = decode_levels(path.read_bytes())

    assert not levels.opaque
    assert bytes_of(levels.images[0])[0, 0].tolist() == [25, 50, 100, 128]


@pytest.mark.parametrize("mode", ["L", "P", "1", "RGB", "LA"])
def test_decode_levels_takes_every_kind_of_png(tmp_path, mode) -> None:
    path = tmp_path / "kind.png"
    Image.new("RGB", (9, 7), (255, 255, 255)).convert(mode).save(path)

    levels = decode_levels(path.read_bytes())

    assert levels.size == (9, 7)
    assert (bytes_of(levels.images[0]) == 255).all()


def test_decode_levels_turns_a_picture_upright(tmp_path) -> None:
    path = tmp_path / "lying.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 20), (10, 20, 30)).save(path, exif=exif)

    levels = decode_levels(path.read_bytes())

    assert levels.size == (20, 40)


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_decode_levels_of_what_is_no_picture_says_so(data) -> None:
    with pytest.raises(PictureError, match="can't be shown") as caught:
        decode_levels(data)

    assert caught.value.next_step


@given(st.integers(1, 70), st.integers(1, 70))
def test_build_halves_down_to_one_pixel(width, height) -> None:
    levels = PicturePyramid.build(np.full((height, width, 4), 200, np.uint8))

    sizes = [(image.width(), image.height()) for image in levels.images]

    assert sizes[0] == (width, height)
    assert all(size == (-(-width // 2**k), -(-height // 2**k)) for k, size in enumerate(sizes))
    assert min(sizes[-1]) == 1


def test_build_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="four bytes"):
        PicturePyramid.build(np.zeros((4, 4, 3), np.uint8))


@given(
    arrays(np.uint8, (53, 61)),
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 52), st.integers(1, 40), st.integers(1, 40)), max_size=5
    ),
    st.integers(0, 3),
    st.integers(1, 9),
)
def test_renew_tells_every_pixel_that_differs_from_what_was_drawn(fresh, changes, level, cells) -> None:
    mask = Mask(61, 53)
    levels = MaskPyramid(mask)
    levels.renew(level, lambda _: 1)
    before = bytes_at(levels, level)
    for x, y, width, height in changes:
        rect = Rect(x, y, width, height).intersected(mask.rect)
        mask.coverage[rect.slices] = fresh[rect.slices]
        levels.changed(rect)

    told = levels.renew(level, lambda _: cells)

    differs = before != bytes_at(levels, level)
    for rect in told:
        differs[rect.slices] = False
    assert not differs.any()


@given(arrays(np.uint8, (53, 61)), st.integers(0, 4))
def test_renew_keeps_up_with_a_mask_that_changes_between_levels(fresh, level) -> None:
    mask = Mask(61, 53)
    levels = MaskPyramid(mask)
    levels.renew(3, lambda _: 1)
    mask.coverage[...] = fresh
    levels.changed(mask.rect)
    levels.renew(1, lambda _: 4)

    levels.renew(level, lambda _: 4)

    new = MaskPyramid(Mask.of(fresh))
    new.renew(level, lambda _: 1)
    assert np.array_equal(bytes_at(levels, level), bytes_at(new, level))


def bytes_at(levels: MaskPyramid, level: int):
    """A copy of a level's coverage."""
    image = levels.image(level)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].copy()
