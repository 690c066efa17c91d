"""Undo and redo of masks and other things, in order and within a budget."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overpaint.core.masks.geometry import EMPTY, Rect
from overpaint.core.masks.mask import Mask
from overpaint.core.masks.undo_entries import within
from overpaint.core.masks.undo_history import History, Transaction

squares = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.integers(-40, 300),
        st.integers(-40, 200),
        st.integers(1, 200),
        st.integers(0, 255),
    ),
    min_size=1,
    max_size=12,
)


def paint(history: History, mask: Mask, rect: Rect, value: int, name: str = "Paint") -> Rect:
    rect = rect.intersected(mask.rect)
    with history.open(name, mask) as step:
        step.touch(rect)
        mask.coverage[rect.slices] = value
        mask.changed(rect)
    return rect


def overwrite(step: Transaction, mask: Mask, coverage: int | np.ndarray) -> None:
    step.touch(mask.rect)
    mask.coverage[...] = coverage
    mask.changed(mask.rect)


def noise(seed: int, width: int = 300, height: int = 200) -> Mask:
    return Mask.of(np.random.default_rng(seed).integers(0, 256, (height, width), np.uint8))


@dataclass
class Added:
    """An entry of the tray's kind."""

    tray: list[str]
    item: str
    name: str = "Add picture"
    size: int = 10
    log: list[str] = field(default_factory=list)

    @property
    def subject(self) -> object:
        return self.tray

    def undo(self) -> Rect:
        self.tray.remove(self.item)
        return EMPTY

    def redo(self) -> Rect:
        self.tray.append(self.item)
        return EMPTY


@settings(max_examples=40)
@given(squares)
def test_undo_all_then_redo_all_restores_every_byte(changes: list[tuple[int, int, int, int, int]]) -> None:
    masks, history = (noise(1), noise(2)), History()
    states = [[mask.coverage.copy() for mask in masks]]
    for which, x, y, side, value in changes:
        before = history.position
        paint(history, masks[which], Rect(x, y, side, side), value)
        if history.position > before:
            states.append([mask.coverage.copy() for mask in masks])

    for state in reversed(states[:-1]):
        assert history.undo() is not None
        assert all(np.array_equal(mask.coverage, old) for mask, old in zip(masks, state, strict=True))
    for state in states[1:]:
        assert history.redo() is not None
        assert all(np.array_equal(mask.coverage, new) for mask, new in zip(masks, state, strict=True))
    assert history.undo_name == "Paint" * bool(states[1:])


@settings(max_examples=40)
@given(squares)
def test_undo_always_reports_every_changed_pixel(changes: list[tuple[int, int, int, int, int]]) -> None:
    mask, history = noise(3), History()
    for _, x, y, side, value in changes:
        paint(history, mask, Rect(x, y, side, side), value)

    while history.can_undo:
        before = mask.coverage.copy()
        dirty = history.undo()
        assert dirty is not None
        differing = mask.coverage != before
        assert np.count_nonzero(differing[dirty.slices]) == np.count_nonzero(differing)


def test_undo_with_nothing_done_is_none() -> None:
    history = History()

    assert history.undo() is None
    assert history.redo() is None
    assert (history.undo_name, history.redo_name) == ("", "")


def test_transaction_that_changes_no_byte_leaves_no_entry() -> None:
    mask, history = noise(4), History()

    with history.open("Nothing", mask) as step:
        step.touch(mask.rect)

    assert not history.can_undo


def test_commit_reports_what_changed() -> None:
    mask, history = Mask(300, 200), History()

    step = history.open("Dot", mask)
    step.touch(mask.rect)
    mask.coverage[150, 290] = 1

    assert step.commit() == Rect(256, 128, 44, 72)


def test_abort_restores_every_byte_and_leaves_no_entry() -> None:
    mask, history = noise(5), History()
    before = mask.coverage.copy()

    step = history.open("Fill", mask)
    overwrite(step, mask, 255)
    dirty = step.abort()

    assert np.array_equal(mask.coverage, before)
    assert dirty == mask.rect
    assert history.names() == []


