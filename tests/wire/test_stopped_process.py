"""A program that is stopped for longer than its time-outs, as a laptop is: the reply waits in the socket."""

import asyncio
import signal
import sys
from asyncio.subprocess import Process
from dataclasses import replace
from pathlib import Path

import pytest
from tests.api.runs import PNG
from tests.api.wire import EVENT_STREAM, KEY, completed, partial, plain, profile
from tests.cli.running import Ended, ended, started
from tests.conftest import Photo
from tests.fault_server import FaultServer, Hold, Script

from overpaint.core.request.endpoint_profile import Timeouts
from overpaint.studio.config.folders import Folders
from overpaint.studio.config.settings_store import SettingsStore

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="stops with SIGSTOP")

PATIENCE = Timeouts(connect=5.0, read=2.0, total=2.5)
ASLEEP = 3.5
"""Seconds: longer than both, which is what the program must not notice."""

REPLIES = {
    "plain": Script(body=plain(PNG)),
    "stream": Script(
        headers=EVENT_STREAM, body=partial(PNG, 0) + completed(PNG), framing="chunked", pieces=700
    ),
}


def command(photo: Photo, out: Path, server: FaultServer) -> tuple[str | Path, ...]:
    settings = SettingsStore(Folders.find().settings_file)
    settings.replace(endpoints=(profile(server.base_url, timeouts=PATIENCE),))
    settings.save()
    picture = photo("chelsea.jpg", (64, 48))
    return "edit", "--image", picture, "--prompt", "x", "--out", out, "--endpoint", "Test server", "--json"


async def slept(process: Process, hold: Hold) -> None:
    """Stops the program once its request is with the server, lets the reply come, and wakes it late."""
    await hold.reached.wait()
    process.send_signal(signal.SIGSTOP)
    hold.opened.set()
    await hold.answered.wait()
    await asyncio.sleep(ASLEEP)  # what is tried here is a length of time
    process.send_signal(signal.SIGCONT)


def saved(done: Ended) -> list[bytes]:
    return [Path(file).read_bytes() for file in done.json["files"]]


@pytest.mark.parametrize("name", REPLIES)
async def test_program_that_slept_longer_than_its_timeouts_saves_the_reply(
    photo: Photo, tmp_path: Path, name: str
) -> None:
    hold = Hold()

    async with FaultServer(replace(REPLIES[name], hold=hold)) as server:
        process = await started(*command(photo, tmp_path / "results", server), OVERPAINT_API_KEY=KEY)
        async with asyncio.timeout(60):
            await slept(process, hold)
        done = await ended(process)

    assert done.code == 0, done.out
    assert saved(done) == [PNG]
    assert server.posts == 1
