"""The program's log: one file that stays small, without keys and prompts, and what brings bugs into it."""

import faulthandler
import logging
import logging.handlers
import re
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import TextIO

from overpaint.api.errors.key_redaction import HIDDEN, quiet_transport_logs

CRASH_ENDING = ".crash"

_BYTES = 1_000_000
_KEPT = 2
_KEY = re.compile(r"(?i)(bearer\s+|api-key:\s*)\S+|\b(?:sk|key|tok)-[\w-]{8,}")
_log = logging.getLogger(__name__)


class LogFile:
    """The log while the program runs; :meth:`close` puts everything back as it was.

    Records of level INFO and above of Overpaint's own, WARNING and above of libraries. What nobody caught,
    on any thread, is logged with its trace; a death in native code leaves its stacks in a file of its own
    beside the log. Where the folder can't be written the program goes on without a log.
    """

    def __init__(self, file: Path) -> None:
        self._handler: logging.Handler = logging.NullHandler()
        self._crash: TextIO | None = None
        try:
            self._open(file)
        except OSError as fault:
            _log.warning("no log file: %s", fault)
        quiet_transport_logs()
        self._level_before = logging.getLogger("overpaint").level
        logging.getLogger("overpaint").setLevel(logging.INFO)
        logging.getLogger().addHandler(self._handler)
        self._hooks_before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread

    def close(self) -> None:
        """Ends the logging."""
        sys.excepthook, threading.excepthook = self._hooks_before
        logging.getLogger().removeHandler(self._handler)
        logging.getLogger("overpaint").setLevel(self._level_before)
        self._handler.close()
        if self._crash is not None:
            faulthandler.disable()
            self._crash.close()

    def _open(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            file, maxBytes=_BYTES, backupCount=_KEPT, encoding="utf-8", errors="backslashreplace"
        )
        handler.setFormatter(_Scrubbing("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self._handler = handler
        self._crash = file.with_suffix(CRASH_ENDING).open("a", encoding="utf-8")
        faulthandler.enable(self._crash)

    def _uncaught(self, kind: type[BaseException], bug: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            _log.critical("uncaught", exc_info=(kind, bug, trace))
        self._hooks_before[0](kind, bug, trace)

    def _uncaught_in_thread(self, found: threading.ExceptHookArgs) -> None:
        if found.exc_value is not None:
            name = found.thread.name if found.thread is not None else "a thread"
            where = (found.exc_type, found.exc_value, found.exc_traceback)
            _log.critical("uncaught in %s", name, exc_info=where)
        self._hooks_before[1](found)


def without_keys(text: str) -> str:
    """``text`` with whatever looks like a key hidden."""
    return _KEY.sub(lambda found: (found[1] or "") + HIDDEN, text)


class _Scrubbing(logging.Formatter):
    """Hides whatever looks like a key, also inside a trace."""

    def format(self, record: logging.LogRecord) -> str:
        return without_keys(super().format(record))
