"""Standard output and standard error whose readers may go away, or were never there."""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, TextIO

from overpaint.core.foreign_words import visible

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class Bytes(io.RawIOBase):
    """The bytes of a standard stream, which nobody may read: after the first loss all are dropped in silence.

    When the interpreter ends, it writes what is left in its streams. Where that fails, the exit code becomes
    120 whatever the command returned; so no write here fails twice.
    """

    def __init__(self, raw: io.RawIOBase | None, *, raises: bool) -> None:
        self.lost: OSError | None = None
        """Why something could not be written; None while nothing is lost."""
        self._raw = raw
        self._raises = raises

    def write(self, data: "ReadableBuffer", /) -> int | None:
        """Writes ``data`` and gives how much of it; raises OSError at the first loss, if it is to be told."""
        if self.lost is None:
            try:
                return self._written(data)
            except OSError as fault:
                self.lost = fault
                if self._raises:
                    raise
        return memoryview(data).nbytes

    def writable(self) -> bool:
        """Always: what nobody reads is dropped."""
        return True

    def isatty(self) -> bool:
        """Whether a terminal shows it."""
        return self._raw is not None and self._raw.isatty()

    def fileno(self) -> int:
        """The file descriptor; raises io.UnsupportedOperation where the stream is closed."""
        return super().fileno() if self._raw is None else self._raw.fileno()

    def _written(self, data: "ReadableBuffer") -> int | None:
        if self._raw is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        return self._raw.write(data)


class VisibleText(io.TextIOWrapper):
    """A standard stream in which file names and what a service says can't steer the terminal."""

    def write(self, words: str, /) -> int:
        """Writes the words with their controls as codes; gives how many they are."""
        super().write(visible(words, lines=True, longest=sys.maxsize))
        return len(words)

    def erase_line(self) -> None:
        """Lets the next words of a terminal take the place of its last line."""
        super().write("\r\033[K")


@contextmanager
def sturdy_streams() -> Iterator[Bytes | None]:
    """Standard error that never fails, and standard output that fails once; gives the bytes of the latter.

    Both show any file name, also one that the terminal has no characters for or that would steer it. A stream
    in memory stays as it is; None is given when standard output is one.
    """
    _take_free_descriptors()
    out, given = _sturdy(sys.stdout, raises=True)
    err, _ = _sturdy(sys.stderr, raises=False)
    with redirect_stdout(out), redirect_stderr(err):
        yield given


def _take_free_descriptors() -> None:
    """Lets no file that is opened later become a standard stream, where one was closed at the start.

    A child process would write into it.
    """
    if os.name != "posix":
        return
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(number, True)
    os.close(number)


def _sturdy(stream: TextIO | None, *, raises: bool) -> tuple[TextIO, Bytes | None]:
    if stream is None:
        absent = Bytes(None, raises=raises)
        return _text(absent, "utf-8", at_once=True), absent
    if not isinstance(stream, io.TextIOWrapper):
        return stream, None
    stream.reconfigure(errors="backslashreplace")
    raw = getattr(stream.buffer, "raw", stream.buffer)  # Python's -u leaves the buffer out
    if not isinstance(raw, io.RawIOBase):
        return stream, None
    stream.flush()
    given = Bytes(raw, raises=raises)
    return _text(given, stream.encoding, at_once=stream.line_buffering or stream.write_through), given


def _text(given: Bytes, encoding: str, *, at_once: bool) -> VisibleText:
    return VisibleText(io.BufferedWriter(given), encoding, errors="backslashreplace", line_buffering=at_once)