def test_error_inside_a_transaction_restores_and_passes_on() -> None:
    mask, history = noise(6), History()
    before = mask.coverage.copy()

    def fail_halfway() -> None:
        with history.open("Fill", mask) as step:
            overwrite(step, mask, 255)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()

    assert np.array_equal(mask.coverage, before)
    assert not history.recording


def test_new_entry_after_undo_forgets_what_could_be_redone() -> None:
    mask, history = Mask(300, 200), History()
    paint(history, mask, Rect(0, 0, 10, 10), 255, "First")
    paint(history, mask, Rect(0, 0, 20, 20), 255, "Second")

    history.undo()
    paint(history, mask, Rect(50, 50, 10, 10), 255, "Third")

    assert history.names() == ["First", "Third"]
    assert not history.can_redo


def test_other_entries_keep_their_place_among_strokes() -> None:
    mask, history, tray = Mask(300, 200), History(), ["a"]
    paint(history, mask, Rect(0, 0, 10, 10), 255)
    entry = Added(tray, "b")
    entry.redo()
    history.record(entry)
    paint(history, mask, Rect(20, 0, 10, 10), 255)

    history.undo()
    assert tray == ["a", "b"]
    assert history.next_undo is entry
    assert history.undo() == EMPTY

    assert tray == ["a"]
    assert mask.coverage[5, 5] == 255
    assert history.redo_name == "Add picture"


def test_next_undo_names_the_mask_it_concerns() -> None:
    first, second, history = Mask(300, 200), Mask(300, 200), History()
    paint(history, first, Rect(0, 0, 10, 10), 255)
    paint(history, second, Rect(0, 0, 10, 10), 255)

    assert history.next_undo is not None
    assert history.next_undo.subject is second
    history.undo()
    assert history.next_undo.subject is first
    assert history.next_redo is not None
    assert history.next_redo.subject is second


def test_budget_drops_the_oldest_and_the_rest_still_undoes() -> None:
    mask, history = noise(7), History(budget_bytes=400_000)
    states = [mask.coverage.copy()]
    for value in range(20):
        with history.open(f"Noise {value}", mask) as step:
            overwrite(step, mask, noise(100 + value).coverage)
        states.append(mask.coverage.copy())
        history.settle()

    kept = len(history.names())
    while history.can_undo:
        history.undo()

    assert 1 < kept < 20
    assert history.bytes_used <= 400_000
    assert np.array_equal(mask.coverage, states[20 - kept])


def test_budget_smaller_than_one_entry_keeps_the_newest() -> None:
    mask, history = noise(8), History(budget_bytes=0)
    before = mask.coverage.copy()

    paint(history, mask, mask.rect, 0)
    history.undo()

    assert np.array_equal(mask.coverage, before)


def test_covered_entries_are_packed() -> None:
    mask, history = Mask(2000, 2000), History()

    for step in range(10):
        paint(history, mask, Rect(100 * step + 3, 100, 700, 700), 255)
    history.settle()
    covered = history.bytes_used - (history.next_undo.size if history.next_undo else 0)

    assert covered < 9 * 700 * 700 / 20


@pytest.mark.parametrize("act", ["undo", "redo", "open", "record"])
def test_history_while_a_transaction_is_open_refuses(act: str) -> None:
    mask, history = Mask(30, 20), History()
    history.open("Stroke", mask)
    arguments = {"open": ("Other", mask), "record": (Added([], "a"),)}.get(act, ())

    with pytest.raises(RuntimeError, match="still being recorded"):
        getattr(history, act)(*arguments)


