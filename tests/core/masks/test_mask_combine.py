"""How selections join a mask."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from overpaint.core.masks import mask_combine
from overpaint.core.masks.geometry import EMPTY, Rect
from overpaint.core.masks.mask import Mask
from overpaint.core.masks.mask_combine import Combine, MaskPatch
from overpaint.core.masks.undo_history import History

HOWS: tuple[Combine, ...] = ("replace", "add", "subtract", "intersect")
NOTHING = EMPTY, np.zeros((0, 0), np.uint8)


@st.composite
def masks_and_patches(draw: st.DrawFn) -> tuple[Mask, MaskPatch]:
    width, height = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    levels = st.sampled_from([0, 0, 1, 100, 255])
    mask = Mask.of(draw(arrays.arrays(np.uint8, (height, width), elements=levels)))
    x, y = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
    rect = Rect(x, y, draw(st.integers(1, width - x)), draw(st.integers(1, height - y)))
    return mask, (rect, draw(arrays.arrays(np.uint8, (rect.height, rect.width), elements=levels)))


def apply(mask: Mask, history: History, name: str, patch: MaskPatch, how: Combine) -> Rect:
    """Combines a patch into a mask as one entry, or none when nothing differs; what changed."""
    entry = mask_combine.prepare(mask, name, patch, how)
    return history.do(entry) if entry is not None else EMPTY


def spread(mask: Mask, patch: MaskPatch) -> np.ndarray:
    """The patch's coverage over the whole picture."""
    whole = np.zeros_like(mask.coverage)
    whole[patch[0].slices] = patch[1]
    return whole


def expected(mask: Mask, patch: MaskPatch, how: Combine) -> np.ndarray:
    old, new = mask.coverage.astype(int), spread(mask, patch).astype(int)
    results: dict[Combine, np.ndarray] = {
        "replace": new,
        "add": np.maximum(old, new),
        "subtract": np.minimum(old, 255 - new),
        "intersect": np.minimum(old, new),
    }
    return results[how]


@pytest.mark.parametrize("how", HOWS)
@given(masks_and_patches())
def test_apply_of_any_patch_gives_the_rule_for_every_pixel(
    how: Combine, given_: tuple[Mask, MaskPatch]
) -> None:
    mask, patch = given_
    wanted = expected(mask, patch, how)

    apply(mask, History(), "Wand", patch, how)

    assert np.array_equal(mask.coverage, wanted)


@pytest.mark.parametrize("how", HOWS)
@given(masks_and_patches())
def test_combined_before_it_is_applied_is_what_apply_writes(
    how: Combine, given_: tuple[Mask, MaskPatch]
) -> None:
    mask, patch = given_
    before = mask.coverage.copy()

    rect, coverage = mask_combine.combined(mask, patch, how)

    assert np.array_equal(mask.coverage, before)
    before[rect.slices] = coverage
    apply(mask, History(), "Wand", patch, how)
    assert np.array_equal(mask.coverage, before)


@pytest.mark.parametrize("how", HOWS)
@given(masks_and_patches())
def test_undo_after_apply_restores_every_byte(how: Combine, given_: tuple[Mask, MaskPatch]) -> None:
    mask, patch = given_
    history, before = History(), mask.coverage.copy()

    changed = apply(mask, history, "Wand", patch, how)

    assert history.can_undo == (not changed.empty)
    history.undo()
    assert np.array_equal(mask.coverage, before)


@pytest.mark.parametrize("how", HOWS)
@given(masks_and_patches())
def test_apply_twice_changes_nothing_the_second_time(how: Combine, given_: tuple[Mask, MaskPatch]) -> None:
    mask, patch = given_
    history = History()
    apply(mask, history, "Wand", patch, how)
    revision, names = mask.revision, history.names()

    changed = apply(mask, history, "Wand", patch, how)

    assert changed == EMPTY
    assert (mask.revision, history.names()) == (revision, names)


@given(masks_and_patches())
def test_subtract_after_add_of_the_same_shape_restores_outside_pixels(given_: tuple[Mask, MaskPatch]) -> None:
    mask, patch = given_
    before, outside = mask.coverage.copy(), spread(mask, patch) == 0

    apply(mask, History(), "Lasso", patch, "add")
    apply(mask, History(), "Lasso", patch, "subtract")

    assert np.array_equal(mask.coverage[outside], before[outside])


def test_apply_names_its_one_entry() -> None:
    mask, history = Mask(300, 200), History()
    patch = Rect(100, 50, 150, 100), np.full((100, 150), 255, np.uint8)

    apply(mask, history, "Rectangle", patch, "add")

    assert history.names() == ["Rectangle"]
    assert mask.pixels_sent() == 15_000


@pytest.mark.parametrize(("how", "left"), [("replace", 0), ("add", 4), ("subtract", 4), ("intersect", 0)])
def test_empty_patch_counts_as_nothing_selected(how: Combine, left: int) -> None:
    mask = Mask.of(np.array([[255, 255, 0], [255, 255, 0]], np.uint8))

    apply(mask, History(), "Lasso", NOTHING, how)

    assert mask.pixels_sent() == left


@pytest.mark.parametrize("rect", [Rect(-1, 0, 2, 2), Rect(9, 0, 2, 2), Rect(0, 9, 2, 2)])
def test_patch_that_leaves_the_picture_is_refused(rect: Rect) -> None:
    with pytest.raises(ValueError, match="inside the picture"):
        mask_combine.combined(Mask(10, 10), (rect, np.zeros((2, 2), np.uint8)), "add")


@pytest.mark.parametrize("wrong", [np.zeros((2, 3), np.uint8), np.zeros((3, 2)), np.zeros(6, np.uint8)])
def test_patch_of_another_shape_or_type_is_refused(wrong: np.ndarray) -> None:
    with pytest.raises(ValueError, match="one byte for each pixel"):
        mask_combine.combined(Mask(10, 10), (Rect(1, 1, 2, 3), wrong), "replace")


@given(masks_and_patches(), st.sampled_from(HOWS))
def test_change_prepared_apart_does_what_applying_does_once_it_is_done(
    given_: tuple[Mask, MaskPatch], how: Combine
) -> None:
    mask, patch = given_
    before, history = mask.coverage.copy(), History()

    entry = mask_combine.prepare(mask, "Select", patch, how)

    assert np.array_equal(mask.coverage, before)
    if entry is None:
        assert np.array_equal(before, expected(mask, patch, how))
        return
    wanted = expected(mask, patch, how)
    history.do(entry)
    assert np.array_equal(mask.coverage, wanted)
    history.undo()
    assert np.array_equal(mask.coverage, before)


@given(masks_and_patches())
def test_whole_masks_when_filled_cleared_or_inverted_are_so_and_come_back(mask_and_patch) -> None:
    mask, _ = mask_and_patch
    before = mask.coverage.copy()
    wanted = (
        (mask_combine.filled, before | 255),
        (mask_combine.cleared, before & 0),
        (mask_combine.inverted, ~before),
    )
    for act, after in wanted:
        history = History(2**20)

        entry = act(mask, "Act")
        if entry is None:
            assert np.array_equal(before, after)
            continue
        history.do(entry)

        assert np.array_equal(mask.coverage, after)
        history.undo()
        assert np.array_equal(mask.coverage, before)


def test_inverting_a_large_mask_holds_next_to_nothing() -> None:
    assert mask_combine.inverted(Mask(4000, 3000), "Invert mask").size < 1000
