"""Work that a gesture asks for and can't wait for: done on a thread, with a call back a little later."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from PySide6.QtCore import QObject, QTimer

_LOOK_MS = 4

_Outcome = tuple[Future[object], Callable[[object], None]]


class SerialWorker(QObject):
    """Does one thing after the other; each outcome comes back in that order, on the thread that asked."""

    def __init__(self) -> None:
        super().__init__()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="tool")
        self._asked: deque[_Outcome] = deque()
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._look)

    def submit(self, work: Callable[[], object], tell: Callable[[object], None]) -> None:
        """Has ``work`` done, then calls ``tell`` with what it returned.

        What ``work`` raises is raised from the timer that looks for its end.
        """
        self._asked.append((self._thread.submit(work), tell))
        self._timer.start()

    def _look(self) -> None:
        while self._asked and self._asked[0][0].done():
            done, tell = self._asked.popleft()
            tell(done.result())
        if not self._asked:
            self._timer.stop()
