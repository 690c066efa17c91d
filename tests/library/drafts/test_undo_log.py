"""The history as it lies on disk: what can be read of it, and what tells nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.library.drafts.undo_log import Chapter, MaskStep, encode_chapter, replay


@given(st.binary(max_size=300))
def test_replay_of_any_bytes_never_fails(data: bytes) -> None:
    found = replay(data)

    assert found is None or (found == ([], 0) and not data)


@given(st.integers(0, 400), st.integers(0, 255))
def test_replay_of_a_log_with_one_byte_changed_tells_nothing(at: int, value: int) -> None:
    log = b"".join(
        encode_chapter(Chapter(0, at, at + 1, (MaskStep("Brush stroke", 1, (((0, 0, 9, 9), 255),)),)))
        for at in range(5)
    )
    at %= len(log)
    changed = log[:at] + bytes([value]) + log[at + 1 :]

    found = replay(changed)

    assert (found is None) == (changed != log)
    if found is not None:
        assert len(found[0]) == found[1] == 5


@pytest.mark.parametrize("chapter", [(1, 0, 0), (0, 1, 0), (0, 0, 1), (-1, 0, 0), (0, -1, 0), (0, 0, -1)])
def test_chapter_that_counts_wrong_tells_nothing(chapter: tuple[int, int, int]) -> None:
    assert replay(encode_chapter(Chapter(*chapter))) is None
