"""The program as a child process, as a shell starts it."""

import asyncio
import json
import os
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMAND = (sys.executable, "-m", "overpaint")


@dataclass(frozen=True)
class Ended:
    """What a finished command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object on standard output."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        """The error of a failed ``--json`` command."""
        found: dict[str, Any] = self.json["error"]
        assert {"kind", "message", "may_have_been_billed"} <= set(found) <= {
            "kind", "message", "may_have_been_billed", "service_message", "reply",
        }  # fmt: skip
        return found


def environment(**changes: str) -> Mapping[str, str]:
    """This test's environment with some changes; ``""`` takes a variable away."""
    return {name: value for name, value in {**os.environ, **changes}.items() if value}


def overpaint(*words: str | Path, **changes: str) -> Ended:
    """Runs a command to its end."""
    done = subprocess.run(
        [*COMMAND, *map(str, words)],
        capture_output=True,
        env=environment(**changes),
        timeout=60,
        check=False,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


async def started(*words: str | Path, **changes: str) -> Process:
    """Starts a command and gives its process."""
    return await asyncio.create_subprocess_exec(
        *COMMAND, *map(str, words), stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment(**changes)
    )


async def ended(process: Process) -> Ended:
    """Waits for the end of a command."""
    async with asyncio.timeout(30):
        out, err = await process.communicate()
    return Ended(process.returncode or 0, out.decode(), err.decode())


async def says(process: Process, words: str) -> None:
    """Returns once a line on standard error holds some words."""
    assert process.stderr is not None
    async with asyncio.timeout(30):
        while line := await process.stderr.readline():
            if words in line.decode():
                return
    raise AssertionError(f"the program ended without saying {words!r}")
