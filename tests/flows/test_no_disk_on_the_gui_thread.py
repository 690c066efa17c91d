"""The window's thread never touches the disk from the picture on the canvas to the saved result."""

import asyncio
import builtins
import io
import os
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from tests.flows.desk import CONTROL, desk
from tests.flows.wait import until

import overpaint
from overpaint.core.results.job_state import JobState

if TYPE_CHECKING:
    from overpaint.core.results.edit_events import Partial

_PROGRAM = str(Path(overpaint.__file__).parent)
_TESTS = str(Path(__file__).parents[1])

_SYSTEM_CALLS = (
    *("open", "write", "read", "fsync", "stat", "lstat", "fstat", "scandir", "listdir", "access", "readlink"),
    *("mkdir", "rmdir", "unlink", "remove", "rename", "replace", "link", "truncate", "ftruncate", "utime"),
)


@contextmanager
def disk_calls_of_this_thread() -> Iterator[Counter[str]]:
    """Counts what the program does to the disk on the calling thread: the call, and where it comes from.

    Left out is the one thing that can't be helped: a module is loaded where it is first needed. Python's own
    way of doing so goes past ``os`` and isn't seen; PySide looks once more whether the module uses Qt.
    """
    mine = threading.get_ident()
    found: Counter[str] = Counter()

    def watched(name: str, call: Callable[..., object]) -> Callable[..., object]:
        def watching(*arguments: object, **options: object) -> object:
            if threading.get_ident() == mine and (place := _place_in_program()):
                found[f"{name} from {place}"] += 1
            return call(*arguments, **options)

        return watching

    with pytest.MonkeyPatch.context() as patch:
        for name in _SYSTEM_CALLS:
            patch.setattr(os, name, watched(f"os.{name}", getattr(os, name)))
        for module in (builtins, io):
            patch.setattr(module, "open", watched("open", open))
        yield found


def _place_in_program() -> str:
    """The innermost function of the program on the stack; ``""`` for a call by a test or for an import."""
    for frame, line in traceback.walk_stack(None):
        file = frame.f_code.co_filename
        if "shibokensupport" in file:
            return ""
        if file.startswith(_PROGRAM):
            return f"{Path(file).relative_to(_PROGRAM)}:{line} {frame.f_code.co_qualname}"
        if file.startswith(_TESTS) and file != __file__:
            return ""
    return ""


async def test_way_from_picture_to_saved_result_leaves_the_disk_to_other_threads(photo) -> None:
    async with desk() as app:
        await app.studio.warm_up()
        partials: list[Partial] = []
        app.studio.jobs.changed.connect(lambda job: partials.append(job.partial) if job.partial else None)
        with disk_calls_of_this_thread() as calls:
            await app.take(photo("coffee.png"), photo("chelsea.jpg"))
            app.paint((470.0, 150.0), (500.0, 210.0))
            app.say("remove the spoon")
            app.click(app.find(QToolButton, "partial_imagesStepperMore"))
            app.key(Qt.Key.Key_Return, CONTROL)
            job = await app.ended()
            await until(lambda: app.canvas._scene.result is not None)

    assert (job.error, job.state) == (None, JobState.SAVED)
    assert partials
    assert dict(calls) == {}


async def test_call_on_this_thread_is_counted_and_on_a_worker_it_is_not(tmp_path: Path) -> None:
    from overpaint.library.gallery.gallery import Gallery

    with disk_calls_of_this_thread() as calls:
        await asyncio.to_thread(Gallery, tmp_path)
        assert not calls
        Gallery(tmp_path)

    assert {name.split()[0] for name in calls} <= {"os.lstat", "os.readlink", "os.stat"}
    assert calls
