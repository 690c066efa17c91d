"""The one place where tasks are made and held."""

import asyncio
from collections.abc import Coroutine

from overpaint.core.errors import OverpaintError
from overpaint.studio.event import Event


class Tasks:
    """Every task of the program: held while it runs, cancelled at the end, its failures never lost.

    ``failed`` gets expected failures (:class:`OverpaintError`); anything else is a bug and goes to the
    loop's exception handler.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self.failed: Event[[OverpaintError]] = Event()

    def start(self, work: Coroutine[object, object, None], name: str) -> asyncio.Task[None]:
        """Runs ``work`` in the background; after :meth:`close` it is cancelled before it begins."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._settle)
        if self._closed:
            task.cancel()
        return task

    async def close(self) -> None:
        """Cancels what still runs and waits until it has ended, whatever is started meanwhile."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        while going := [task for task in self._tasks if not task.done()]:
            await asyncio.wait(going)
        await asyncio.sleep(0)  # what has ended tells how

    def _settle(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or (fault := task.exception()) is None:
            return
        if isinstance(fault, OverpaintError):
            self.failed.emit(fault)
            return
        context = {"message": f"{task.get_name()} failed", "exception": fault, "task": task}
        task.get_loop().call_exception_handler(context)