@pytest.mark.parametrize("end", ["commit", "abort"])
def test_transaction_that_has_ended_refuses(end: str) -> None:
    step = History().open("Stroke", Mask(30, 20))
    step.commit()

    with pytest.raises(RuntimeError, match="already ended"):
        getattr(step, end)()
    with pytest.raises(RuntimeError, match="ended"):
        step.touch(Rect(0, 0, 1, 1))


def test_revision_rises_with_every_answer_that_may_differ() -> None:
    mask, history = Mask(300, 200), History()
    seen = [history.revision]

    paint(history, mask, Rect(0, 0, 10, 10), 255)
    seen.append(history.revision)
    for act in (history.undo, history.redo):
        act()
        seen.append(history.revision)

    assert seen == sorted(set(seen))


def test_negative_budget_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        History(budget_bytes=-1)


def test_budget_that_is_lowered_takes_effect_at_once() -> None:
    mask, history = noise(9), History()
    states = [mask.coverage.copy()]
    for value in range(10):
        paint(history, mask, Rect(7 * value, 3, 150, 150), value)
        states.append(mask.coverage.copy())
    history.settle()

    history.budget_bytes = history.bytes_used // 2
    kept = len(history.names())
    while history.can_undo:
        history.undo()

    assert 1 <= kept < 10
    assert np.array_equal(mask.coverage, states[10 - kept])


def test_budget_lowered_after_undo_leaves_what_can_be_redone_first() -> None:
    mask, history = noise(10), History()
    for value in range(3):
        paint(history, mask, Rect(0, 0, 100, 100), value, f"Paint {value}")
    for _ in range(3):
        history.undo()
    history.redo()
    after_one = mask.coverage.copy()
    history.undo()

    history.budget_bytes = 1

    assert (history.names(), history.position) == (["Paint 0"], 0)
    history.redo()
    assert np.array_equal(mask.coverage, after_one)


@given(st.lists(st.integers(0, 50), max_size=12), st.integers(0, 12), st.integers(0, 300))
def test_within_always_keeps_a_run_of_entries_round_the_position(
    sizes: list[int], position: int, budget: int
) -> None:
    position = min(position, len(sizes))

    kept, moved = within(sizes, position, budget)

    assert 0 <= moved <= len(kept)
    assert kept.start + moved == position
    assert len(kept) <= 1 or sum(sizes[at] for at in kept) <= budget
    assert len(kept) == len(sizes) if sum(sizes) <= budget else len(kept) >= 1


def test_history_that_resumes_undoes_and_redoes_as_the_one_before() -> None:
    mask, before = noise(11), History()
    start = mask.coverage.copy()
    for value in range(4):
        paint(before, mask, Rect(30 * value, 0, 100, 100), value)
    end = mask.coverage.copy()
    before.undo()

    after = History()
    after.resume(before.entries(), before.position)

    assert after.names() == before.names()
    while after.can_undo:
        after.undo()
    assert np.array_equal(mask.coverage, start)
    while after.can_redo:
        after.redo()
    assert np.array_equal(mask.coverage, end)


def test_history_that_has_begun_refuses_to_resume() -> None:
    mask, history = noise(12), History()
    paint(history, mask, Rect(0, 0, 10, 10), 9)

    with pytest.raises(RuntimeError, match="begun"):
        history.resume(history.entries(), 1)
    with pytest.raises(ValueError, match="can't be done"):
        History().resume(history.entries(), 2)


def test_coverage_of_a_mask_amid_a_stroke_is_the_one_before_the_stroke() -> None:
    mask, other, history = noise(13), noise(14), History()
    before = mask.coverage.copy()

    step = history.open("Stroke", mask)
    step.touch(Rect(20, 20, 200, 150))
    mask.coverage[20:170, 20:220] = 255
    amid, beside = history.coverage_of(mask), history.coverage_of(other)
    step.commit()

    assert np.array_equal(amid, before)
    assert np.array_equal(beside, other.coverage)
    assert np.array_equal(history.coverage_of(mask), mask.coverage)
    assert not np.array_equal(history.coverage_of(mask), before)
