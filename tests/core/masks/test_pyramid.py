"""Half-size copies for drawing small."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.pyramid import half_sizes, halve_into, halved

sides = st.integers(1, 33)
channels = st.sampled_from([(), (4,)])


def picture(width: int, height: int, channels: tuple[int, ...], seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, *channels), np.uint8)


def exact_half(fine: np.ndarray) -> NDArray[np.float64]:
    """The mean of every 2 x 2, the last row and column counted twice at odd edges, in floats."""
    pad = [(0, fine.shape[0] % 2), (0, fine.shape[1] % 2)] + [(0, 0)] * (fine.ndim - 2)
    even = np.pad(fine, pad, mode="edge").astype(float)
    mean: NDArray[np.float64] = (
        even[0::2, 0::2] + even[1::2, 0::2] + even[0::2, 1::2] + even[1::2, 1::2]
    ) / 4.0
    return mean


@given(sides, sides, channels)
def test_halved_always_is_the_mean_of_four_to_within_one(
    width: int, height: int, channels: tuple[int, ...]
) -> None:
    fine = picture(width, height, channels)

    assert np.abs(halved(fine) - exact_half(fine)).max() < 1.0


@pytest.mark.parametrize("value", [0, 1, 128, 255])
def test_halved_of_an_even_colour_is_that_colour(value: int) -> None:
    assert (halved(np.full((17, 31, 4), value, np.uint8)) == value).all()


def test_pyramid_of_noise_does_not_drift_darker_or_lighter() -> None:
    base = picture(1024, 1024, (4,))

    deepest = half_sizes(base)[6]

    assert deepest.mean() == pytest.approx(base.mean(), abs=0.5)


def test_halved_keeps_premultiplied_colours_below_their_alpha() -> None:
    base = picture(65, 63, (4,))
    base[..., :3] = np.minimum(base[..., :3], base[..., 3:])

    for level in half_sizes(base):
        assert (level[..., :3] <= level[..., 3:]).all()


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 7), (5, 3), (1920, 1081)])
def test_levels_go_down_by_half_until_a_side_is_one(width: int, height: int) -> None:
    levels = half_sizes(np.zeros((height, width), np.uint8))

    for level, pixels in enumerate(levels):
        assert pixels.shape == (-(-height // 2**level), -(-width // 2**level))
    assert min(levels[-1].shape) == 1


@settings(max_examples=60)
@given(st.data(), st.integers(1, 60), st.integers(1, 60), channels)
def test_halving_again_where_something_changed_always_equals_halving_all_anew(
    data: st.DataObject, width: int, height: int, channels: tuple[int, ...]
) -> None:
    base = picture(width, height, channels)
    levels = half_sizes(base)
    rect = Rect(
        *(data.draw(st.integers(-5, 60)) for _ in range(2)),
        *(data.draw(st.integers(0, 40)) for _ in range(2)),
    )

    inside = rect.intersected(Rect(0, 0, width, height))
    base[inside.slices] = picture(inside.width, inside.height, channels, seed=1)
    for fine, coarse in pairwise(levels):
        rect = halve_into(fine, coarse, rect)

    for renewed, anew in zip(levels, half_sizes(base), strict=True):
        assert np.array_equal(renewed, anew)


def test_halving_again_says_which_part_it_renewed() -> None:
    fine = np.zeros((200, 300), np.uint8)
    coarse = halved(fine)

    assert halve_into(fine, coarse, Rect(201, 100, 50, 50)) == Rect(100, 50, 26, 25)


def test_base_is_shared_not_copied() -> None:
    base = np.zeros((20, 30), np.uint8)

    assert half_sizes(base)[0] is base
