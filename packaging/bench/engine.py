"""How quickly the offline engine starts, shows a first partial, ends a fill, and takes in 16 large pictures.

Figures are medians; nothing fails for being slow. The fill is of 10 % of a photograph at 1024x1024.
"""

import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
from skimage import data

START = "from overpaint.engine.serve import serve; raise SystemExit(serve(None, None))"
RUNS = 3
SIDE = 1024
PICTURES, PICTURE_MB = 16, 20
BOUNDARY = b"bench-boundary"


def main() -> int:
    """Prints every figure beside its bar."""
    starts, firsts, wholes = [], [], []
    for _ in range(RUNS):
        began = time.perf_counter()
        with engine() as (process, port, token):
            starts.append(time.perf_counter() - began)
            shown = fill_times(port, token)
            firsts.append(shown[0])
            wholes.append(shown[-1])
    row("start to accepting", statistics.median(starts), "s", "0.5 s")
    row("first partial of a 1024² fill", statistics.median(firsts), "s", "1 s")
    row("whole 1024² fill, 10 % masked", statistics.median(wholes), "s", "8 s")
    with engine() as (process, port, token):
        before = resident_mb(process, peak=False)
        seconds = upload(port, token)
        row(f"{PICTURES} pictures of {PICTURE_MB} MB taken in", seconds, "s", "2 s")
        if before:
            row("extra memory for them", resident_mb(process, peak=True) - before, "MB", "60 MB")
    return 0


def row(title: str, value: float, unit: str, bar: str) -> None:
    """One line of the result."""
    print(f"{title:<40} {value:8.2f} {unit:<3} (bar {bar})", flush=True)


@contextmanager
def engine() -> Iterator[tuple[int, int, str]]:
    """A running engine: process id, port and token."""
    process = subprocess.Popen([sys.executable, "-c", START], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = json.loads(process.stdout.readline())
        yield process.pid, int(line["base_url"].rsplit(":", 1)[1].split("/")[0]), line["token"]
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


def fill_times(port: int, token: str) -> list[float]:
    """Seconds from the request to each event of a streamed fill; the engine has just started."""
    photo = cv2.resize(cv2.cvtColor(data.coffee(), cv2.COLOR_RGB2BGR), (SIDE, SIDE))
    mask = np.full((SIDE, SIDE, 4), (0, 0, 0, 255), np.uint8)
    half = int(SIDE * 0.1**0.5 / 2)
    middle = slice(SIDE // 2 - half, SIDE // 2 + half)
    mask[middle, middle, 3] = 0
    texts = {"model": "gpt-image-2", "prompt": "remove it", "stream": "true", "partial_images": "3"}
    body = b"".join(
        [
            *(text_part(name, value) for name, value in texts.items()),
            file_head("image"),
            png(photo),
            b"\r\n",
            file_head("mask"),
            png(mask),
            b"\r\n--" + BOUNDARY + b"--\r\n",
        ]
    )
    began = time.perf_counter()
    connection = request(port, token, len(body))
    connection.send(body)
    reply = connection.getresponse()
    seconds = []
    while line := reply.readline():
        if line.startswith(b"data:"):
            seconds.append(time.perf_counter() - began)
    connection.close()
    return seconds


def upload(port: int, token: str) -> float:
    """Seconds until 16 large pictures have been taken in; n is out of range, so that nothing is computed."""
    chunk = os.urandom(1_000_000)
    head = text_part("model", "gpt-image-2") + text_part("prompt", "sepia") + text_part("n", "99")
    part = file_head("image[]")
    tail = b"--" + BOUNDARY + b"--\r\n"
    total = len(head) + PICTURES * (len(part) + PICTURE_MB * len(chunk) + 2) + len(tail)
    began = time.perf_counter()
    connection = request(port, token, total)
    connection.send(head)
    for _ in range(PICTURES):
        connection.send(part)
        for _ in range(PICTURE_MB):
            connection.send(chunk)
        connection.send(b"\r\n")
    connection.send(tail)
    status = connection.getresponse().status
    assert status == 400, status
    connection.close()
    return time.perf_counter() - began


def request(port: int, token: str, length: int) -> http.client.HTTPConnection:
    """A connection on which an edit has begun."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.putrequest("POST", "/v1/images/edits")
    connection.putheader("Authorization", f"Bearer {token}")
    connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY.decode()}")
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    return connection


def text_part(name: str, value: str) -> bytes:
    """A text field of the form."""
    return b'--%b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (
        BOUNDARY,
        name.encode(),
        value.encode(),
    )


def file_head(name: str) -> bytes:
    """The head of a file field."""
    disposition = b'form-data; name="%b"; filename="a.png"' % name.encode()
    head = b"--%b\r\nContent-Disposition: %b\r\n" % (BOUNDARY, disposition)
    return head + b"Content-Type: image/png\r\n\r\n"


def png(pixels: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> bytes:
    """Pixels as a PNG file."""
    _, encoded = cv2.imencode(".png", pixels)
    return bytes(encoded)


def resident_mb(process: int, *, peak: bool) -> float:
    """Resident memory of a process in MB, now or at its highest; 0 where /proc doesn't say."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return 0.0
    name = "VmHWM:" if peak else "VmRSS:"
    lines = status.read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


if __name__ == "__main__":
    raise SystemExit(main())
