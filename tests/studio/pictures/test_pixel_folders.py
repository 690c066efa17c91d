"""Folders for pixels: none stays behind, and none is taken from a window that lives."""

import os
from pathlib import Path

import pytest

from overpaint.studio.pictures import pixel_folders
from overpaint.studio.pictures.pixel_folders import PixelFolders, sweep


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pixel_folders, "_places", lambda: [tmp_path])
    return tmp_path


def age(folder: Path) -> None:
    os.utime(folder, (1_000_000_000, 1_000_000_000))


def test_folder_of_a_program_that_was_killed_is_swept(place: Path) -> None:
    left = PixelFolders.make()
    (left.paths[0] / "pixels-1").write_bytes(b"1234")
    age(left.paths[0])
    for lock in left.locks:
        lock.release()  # as the system does for a process that ends

    sweep()

    assert list(place.iterdir()) == []


def test_folder_that_is_in_use_stays(place: Path) -> None:
    used = PixelFolders.make()
    age(used.paths[0])

    sweep()

    assert used.paths[0].is_dir()
    used.remove()
    assert list(place.iterdir()) == []


def test_folder_that_was_made_just_now_stays_though_it_is_not_locked_yet(place: Path) -> None:
    new = place / "overpaint-pixels-new"
    new.mkdir()

    sweep()

    assert new.is_dir()


def test_what_others_call_alike_stays(place: Path) -> None:
    file, other = place / "overpaint-pixels-file", place / "overpaint-bench-1"
    file.write_bytes(b"mine")
    other.mkdir()
    for one in (file, other):
        age(one)

    sweep()

    assert file.read_bytes() == b"mine"
    assert other.is_dir()


def test_only_files_that_lie_in_them_are_held(place: Path) -> None:
    folders = PixelFolders.make()
    inside = folders.paths[0]

    held = [folders.hold(file) for file in (inside / "pixels-1", inside / "..", place / "x", inside / "lock")]

    assert held == [True, False, False, False]
    folders.remove()
