"""Laws of masks and their history that hold whatever is done, in whatever order."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overpaint.core.masks import mask_combine
from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask import SENT_FROM, Mask
from overpaint.core.masks.mask_combine import Combine, MaskPatch
from overpaint.core.masks.undo_entries import MaskEntry
from overpaint.core.masks.undo_history import History
from overpaint.core.paint.brush_stroke import Brush, Stroke
from overpaint.imaging.masks.mask_png import decode_grey, decode_mask, encode_grey, encode_mask

HOWS: tuple[Combine, ...] = get_args(Combine)
SMALL = (300, 200)
REPEATABLE = ("stroke", "select", "fill", "clear")
"""Acts that ask for the same each time they are done, however the mask looks by then."""
LARGE = (3840, 2160)
"""Width and height of the largest picture that the service makes: 8.3 megapixels."""

places = st.tuples(st.integers(-60, 360), st.integers(-60, 260))
brushes = st.builds(
    Brush,
    st.floats(1, 180),
    st.floats(0, 1),
    st.floats(0.05, 1),
    st.booleans(),
)
steps = st.one_of(
    st.tuples(st.just("stroke"), brushes, st.lists(places, min_size=1, max_size=4)),
    st.tuples(st.just("select"), places, st.integers(1, 255), st.sampled_from(HOWS)),
    st.tuples(st.just("load"), st.integers(0, 2), st.sampled_from(HOWS)),
    st.tuples(st.sampled_from(["fill", "clear", "invert"])),
)


class Painting:
    """A mask with its history, and how it looked after each entry."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.mask = Mask(*size)
        self.history = History(2**30)
        self.states = [self.mask.coverage.copy()]

    def do(self, kind: str, *how: object) -> None:
        """One act of the user; what it leaves is noted when it is an entry."""
        before = self.history.position
        getattr(self, kind)(*how)
        if self.history.position > before:
            self.states.append(self.mask.coverage.copy())
        assert self.history.position - before in (0, 1)

    def stroke(self, brush: Brush, points: list[tuple[float, float]]) -> None:
        stroke = Stroke(self.mask, self.history, brush)
        stroke.begin(*points[0])
        for point in points[1:]:
            stroke.extend(*point)
        stroke.finish()

    def select(self, place: tuple[int, int], value: int, how: Combine) -> None:
        width, height = self.mask.width // 3, self.mask.height // 3
        rect = Rect(*place, width, height).intersected(self.mask.rect)
        selection = np.full((rect.height, rect.width), value, np.uint8)
        self._do(mask_combine.prepare(self.mask, "Rectangle", (rect, selection), how))

    def load(self, at: int, how: Combine) -> None:
        """Brings an earlier state back, as a mask that was saved then."""
        saved = self.mask.rect, self.states[min(at, len(self.states) - 1)]
        self._do(mask_combine.prepare(self.mask, "Load mask", saved, how))

    def fill(self) -> None:
        self._do(mask_combine.filled(self.mask, "Fill mask"))

    def clear(self) -> None:
        self._do(mask_combine.cleared(self.mask, "Clear mask"))

    def invert(self) -> None:
        self._do(mask_combine.inverted(self.mask, "Invert mask"))

    def _do(self, entry: MaskEntry | None) -> None:
        if entry is not None:
            self.history.do(entry)

    def assert_undone_and_redone(self) -> None:
        """Every state is there again, byte for byte, backwards and forwards."""
        for state in reversed(self.states[:-1]):
            self.history.undo()
            assert np.array_equal(self.mask.coverage, state)
        assert not self.history.can_undo
        for state in self.states[1:]:
            self.history.redo()
            assert np.array_equal(self.mask.coverage, state)
        assert not self.history.can_redo


def combine(mask: Mask, patch: MaskPatch, how: Combine) -> None:
    """Joins a lasso's shape to a mask."""
    entry = mask_combine.prepare(mask, "Lasso", patch, how)
    if entry is not None:
        History().do(entry)


@settings(max_examples=60)
@given(st.lists(steps, max_size=12))
def test_undo_all_then_redo_all_after_any_acts_restores_every_byte(acts: list[tuple[object, ...]]) -> None:
    painting = Painting(SMALL)

    for kind, *how in acts:
        painting.do(str(kind), *how)

    painting.assert_undone_and_redone()


