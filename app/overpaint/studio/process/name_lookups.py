"""Event loops whose name look-ups hold up nothing else.

A resolver that doesn't answer keeps a thread for half a minute. Of the loop's own threads, which also keep
strokes and replies, a few runs would take them all.
"""

import asyncio
import socket
import sys
from typing import Any

from overpaint.studio.process.own_thread import on_own_thread

if sys.platform == "win32":
    _Usual = asyncio.ProactorEventLoop
else:
    _Usual = asyncio.SelectorEventLoop


class OwnLookups(asyncio.AbstractEventLoop):
    """Put before a loop's class: look-ups have threads of their own, one for each question at a time."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._asked: dict[tuple[Any, ...], asyncio.Future[Any]] = {}

    async def getaddrinfo(
        self, host: Any, port: Any, *, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
    ) -> Any:
        """As ``socket.getaddrinfo``; whoever waits may be cancelled at once."""
        question = (host, port, family, type, proto, flags)
        answer = self._asked.get(question)
        if answer is None:
            answer = on_own_thread(lambda: socket.getaddrinfo(*question), "look-up")
            self._asked[question] = answer
            answer.add_done_callback(lambda _: _noticed(self._asked.pop(question)))
        return await asyncio.shield(answer)


class CommandLoop(OwnLookups, _Usual):
    """The loop of a command without a window."""


def _noticed(answer: "asyncio.Future[Any]") -> None:
    """A failure after everybody who asked has gone is no bug."""
    if not answer.cancelled():
        answer.exception()
