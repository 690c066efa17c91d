"""Time-outs that count only while this program runs.

A laptop that slept, or a program that was stopped, finds the whole reply waiting in the socket as it wakes,
and all its time-outs over. So waiting is counted in short steps. A step that came late counts as an
ordinary one and ends nothing: what has arrived is read before a server is called silent.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

STEP_SECONDS = 1.0
"""The longest step; a stop that is shorter than this may count."""

_STEPS = 4
"""How many a time-out has at least, so that a short one is kept well, too."""


class AwakeTimer:
    """How long something may still take, in seconds of a program that runs.

    Counts while it is entered as a context; belongs to the event loop on which that happens.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds_left = seconds
        self._step = min(STEP_SECONDS, max(seconds, 0.0) / _STEPS)
        self._scopes: set[asyncio.Timeout] = set()
        self._handle: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._handle = loop.call_later(self._step, self._stepped, loop, loop.time() + self._step)
        return self

    def __exit__(self, *_: object) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    @asynccontextmanager
    async def limit(self) -> AsyncIterator[None]:
        """Raises :class:`TimeoutError` inside when the time is over, or at once if it is."""
        async with asyncio.timeout(None if self.seconds_left > 0 else 0) as scope:
            self._scopes.add(scope)
            try:
                yield
            finally:
                self._scopes.discard(scope)

    def _stepped(self, loop: asyncio.AbstractEventLoop, due: float) -> None:
        now = loop.time()
        came_late = now - due > self._step
        self.seconds_left -= self._step
        if self.seconds_left > 0 or came_late:
            wait = min(self._step, self.seconds_left) if self.seconds_left > 0 else self._step
            self._handle = loop.call_later(wait, self._stepped, loop, now + wait)
            return
        self._handle = None
        for scope in self._scopes:
            scope.reschedule(now)


@asynccontextmanager
async def awake_timeout(seconds: float | None) -> AsyncIterator[None]:
    """Raises :class:`TimeoutError` inside after so many seconds of a program that runs; None: never."""
    if seconds is None:
        yield
        return
    with AwakeTimer(seconds) as timer:
        async with timer.limit():
            yield
