"""The history outlives the program: what can be undone and redone is the same at the next start."""

import json
import zlib
from pathlib import Path
from typing import get_args

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import Photo
from tests.studio.drafted import Drafted, coverage, items, mask_states, start

from overpaint.core.brush import Brush
from overpaint.core.combine import Combine
from overpaint.core.geometry import Rect
from overpaint.library.undo_log import Chapter, MaskStep, Place, encode_chapter, replay
from overpaint.studio import undo_log
from overpaint.studio.session import Session

HOWS: tuple[Combine, ...] = get_args(Combine)
NAMES = ("chelsea.png", "coffee.png", "astronaut.png")

numbers = st.integers(0, 299)
acts = st.one_of(
    st.tuples(st.just("stroke"), numbers, numbers, numbers, numbers),
    st.tuples(st.just("select"), numbers, numbers, st.sampled_from(HOWS)),
    st.tuples(st.just("whole"), st.sampled_from(["fill_mask", "clear_mask", "invert_mask"])),
    st.tuples(st.just("save"), st.sampled_from(["Sky", "Cup", ""])),
    st.tuples(st.just("take"), st.integers(0, 3), st.sampled_from(HOWS)),
    st.tuples(st.just("rename"), st.integers(0, 3), st.sampled_from(["Sky", "Tree"])),
    st.tuples(st.just("delete"), st.integers(0, 3)),
    st.tuples(st.just("tray"), st.sampled_from(["move", "remove", "show", "add"]), st.integers(0, 3)),
    st.tuples(st.just("go"), st.integers(-4, 4)),
    st.tuples(st.just("write")),
    st.tuples(st.just("restart")),
)


class Hands:
    """Does the acts of an example, and starts the program anew where one asks for it."""

    def __init__(self, made: Drafted, folder: Path, photo: Photo) -> None:
        self.made = made
        self._folder = folder
        self._photo = photo

    async def act(self, name: str, *how: object) -> None:
        await getattr(self, name)(*how)

    async def stroke(self, x: int, y: int, right: int, down: int) -> None:
        paint(self.made.session, (x, y), (right, down))

    async def select(self, x: int, y: int, how: Combine) -> None:
        current = self.made.session.current
        if current is not None:
            rect = Rect(x, y, 90, 70).intersected(current.mask.rect)
            patch = rect, np.full((max(rect.height, 0), max(rect.width, 0)), 180, np.uint8)
            self.made.session.select(current.mask, "Rectangle", patch, how)

    async def whole(self, act: str) -> None:
        getattr(self.made.session, act)()

    async def save(self, name: str) -> None:
        await self.made.named.save(name)

    async def take(self, at: int, how: Combine) -> None:
        for one in self.made.named.masks[at : at + 1]:
            await self.made.named.take(one, how)

    async def rename(self, at: int, name: str) -> None:
        for one in self.made.named.masks[at : at + 1]:
            self.made.named.rename(one, name)

    async def delete(self, at: int) -> None:
        for one in self.made.named.masks[at : at + 1]:
            self.made.named.delete(one)

    async def tray(self, act: str, at: int) -> None:
        session = self.made.session
        if act == "add":
            session.add(items(self._photo(NAMES[at % 3], (300, 200))))
        for one in session.tray[at : at + 1]:
            if act == "move":
                session.move(one.id, at + 1)
            elif act == "show":
                session.show(one.id)
            elif act == "remove":
                session.remove(one.id)

    async def go(self, steps: int) -> None:
        self.made.session.go_to(self.made.session.history.position + steps)

    async def write(self) -> None:
        await self.made.write()

    async def restart(self) -> None:
        before = self.made.session
        kept, states = [item.picture for item in before.tray], mask_states(before)
        await self.made.end()
        self.made = await start(self._folder)
        after = self.made.session
        assert [item.picture for item in after.tray] == kept
        assert mask_states(after) == states
        assert [item.picture for item in after.tray] == kept


