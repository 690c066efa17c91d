"""The processes that compute: a few at once, kept warm, killed when no request waits for them any more."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Protocol

from overpaint.engine import api_errors, pipe_messages

WORKER_VARIABLE = "OVERPAINT_ENGINE_WORKER"
"""Set to 1, it makes ``serve`` be a worker: how a frozen program, which is no interpreter, starts one."""

_AT_ONCE = 2
_WAITING = 8
_RETRY_AFTER = 5
_JOBS_EACH = 50
_PIPE_CHUNK = 1 << 20


class Upload(Protocol):
    """An uploaded file that is read from its start in pieces."""

    size: int | None

    async def read(self, size: int = -1) -> bytes: ...


class WorkerLost(Exception):
    """A worker ended without finishing its job."""


class Workers:
    """At most two edits at once; eight more may wait, the next is told to come back later."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._starting = asyncio.Lock()
        self._tickets = 0
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()

    @contextmanager
    def ticket(self) -> Iterator[None]:
        """A place in the queue, held from the first byte of a request to the last of its reply.

        Raises :class:`ApiError` (429) when the queue is full.
        """
        if self._tickets >= _AT_ONCE + _WAITING:
            raise api_errors.too_many_requests(_RETRY_AFTER)
        self._tickets += 1
        try:
            yield
        finally:
            self._tickets -= 1

    async def warm(self) -> None:
        """Starts a worker while the upload is still on its way, unless one is idle or all are running."""
        if self._starting.locked():
            return
        async with self._starting:
            if not self._idle and len(self._all) < _AT_ONCE:
                self._idle.append(await self._start())

    @asynccontextmanager
    async def hired(self) -> AsyncIterator["Worker"]:
        """A worker for one job, as soon as one is free. One that leaves with its job undone is killed."""
        async with self._turns:
            async with self._starting:  # where one is on its way already, no further one is started
                worker = self._idle.pop() if self._idle else await self._start()
            try:
                yield worker
            finally:
                if worker.is_free and worker.jobs < _JOBS_EACH:
                    self._idle.append(worker)
                else:
                    self._all.discard(worker)
                    worker.kill()

    def close(self) -> None:
        """Kills every worker."""
        for worker in self._all:
            worker.kill()
        self._all.clear()
        self._idle.clear()

    async def _start(self) -> "Worker":
        worker = await Worker.start()
        self._all.add(worker)
        return worker


class Worker:
    """One process and the frames to and from it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._stdin = process.stdin
        self._stdout = process.stdout
        self.jobs = 0
        self.is_free = True

    @classmethod
    async def start(cls) -> "Worker":
        return cls(
            await asyncio.create_subprocess_exec(
                *_command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                limit=_PIPE_CHUNK,
                env={**os.environ, WORKER_VARIABLE: "1"},
            )
        )

    async def give(self, order: pipe_messages.WorkOrder, uploads: list[Upload]) -> None:
        """Hands over an order and, piece by piece, its files. Raises :class:`WorkerLost`."""
        self.is_free = False
        self.jobs += 1
        try:
            self._stdin.write(pipe_messages.encode(order, sum(order.pictures) + order.mask))
            for upload in uploads:
                while chunk := await upload.read(_PIPE_CHUNK):
                    self._stdin.write(chunk)
                    await self._stdin.drain()
            await self._stdin.drain()
        except (ConnectionError, BrokenPipeError) as fault:
            raise WorkerLost(f"worker {self._process.pid} took no order") from fault

    async def next(self) -> tuple[pipe_messages.Message, bytes]:
        """The next message of the job and the bytes behind it. Raises :class:`WorkerLost`."""
        try:
            prefix = await self._stdout.readexactly(pipe_messages.PREFIX.size)
            text_length, body_length = pipe_messages.PREFIX.unpack(prefix)
            message = pipe_messages.decode(await self._stdout.readexactly(text_length))
            body = await self._stdout.readexactly(body_length)
        except (asyncio.IncompleteReadError, ConnectionError) as fault:
            raise WorkerLost(f"worker {self._process.pid} went away") from fault
        self.is_free = isinstance(message, pipe_messages.Finished | pipe_messages.Refused)
        return message, body

    def kill(self) -> None:
        """Ends the process now, whatever it is doing."""
        self._stdin.close()
        if self._process.returncode is None:
            self._process.kill()


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "engine"]
    return [sys.executable, "-P", "-m", "overpaint.engine.worker"]  # -P: nothing from the folder it runs in
