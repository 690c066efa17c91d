"""A real engine process for tests, the pictures to send to it, and the processes it has started."""

import base64
import io
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx
import numpy as np
from PIL import Image, ImageDraw

START = "from overpaint.engine.serve import serve; raise SystemExit(serve(None, None))"

PATIENCE = 20.0
"""Seconds that a test waits for another process at most."""


@dataclass(frozen=True)
class Engine:
    """A running engine and how to reach it."""

    process: subprocess.Popen[bytes]
    base_url: str
    token: str

    @property
    def netloc(self) -> str:
        """Host and port as the Host field has them."""
        return self.base_url.removeprefix("http://").removesuffix("/v1")

    def client(self, **headers: str) -> httpx.Client:
        """A client of the engine with its token and no other ways."""
        fields = {"Authorization": f"Bearer {self.token}", **headers}
        return httpx.Client(base_url=self.base_url, headers=fields, timeout=60, trust_env=False)

    def edit(self, files: list[tuple[str, Any]], **fields: str) -> httpx.Response:
        """A plain edit with the default model and prompt unless named."""
        data = {"model": "gpt-image-2", "prompt": "make it warmer", **fields}
        with self.client() as client:
            return client.post("/images/edits", data=data, files=files)

    def events(self, files: list[tuple[str, Any]], **fields: str) -> list[dict[str, Any]]:
        """A streamed edit: the JSON of its events in their order."""
        data = {"model": "gpt-image-2", "prompt": "make it warmer", "stream": "true", **fields}
        with self.client() as client, client.stream("POST", "/images/edits", data=data, files=files) as reply:
            assert reply.status_code == 200, reply.read()
            return [json.loads(line[6:]) for line in reply.iter_lines() if line.startswith("data: ")]

    def workers(self) -> set[int]:
        """Process ids of the engine's children (Linux)."""
        return children(self.process.pid)

    def stop(self) -> int:
        """Closes its standard input and waits; its exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        code = self.process.wait(20)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code


def start(code: str = START) -> Engine:
    """Starts an engine and waits for its first line."""
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    return Engine(process, *first_line(process.stdout))


def first_line(stream: IO[bytes] | None) -> tuple[str, str]:
    """Base URL and token from the line that an engine prints."""
    assert stream is not None
    line = json.loads(stream.readline())
    return line["base_url"], line["token"]


def children(process: int) -> set[int]:
    """Process ids of a process's children."""
    found = Path(f"/proc/{process}/task/{process}/children").read_text()
    return {int(one) for one in found.split()}


def is_alive(process: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def becomes_true(condition: Callable[[], bool]) -> bool:
    """Waits, within the test's patience, for what another process does."""
    end = time.monotonic() + PATIENCE
    changed = threading.Event()
    while not condition():
        if time.monotonic() > end:
            return False
        changed.wait(0.01)
    return True


def picture(data: bytes | Path, name: str = "image", mime: str = "image/png") -> tuple[str, Any]:
    """A file part."""
    content = data.read_bytes() if isinstance(data, Path) else data
    return name, ("picture.png", content, mime)


def mask_of(size: tuple[int, int], box: tuple[int, int, int, int], mode: str = "RGBA") -> tuple[str, Any]:
    """A mask part: transparent, to be edited, within the box."""
    opaque = (0, 0, 0, 255) if mode == "RGBA" else 0
    image = Image.new(mode, size, opaque)
    if mode == "RGBA":
        ImageDraw.Draw(image).rectangle(box, fill=(0, 0, 0, 0))
    return "mask", ("mask.png", png(image), "image/png")


def png(image: Image.Image) -> bytes:
    """An image as a PNG file."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def pictures_in(reply: httpx.Response) -> Iterator[Image.Image]:
    """The pictures of a plain reply, decoded."""
    assert reply.status_code == 200, reply.text
    for one in reply.json()["data"]:
        yield opened(one["b64_json"])


def opened(b64: str) -> Image.Image:
    """A picture from base64, decoded."""
    image = Image.open(io.BytesIO(base64.b64decode(b64, validate=True)))
    image.load()
    return image


def pixels(image: Image.Image) -> np.ndarray:
    """An image as (h, w, 3) integers that can be subtracted."""
    return np.asarray(image.convert("RGB")).astype(int)
