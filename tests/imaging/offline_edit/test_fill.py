"""Fills over real photographs: nothing else changes, they fit in, and coarse ones look like the final."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import Photo
from tests.pixels import load_rgba

from overpaint.imaging.offline_edit.fill import can_fill, fill, hole_box


def _hole(shape: tuple[int, ...], top: float, left: float, bottom: float, right: float) -> np.ndarray:
    hole = np.zeros(shape[:2], bool)
    height, width = hole.shape
    hole[int(top * height) : int(bottom * height), int(left * width) : int(right * width)] = True
    return hole


@pytest.mark.parametrize("name", ["coffee.png", "rocket.png", "astronaut.png"])
def test_fill_when_coarse_to_fine_then_ever_closer_to_the_final(photo: Photo, name: str):
    pixels = load_rgba(photo(name))[..., :3]
    hole = _hole(pixels.shape, 0.4, 0.4, 0.65, 0.6)

    *partials, final = fill(pixels, hole, (8, 4, 2, 1))

    distances = [float(np.abs(one.astype(int) - final)[hole].mean()) for one in partials]
    assert distances == sorted(distances, reverse=True)


def test_fill_when_done_then_outside_the_hole_nothing_has_changed(photo: Photo):
    pixels = load_rgba(photo("coffee.png"))[..., :3]
    hole = _hole(pixels.shape, 0.5, 0.5, 0.8, 0.7)

    for one in fill(pixels, hole):
        assert np.array_equal(one[~hole], pixels[~hole])
        assert not np.array_equal(one[hole], pixels[hole])


def test_fill_when_a_spot_lies_on_an_even_ground_then_it_is_gone():
    y, x = np.mgrid[0:200, 0:240]
    ground = np.stack((60 + x / 4, 90 + y / 4, np.full(x.shape, 120)), axis=-1).astype(np.uint8)
    spotted = ground.copy()
    hole = np.hypot(x - 120, y - 100) < 30
    spotted[hole] = (250, 30, 30)

    *_, filled = fill(spotted, hole)

    assert np.abs(filled.astype(int) - ground)[hole].max() <= 16
    assert np.abs(filled.astype(int) - ground)[hole].mean() <= 4


def test_fill_when_stripes_run_through_then_they_go_on():
    stripes = np.zeros((160, 160, 3), np.uint8)
    stripes[:, (np.arange(160) // 8) % 2 == 0] = 220
    hole = _hole(stripes.shape, 0.4, 0.4, 0.6, 0.6)
    broken = stripes.copy()
    broken[hole] = (0, 160, 0)

    *_, filled = fill(broken, hole)

    assert np.abs(filled.astype(int) - stripes)[hole].mean() < 25


def test_fill_when_the_seed_differs_then_so_may_the_fill_and_the_same_gives_the_same(photo: Photo):
    pixels = load_rgba(photo("coffee.png"))[..., :3]
    hole = _hole(pixels.shape, 0.3, 0.3, 0.7, 0.6)

    first, again, other = ([*fill(pixels, hole, (2,), seed)][-1] for seed in (0, 0, 1))

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@settings(max_examples=25)
@given(
    st.tuples(st.integers(1, 60), st.integers(1, 60)),
    st.lists(st.tuples(st.integers(0, 59), st.integers(0, 59)), min_size=1, max_size=12),
    st.sampled_from([(1,), (8, 4, 2, 1), (16, 2)]),
)
def test_fill_when_any_size_and_any_hole_then_one_picture_for_each_divisor(size, spots, divisors):
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3)).astype(np.uint8)
    hole = np.zeros(size, bool)
    for row, column in spots:
        hole[row % size[0], column % size[1]] = True

    results = [*fill(pixels, hole, divisors)]

    assert len(results) == len(divisors)
    assert all(np.array_equal(one[~hole], pixels[~hole]) for one in results)


def test_can_fill_when_all_or_nearly_all_is_painted_then_not():
    hole = np.ones((100, 100), bool)
    assert not can_fill(hole)

    hole[:1] = False
    assert not can_fill(hole)

    hole[:3] = False
    assert can_fill(hole)


def test_hole_box_when_grown_then_within_the_picture():
    hole = _hole((100, 100), 0.0, 0.5, 0.2, 0.6)

    assert hole_box(hole) == (slice(0, 20), slice(50, 60))
    assert hole_box(hole, 0.5, 8) == (slice(0, 30), slice(42, 68))
