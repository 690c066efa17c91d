"""The magic wand against a flood fill written the slow way."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import Photo
from tests.pixels import load_bgra

from overpaint.core.masks.mask_combine import MaskPatch
from overpaint.imaging.masks.colour_select import Wand


def opaque(bgr: np.ndarray) -> np.ndarray:
    return np.dstack([bgr, np.full(bgr.shape[:2], 255, np.uint8)])


def whole(patch: MaskPatch, shape: tuple[int, ...]) -> np.ndarray:
    rect, coverage = patch
    canvas = np.zeros(shape[:2], np.uint8)
    canvas[rect.slices] = coverage
    return canvas


def differences(bgra: np.ndarray, row: int, column: int) -> np.ndarray:
    """The colour difference (CIE 1976) of each pixel to one of them, alpha as a fourth axis."""
    lab = cv2.cvtColor(np.ascontiguousarray(bgra[..., :3]), cv2.COLOR_BGR2LAB).astype(float)
    lab[..., 0] *= 100 / 255
    axes = np.dstack([lab, bgra[..., 3] * (100 / 255)])
    return np.asarray(np.sqrt(((axes - axes[row, column]) ** 2).sum(axis=2)))


def flooded(alike: np.ndarray, row: int, column: int) -> np.ndarray:
    """The pixels in one piece with the given one, a step to one side at a time."""
    reached, left = np.zeros_like(alike), [(row, column)]
    while left:
        y, x = left.pop()
        if 0 <= y < alike.shape[0] and 0 <= x < alike.shape[1] and alike[y, x] and not reached[y, x]:
            reached[y, x] = True
            left += [(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)]
    return reached


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0, 4, 12, 30, 60]), st.booleans())
def test_selection_in_a_small_picture_is_that_of_a_brute_force_fill(
    seed: int, tolerance: int, contiguous: bool
) -> None:
    rng = np.random.default_rng(seed)
    colours = rng.integers(0, 256, (4, 4), np.uint8)
    bgra = np.ascontiguousarray(colours[rng.integers(0, 4, (13, 17))])
    row, column = int(rng.integers(0, 13)), int(rng.integers(0, 17))
    alike = differences(bgra, row, column) <= tolerance + 1e-4
    wanted = flooded(alike, row, column) if contiguous else alike

    patch = Wand(bgra).select(column + 0.5, row + 0.5, tolerance, contiguous=contiguous, soften=False)

    assert np.array_equal(whole(patch, bgra.shape), wanted * 255)


@pytest.mark.parametrize("contiguous", [True, False])
def test_selection_in_a_photograph_is_that_of_a_brute_force_fill(photo: Photo, contiguous: bool) -> None:
    bgra = load_bgra(photo("coffee.png", (300, 200)))
    alike = differences(bgra, 20, 30) <= 15
    wanted = flooded(alike, 20, 30) if contiguous else alike

    patch = Wand(bgra).select(30.9, 20.1, 15, contiguous=contiguous, soften=False)

    assert wanted.sum() > 1000
    assert np.array_equal(whole(patch, bgra.shape), wanted * 255)


@pytest.mark.parametrize("contiguous", [True, False])
def test_softening_adds_a_rim_and_changes_nothing_that_is_sent(photo: Photo, contiguous: bool) -> None:
    bgra = load_bgra(photo("coffee.png", (300, 200)))
    wand = Wand(bgra)

    hard = whole(wand.select(30, 20, 15, contiguous=contiguous, soften=False), bgra.shape)
    soft = whole(wand.select(30, 20, 15, contiguous=contiguous), bgra.shape)

    assert np.array_equal(soft >= 128, hard == 255)
    rim = (soft > 0) & (soft < 128)
    assert rim.any()
    assert not rim[cv2.dilate(hard, np.ones((3, 3), np.uint8)) == 0].any()


def test_rim_of_a_blended_edge_is_fainter_further_away_in_colour() -> None:
    bgr = np.full((9, 9, 3), 40, np.uint8)
    bgr[:, 4] = 75
    bgr[:, 5:] = 250
    bgr[4, 4] = 70

    coverage = whole(Wand(opaque(bgr)).select(1, 1, 10, contiguous=True), bgr.shape)

    assert 0 < coverage[2, 4] < coverage[4, 4] < 128
    assert not coverage[:, 5:].any()


def test_transparent_and_black_are_told_apart() -> None:
    bgra = np.zeros((6, 6, 4), np.uint8)
    bgra[:, 3:, 3] = 255

    coverage = whole(Wand(bgra).select(0, 0, 20, contiguous=True), bgra.shape)

    assert (coverage[:, :3] == 255).all()
    assert not coverage[:, 3:].any()


def test_pieces_that_touch_at_a_corner_are_two() -> None:
    bgr = np.zeros((4, 4, 3), np.uint8)
    bgr[:2, 2:] = bgr[2:, :2] = 200

    patch = Wand(opaque(bgr)).select(0.5, 0.5, 5, contiguous=True, soften=False)

    assert (patch[0].width, patch[0].height) == (2, 2)


@pytest.mark.parametrize(("x", "y"), [(-0.1, 3), (3, -0.1), (8, 3), (3, 6.0)])
def test_click_beside_the_picture_selects_nothing(x: float, y: float) -> None:
    rect, coverage = Wand(opaque(np.zeros((6, 8, 3), np.uint8))).select(x, y, 50, contiguous=True)

    assert rect.empty
    assert coverage.shape == (0, 0)


@pytest.mark.parametrize("tolerance", [-1, 100.5, float("nan")])
def test_tolerance_out_of_range_is_refused(tolerance: float) -> None:
    with pytest.raises(ValueError, match="0 to 100"):
        Wand(opaque(np.zeros((6, 8, 3), np.uint8))).select(1, 1, tolerance, contiguous=True)


def test_making_and_using_a_wand_leaves_the_picture_alone(photo: Photo) -> None:
    bgra = load_bgra(photo("coffee.png", (300, 200)))
    before = bgra.copy()

    Wand(bgra).select(30, 20, 40, contiguous=True)

    assert np.array_equal(bgra, before)
