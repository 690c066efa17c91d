"""Waiting for what must become true, without sleeping: it is asked whenever the loop has worked."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QAbstractEventDispatcher, QTimer

T = TypeVar("T")

_PULSE_MS = 50
_SECONDS = 30.0


async def until(condition: Callable[[], T | None], seconds: float = _SECONDS) -> T:
    """The first truthy value of ``condition``.

    It is asked each time Qt's loop has done all there was to do, and on a slow pulse for what happens in
    files and other processes. Raises TimeoutError, with the condition's source line in the traceback of the
    caller, when it stays false for ``seconds``.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def ask() -> None:
        if answer.done():
            return
        try:
            value = condition()
        except Exception as fault:  # noqa: BLE001 - whatever the condition raises belongs to the waiting test
            answer.set_exception(fault)
        else:
            if value:
                answer.set_result(value)

    dispatcher = QAbstractEventDispatcher.instance()
    pulse = QTimer(interval=_PULSE_MS)
    pulse.timeout.connect(ask)
    dispatcher.aboutToBlock.connect(ask)
    pulse.start()
    ask()
    try:
        return await asyncio.wait_for(answer, seconds)
    finally:
        dispatcher.aboutToBlock.disconnect(ask)
        pulse.stop()


async def settled() -> None:
    """Returns when Qt and asyncio have nothing left to do at once."""
    loop = asyncio.get_running_loop()
    quiet: asyncio.Future[None] = loop.create_future()

    def ended() -> None:
        if not quiet.done():
            quiet.set_result(None)

    dispatcher = QAbstractEventDispatcher.instance()
    dispatcher.aboutToBlock.connect(ended)
    try:
        await quiet
    finally:
        dispatcher.aboutToBlock.disconnect(ended)
