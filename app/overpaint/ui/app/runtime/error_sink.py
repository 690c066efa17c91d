"""The one place where errors meet that nobody expected: logged, told to the user, and kept to be copied."""

import asyncio
import logging
import sys
import threading
import time
import traceback
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

import msgspec
import PySide6
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from overpaint import __version__
from overpaint.core.errors import OverpaintError
from overpaint.studio.process.log_file import without_keys
from overpaint.studio.studio import Studio
from overpaint.ui.shell.status_bar import StatusBar

SENTENCE = "Something went wrong."
COPY = "Copy details"

_TELL_AGAIN = 10.0
"""Seconds in which an error that comes again is counted and not told again."""
_MOST = 20
_SHORTEST = 4
"""Shorter prompts are words that appear by chance."""
_log = logging.getLogger(__name__)


class KnownError(msgspec.Struct):
    """An error as its trace tells it, without keys and prompts, and how often it came."""

    trace: str
    told: float = 0.0
    count: int = 1


class ErrorSink(QObject):
    """Takes errors from the loop, from Qt's calls into Python, from threads and from the garbage collector.

    :meth:`install` puts it in their way and :meth:`remove` takes it out again. An error of the same kind
    from the same line is the same error: it is counted, logged once, and told again only after a while.
    Expected failures (:class:`OverpaintError`) that got here are shown in their own words.
    """

    _came = Signal(str, bool)

    def __init__(self, studio: Studio, status: StatusBar) -> None:
        super().__init__()
        self._studio = studio
        self._status = status
        self._guard = threading.Lock()
        self._known: dict[tuple[str, str, int], KnownError] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._came.connect(self._tell)  # queued where the error is another thread's

    @property
    def errors(self) -> list[KnownError]:
        """What came so far, oldest first."""
        with self._guard:
            return list(self._known.values())

    def install(self, loop: asyncio.AbstractEventLoop) -> None:
        """Takes the errors of this process from now on."""
        self._loop = loop
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        loop.set_exception_handler(self._of_loop)
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread
        sys.unraisablehook = self._unraisable

    def remove(self) -> None:
        """Leaves the hooks as they were before :meth:`install`."""
        if self._loop is not None:
            self._loop.set_exception_handler(None)
            self._loop = None
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._before

    def take(self, error: BaseException) -> None:
        """Logs an error and tells of it; on any thread. Raises nothing of its own."""
        try:
            self._take(error)
        except Exception:  # noqa: BLE001 - an error of the sink would come back to it for ever
            _log.exception("the error could not be told")

    def _take(self, error: BaseException) -> None:
        if isinstance(error, OverpaintError):
            self._came.emit(error.sentence(), True)
            return
        with self._guard:
            known, is_news = self._counted(error)
        if known.count == 1:
            _log.error("%s", known.trace)
        elif is_news or known.count in (10, 100, 1000):
            _log.warning("the same error came %d times: %s", known.count, _last_line(known.trace))
        if is_news:
            self._came.emit(SENTENCE, False)

    def details(self) -> str:
        """Versions and the errors so far, to be sent to whoever can mend them."""
        import platform  # loads here, when it is asked for

        versions = (
            f"Overpaint {__version__}, Python {platform.python_version()}, "
            f"PySide6 {PySide6.__version__}, {platform.platform()}"
        )
        each = (f"{one.count} times:\n{one.trace}" if one.count > 1 else one.trace for one in self.errors)
        return "\n".join((versions, "", *each))

    def copy_details(self) -> None:
        """Puts :meth:`details` into the clipboard."""
        QGuiApplication.clipboard().setText(self.details())
        self._status.notify("The details are in the clipboard.")

    def _counted(self, error: BaseException) -> tuple[KnownError, bool]:
        """The error as it is known, and whether it is to be told."""
        now = time.monotonic()
        place = _place(error)
        known = self._known.get(place)
        if known is None:
            while len(self._known) >= _MOST:
                del self._known[next(iter(self._known))]
            known = self._known[place] = KnownError(_trace(error, self._private_words()))
        else:
            known.count += 1
        is_news = known.count == 1 or now - known.told > _TELL_AGAIN
        if is_news:
            known.told = now
        return known, is_news

    def _tell(self, words: str, expected: bool) -> None:
        if expected:
            self._status.notify(words, bad=True)
            return
        try:
            self._studio.keep_work()
            self._status.notify(words, bad=True, act=COPY, todo=self.copy_details)
        except Exception:  # noqa: BLE001 - an error of the sink would come back to it for ever
            _log.exception("the error could not be told")

    def _private_words(self) -> list[str]:
        """Every prompt of the session, longest first."""
        parameters = self._studio.parameters
        words = [parameters.params.prompt, *parameters.fields.values()]
        for job in self._studio.jobs.all:
            words += (job.request.params.prompt, job.request.written)
        return sorted({word for word in words if len(word) >= _SHORTEST}, key=len, reverse=True)

    # --- where they come from

    def _of_loop(self, _: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        self.take(error if isinstance(error, BaseException) else RuntimeError(str(context.get("message"))))

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, Exception):
            self.take(error)
        else:
            self._before[0](kind, error, trace)

    def _uncaught_in_thread(self, found: threading.ExceptHookArgs) -> None:
        if isinstance(found.exc_value, Exception):
            self.take(found.exc_value)

    def _unraisable(self, found: "sys.UnraisableHookArgs") -> None:
        if isinstance(found.exc_value, Exception):
            self.take(found.exc_value)


def _place(error: BaseException) -> tuple[str, str, int]:
    """Kind and line. The message is no part of it: Qt puts more words before it at every level it passes."""
    frames = traceback.extract_tb(error.__traceback__, limit=-1)
    return type(error).__name__, *((frames[0].filename, frames[0].lineno or 0) if frames else ("", 0))


def _trace(error: BaseException, private: Iterable[str]) -> str:
    text = "".join(traceback.format_exception(error)).rstrip()
    for word in private:
        for spelling in (word, repr(word)[1:-1]):
            text = text.replace(spelling, "[prompt hidden]")
    return without_keys(text).replace(str(Path.home()), "~")


def _last_line(trace: str) -> str:
    return next((line for line in reversed(trace.splitlines()) if not line.startswith("While ")), "")
