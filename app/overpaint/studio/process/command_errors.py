"""Where a command without a window meets errors that nobody expected: the log, and one sentence."""

import asyncio
import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from overpaint.studio.process.log_file import LogFile

_log = logging.getLogger(__name__)


class CommandErrors:
    """A context in which such errors are logged to ``file`` and told through ``say``, the first one alone.

    An error that ends the block itself is left to whoever called: see :meth:`take`.
    """

    def __init__(self, file: Path, say: Callable[[str], None]) -> None:
        self._file = file
        self._say = say
        self._told = False

    def __enter__(self) -> "CommandErrors":
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = lambda _, error, __: self.take(error)
        threading.excepthook = lambda found: self.take(found.exc_value)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        sys.excepthook, threading.excepthook = self._before

    def of_loop(self, _: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        """The exception handler of a loop."""
        error = context.get("exception")
        self.take(error if isinstance(error, BaseException) else RuntimeError(str(context.get("message"))))

    def take(self, error: BaseException | None) -> None:
        """Logs an error with its trace and says that there was one."""
        if error is None:
            return
        log = LogFile(self._file)  # opened for this alone: a window may be writing into it as well
        try:
            _log.error("something went wrong", exc_info=error)
        finally:
            log.close()
        if not self._told:
            self._told = True
            kind = type(error).__name__
            self._say(f"Something went wrong inside Overpaint ({kind}). The log says more: {self._file}")
