"""Colours of a result brought to those of its picture: what is known of them must come out."""

import numpy as np
import pytest
from PIL import Image

from overpaint.core.results.blending import ColourMatch
from overpaint.imaging.compositing.colour_match import alike, apply, fit


@pytest.fixture
def picture(photo) -> np.ndarray:
    return np.asarray(Image.open(photo("coffee.png")).convert("RGB"))


def everywhere(picture: np.ndarray) -> np.ndarray:
    return np.ones(picture.shape[:2], np.bool_)


def test_nothing_changes_where_nothing_differs(picture) -> None:
    match = fit(picture, picture, everywhere(picture))

    assert np.array_equal(apply(picture, match), picture)


@pytest.mark.parametrize(
    ("gains", "offset", "gamma"),
    [((1.04, 0.97, 0.95), 3, 1.0), ((1, 1, 1), -6, 0.93), ((0.95, 1, 1.05), 0, 1.08)],
)
def test_tint_of_the_whole_is_taken_away(picture, gains, offset, gamma) -> None:
    tinted = np.clip(255 * (picture / 255.0) ** gamma * gains + offset, 0, 255).astype(np.uint8)

    matched = apply(tinted, fit(picture, tinted, everywhere(picture)))

    assert np.abs(matched.astype(int) - picture).mean() < 1.2 < np.abs(tinted.astype(int) - picture).mean()


def test_what_was_redrawn_does_not_count(picture) -> None:
    tinted = np.clip(picture * 0.93 + 5, 0, 255).astype(np.uint8)
    tinted[:, :220] = 255 - picture[::-1, :220]

    same = alike(picture, tinted)
    matched = apply(tinted, fit(picture, tinted, same))

    assert same[:, :200].mean() < 0.3 < 0.9 < same[:, 240:].mean()
    assert np.abs(matched.astype(int) - picture)[:, 240:].mean() < 1.5


@pytest.mark.parametrize("count", [0, 1, 50])
def test_too_little_to_go_by_changes_nothing(picture, count) -> None:
    outside = np.zeros(picture.shape[:2], np.bool_)
    outside.reshape(-1)[:count] = True

    assert fit(picture, 255 - picture, outside) == ColourMatch()


@pytest.mark.parametrize("value", [0, 128, 255])
def test_flat_pictures_come_out_flat(value) -> None:
    before, after = np.full((40, 40, 3), value, np.uint8), np.full((40, 40, 3), 100, np.uint8)

    matched = apply(after, fit(before, after, np.ones((40, 40), np.bool_)))

    assert np.ptp(matched) == 0
    assert abs(int(matched[0, 0, 0]) - value) <= abs(100 - value)


def test_clipped_whites_stay_white(picture) -> None:
    bright = np.clip(picture.astype(int) + 60, 0, 255).astype(np.uint8)

    matched = apply(bright, fit(bright, bright, everywhere(picture)))

    assert (matched[bright == 255] == 255).all()


def test_another_picture_is_left_as_it_is(picture) -> None:
    other = np.random.default_rng(3).integers(0, 256, picture.shape, np.uint8)

    assert fit(picture, other, everywhere(picture)) == ColourMatch()
