"""How fast a streamed reply becomes pictures, held against the bare socket and the official client.

A process of its own serves three pictures of 3840x2160 (15.9 MB of base64 each). The bare socket only reads
them; the official client gives their text, decoded with `base64` as its manual does; the plain way is the
HTTP library's lines, `json` and `base64`. Also a 40 MB event in pieces of 4 KB, and the memory that a reply
takes. Prints medians and ratios, each of pairs that ran one after the other; nothing fails for being slow.
"""

import asyncio
import base64
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Coroutine
from pathlib import Path

import httpx
from openai import AsyncOpenAI

from overpaint.api.client import EditClient
from overpaint.api.errors.request_context import RequestContext
from overpaint.api.reply import reply_parser
from overpaint.core.request.edit_request import EditRequest
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelSpec
from overpaint.core.request.params import EditParams
from overpaint.core.results.edit_events import Waiting

ROUNDS = 7
EVENTS = 3
PICTURE_BYTES = 8 + 256 * 46_500
LONG_EVENT = 40_000_000
PIECE = 4096
KEY = "sk-bench-0123456789abcdef0123456789abcdef"
BAR_SOCKET = 6.0
BAR_OFFICIAL = 0.4
BAR_LONG_EVENT = 2.0

Run = Callable[[int], Coroutine[None, None, int]]


def main() -> None:
    """Measures and prints."""
    server = subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    port = int(server.stdout.readline())
    try:
        _compare(port)
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()
    _long_event()
    _memory()


def _compare(port: int) -> None:
    ways: dict[str, Run] = {
        "bare socket": _socket,
        "Overpaint": _overpaint,
        "official client": _official,
        "plain way": _plain,
    }
    length = len(reply())
    times: dict[str, list[float]] = {name: [] for name in ways}
    with asyncio.Runner() as runner:
        for _ in range(ROUNDS):  # in turns, so that a busy moment falls on all alike
            for name, run in ways.items():
                start = time.perf_counter()
                got = runner.run(run(port))
                times[name].append(time.perf_counter() - start)
                assert got == (length if run is _socket else EVENTS * PICTURE_BYTES), name
    print(f"{EVENTS} events of 15.9 MB over loopback, median of {ROUNDS}:")
    for name, seconds in times.items():
        print(f"  {name:16} {statistics.median(seconds) * 1000:6.0f} ms")
    print(f"  {_ratio(times, 'bare socket'):.1f}x the bare socket (bar {BAR_SOCKET:g})")
    print(f"  {_ratio(times, 'official client'):.2f} of the official client (bar {BAR_OFFICIAL:g})")
    print(f"  {_ratio(times, 'plain way'):.2f} of the plain way")


def _ratio(times: dict[str, list[float]], other: str) -> float:
    """Overpaint's time by that of another way, the median of the rounds."""
    return statistics.median(own / one for own, one in zip(times["Overpaint"], times[other], strict=True))


def _long_event() -> None:
    event = event_of(os.urandom(LONG_EVENT * 3 // 4), "image_edit.completed")
    pieces = [event[at : at + PIECE] for at in range(0, len(event), PIECE)]
    times = []
    for _ in range(3):
        reader = reply_parser.reader(_ORIGIN, "text/event-stream")
        start = time.perf_counter()
        found = [one for piece in pieces for one in reader.feed(piece)]
        times.append(time.perf_counter() - start)
        assert len(found) == 1
    median = statistics.median(times)
    print(f"a 40 MB event in {len(pieces)} pieces of 4 KB: {median:.3f} s (bar {BAR_LONG_EVENT:g} s)")


def _memory() -> None:
    picture = os.urandom(PICTURE_BYTES)
    event = event_of(picture, "image_edit.completed")
    reader = reply_parser.reader(_ORIGIN, "text/event-stream")
    pieces = (event[at : at + 65536] for at in range(0, len(event), 65536))
    tracemalloc.start()
    found = [one for piece in pieces for one in reader.feed(piece)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found[0].data == picture
    print(f"memory at most while a picture of {PICTURE_BYTES / 1e6:.1f} MB arrives: {peak / 1e6:.1f} MB")


async def _socket(port: int) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    writer.write(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")
    total = 0
    while chunk := await reader.read(2**18):
        total += len(chunk)
    writer.close()
    await writer.wait_closed()
    return total


async def _overpaint(port: int) -> int:
    client = EditClient()
    profile = EndpointProfile("bench", f"http://127.0.0.1:{port}/v1")
    spec = ModelSpec(family="bench", names=("*",))
    request = EditRequest(EditParams(prompt="x"), ())
    events = [one async for one in client.edit(request, profile, KEY, spec) if not isinstance(one, Waiting)]
    await client.close()
    return sum(len(one.data) for one in events)


async def _official(port: int) -> int:
    total = 0
    async with AsyncOpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="none", max_retries=0) as client:
        stream = await client.images.edit(
            model="bench", prompt="x", image=("a.png", b"x", "image/png"), stream=True, partial_images=3
        )
        async for event in stream:
            total += len(base64.b64decode(event.b64_json))
    return total


async def _plain(port: int) -> int:
    total = 0
    async with (
        httpx.AsyncClient(verify=False, timeout=None, trust_env=False) as client,  # loopback
        client.stream("POST", f"http://127.0.0.1:{port}/v1") as response,
    ):
        async for line in response.aiter_lines():
            if line.startswith("data:"):
                total += len(base64.b64decode(json.loads(line[5:])["b64_json"]))
    return total


def event_of(picture: bytes, name: str) -> bytes:
    """One event with a picture."""
    payload = {"type": name, "b64_json": base64.b64encode(picture).decode(), "size": "3840x2160"}
    if not name.endswith("completed"):
        payload["partial_image_index"] = "0"
    return f"event: {name}\ndata: {json.dumps(payload)}\n\n".encode()


_PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 46_500
_ORIGIN = RequestContext(EndpointProfile("bench", "http://127.0.0.1/v1"), status=200)


def reply() -> bytes:
    """The body that the server sends."""
    picture = _PICTURE[:PICTURE_BYTES]
    return event_of(picture, "image_edit.partial_image") * (EVENTS - 1) + event_of(
        picture, "image_edit.completed"
    )


def serve() -> None:
    """Answers each connection with the same stream, until it is ended."""
    body = reply()
    head = f"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: {len(body)}\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], flush=True)
        while True:
            connection, _ = listening.accept()
            with connection:
                received = b""
                while b"\r\n\r\n" not in received:
                    received += connection.recv(65536)
                while b"length: 0\r\n" not in received.lower() and not received.endswith(b"--\r\n"):
                    received += connection.recv(65536)
                connection.sendall(head.encode() + body)


if __name__ == "__main__":
    if "--serve" in sys.argv:
        serve()
    else:
        sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "app"))
        main()
