"""The history outlives the program: what can be undone and redone is the same at the next start."""

import json
import zlib
from pathlib import Path

import msgspec
import numpy as np
import pytest
from tests.conftest import Photo
from tests.studio.drafts.drafted import Drafted, coverage, items, mask_states, paint, start

from overpaint.core.paint.brush_stroke import Brush
from overpaint.library.drafts.undo_log import Chapter, MaskStep, Place, encode_chapter
from overpaint.studio.drafts import undo_log_codec


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
    painted.session.notify_stroke(dirty)
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
    monkeypatch.setattr(undo_log_codec, "_SLACK", 20_000 - 2 * newest.size)
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
    monkeypatch.setattr(undo_log_codec, "BUDGET", painted.session.history.bytes_used // 2)
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