@settings(max_examples=60)
@given(st.lists(acts, max_size=25))
async def test_history_after_any_acts_and_restarts_undoes_and_redoes_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, photo: Photo, done: list[tuple[object, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("draft")
    made = await start(folder)
    made.session.start_with(items(*(photo(name, (300, 200)) for name in NAMES[:2])))
    hands = Hands(made, folder, photo)

    for name, *how in done:
        await hands.act(str(name), *how)

    await hands.restart()
    await hands.made.end()


def paint(session: Session, *points: tuple[float, float]) -> None:
    stroke = session.stroke(Brush(30, 0.7, 0.9))
    if stroke is None:
        return
    dirty = stroke.begin(*points[0])
    for point in points[1:]:
        dirty = dirty.united(stroke.extend(*point))
    stroke.finish()
    session.stroked(dirty)


@pytest.fixture
async def painted(tmp_path: Path, photo: Photo) -> Drafted:
    """Five strokes on one picture, not yet written."""
    made = await start(tmp_path)
    made.session.start_with(items(photo("coffee.png")))
    for y in range(50, 300, 50):
        paint(made.session, (60, y), (400, y + 30))
    return made


def log_of(folder: Path) -> Path:
    (file,) = folder.glob("history-*.log")
    return file


async def test_killed_after_a_write_loses_only_what_came_later(painted: Drafted, tmp_path: Path) -> None:
    await painted.write()
    kept = coverage(painted.session)
    paint(painted.session, (10, 10), (500, 380))
    await painted.kill()

    again = await start(tmp_path)

    assert np.array_equal(coverage(again.session), kept)
    assert again.session.history.names() == ["Brush stroke"] * 5
    again.session.go_to(0)
    assert not coverage(again.session).any()
    await again.end()


async def test_written_amid_a_stroke_has_mask_and_history_of_before_it(
    painted: Drafted, tmp_path: Path
) -> None:
    before = coverage(painted.session)
    stroke = painted.session.stroke(Brush(60))
    assert stroke is not None
    stroke.begin(60, 60)
    stroke.extend(400, 90)
    await painted.write()
    await painted.kill()

    again = await start(tmp_path)

    assert np.array_equal(coverage(again.session), before)
    again.session.go_to(0)
    assert not coverage(again.session).any()
    await again.end()


async def test_stroke_that_ends_after_a_write_amid_it_is_written(painted: Drafted, tmp_path: Path) -> None:
    stroke = painted.session.stroke(Brush(60))
    assert stroke is not None
    dirty = stroke.begin(60, 60)
    await painted.write()
    stroke.finish()
    painted.session.stroked(dirty)
    whole = coverage(painted.session)
    await painted.end()

    again = await start(tmp_path)

    assert np.array_equal(coverage(again.session), whole)
    assert len(again.session.history.names()) == 6
    await again.end()


async def test_each_write_appends_no_more_than_what_is_new(painted: Drafted, tmp_path: Path) -> None:
    await painted.write()
    log, lengths = log_of(tmp_path), []
    for y in (20, 40, 60):
        before = log.stat().st_size
        paint(painted.session, (50, y), (90, y))
        await painted.write()
        lengths.append(log.stat().st_size - before)

    assert log_of(tmp_path) == log
    assert all(0 < length < 4000 for length in lengths)
    await painted.end()


async def test_nothing_new_is_not_written_again(painted: Drafted, tmp_path: Path) -> None:
    await painted.write()
    before = log_of(tmp_path).read_bytes()

    await painted.write()

    assert log_of(tmp_path).read_bytes() == before
    await painted.end()


async def test_file_of_which_most_is_forgotten_is_begun_anew(
    painted: Drafted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = painted.session.history.next_undo
    assert newest is not None
    monkeypatch.setattr(undo_log, "_SLACK", 20_000 - 2 * newest.size)
    await painted.write()
    first = log_of(tmp_path)
    sizes = []
    for at in range(40):
        painted.session.undo()
        paint(painted.session, (60, 50 + at), (400, 300 - at))
        await painted.write()
        sizes.append(log_of(tmp_path).stat().st_size)

    assert log_of(tmp_path) != first
    assert max(sizes) < 120_000
    await painted.end()


async def test_oldest_entries_beyond_what_is_kept_on_disk_are_dropped_there(
    painted: Drafted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted.session.history.settle()
    monkeypatch.setattr(undo_log, "BUDGET", painted.session.history.bytes_used // 2)
    await painted.end()

    again = await start(tmp_path)

    kept = len(again.session.history.names())
    assert 1 <= kept < 5
    assert mask_states(again.session)[0][0] == mask_states(painted.session)[0][0]
    await again.end()


def mask_of(folder: Path) -> Path:
    (file,) = folder.glob("mask-*.png")
    return file


def bomb() -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflate.compress(bytes(50_000_000)) + deflate.flush()


def forged(
    even: tuple[tuple[Place, int], ...] = (), streams: tuple[tuple[tuple[Place, ...], bytes], ...] = ()
) -> MaskStep:
    return MaskStep("Brush stroke", 0, even, streams)


FORGED = {
    "leaves the mask": forged(even=(((-5, 9, 900, 9), 255),)),
    "holds no byte": forged(even=(((0, 0, 9, 9), 256),)),
    "holds other streams": forged(streams=((((0, 0, 128, 128),), b"\0" * 50),)),
    "is a bomb": forged(streams=((((0, 0, 128, 128),), bomb()),)),
}


def damaged(file: Path, how: str) -> None:
    data = file.read_bytes()
    match how:
        case "gone":
            file.unlink()
        case "empty":
            file.write_bytes(b"")
        case "cut short":
            file.write_bytes(data[: len(data) // 2])
        case "one bit flipped":
            file.write_bytes(data[:100] + bytes([data[100] ^ 4]) + data[101:])
        case "garbage":
            file.write_bytes(b"\xff" * len(data))
        case _:
            forge(file, FORGED[how])


def forge(file: Path, step: MaskStep) -> None:
    """Puts a log in the place of the one there is, whole and named by the draft, that has this step alone."""
    draft = file.with_name("draft.json")
    told = json.loads(draft.read_text())
    step = msgspec.structs.replace(step, mask=told["pictures"][0]["serial"])
    file.write_bytes(encode_chapter(Chapter(0, 0, 1, (step,))))
    told["history"]["length"] = file.stat().st_size
    draft.write_text(json.dumps(told))


@pytest.mark.parametrize(
    "how",
    ["gone", "empty", "cut short", "one bit flipped", "garbage", *FORGED],
)
async def test_history_that_is_damaged_is_dropped_and_the_mask_stays(
    painted: Drafted, tmp_path: Path, how: str
) -> None:
    kept = coverage(painted.session)
    await painted.end()
    damaged(log_of(tmp_path), how)

    again = await start(tmp_path)

    assert np.array_equal(coverage(again.session), kept)
    assert again.session.history.names() == []
    paint(again.session, (10, 10), (50, 50))
    await again.end()
    third = await start(tmp_path)
    assert third.session.history.names() == ["Brush stroke"]
    await third.end()


@pytest.mark.parametrize("how", ["gone", "empty", "of another start"])
async def test_history_of_a_mask_that_is_another_on_disk_is_dropped(
    painted: Drafted, tmp_path: Path, how: str
) -> None:
    await painted.write()
    older = mask_of(tmp_path).read_bytes()
    painted.session.undo()
    await painted.end()
    match how:
        case "gone":
            mask_of(tmp_path).unlink()
        case "empty":
            mask_of(tmp_path).write_bytes(b"")
        case "of another start":
            mask_of(tmp_path).write_bytes(older)

    again = await start(tmp_path)

    assert again.session.history.names() == []
    assert len(again.session.tray) == 1
    assert coverage(again.session).any() == (how == "of another start")
    await again.end()


async def test_entries_of_a_picture_that_has_gone_leave_those_of_the_others(
    tmp_path: Path, photo: Photo
) -> None:
    gone = tmp_path / "gone.png"
    gone.write_bytes(photo("chelsea.png").read_bytes())
    made = await start(tmp_path / "draft")
    made.session.start_with(items(gone, photo("coffee.png")))
    paint(made.session, (30, 30), (200, 100))
    made.session.show(made.session.tray[1].id)
    paint(made.session, (30, 30), (300, 100))
    made.session.move(made.session.tray[0].id, 1)
    await made.end()
    gone.unlink()

    again = await start(tmp_path / "draft")

    assert again.session.history.names() == ["Brush stroke"]
    again.session.undo()
    assert not coverage(again.session).any()
    await again.end()


async def test_change_of_the_tray_is_undone_after_a_restart(tmp_path: Path, photo: Photo) -> None:
    made = await start(tmp_path)
    made.session.add(items(photo("chelsea.png")))
    made.session.add(items(photo("coffee.png")))
    made.session.move(made.session.tray[0].id, 1)
    made.session.undo()
    await made.end()

    again = await start(tmp_path)
    names = [[item.name for item in again.session.tray]]
    for act in (again.session.redo, *[again.session.undo] * 3, *[again.session.redo] * 3):
        act()
        names.append([item.name for item in again.session.tray])

    both, turned = ["chelsea.png", "coffee.png"], ["coffee.png", "chelsea.png"]
    assert names == [both, turned, both, both[:1], [], both[:1], both, turned]
    await again.end()


async def test_picture_is_never_lost_to_changes_of_the_tray_that_cannot_be_taken_back(
    tmp_path: Path, photo: Photo
) -> None:
    made = await start(tmp_path)
    made.session.add(items(photo("chelsea.png")))
    made.session.add(items(photo("coffee.png"), photo("astronaut.png")))
    made.session.remove(made.session.tray[2].id)
    await made.end()

    again = await start(tmp_path)
    again.session.go_to(0)
    again.session.go_to(9)

    assert [item.name for item in again.session.tray] == ["chelsea.png", "coffee.png"]
    assert again.session.history.names() == []
    await again.end()


async def test_saved_masks_other_than_the_history_left_them_end_what_can_be_undone_of_them(
    painted: Drafted, tmp_path: Path
) -> None:
    await painted.named.save("A")
    await painted.named.save("B")
    painted.named.delete(painted.named.masks[0])
    await painted.end()
    file = tmp_path / "draft.json"
    draft = json.loads(file.read_text())
    draft["pictures"][0]["saved"] = []
    file.write_text(json.dumps(draft))

    again = await start(tmp_path)

    assert again.session.history.names() == ["Brush stroke"] * 5 + ["Delete mask “A”"]
    again.session.go_to(0)
    assert [mask.name for mask in again.named.masks] == ["A"]
    await again.end()


async def test_draft_of_a_program_that_kept_no_history_is_taken_up(painted: Drafted, tmp_path: Path) -> None:
    kept = coverage(painted.session)
    await painted.end()
    file = tmp_path / "draft.json"
    draft = json.loads(file.read_text())
    del draft["history"]
    for one in draft["pictures"]:
        for name in ("digest", "serial", "saved"):
            del one[name]
    file.write_text(json.dumps(draft))

    again = await start(tmp_path)

    assert np.array_equal(coverage(again.session), kept)
    assert again.session.history.names() == []
    await again.end()


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
