"""The mask's colour that is chosen for a picture: red unless the picture is, and then none of its hues."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from overpaint.studio.config.settings import MASK_COLOUR
from overpaint.ui.viewport.pyramids import PicturePyramid
from overpaint.ui.viewport.standing_out import CANDIDATES, standing_out


def plain(red: int, green: int, blue: int, *, size: tuple[int, int] = (40, 60)) -> np.ndarray:
    return np.full((*size, 4), (blue, green, red, 255), np.uint8)


@pytest.mark.parametrize(
    ("name", "usual"), [("coffee.png", False), ("camera.png", True), ("hubble_deep_field.png", True)]
)
def test_photograph_in_red_has_another_colour_and_others_keep_the_usual_one(photo, name, usual) -> None:
    with Image.open(photo(name)) as image:
        rgb = np.asarray(image.convert("RGB"))
    bgra = np.dstack([rgb[..., ::-1], np.full(rgb.shape[:2], 255, np.uint8)])

    assert (PicturePyramid.build(bgra).mask_colour == MASK_COLOUR) is usual


@given(st.tuples(*[st.integers(0, 255)] * 3), st.tuples(st.integers(1, 90), st.integers(1, 90)))
def test_picture_of_any_colour_and_size_has_one_of_the_colours(colour, size) -> None:
    red, green, blue = colour
    assert standing_out([plain(red, green, blue, size=size)]) in CANDIDATES


@pytest.mark.parametrize("grey", [0, 40, 128, 255])
def test_grey_picture_has_the_usual_colour(grey) -> None:
    assert standing_out([plain(grey, grey, grey)]) == MASK_COLOUR


def test_red_picture_has_none_that_is_near_to_red() -> None:
    assert standing_out([plain(220, 20, 30)]) not in (MASK_COLOUR, "")


def test_colour_is_measured_over_all_of_the_picture_and_not_at_its_corner() -> None:
    picture = plain(90, 90, 90, size=(400, 600))
    picture[:, 150:] = (30, 20, 220, 255)

    assert PicturePyramid.build(picture).mask_colour != MASK_COLOUR
