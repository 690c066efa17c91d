"""A gallery on a disk that fails: old files are unharmed, the picture comes first, and there are words."""

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from tests.library.conftest import SMALL_DISK_BYTES
from tests.library.faults import failing_disk, power_cut_disk
from tests.library.making import WHEN, completed, intact, remount

from overpaint.core.errors import DiskFull, FolderMissing, ReadOnly, StorageError
from overpaint.core.request.edit_request import EditRequest
from overpaint.core.request.params import EditParams
from overpaint.library.gallery.gallery import Gallery, SavedResult
from overpaint.library.gallery.result_files import MASK_ENDING
from overpaint.library.gallery.sidecar import SIDECAR_ENDING

EDIT = EditRequest(EditParams(prompt="Remove the spoon"), (), b"the mask" * 100)
DATA = os.urandom(20_000)


@pytest.fixture
def gallery(tmp_path: Path) -> Gallery:
    """A gallery that holds one result already."""
    gallery = Gallery(tmp_path / "gallery")
    gallery.create()
    save(gallery)
    return gallery


def save(gallery: Gallery, data: bytes = DATA) -> SavedResult:
    return gallery.save(completed(data), EDIT, when=WHEN)


def attempt(gallery: Gallery) -> tuple[SavedResult | None, StorageError | None]:
    try:
        return save(gallery), None
    except StorageError as error:
        return None, error


def contents(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}


@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_save_when_any_step_fails_then_old_files_are_unharmed_and_the_rest_is_consistent(
    gallery: Gallery, number: int, lasting: bool
):
    before = contents(gallery.folder)
    step = 0

    while True:
        step += 1
        with failing_disk(step, number, lasting=lasting) as disk:
            saved, refused = attempt(gallery)
        if not disk.has_failed:
            break

        after = contents(gallery.folder)
        new = after.keys() - before.keys()
        assert {name: after[name] for name in before} == before
        assert refused is None or str(gallery.folder) in refused.message
        assert not [name for name in new if name.endswith(".overpaint-tmp")]
        assert all(after[name] == DATA for name in new if not name.endswith((MASK_ENDING, SIDECAR_ENDING)))
        if saved is not None:
            assert saved.path.name in new
            assert (saved.failure is None) == (saved.sidecar is not None)
        if any(name.endswith((MASK_ENDING, SIDECAR_ENDING)) for name in new):
            assert saved is not None
        for name in new:
            (gallery.folder / name).unlink()

    assert step > 12
    assert saved is not None
    assert saved.failure is None


def test_save_when_power_is_cut_anywhere_then_no_sidecar_lacks_its_picture(tmp_path: Path):
    gallery = Gallery(tmp_path / "gallery")
    gallery.create()

    with power_cut_disk(gallery.folder) as disk:
        saved = save(gallery)

    assert saved.sidecar is not None
    assert saved.mask is not None
    with_details = [cut for cut in disk.cuts if saved.sidecar.name in cut or saved.mask.name in cut]
    assert with_details
    assert all(cut.get(saved.path.name) == DATA for cut in with_details)
    assert all(cut.get(saved.path.name, DATA) == DATA for cut in disk.cuts)
    survived = disk.state(names_kept=False)
    assert {saved.path.name, saved.mask.name, saved.sidecar.name} <= survived.keys()
    assert survived[saved.sidecar.name] == saved.sidecar.read_bytes()


def test_save_when_disk_is_filled_to_every_level_then_no_old_file_is_harmed(small_disk: Path):
    gallery = Gallery(small_disk / "gallery")
    gallery.create()
    save(gallery, b"old result")
    before = contents(gallery.folder)
    outcomes = set()

    for room in range(0, 48 * 1024, 2048):
        fill(small_disk, leaving=room)
        saved, refused = attempt(gallery)
        if saved is None:
            outcomes.add("nothing")
            assert isinstance(refused, DiskFull)
        else:
            outcomes.add("whole" if saved.failure is None else "picture only")
            assert saved.path.read_bytes() == DATA
            assert isinstance(saved.failure, DiskFull | None)
        after = contents(gallery.folder)
        assert {name: after[name] for name in before} == before
        for name in after.keys() - before.keys():
            assert not name.endswith(".overpaint-tmp")
            (gallery.folder / name).unlink()

    assert outcomes == {"nothing", "picture only", "whole"}


def test_check_when_disk_is_full_then_it_says_what_a_save_would(small_disk: Path):
    gallery = Gallery(small_disk / "gallery")
    gallery.create()
    fill(small_disk, leaving=0)

    with pytest.raises(DiskFull):
        gallery.check()

    assert contents(gallery.folder) == {}


def test_save_when_disk_is_read_only_then_words_and_results_can_still_be_read(small_disk: Path):
    gallery = Gallery(small_disk / "gallery")
    gallery.create()
    saved = save(gallery)
    remount(small_disk, "ro")

    with pytest.raises(ReadOnly, match="isn't allowed to write"):
        save(gallery)
    with pytest.raises(ReadOnly):
        gallery.check()

    assert gallery.results() == [saved]
    assert intact(saved.path)


@pytest.mark.parametrize("call", ["write", "fsync", "link"])
def test_save_when_folder_is_deleted_meanwhile_then_words(
    gallery: Gallery, monkeypatch: pytest.MonkeyPatch, call: str
):
    real = getattr(os, call)

    def delete_first(*args: object, **named: object) -> object:
        shutil.rmtree(gallery.folder, ignore_errors=True)
        return real(*args, **named)

    monkeypatch.setattr(os, call, delete_first)

    with pytest.raises(FolderMissing, match="isn't there"):
        save(gallery)


def test_save_when_folder_is_deleted_after_the_picture_then_it_is_not_called_safe(
    gallery: Gallery, monkeypatch: pytest.MonkeyPatch
):
    link = os.link

    def delete_before_details(old: str, new: str, **named: int) -> None:
        if new.endswith(SIDECAR_ENDING):
            shutil.rmtree(gallery.folder)
        link(old, new, src_dir_fd=named["src_dir_fd"], dst_dir_fd=named["dst_dir_fd"])

    monkeypatch.setattr(os, "link", delete_before_details)

    with pytest.raises(FolderMissing):
        save(gallery)


def test_save_when_only_the_details_fail_then_the_picture_is_safe_and_it_says_so(
    gallery: Gallery, monkeypatch: pytest.MonkeyPatch
):
    link = os.link

    def refuse_details(old: str, new: str, **named: int) -> None:
        if new.endswith(SIDECAR_ENDING):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        link(old, new, src_dir_fd=named["src_dir_fd"], dst_dir_fd=named["dst_dir_fd"])

    monkeypatch.setattr(os, "link", refuse_details)

    saved = save(gallery)

    assert saved.path.read_bytes() == DATA
    assert saved.sidecar is None
    assert isinstance(saved.failure, DiskFull)


def fill(disk: Path, leaving: int) -> None:
    """Takes all room on a small disk but some bytes."""
    filler = disk / "filler"
    filler.unlink(missing_ok=True)
    with filler.open("wb", buffering=0) as file:
        with suppress(OSError):
            while file.write(bytes(4096)):
                pass
        assert file.tell() <= SMALL_DISK_BYTES
        file.truncate(max(0, file.tell() - leaving))
