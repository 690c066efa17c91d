"""What can be done to a mask, against distances and pieces computed another way."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from skimage import measure

from overpaint.imaging.masks import mask_ops
from overpaint.imaging.masks.mask_ops import (
    feather,
    fill_holes,
    grow,
    harden,
    pinholes,
    remove_specks,
    shrink,
    smooth,
    soft_share,
    specks,
)

coverages = arrays.arrays(
    np.uint8,
    arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=24),
    elements=st.sampled_from([0, 0, 0, 40, 127, 128, 255, 255]),
)
radii = st.sampled_from([0, 0.3, 1, 1.4141, 1.5, 2, 3.25, 5])


def disc(radius: float, side: int = 240, softness: float = 1.0) -> np.ndarray:
    """A disc in the middle whose edge falls over `softness` pixels."""
    ys, xs = np.ogrid[:side, :side]
    distance = np.hypot(xs + 0.5 - side / 2, ys + 0.5 - side / 2)
    return np.asarray(np.rint(np.clip((radius - distance) / softness + 0.5, 0, 1) * 255), np.uint8)


def dilated(coverage: np.ndarray, px: float) -> np.ndarray:
    """Growing by its definition: every pixel looks at every other."""
    height, width = coverage.shape
    ys, xs = np.mgrid[:height, :width]
    grown = np.zeros(coverage.shape)
    for y, x in np.argwhere(coverage):
        loss = np.rint(np.maximum(np.hypot(xs - x, ys - y) - px, 0) * 255)
        grown = np.maximum(grown, coverage[y, x] - loss)
    return grown


@settings(max_examples=50)
@given(coverages, radii)
def test_grow_of_any_mask_is_the_definition(coverage: np.ndarray, px: float) -> None:
    assert np.array_equal(grow(coverage, px), dilated(coverage, px))


@given(coverages, radii)
def test_shrink_is_to_grow_what_is_kept(coverage: np.ndarray, px: float) -> None:
    assert np.array_equal(shrink(coverage, px), 255 - grow(255 - coverage, px))


@given(coverages, radii)
def test_shrink_after_grow_holds_the_mask_and_grow_after_shrink_lies_in_it(
    coverage: np.ndarray, px: float
) -> None:
    closed, opened = shrink(grow(coverage, px), px), grow(shrink(coverage, px), px)

    assert (closed >= coverage).all()
    assert (opened <= coverage).all()
    assert np.array_equal(shrink(grow(closed, px), px), closed)
    assert np.array_equal(grow(shrink(opened, px), px), opened)


@pytest.mark.parametrize("px", [1, 2, 5, 10, 30])
@pytest.mark.parametrize(("act", "way"), [(grow, 1), (shrink, -1)])
def test_disc_moved_by_a_distance_is_the_disc_of_that_radius(
    act: Callable[[np.ndarray, float], np.ndarray], way: int, px: int
) -> None:
    error = np.abs(act(disc(70), px).astype(int) - disc(70 + way * px))

    assert error[error > 0].mean() <= 18  # 0.07 of a pixel
    assert error.max() <= 80


@pytest.mark.parametrize("px", [4, 12])
def test_soft_disc_keeps_its_softness_when_it_grows(px: int) -> None:
    error = np.abs(grow(disc(60, softness=30), px).astype(int) - disc(60 + px, softness=30))

    assert error.max() <= 255 / 30 + 1


@pytest.mark.parametrize("act", [grow, shrink, feather, smooth])
@given(coverage=coverages, px=st.integers(0, 5))
def test_nothing_further_than_px_from_the_mask_changes(
    act: Callable[[np.ndarray, int], np.ndarray], coverage: np.ndarray, px: int
) -> None:
    canvas = np.zeros((60, 60), np.uint8)
    canvas[16 : 16 + coverage.shape[0], 16 : 16 + coverage.shape[1]] = coverage
    before = canvas.copy()

    result = act(canvas, px)

    assert np.array_equal(canvas, before)
    outside = np.ones(canvas.shape, bool)
    outside[16 - px : 16 + coverage.shape[0] + px, 16 - px : 16 + coverage.shape[1] + px] = False
    assert not result[outside].any()


@pytest.mark.parametrize("act", [grow, shrink, feather, smooth])
def test_blocks_leave_no_seam(monkeypatch: pytest.MonkeyPatch, act: Callable[..., np.ndarray]) -> None:
    rng = np.random.default_rng(3)
    coverage = np.kron(rng.integers(0, 2, (9, 11)), np.ones((64, 64))).astype(np.uint8) * 255
    in_blocks = act(coverage, 20)

    monkeypatch.setattr(mask_ops, "_BLOCK", 1000)

    assert np.array_equal(in_blocks, act(coverage, 20))


@pytest.mark.parametrize("act", [grow, shrink, feather, smooth])
@pytest.mark.parametrize("level", [0, 90, 255])
def test_flat_mask_stays_as_it_is(act: Callable[..., np.ndarray], level: int) -> None:
    coverage = np.full((300, 500), level, np.uint8)

    assert np.array_equal(act(coverage, 7), coverage)


def test_mask_that_reaches_the_edge_does_not_recede_from_there() -> None:
    coverage = np.zeros((80, 300), np.uint8)
    coverage[:, :150] = 255

    for act in (shrink, feather, smooth):
        result = act(coverage, 9)
        assert (result[:, :140] == 255).all()
        assert not (result[:, :150] == 0).all()
        assert (result == result[0]).all()


@pytest.mark.parametrize("px", [1, 2, 3, 10, 40])
def test_feathered_edge_falls_evenly_within_px_to_either_side(px: int) -> None:
    coverage = np.zeros((20, 400), np.uint8)
    coverage[:, 200:] = 255

    row = feather(coverage, px)[10].astype(int)

    assert (row[: 200 - px] == 0).all()
    assert (row[200 + px :] == 255).all()
    assert (np.diff(row) >= 0).all()
    assert np.abs(row + row[::-1] - 255).max() <= 3
    assert 0 < row[199] < 128 <= row[200] < 255


def test_smooth_removes_bumps_and_notches_and_leaves_straight_edges() -> None:
    coverage = np.zeros((200, 300), np.uint8)
    coverage[:100] = 255
    rough = coverage.copy()
    rough[100:103, 50:52] = 255
    rough[97:100, 200:202] = 0
    rough[150:153, 20:23] = 255

    assert np.array_equal(smooth(rough, 6), coverage)


@settings(max_examples=50)
@given(coverages, st.integers(0, 12))
def test_specks_and_holes_are_the_small_pieces_of_what_is_sent(coverage: np.ndarray, area: int) -> None:
    sent = coverage >= 128
    pieces = measure.label(sent, connectivity=2)
    small = [piece for piece in measure.regionprops(pieces) if piece.area <= area]
    kept = measure.label(np.pad(~sent, 1, constant_values=True), connectivity=1)
    outside = set(np.unique(np.concatenate([kept[:2].ravel(), kept[-2:].ravel(),
                                            kept[:, :2].ravel(), kept[:, -2:].ravel()])))  # fmt: skip
    holes = [hole for hole in measure.regionprops(kept) if hole.area <= area and hole.label not in outside]

    cleaned, filled = remove_specks(coverage, area), fill_holes(coverage, area)

    assert specks(coverage, area) == len(small)
    assert pinholes(coverage, area) == len(holes)
    assert np.array_equal(cleaned >= 128, sent & ~np.isin(pieces, [piece.label for piece in small]))
    assert np.array_equal(filled >= 128, sent | np.isin(kept, [hole.label for hole in holes])[1:-1, 1:-1])
    assert specks(cleaned, area) == pinholes(filled, area) == 0


@given(coverages, st.one_of(st.none(), st.integers(0, 12)))
def test_filling_holes_twice_is_filling_them_once_and_clears_nothing(
    coverage: np.ndarray, area: int | None
) -> None:
    once = fill_holes(coverage, area)

    assert (once >= coverage).all()
    assert np.array_equal(fill_holes(once, area), once)


def test_hole_with_a_soft_rim_is_filled_without_a_ring() -> None:
    coverage = np.minimum(disc(80), 255 - disc(9))

    filled = fill_holes(coverage, None)

    assert pinholes(coverage, 400) == 1
    assert np.array_equal(filled, disc(80))


def test_speck_with_a_soft_rim_goes_with_it_and_other_soft_edges_stay() -> None:
    large = disc(60, softness=20)
    coverage = large.copy()
    coverage[2:12, 2:12] = np.maximum(coverage[2:12, 2:12], disc(3, 10, 3.0))

    cleaned = remove_specks(coverage, 50)

    assert specks(coverage) == 1
    assert np.array_equal(cleaned, large)


@given(coverages)
def test_harden_is_what_is_sent_and_hard_already_the_second_time(coverage: np.ndarray) -> None:
    hard = harden(coverage)

    assert np.array_equal(hard, np.where(coverage >= 128, 255, 0))
    assert np.array_equal(harden(hard), hard)
    assert soft_share(hard) == 0


def test_soft_share_counts_greys_among_the_painted() -> None:
    coverage = np.array([[0, 0, 0, 0], [1, 254, 255, 255]], np.uint8)

    assert soft_share(coverage) == 0.5
    assert soft_share(np.zeros((4, 4), np.uint8)) == 0


@pytest.mark.parametrize("act", [grow, shrink, feather, smooth])
def test_negative_distance_is_refused(act: Callable[..., np.ndarray]) -> None:
    with pytest.raises(ValueError, match="-1"):
        act(np.zeros((4, 4), np.uint8), -1)
