"""Durable writing: whole or absent, never over another's file, and every refusal in words."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.library.faults import failing_disk, power_cut_disk

from overpaint.core.errors import DiskFull, FolderMissing, ReadOnly, StorageError
from overpaint.library.storage import durable_files
from overpaint.library.storage.durable_files import (
    Folder,
    make_folder,
    write_atomic,
)
from overpaint.library.storage.storage_errors import storage_error
from overpaint.library.storage.temporary_files import is_temporary, sweep_abandoned


def add(path: Path, data: bytes) -> bool:
    with Folder(path.parent) as folder:
        return folder.add(path.name, data)


def names(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()}


@given(st.lists(st.binary(max_size=2000), max_size=5))
def test_write_atomic_when_given_pieces_then_file_is_their_sum(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]
):
    path = tmp_path_factory.getbasetemp() / "pieces.bin"

    write_atomic(path, iter(pieces))

    assert path.read_bytes() == b"".join(pieces)


def test_write_atomic_when_disk_takes_few_bytes_at_a_time_then_all_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[:7]))

    write_atomic(tmp_path / "x", b"0123456789" * 10)

    assert (tmp_path / "x").read_bytes() == b"0123456789" * 10


def test_write_atomic_when_disk_takes_nothing_then_it_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(os, "write", lambda _handle, _data: 0)

    with pytest.raises(StorageError):
        write_atomic(tmp_path / "x", b"data")


@pytest.mark.parametrize("lasting", [False, True])
def test_write_atomic_when_any_step_fails_then_old_file_is_whole_and_nothing_is_left(
    tmp_path: Path, lasting: bool
):
    path = tmp_path / "settings"
    path.write_bytes(b"old")
    failed = 0

    while True:
        with failing_disk(failed + 1, lasting=lasting) as disk:
            try:
                write_atomic(path, b"new")
            except DiskFull:
                failed += 1
        if not disk.has_failed:
            break

        assert path.read_bytes() in (b"old", b"new")
        assert names(tmp_path) == {"settings"}

    assert path.read_bytes() == b"new"
    assert failed >= 5


def test_write_atomic_when_power_is_cut_anywhere_then_file_is_old_or_new(tmp_path: Path):
    path = tmp_path / "settings"

    with power_cut_disk(tmp_path) as disk:
        write_atomic(path, b"old")
        first = len(disk.cuts)
        write_atomic(path, b"new")

    assert {cut["settings"] for cut in disk.cuts[first:]} == {b"old", b"new"}
    assert disk.state(names_kept=False)["settings"] == b"new"


def test_write_atomic_when_the_source_of_pieces_fails_then_nothing_is_left(tmp_path: Path):
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError("the source ended")

    with pytest.raises(RuntimeError, match="ended"):
        write_atomic(tmp_path / "x", pieces())

    assert names(tmp_path) == set()


def test_add_when_name_is_taken_then_the_other_file_is_untouched(tmp_path: Path):
    (tmp_path / "x").write_bytes(b"theirs")

    assert not add(tmp_path / "x", b"ours")

    assert (tmp_path / "x").read_bytes() == b"theirs"
    assert names(tmp_path) == {"x"}


def test_add_when_name_is_a_dangling_link_then_nothing_is_written_behind_it(tmp_path: Path):
    (tmp_path / "gallery").mkdir()
    (tmp_path / "gallery" / "x").symlink_to(tmp_path / "outside")

    assert not add(tmp_path / "gallery" / "x", b"ours")

    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP, errno.ENOSYS])
def test_add_when_disk_knows_no_links_then_it_still_writes_without_overwriting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
):
    def refuse(*_args: object, **_named: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", refuse)

    written = [add(tmp_path / "x", b"first"), add(tmp_path / "x", b"second")]

    assert written == [True, False]
    assert (tmp_path / "x").read_bytes() == b"first"
    assert names(tmp_path) == {"x"}


@pytest.mark.parametrize("name", ["../x", "a/b", "a\\b", "", ".", "..", "a\0b"])
def test_folder_when_name_is_a_path_then_it_is_refused(tmp_path: Path, name: str):
    with Folder(tmp_path) as folder, pytest.raises(ValueError, match="no plain file name"):
        folder.add(name, b"data")


def test_folder_when_its_path_is_swapped_for_a_link_then_nothing_is_written_outside(tmp_path: Path):
    gallery, outside = tmp_path / "gallery", tmp_path / "outside"
    gallery.mkdir()
    outside.mkdir()

    with Folder(gallery) as folder:
        gallery.rename(tmp_path / "moved")
        gallery.symlink_to(outside)
        folder.add("x", b"data")

    assert names(outside) == set()
    assert names(tmp_path / "moved") == {"x"}


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EACCES, ReadOnly),
        (errno.EPERM, ReadOnly),
        (errno.EROFS, ReadOnly),
        (errno.ENOENT, FolderMissing),
        (errno.ENOTDIR, FolderMissing),
        (errno.EIO, StorageError),
        (errno.EMFILE, StorageError),
    ],
)
def test_storage_error_when_disk_refuses_then_words_name_folder_and_next_step(
    number: int, kind: type[StorageError]
):
    error = storage_error(OSError(number, os.strerror(number)), Path("/pictures/Overpaint"))

    assert type(error) is kind
    assert "/pictures/Overpaint" in error.message
    assert error.cause == os.strerror(number)
    assert error.next_step.endswith(".")


def test_write_atomic_when_folder_is_missing_then_folder_missing(tmp_path: Path):
    with pytest.raises(FolderMissing):
        write_atomic(tmp_path / "gone" / "x", b"data")


def test_write_atomic_when_folder_is_a_file_then_folder_missing(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(FolderMissing):
        write_atomic(tmp_path / "file" / "x", b"data")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit on file sizes")
def test_write_atomic_when_the_system_stops_it_half_way_then_old_file_is_whole(tmp_path: Path):
    (tmp_path / "x").write_bytes(b"old")
    limited = (
        "import resource, sys; from pathlib import Path; from overpaint.core.errors import StorageError\n"
        "from overpaint.library.storage.durable_files import write_atomic\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "try: write_atomic(Path(sys.argv[1]), bytes(100_000))\n"
        "except StorageError as error: print(error.cause)\n"
    )

    ran = subprocess.run(
        [sys.executable, "-c", limited, str(tmp_path / "x")],
        env={**os.environ, "PYTHONPATH": str(Path(durable_files.__file__).parents[3])},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ran.stdout.strip() == os.strerror(errno.EFBIG)
    assert (tmp_path / "x").read_bytes() == b"old"
    assert names(tmp_path) == {"x"}


def test_make_folder_when_several_are_missing_then_all_are_made(tmp_path: Path):
    make_folder(tmp_path / "a" / "b" / "c")
    make_folder(tmp_path / "a" / "b" / "c")

    assert (tmp_path / "a" / "b" / "c").is_dir()


def test_sweep_when_a_crash_left_files_then_those_go_that_nobody_writes(tmp_path: Path):
    for name in (".left.overpaint-tmp", ".overpaint-tmp.png", "picture.png"):
        (tmp_path / name).write_bytes(b"x")

    with Folder(tmp_path) as folder:
        written = folder.reserve()
        removed = sweep_abandoned(tmp_path)
        left = names(tmp_path)
        folder.write(written, b"whole")
        assert folder.rename_into_place(written, "saved")

    assert removed == 1
    assert left == {written, ".overpaint-tmp.png", "picture.png"}
    assert (tmp_path / "saved").read_bytes() == b"whole"
    assert is_temporary(written)


def test_sweep_when_another_process_is_killed_in_a_write_then_its_file_goes_at_once(tmp_path: Path):
    writing = (
        "import sys; from pathlib import Path; from overpaint.library.storage.durable_files import Folder\n"
        "folder = Folder(Path(sys.argv[1])); folder.reserve(); print('ready', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", writing, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(Path(durable_files.__file__).parents[3])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        while_alive = sweep_abandoned(tmp_path)
        writer.kill()

    assert (while_alive, sweep_abandoned(tmp_path)) == (0, 1)
    assert names(tmp_path) == set()


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOSYS, errno.EINVAL])
def test_file_is_written_where_nothing_may_be_forced_to_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)

    write_atomic(tmp_path / "a.png", b"whole")

    assert (tmp_path / "a.png").read_bytes() == b"whole"


def test_file_that_the_disk_could_not_take_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(handle: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fail)

    with pytest.raises(StorageError):
        write_atomic(tmp_path / "a.png", b"whole")

    assert list(tmp_path.iterdir()) == []
