"""Blocking calls that may never come back, each on a thread of its own that nobody has to wait for."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
V = TypeVar("V")


def on_own_thread(call: Callable[[], T], name: str) -> "asyncio.Future[T]":
    """What ``call`` gives or raises, as a future of the running loop.

    The loop's own threads are few and are joined at the end: a call that hangs there holds up whatever comes
    after it, and the exit. ``name`` is the thread's.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()
    threading.Thread(target=_answer, args=(loop, answer, call), name=name, daemon=True).start()
    return answer


def _answer(loop: asyncio.AbstractEventLoop, answer: "asyncio.Future[T]", call: Callable[[], T]) -> None:
    try:
        result = call()
    except Exception as fault:  # noqa: BLE001 - raised where it is waited for
        _deliver(loop, answer, answer.set_exception, fault)
    else:
        _deliver(loop, answer, answer.set_result, result)


def _deliver(
    loop: asyncio.AbstractEventLoop, answer: "asyncio.Future[T]", deliver: Callable[[V], None], value: V
) -> None:
    """Hands a value over unless nobody waits any more or the loop has gone."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(lambda: None if answer.done() else deliver(value))
