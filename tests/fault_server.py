"""A server on loopback that does to a client what servers do: answers by a script, cuts, stalls, resets.

It reads each request to its end (or as far as the script says), keeps its raw bytes, and plays the next
script; the last one is played again for every further request.
"""

import asyncio
import socket
import ssl
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.parser import BytesParser
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Script:
    """What to do with one request.

    ``body`` is sent in ``pieces`` bytes at a time (0: at once) after ``head``; ``cut_at`` ends the
    connection after so many bytes of the body, ``reset`` with an RST; ``stall_at`` stops there and keeps
    the connection open; ``drip`` waits so many seconds between pieces. ``framing`` says how the client
    learns the body's length. ``read_bytes`` is how much of the request's body is read (None: all) before
    answering or, with ``hang_up``, closing without a word; a ``deaf`` server then neither reads nor answers.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    framing: str = "length"  # or "chunked", "close"
    pieces: int = 0
    drip: float = 0.0
    cut_at: int | None = None
    stall_at: int | None = None
    reset: bool = False
    read_bytes: int | None = None
    hang_up: bool = False
    deaf: bool = False
    stall_before_head: bool = False
    raw: bytes | None = None  # sent as it is instead of a head and a body
    hold: "Hold | None" = None  # where it waits having read the request


class Hold:
    """A point that a server has ``reached``; it goes on once that is ``opened``, and then ``answered``."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()
        self.answered = asyncio.Event()


@dataclass
class Received:
    """One request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    raw: bytes
    complete: bool
    disconnected: asyncio.Event = field(default_factory=asyncio.Event)


class FaultServer:
    """Plays scripts on a free port of 127.0.0.1; use it as an asynchronous context manager."""

    def __init__(
        self, *scripts: Script, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.scripts: Sequence[Script] = scripts or (Script(),)
        self.requests: list[Received] = []
        self.connections = 0
        self.bytes_received = 0
        self.arrived = asyncio.Event()
        self._over = asyncio.Event()
        self._tls = tls
        self._host = host
        self._port = port
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, self._host, self._port, ssl=self._tls)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self._over.set()
        for writer in list(self._open):
            writer.transport.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def port(self) -> int:
        """The port it listens at."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def base_url(self) -> str:
        """The address to put into a profile."""
        return f"{'https' if self._tls else 'http'}://{self._host}:{self.port}/v1"

    @property
    def posts(self) -> int:
        """How many POST requests have begun to arrive."""
        return sum(one.method == "POST" for one in self.requests)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._open.add(writer)
        self.connections += 1
        try:
            await self._answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()
            self._open.discard(writer)
            self._tasks.discard(task)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        script = self.scripts[min(len(self.requests), len(self.scripts) - 1)]
        request = await self._read(reader, script)
        if script.hold is not None:
            script.hold.reached.set()
            await script.hold.opened.wait()
        if script.hang_up:
            _hang_up(writer, script)
            return
        if script.deaf:
            await self._over.wait()
            return
        if script.stall_before_head:
            await self._stall(reader, request)
            return
        try:
            writer.write(script.raw if script.raw is not None else _head(script))
            await writer.drain()
            if script.raw is None:
                await self._send_body(reader, writer, script, request)
            if script.hold is not None:
                script.hold.answered.set()
        except ConnectionError:
            request.disconnected.set()

    async def _read(self, reader: asyncio.StreamReader, script: Script) -> Received:
        head = await reader.readuntil(b"\r\n\r\n")
        self.bytes_received += len(head)
        line, _, fields = head.partition(b"\r\n")
        method, target, _ = line.decode().split(" ", 2)
        headers = {name.lower(): value for name, value in BytesParser().parsebytes(fields).items()}
        request = Received(method, target, headers, b"", head, complete=False)
        self.requests.append(request)
        self.arrived.set()
        wanted = int(headers.get("content-length", "0"))
        length = wanted if script.read_bytes is None else min(script.read_bytes, wanted)
        body = bytearray()
        while len(body) < length:
            chunk = await reader.read(min(65536, length - len(body)))
            if not chunk:
                break
            self.bytes_received += len(chunk)
            body += chunk
        request.body = bytes(body)
        request.raw = head + request.body
        request.complete = len(body) == wanted
        return request

    async def _send_body(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, script: Script, request: Received
    ) -> None:
        stop = min(one for one in (script.cut_at, script.stall_at, len(script.body)) if one is not None)
        step = script.pieces or max(stop, 1)
        for start in range(0, stop, step):
            writer.write(_framed(script, script.body[start : min(start + step, stop)]))
            await writer.drain()
            if script.drip:
                await asyncio.sleep(script.drip)
        if script.stall_at is not None:
            await self._stall(reader, request)
        elif script.cut_at is not None:
            _hang_up(writer, script)
        elif script.framing == "chunked":
            writer.write(b"0\r\n\r\n")
            await writer.drain()

    async def _stall(self, reader: asyncio.StreamReader, request: Received) -> None:
        while await reader.read(65536):
            pass
        request.disconnected.set()


def _head(script: Script) -> bytes:
    fields = {
        "content-type": "application/json",
        **{name.lower(): value for name, value in script.headers.items()},
    }
    if script.framing == "length":
        fields.setdefault("content-length", str(len(script.body)))
    elif script.framing == "chunked":
        fields.setdefault("transfer-encoding", "chunked")
    else:
        fields.setdefault("connection", "close")
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"HTTP/1.1 {script.status} Scripted\r\n{lines}\r\n".encode()


def _framed(script: Script, piece: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(piece), piece) if script.framing == "chunked" else piece


def _hang_up(writer: asyncio.StreamWriter, script: Script) -> None:
    if script.reset:
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
    else:
        writer.close()
