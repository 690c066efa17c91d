"""Talks to the person at the terminal: progress of long steps, and trouble in words."""

import errno
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

KEPT_LINES = 400
HEARTBEAT_S = 20.0
WIDEST_LINE = 200
ROUTINE = (
    "Collecting ",
    "Downloading ",
    "Processing ",
    "Using cached ",
    "Installing collected ",
    "WARNING: Location",
)


class Trouble(Exception):
    """Something the person can mend; its text is whole sentences with a next step."""


class StepFailed(Exception):
    """A command ended badly; `lines` is the end of what it said."""

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__(f"{title}: failed")
        self.title = title
        self.lines = list(lines)

    def said(self, *words: str) -> bool:
        """Tell whether one of `words` occurs in what the command said, whatever the case."""
        text = "\n".join(self.lines).lower()
        return any(word.lower() in text for word in words)

    def last_words(self, count: int = 12) -> str:
        """Return the last `count` lines, from the first error on if there is one, indented and cut."""
        telling = [line for line in self.lines if line.strip() and not line.lstrip().startswith(ROUTINE)]
        errors = [number for number, line in enumerate(telling) if "error" in line.lower()]
        shown = telling[errors[0] :] if errors else telling
        return "\n".join(f"    {line[:WIDEST_LINE]}" for line in shown[-count:])


def say(text: str) -> None:
    """Write `text` for the person; standard output stays the job's own."""
    print(text, file=sys.stderr, flush=True)


def words_for(fault: OSError) -> str:
    """Return sentences for a failure of the file system."""
    where = f" ({fault.filename})" if fault.filename else ""
    if fault.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full{where}. Free some space and start this again."
    if fault.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"This folder can't be written to{where}. Copy the checkout to one of yours."
    return f"The set-up stopped: {fault}."


def run_quietly(
    title: str,
    command: Sequence[str | Path],
    *,
    environment: dict[str, str] | None = None,
    counted: tuple[str, ...] = (),
) -> None:
    """Run `command`, showing only `title`, the time, and how many lines start with a word of `counted`.

    Raises StepFailed with the end of the command's output when it ends with another status than 0.
    """
    kept: deque[str] = deque(maxlen=KEPT_LINES)
    progress = _Progress(title)
    process = subprocess.Popen(
        [str(word) for word in command],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            kept.append(line.rstrip())
            progress.done += line.startswith(counted)

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        while listener.is_alive():
            listener.join(0.2)
            progress.show()
        status = process.wait()
    except BaseException:
        process.kill()
        process.wait()
        raise
    finally:
        listener.join(1)
        if process.stdout is not None:
            process.stdout.close()
    progress.end(well=status == 0)
    if status:
        raise StepFailed(title, kept)


class _Progress:
    def __init__(self, title: str) -> None:
        self.done = 0
        self._title = title
        self._start = self._shown = time.monotonic()
        self._live = sys.stderr.isatty()
        if not self._live:
            say(f"{title} …")

    def show(self) -> None:
        now = time.monotonic()
        if self._live:
            print(f"\r\033[K{self._line(now)}", end="", file=sys.stderr, flush=True)
        elif now - self._shown > HEARTBEAT_S:
            self._shown = now
            say(f"  {self._line(now)}")

    def end(self, *, well: bool) -> None:
        took = f"{time.monotonic() - self._start:.1f} s"
        start = "\r\033[K" if self._live else ""
        say(f"{start}{self._title}: {'done' if well else 'failed'}, {took}")

    def _line(self, now: float) -> str:
        part = f" {self.done}" if self.done else ""
        return f"{self._title} …{part} ({now - self._start:.0f} s)"
