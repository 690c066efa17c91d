"""What the commands say on a terminal: neither a file's name nor a service steers it."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from tests.api.wire import refusal
from tests.cli.running import COMMAND, ended, environment, overpaint, started
from tests.conftest import Photo
from tests.fault_server import FaultServer, Script

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="names files with controls; opens a terminal")

STEERING = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp.exe"
SHOWN = r"\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp.exe"
HOSTILE = ("\x1b", "\x07", "\x9b", "\u202e", "\r")


def harmless(said: str) -> bool:
    return not any(one in said for one in HOSTILE)


def test_names_of_files_are_shown_with_their_controls_as_codes(tmp_path: Path) -> None:
    odd = tmp_path / f"{STEERING}\ngood.png: png, 1x1\n.png"
    odd.write_bytes(b"no picture")

    done = overpaint("check", odd, tmp_path / STEERING)

    assert len(done.out.splitlines()) == 2
    assert done.out.count(SHOWN) >= 2
    assert harmless(done.out + done.err)


@pytest.mark.parametrize("words", [("check", f"--{STEERING}", "a"), (f"--{STEERING}",), ("edit", STEERING)])
def test_arguments_that_are_wrong_are_repeated_harmlessly(words: tuple[str, ...]) -> None:
    done = overpaint(*words)

    assert done.code == 2
    assert harmless(done.out + done.err)


async def test_sentence_of_a_service_and_the_name_of_a_folder_are_harmless(
    photo: Photo, tmp_path: Path
) -> None:
    for answer in (refusal(STEERING, code="invalid_value"), f"<html>{STEERING}".encode()):
        async with FaultServer(Script(400, body=answer)) as server:
            words = ("--image", photo("coffee.png"), "--prompt", STEERING, "--out", tmp_path / STEERING)
            done = await ended(await started("edit", *words, "--base-url", server.base_url))

        assert done.code == 1
        assert harmless(done.out + done.err)


def test_settings_with_controls_are_diagnosed_harmlessly(tmp_path: Path) -> None:
    done = overpaint("--diagnose", OVERPAINT_HOME=str(tmp_path / STEERING))

    assert f"settings: {tmp_path}/{SHOWN}" in done.out
    assert harmless(done.out + done.err)


def test_progress_on_a_terminal_takes_the_place_of_its_last_line_and_steers_nothing_else(
    photo: Photo, tmp_path: Path
) -> None:
    ours, theirs = pty.openpty()
    words = ("--image", photo("coffee.png"), "--prompt", STEERING, "--out", tmp_path / STEERING)
    process = subprocess.Popen(
        [*COMMAND, "edit", *map(str, words)], stdout=subprocess.PIPE, stderr=theirs, env=environment()
    )
    os.close(theirs)
    out, _ = process.communicate(timeout=60)
    said = b""
    try:
        while more := os.read(ours, 65536):
            said += more
    except OSError:  # so Linux ends what was written to a terminal
        pass
    os.close(ours)

    lines = said.decode().split("\r\x1b[K")
    assert process.returncode == 0, said
    assert len(lines) > 2
    assert harmless("".join(lines).replace("\r\n", "\n"))
    assert SHOWN in out.decode()
    assert harmless(out.decode())
