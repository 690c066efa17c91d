"""Errors that nobody expected: contained where they happen, and handed to the one sink of the process.

The sink is the exception handler of the running loop; on other threads, and before there is a loop, it is
``sys.excepthook``. The window sets both to the same place (``ui/app/runtime/error_sink.py``), and so does a
command without a window (``studio/process/command_errors.py``).
"""

import asyncio
import sys
from types import TracebackType


def report(error: BaseException, doing: str) -> None:
    """Hands an error to the sink; ``doing`` says what was going on: "closing the reader". Raises nothing of
    its own."""
    note = f"While {doing}."
    if note not in getattr(error, "__notes__", ()):
        error.add_note(note)
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        sys.excepthook(type(error), error, error.__traceback__)
    else:
        loop.call_exception_handler({"message": f"error while {doing}", "exception": error})


class Contained:
    """A ``with`` block whose errors go to the sink, so that what follows it is done in any case.

    ``failed`` says whether one ended the block. Cancellation and interrupts pass through.
    """

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self.failed = False

    def __enter__(self) -> "Contained":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self.failed = True
        report(error, self._doing)
        return True
