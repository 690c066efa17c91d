"""Starts Overpaint's own engine as a child process when it is first needed, and ends it with the program."""

import asyncio
import json
import subprocess
import sys
import threading
from dataclasses import dataclass, field

from overpaint.core.endpoint import BUILT_IN, EndpointProfile
from overpaint.core.errors import EngineError

_START_TIMEOUT = 30.0


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
        self._address: EngineAddress | None = None
        self._starting = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The process while it runs."""
        running = self._process is not None and self._process.poll() is None
        return self._process.pid if running and self._process is not None else None

    async def address(self) -> EngineAddress:
        """Where the engine answers; starts it when it isn't running.

        Raises :class:`EngineError` when it doesn't come up.
        """
        async with self._starting:
            if self._address is None or self.pid is None:
                self._address = await asyncio.to_thread(self._start)
            return self._address

    def close(self) -> None:
        """Ends the engine and every job in it."""
        process, self._process, self._address = self._process, None, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        process.terminate()
        try:
            process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()

    def _start(self) -> EngineAddress:
        self.close()
        try:
            self._process = subprocess.Popen(  # the pipe is its lease of life
                engine_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as fault:
            raise EngineError("The offline engine couldn't be started.", cause=str(fault)) from fault
        return self._first_line(self._process)

    def _first_line(self, process: subprocess.Popen[bytes]) -> EngineAddress:
        assert process.stdout is not None
        watchdog = threading.Timer(_START_TIMEOUT, process.kill)
        watchdog.daemon = True
        watchdog.start()
        line = process.stdout.readline()
        watchdog.cancel()
        try:
            said = json.loads(line)
            return EngineAddress(said["base_url"], said["token"])
        except (ValueError, KeyError, TypeError) as fault:
            self.close()
            raise EngineError(
                "The offline engine didn't start.",
                cause=f"exit code {process.returncode}, first line {line[:200]!r}",
                next_step="Run “overpaint engine” in a terminal to see why.",
            ) from fault


def engine_command() -> list[str]:
    """The command line that runs the engine, from a checkout, an installation, or a frozen bundle."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "engine"]
    return [sys.executable, "-m", "overpaint", "engine"]
