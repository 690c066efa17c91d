"""Starts Overpaint's own engine as a child process when it is first needed, and ends it with the program."""

import asyncio
import os
import subprocess
import sys
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

import msgspec

from overpaint.core.errors import EngineError
from overpaint.core.request.built_in_profiles import BUILT_IN
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.studio.config.key_store import KEY_VARIABLE

_START_TIMEOUT = 30.0
_LAST_BREATH = 1.0
_LINES = 12
_LINE_BYTES = 400


@dataclass(frozen=True, slots=True)
class EngineAddress:
    """Where the running engine answers, and the key for it."""

    base_url: str
    token: str = field(repr=False)

    def profile(self) -> EndpointProfile:
        """The endpoint profile of this engine."""
        offline = BUILT_IN[0]
        return EndpointProfile(offline.name, self.base_url, auth=offline.auth, note=offline.note)


class OfflineEngine:
    """The child process. It ends by itself when this program goes, because its standard input closes."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._words = _StderrTail()
        self._starting: asyncio.Future[EngineAddress] | None = None
        self._guard = threading.Lock()
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process while it runs."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    async def address(self) -> EngineAddress:
        """Where the engine answers; starts it when it isn't running.

        Whoever waits may be cancelled: the start goes on for those who come later. Raises
        :class:`EngineError` when it doesn't come up.
        """
        start = self._starting
        if start is None or (start.done() and (start.exception() is not None or self.pid is None)):
            start = asyncio.get_running_loop().run_in_executor(None, self._start)
            start.add_done_callback(_noticed)
            self._starting = start
        return await asyncio.shield(start)

    async def exit_reason(self) -> str | None:
        """What the engine said last when it is gone, in one line; None while it runs.

        A process that was just killed is given a moment to be gone.
        """
        process = self._process
        if process is None:
            return ""
        try:
            code = await asyncio.to_thread(process.wait, _LAST_BREATH)
        except subprocess.TimeoutExpired:
            return None
        return f"exit code {code} {self._words.text()}".strip()

    def close(self) -> None:
        """Ends the engine and every job in it, for good. May be called on any thread."""
        with self._guard:
            self._closed = True
            process, self._process = self._process, None
        if process is not None:
            _end(process)

    def _start(self) -> EngineAddress:
        with self._guard:
            if self._closed:
                raise EngineError("Overpaint is closing.")
            if self._process is not None:
                _end(self._process)
            try:
                process = subprocess.Popen(  # the input pipe is its lease of life
                    engine_command(),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    env={name: value for name, value in os.environ.items() if name != KEY_VARIABLE},
                )
            except OSError as fault:
                raise EngineError("The offline engine couldn't be started.", cause=str(fault)) from fault
            self._process = process
            self._words = _StderrTail()
        self._words.listen(process)
        return self._first_line(process)

    def _first_line(self, process: subprocess.Popen[bytes]) -> EngineAddress:
        assert process.stdout is not None
        watchdog = threading.Timer(_START_TIMEOUT, process.kill)
        watchdog.daemon = True
        watchdog.start()
        line = process.stdout.readline()
        watchdog.cancel()
        try:
            said = msgspec.json.decode(line)
            return EngineAddress(said["base_url"], said["token"])
        except (msgspec.DecodeError, ValueError, KeyError, TypeError) as fault:
            _end(process)
            raise EngineError(
                "The offline engine didn't start.",
                cause=f"exit code {process.returncode} {self._words.text()}".strip(),
                next_step="Run “overpaint engine” in a terminal to see why.",
            ) from fault


class _StderrTail:
    """The end of what the engine says on standard error, read by a thread so that it never fills a pipe."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=_LINES)
        self._thread: threading.Thread | None = None

    def listen(self, process: subprocess.Popen[bytes]) -> None:
        """Reads until the engine is gone."""
        assert process.stderr is not None
        self._thread = threading.Thread(target=self._read, args=(process.stderr,), name="engine", daemon=True)
        self._thread.start()

    def text(self) -> str:
        """The last lines as one; complete once the engine has ended."""
        if self._thread is not None:
            self._thread.join(_LAST_BREATH)
        return " | ".join(self._lines)

    def _read(self, stream: IO[bytes]) -> None:
        with stream:
            while line := stream.readline(_LINE_BYTES):
                if words := line.decode(errors="replace").strip():
                    self._lines.append(words)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with suppress(OSError):  # it may be gone already
            process.stdin.close()
    process.terminate()
    try:
        process.wait(timeout=3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _noticed(start: "asyncio.Future[EngineAddress]") -> None:
    """A start that failed after everybody who waited for it was cancelled is no bug."""
    if not start.cancelled():
        start.exception()


def engine_command() -> list[str]:
    """The command line that runs the engine, from a checkout, an installation, or a frozen bundle."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "engine"]
    return [sys.executable, "-m", "overpaint", "engine"]
