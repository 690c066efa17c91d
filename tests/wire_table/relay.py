"""A relay on loopback between the program and the engine that keeps every request as it came."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self

from tests.api.transport.test_multipart import parsed


class Relay:
    """Passes requests on to ``netloc``, which is told its own name as their host, or while there is a
    ``ready`` body answers with that."""

    def __init__(self, netloc: str) -> None:
        self._netloc = netloc
        self.ready = b""
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.bodies: list[tuple[str, bytes]] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        await asyncio.gather(*self._tasks)

    @property
    def base_url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    @property
    def texts(self) -> list[tuple[str, str]]:
        """The text parts of the newest request."""
        return parsed(*self.bodies[-1])[0]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        host, _, port = self._netloc.partition(":")
        inward, outward = await asyncio.open_connection(host, int(port))
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            first, *lines = head.decode().removesuffix("\r\n\r\n").split("\r\n")
            fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            body = await reader.readexactly(int(fields["content-length"]))
            self.bodies.append((fields["content-type"], body))
            if self.ready:
                head_of = f"HTTP/1.1 200 OK\r\nContent-Length: {len(self.ready)}\r\n"
                writer.write(f"{head_of}Content-Type: application/json\r\n\r\n".encode() + self.ready)
                return
            fields |= {"host": self._netloc, "connection": "close"}
            told = "\r\n".join([first, *(f"{name}: {value}" for name, value in fields.items())])
            outward.write(f"{told}\r\n\r\n".encode() + body)
            while chunk := await inward.read(65536):
                writer.write(chunk)
                await writer.drain()
        except ConnectionError:
            return  # the program has all it wanted
        finally:
            for end in (outward, writer):
                end.close()
                with suppress(ConnectionError):
                    await end.wait_closed()
            self._tasks.discard(task)
