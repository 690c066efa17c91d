"""Name look-ups that hang hold up neither strokes, nor the end of the window, nor that of a command."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.running import ended, says, started

SITE = r"""
import os, socket, threading
real = socket.getaddrinfo
def resolve(host, *rest, **named):
    if os.fsencode(host or "").endswith(b".silent"):
        os.write(2, b"asked\n")
        threading.Event().wait(30)
    return real(host, *rest, **named)
socket.getaddrinfo = resolve
"""


async def test_stroke_is_on_disk_and_the_window_closes_while_every_look_up_hangs(photo) -> None:
    command = [sys.executable, str(Path(__file__).with_name("silent_resolver.py")), photo("coffee.png")]
    path = os.pathsep.join([str(Path(__file__).parents[2] / "app"), str(Path(__file__).parents[2])])
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": path},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(60):
        line = await process.stdout.readline()
        said = time.monotonic()
        code = await process.wait()

    assert json.loads(line)["stroke"] < 1
    assert time.monotonic() - said < 5
    assert code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM to be told by")
async def test_command_told_to_end_does_so_at_once_while_its_look_up_hangs(photo, tmp_path) -> None:
    (tmp_path / "sitecustomize.py").write_text(SITE)
    words = ("--image", photo("chelsea.png"), "--prompt", "warmer", "--out", tmp_path / "out", "--json")
    path = os.pathsep.join([str(tmp_path), os.environ["PYTHONPATH"]])

    process = await started("edit", *words, "--base-url", "https://far.silent/v1", PYTHONPATH=path)
    await says(process, "asked")
    told = time.monotonic()
    process.send_signal(signal.SIGTERM)
    done = await ended(process)

    assert time.monotonic() - told < 2
    assert done.code == 143
    assert done.error["kind"] == "cancelled"
