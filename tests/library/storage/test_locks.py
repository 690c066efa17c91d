"""Locks: one holder, also within a process, and free again when the holder is gone."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from overpaint.library.storage.locks import lock, lock_if_free

APP = Path(__file__).parents[3] / "app"
HOLDER = """
import sys
from pathlib import Path
from overpaint.library.storage.locks import lock
held = lock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_lock_if_free_when_held_in_this_process_then_none(tmp_path: Path):
    with lock(tmp_path / "x"):
        assert lock_if_free(tmp_path / "x") is None


def test_lock_if_free_when_released_then_it_is_ours(tmp_path: Path):
    held = lock(tmp_path / "x")
    held.release()
    held.release()

    again = lock_if_free(tmp_path / "x")

    assert again is not None
    again.release()


@pytest.mark.parametrize("ending", ["its input closes", "it is killed"])
def test_lock_when_another_process_holds_it_then_it_is_free_once_that_ends(tmp_path: Path, ending: str):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "x")],
        env={**os.environ, "PYTHONPATH": str(APP)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        during = lock_if_free(tmp_path / "x")
        if ending == "it is killed":
            holder.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
        assert holder.stdin is not None
        holder.stdin.close()
        holder.wait(timeout=20)

    assert during is None
    with lock(tmp_path / "x"):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="only Unix mounts shares that know no locks")
def test_lock_when_the_share_knows_no_locks_then_work_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(_handle: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", refuse)

    with lock(tmp_path / "x"):
        second = lock_if_free(tmp_path / "x")

    assert second is not None
    second.release()


def test_take_when_released_then_it_is_a_bug(tmp_path: Path):
    held = lock(tmp_path / "x")
    held.release()

    with pytest.raises(ValueError, match="released"):
        held.try_lock()
