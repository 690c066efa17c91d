"""Name look-ups that nobody answers: what else is to be done goes on, and the end comes at once."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from overpaint.studio.process.name_lookups import CommandLoop

Silence = threading.Event
LOOPBACK = "127.0.0.1"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A resolver that keeps silent about names in ``.silent``, and the names that it was asked for."""
    names: list[str] = []
    over = Silence()
    real = socket.getaddrinfo

    def resolve(host: str, *rest: Any) -> object:
        names.append(host)
        if host.endswith(".silent"):
            over.wait(20)
        return real(LOOPBACK, *rest)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    yield names
    over.set()


def in_time(main: Callable[[], object], seconds: float = 2.0) -> None:
    """Runs a coroutine function on the loop of a command, threads and all, in less than some seconds."""
    began = time.monotonic()
    with asyncio.Runner(loop_factory=CommandLoop) as runner:
        runner.get_loop().set_default_executor(ThreadPoolExecutor(2))
        runner.run(main())  # type: ignore[arg-type]  # a coroutine, whatever it gives
    assert time.monotonic() - began < seconds


def test_look_ups_that_hang_take_no_thread_from_others_and_hold_up_no_end(asked: list[str]) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as group:
            hanging = [group.create_task(loop.getaddrinfo(f"{one}.silent", 443)) for one in range(12)]
            await asyncio.sleep(0)
            assert await asyncio.to_thread(sum, [1, 2]) == 3
            assert (await loop.getaddrinfo("quick.example", 80))[0][4][:2] == (LOOPBACK, 80)
            for task in hanging:
                task.cancel()

    in_time(main)


def test_one_name_is_asked_for_once_at_a_time(asked: list[str]) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        for _ in range(5):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(loop.getaddrinfo("same.silent", 443), 0.02)

    in_time(main)

    assert asked == ["same.silent"]


def test_name_that_nobody_has_is_an_error_of_whoever_asks_and_is_asked_for_anew() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        for _ in range(2):
            with pytest.raises(socket.gaierror):
                await loop.getaddrinfo("nobody.invalid", 443, type=socket.SOCK_STREAM)

    in_time(main, 20)
