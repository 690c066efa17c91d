"""Processes that serve one test after the other, because starting them takes longer than most tests.

Each studio still has a reader and an engine of its own, with its own queue, previews and end; only the
processes behind them are lent. One that was killed, or is busy when its studio closes, ends for good.
"""

import threading
from collections import deque

from overpaint.core.errors import EngineError, PictureError
from overpaint.imaging.reading.reader_protocol import Answer, ReadRequest
from overpaint.studio.config.folders import Folders
from overpaint.studio.pictures.picture_reader import PictureReader
from overpaint.studio.pictures.reader_child import ReadingProcess
from overpaint.studio.runs.offline_engine import EngineAddress, OfflineEngine
from overpaint.studio.studio import Studio


class _LentProcess(ReadingProcess):
    """A reading process until its reader ends it; then it goes back, unless it is dead or busy."""

    def __init__(self, process: ReadingProcess, idle: deque[ReadingProcess]) -> None:
        # The lent process has started already, so there is nothing for the base class to start.
        self.pid = process.pid
        self._lent = process
        self._idle = idle
        self._guard = threading.Lock()
        self._busy = False
        self._over = False

    @property
    def alive(self) -> bool:
        return not self._over and self._lent.alive

    def ask(self, order: ReadRequest, body: bytes, seconds: float) -> tuple[Answer, bytes]:
        with self._guard:
            if self._over:
                raise PictureError("The reader was closed.")
            self._busy = True
        try:
            return self._lent.ask(order, body, seconds)
        finally:
            self._busy = False

    def end(self) -> None:
        with self._guard:
            if self._over:
                return
            self._over = True
            fit = self._lent.alive and not self._busy
        if not fit:
            self._lent.end()
            return
        for folder in self._lent._folders.paths:  # a picture that nobody waited for any more
            for left in folder.glob("pixels-*"):
                left.unlink()
        self._idle.append(self._lent)


class _KeptEngine(OfflineEngine):
    """The engine whose process is lent."""

    def __init__(self) -> None:
        super().__init__()
        self._one_at_a_time = threading.Lock()
        self._running: EngineAddress | None = None

    def running(self) -> EngineAddress:
        """Where it answers; it is started first if it isn't there."""
        with self._one_at_a_time:
            if self._running is None or self.pid is None:
                self._running = self._start()
            return self._running


class _LentEngine(OfflineEngine):
    """An engine that uses the kept one's process and leaves it running at its end."""

    def __init__(self, kept: _KeptEngine) -> None:
        super().__init__()
        self._kept = kept

    def close(self) -> None:
        with self._guard:
            self._closed = True
            self._process = None

    def _start(self) -> EngineAddress:
        with self._guard:
            if self._closed:
                raise EngineError("Overpaint is closing.")
            address = self._kept.running()
            self._process = self._kept._process
            self._words = self._kept._words
        return address


class Warm:
    """The processes that wait for the next test."""

    def __init__(self) -> None:
        self._idle: deque[ReadingProcess] = deque()
        self._engine = _KeptEngine()

    def studio(self, folders: Folders) -> Studio:
        """A studio whose reader and engine start a process only if none waits."""
        return Studio(folders, PictureReader(start_process=self._process), _LentEngine(self._engine))

    def close(self) -> None:
        """Ends all that waits."""
        while (waiting := self._next()) is not None:
            waiting.end()
        self._engine.close()

    def _process(self) -> ReadingProcess:
        while (waiting := self._next()) is not None:
            if waiting.alive:
                return _LentProcess(waiting, self._idle)
            waiting.end()
        return _LentProcess(ReadingProcess(), self._idle)

    def _next(self) -> ReadingProcess | None:
        try:
            return self._idle.popleft()
        except IndexError:
            return None


WARM = Warm()
"""Those of this run of pytest; ``tests/conftest.py`` ends them."""
