"""Replies that want to fill the memory or hold the window, in a real window: it goes on all the while."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from tests.flows import hostile_server
from tests.flows.desk import CONTROL, desk

MOST_BYTES = 300_000_000
BEAT_MILLISECONDS = 5
FEWEST_BEATS = 50
"""Each kind of reply takes much longer to come than so many beats."""

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@dataclass
class Heartbeat:
    """What a timer of the window's thread saw: its beats, the longest pause between two in seconds, the most
    memory in bytes, and when the last beat was."""

    beats: int = 0
    longest: float = 0.0
    memory: int = 0
    last: float = 0.0

    def beat(self) -> None:
        now = time.monotonic()
        self.beats += 1
        self.longest, self.last = max(self.longest, now - (self.last or now)), now
        self.memory = max(self.memory, resident())


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@contextmanager
def serving(kind: str) -> Iterator[str]:
    command = [sys.executable, hostile_server.__file__, kind]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(server.stdout.readline())}/v1"
    finally:
        server.communicate()


@pytest.mark.parametrize("kind", ["brackets", "long", "packed"])
async def test_hostile_reply_holds_neither_window_nor_memory(kind: str, photo) -> None:
    heart = Heartbeat()
    with serving(kind) as base_url:
        async with desk([photo("chelsea.jpg", (64, 48))]) as app:
            app.use_endpoint(base_url)
            app.say("remove the cup")
            timer = QTimer(app.window, interval=BEAT_MILLISECONDS)
            timer.timeout.connect(heart.beat)
            before = resident()
            timer.start()
            started = time.monotonic()
            app.key(Qt.Key.Key_Return, CONTROL)
            job = await app.ended()
            took = time.monotonic() - started
            timer.stop()

    sys.stdout.write(
        f"\n{kind}: {took:.1f} s, {heart.beats} beats, longest pause {heart.longest * 1e3:.0f} ms,"
        f" {(heart.memory - before) / 1e6:.0f} MB, {job.state}, {job.error}\n"
    )
    assert heart.beats >= FEWEST_BEATS
    assert heart.memory - before < MOST_BYTES
    assert job.error is not None
    assert job.may_have_been_billed
