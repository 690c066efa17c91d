"""The mask of one picture."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask import Mask, share_words

coverages = arrays.arrays(
    np.uint8,
    arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40),
    elements=st.integers(0, 255),
)


def test_new_mask_keeps_the_whole_picture() -> None:
    mask = Mask(300, 200)

    assert mask.coverage.shape == (200, 300)
    assert mask.is_empty()
    assert mask.bounds().empty
    assert mask.fraction() == 0.0


@pytest.mark.parametrize(("width", "height"), [(0, 5), (5, 0), (-1, 5)])
def test_mask_without_a_pixel_is_refused(width: int, height: int) -> None:
    with pytest.raises(ValueError, match="at least one pixel"):
        Mask(width, height)


@given(coverages)
def test_fraction_always_is_the_share_that_is_sent(coverage: np.ndarray) -> None:
    mask = Mask.of(coverage)

    assert mask.fraction() == pytest.approx((coverage >= 128).mean())
    assert mask.is_empty() == (not (coverage >= 128).any())
    assert mask.is_full() == bool((coverage >= 128).all())


@given(st.lists(st.tuples(st.integers(-50, 400), st.integers(-50, 300), st.integers(0, 150)), max_size=6))
def test_fraction_after_local_changes_counts_them_all(squares: list[tuple[int, int, int]]) -> None:
    mask = Mask(300, 200)
    for x, y, side in squares:
        rect = Rect(x, y, side, side).intersected(mask.rect)
        mask.coverage[rect.slices] ^= 255
        mask.changed(rect)
        mask.fraction()

    assert mask.pixels_sent() == np.count_nonzero(mask.coverage >= 128)


@given(coverages)
def test_bounds_always_hold_every_painted_pixel_tightly(coverage: np.ndarray) -> None:
    bounds = Mask.of(coverage).bounds()

    assert np.count_nonzero(coverage[bounds.slices]) == np.count_nonzero(coverage)
    if not bounds.empty:
        assert coverage[bounds.y].any()
        assert coverage[bounds.bottom - 1].any()
        assert coverage[:, bounds.x].any()
        assert coverage[:, bounds.right - 1].any()


def test_faint_paint_is_not_sent() -> None:
    mask = Mask(4, 4)

    mask.coverage[1, 1] = 127
    mask.changed(mask.rect)

    assert mask.is_empty()
    assert mask.bounds() == Rect(1, 1, 1, 1)


class ClearedMeanwhile(np.ndarray):
    """Coverage that another thread clears as soon as it was looked at."""

    def max(self, *args: Any, **kwargs: Any) -> Any:
        found = np.asarray(self).max(*args, **kwargs)
        self[...] = 0
        return found


def test_bounds_of_a_mask_that_is_cleared_meanwhile_are_empty() -> None:
    mask = Mask(30, 20)
    mask.coverage = np.full((20, 30), 255, np.uint8).view(ClearedMeanwhile)

    assert mask.bounds().empty


def test_every_change_raises_the_revision() -> None:
    mask = Mask(200, 130)
    seen = [mask.revision]

    for rect in (mask.rect, mask.rect, Rect(0, 0, 1, 1)):
        mask.changed(rect)
        seen.append(mask.revision)

    assert seen == sorted(set(seen))


def test_a_change_outside_the_mask_is_none() -> None:
    mask = Mask(20, 20)

    mask.changed(Rect(30, 30, 5, 5))

    assert mask.revision == 0


def test_of_an_array_shares_nothing_with_it() -> None:
    coverage = np.zeros((3, 4), np.uint8)

    mask = Mask.of(coverage)
    coverage[...] = 255

    assert mask.is_empty()


def test_of_other_than_bytes_is_refused() -> None:
    with pytest.raises(ValueError, match="one byte a pixel"):
        Mask.of(np.zeros((3, 4), np.float32))


@given(st.integers(0, 4000), st.integers(1, 4000))
def test_share_in_words_is_nothing_or_all_only_where_it_is(painted: int, rest: int) -> None:
    words = share_words(painted / (painted + rest))

    assert (words in ("0 %", "0.0 %")) == (painted == 0)
    assert words != "100 %"
    assert share_words(1.0) == "100 %"
