"""What was not painted stays; what a model changed there is counted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from tests.conftest import Photo
from tests.pixels import load_rgba

from overpaint.imaging.composite import paste_inside

coverages = st.tuples(st.integers(1, 24), st.integers(1, 24)).flatmap(
    lambda shape: arrays.arrays(np.uint8, shape, elements=st.sampled_from([0, 0, 60, 255, 255]))
)


@given(coverages, st.floats(0, 8))
def test_paste_when_not_covered_then_the_original_to_the_bit(coverage: np.ndarray, feather: float):
    original, result = _two(coverage.shape)

    pasted = paste_inside(original, result, coverage, feather)

    assert np.array_equal(pasted[coverage == 0], original[coverage == 0])


@given(coverages)
def test_paste_when_fully_covered_and_not_feathered_then_the_result_to_the_bit(coverage: np.ndarray):
    original, result = _two(coverage.shape)

    pasted = paste_inside(original, result, coverage)

    assert np.array_equal(pasted[coverage == 255], result[coverage == 255])


@given(coverages, st.floats(0, 8))
def test_paste_when_anywhere_then_between_the_two(coverage: np.ndarray, feather: float):
    original, result = _two(coverage.shape)

    pasted = paste_inside(original, result, coverage, feather)

    assert (pasted >= np.minimum(original, result)).all()
    assert (pasted <= np.maximum(original, result)).all()


def test_paste_when_feathered_then_it_rises_inwards_and_is_whole_in_the_middle():
    coverage = np.zeros((60, 60), np.uint8)
    coverage[10:50, 10:50] = 255
    original, result = np.zeros((60, 60, 3), np.uint8), np.full((60, 60, 3), 200, np.uint8)

    row = paste_inside(original, result, coverage, 6)[30, :, 0].astype(int)

    assert (np.diff(row[10:30]) >= 0).all()
    assert row[10] < 40
    assert row[30] == 200


def test_paste_when_the_mask_reaches_the_border_then_the_border_is_no_edge():
    coverage = np.zeros((40, 40), np.uint8)
    coverage[:, :20] = 255
    original, result = np.zeros((40, 40, 3), np.uint8), np.full((40, 40, 3), 200, np.uint8)

    pasted = paste_inside(original, result, coverage, 5)

    assert (pasted[:, 0] == 200).all()


def test_paste_when_the_inputs_are_given_then_they_are_left_alone(photo: Photo):
    original = load_rgba(photo("coffee.png"))
    kept = original.copy()

    paste_inside(original, 255 - original, np.full(original.shape[:2], 255, np.uint8), 3)

    assert np.array_equal(original, kept)


def test_composite_when_sizes_differ_then_value_error():
    with pytest.raises(ValueError, match="must be of one size"):
        paste_inside(np.zeros((4, 4, 3), np.uint8), np.zeros((4, 5, 3), np.uint8), np.zeros((4, 4), np.uint8))


def _two(shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(shape[0] * 100 + shape[1])
    original, result = random.integers(0, 256, (2, *shape, 3)).astype(np.uint8)
    return original, result
