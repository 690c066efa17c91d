"""Runs asyncio inside Qt's event loop; the only file that knows how."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor

import qasync
from PySide6.QtWidgets import QApplication

from overpaint.studio.process.name_lookups import OwnLookups

_THREADS = 6


class _WindowLoop(OwnLookups, qasync.QEventLoop):  # type: ignore[misc]  # qasync ships no types
    """Qt's loop as asyncio's."""


def run(app: QApplication, main: Callable[[], Coroutine[object, object, int]]) -> int:
    """Runs ``main`` to its end in the loop of ``app`` and returns its exit code."""
    with (
        ThreadPoolExecutor(_THREADS, thread_name_prefix="work") as threads,
        asyncio.Runner(loop_factory=lambda: _loop(app, threads)) as runner,
    ):
        return runner.run(main())


def _loop(app: QApplication, threads: ThreadPoolExecutor) -> asyncio.AbstractEventLoop:
    loop: asyncio.AbstractEventLoop = _WindowLoop(app, already_running=False)
    loop.set_default_executor(threads)
    return loop