def test_undo_all_then_redo_all_on_the_largest_picture_restores_every_byte() -> None:
    painting = Painting(LARGE)

    painting.do("stroke", Brush(900, 0.3, 0.8), [(-200, 300), (2000, 1900), (4100, 100)])
    for at, how in enumerate(HOWS):
        painting.do("select", (400 * at, 300 * at), 90 + 40 * at, how)
        painting.do("stroke", Brush(300, 1.0, 1.0, erase=bool(at % 2)), [(500 * at, 100), (3000, 2000)])
    painting.do("invert")
    painting.do("load", 2, "intersect")
    painting.do("fill")
    painting.do("clear")

    assert len(painting.states) == 14
    painting.assert_undone_and_redone()


@settings(max_examples=40)
@given(st.lists(steps, max_size=4), steps.filter(lambda step: step[0] in REPEATABLE))
def test_act_done_twice_in_a_row_changes_nothing_the_second_time(
    before: list[tuple[object, ...]], act: tuple[object, ...]
) -> None:
    painting = Painting(SMALL)
    for kind, *how in before:
        painting.do(str(kind), *how)
    kind, *how = act

    painting.do(str(kind), *how)
    once, entries = painting.mask.coverage.copy(), painting.history.names()
    painting.do(str(kind), *how)

    assert np.array_equal(painting.mask.coverage, once)
    assert painting.history.names() == entries


@st.composite
def shapes(draw: st.DrawFn) -> tuple[Mask, MaskPatch]:
    """A mask and a selection, both of any softness."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    levels = np.array(draw(st.sampled_from([[0, 255], [0, 100, 255], list(range(256))])), np.uint8)
    mask = Mask.of(random.choice(levels, (60, 80)))
    rect = Rect(draw(st.integers(0, 40)), draw(st.integers(0, 30)), 40, 30)
    return mask, (rect, random.choice(levels, (30, 40)))


@given(shapes())
def test_subtract_after_add_of_the_same_shape_leaves_what_the_law_says(
    given_: tuple[Mask, MaskPatch],
) -> None:
    """With m the mask and s the shape, a pixel becomes min(max(m, s), 255 - s): where the shape has nothing
    it is as before, where the shape is whole nothing is left, and where the shape is soft the mask stays
    as it was as long as it lies between s and 255 - s."""
    mask, patch = given_
    old, shape = mask.coverage.astype(int), np.zeros(mask.coverage.shape, int)
    shape[patch[0].slices] = patch[1]

    combine(mask, patch, "add")
    combine(mask, patch, "subtract")

    new = mask.coverage.astype(int)
    assert np.array_equal(new, np.minimum(np.maximum(old, shape), 255 - shape))
    assert np.array_equal(new[shape == 0], old[shape == 0])
    assert not new[shape == 255].any()
    between = (shape <= old) & (old <= 255 - shape)
    assert np.array_equal(new[between], old[between])


@given(shapes())
def test_adding_what_was_subtracted_from_a_mask_that_held_it_restores_it(
    given_: tuple[Mask, MaskPatch],
) -> None:
    mask, (rect, shape) = given_
    combine(mask, (rect, np.where(shape, 255, 0).astype(np.uint8)), "add")
    held = mask.coverage.copy()
    hard = rect, np.where(shape, 255, 0).astype(np.uint8)

    combine(mask, hard, "subtract")
    combine(mask, hard, "add")

    assert np.array_equal(mask.coverage, held)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "largest"])
def test_export_then_import_of_a_painted_mask_is_the_identity(size: tuple[int, int]) -> None:
    painting = Painting(size)
    painting.do("stroke", Brush(size[0] / 4, 0.1, 0.9), [(0, 0), (size[0], size[1] / 2), (10, size[1])])
    painting.do("select", (10, 10), 77, "add")
    soft = painting.mask.coverage
    hard = np.where(soft >= SENT_FROM, 255, 0).astype(np.uint8)

    assert np.array_equal(decode_grey(encode_grey(soft)), soft)
    assert np.array_equal(decode_mask(encode_grey(soft)), soft)
    assert np.array_equal(decode_mask(encode_mask(hard)), hard)
    assert np.array_equal(decode_mask(encode_mask(soft)), hard)
