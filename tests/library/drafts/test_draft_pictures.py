"""Copies of pictures: what a tray, its history or an edit needs stays, the rest is bounded."""

import os
from pathlib import Path

from overpaint.library.drafts.draft_pictures import clear, pictures_of
from overpaint.library.drafts.draft_store import Draft, DraftPicture
from overpaint.library.drafts.undo_log import OtherStep, TrayPlace, TrayStep
from overpaint.library.journal.stored_job import PictureFacts

NOW = 1_800_000_000.0
DAY = 24 * 3600.0


def made(folder: Path, name: str, days: float, size: int = 10) -> Path:
    file = folder / name
    file.write_bytes(bytes(size))
    os.utime(file, (NOW - days * DAY, NOW - days * DAY))
    return file


def test_clear_when_copies_are_old_then_those_go_that_nothing_needs(tmp_path: Path):
    wanted, young = made(tmp_path, "wanted", 90), made(tmp_path, "young", 6)
    made(tmp_path, "old", 8)

    assert clear(tmp_path, {wanted, tmp_path / "elsewhere" / "old"}, NOW) == 1

    assert set(tmp_path.iterdir()) == {wanted, young}
    assert clear(tmp_path / "not there", set(), NOW) == 0


def test_clear_when_copies_are_many_then_the_newest_stay(tmp_path: Path):
    files = [made(tmp_path, f"{day}", day) for day in (0.01, 1, 2, 3)]

    clear(tmp_path, set(), NOW, room=25)

    assert set(tmp_path.iterdir()) == set(files[:2])


def test_clear_when_copies_may_be_in_use_then_their_number_counts_for_nothing(tmp_path: Path):
    files = [made(tmp_path, f"{number}", 0.01) for number in range(3)]

    assert clear(tmp_path, set(), NOW, room=0) == 0
    assert set(tmp_path.iterdir()) == set(files)


def test_pictures_when_a_draft_has_a_history_then_those_of_its_steps_are_among_them():
    facts = [PictureFacts(f"/drafts/{name}.png") for name in "abcd"]
    draft = Draft((DraftPicture(1, facts[0], ""),), away=(DraftPicture(2, facts[1], ""),))
    step = TrayStep("Remove", (TrayPlace(1, facts[2], ""),), (TrayPlace(1, facts[3], ""),))

    found = pictures_of(draft, (step, OtherStep("other")))

    assert found == {Path(one.path) for one in facts}
