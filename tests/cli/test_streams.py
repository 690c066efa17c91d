"""Standard streams that nobody reads, that were closed at the start, or that lead to a full disk."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.running import COMMAND, Ended, environment, overpaint
from tests.conftest import Photo

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="closes descriptors and fills /dev/full")

WAYS = ("unread", "closed", "full")
BUFFERING = ("", "1")


def with_lost(stream: str, way: str, *words: str | Path, unbuffered: str = "") -> Ended:
    """Runs a command with a lost ``stream`` (out, err); what it said on the other one, and its code.

    ``way``: "unread" is a pipe whose reader has gone, "closed" no stream at all, "full" a full disk.
    """
    reader, writer = os.pipe()
    os.close(reader)
    full = os.open("/dev/full", os.O_WRONLY)
    lost = {"unread": writer, "closed": writer, "full": full}[way]
    number = {"out": 1, "err": 2}[stream]
    closing = f"{number}>&-" if way == "closed" else ""
    process = subprocess.Popen(
        ["/bin/sh", "-c", f'exec "$@" {closing}', "sh", *COMMAND, *map(str, words)],
        stdin=subprocess.DEVNULL,
        stdout=lost if stream == "out" else subprocess.PIPE,
        stderr=lost if stream == "err" else subprocess.PIPE,
        env=environment(PYTHONUNBUFFERED=unbuffered),
    )
    os.close(writer)
    os.close(full)
    out, err = process.communicate(timeout=60)
    return Ended(process.returncode, (out or b"").decode(), (err or b"").decode())


def edit(photo: Photo, out: Path) -> tuple[str | Path, ...]:
    return ("edit", "--image", photo("chelsea.png"), "--prompt", "Make it warmer", "--out", out, "--json")


@pytest.mark.parametrize("way", WAYS)
def test_edit_without_standard_error_saves_and_reports(photo: Photo, tmp_path: Path, way: str) -> None:
    done = with_lost("err", way, *edit(photo, tmp_path / "out"))

    assert done.code == 0
    assert [Path(file).exists() for file in done.json["files"]] == [True]


@pytest.mark.parametrize("unbuffered", BUFFERING)
@pytest.mark.parametrize("way", WAYS)
def test_edit_that_fails_without_standard_error_reports(
    photo: Photo, tmp_path: Path, way: str, unbuffered: str
) -> None:
    words = (*edit(photo, tmp_path / "out"), "--endpoint", "nobody")

    done = with_lost("err", way, *words, unbuffered=unbuffered)

    assert (done.code, done.error["kind"]) == (1, "settings_invalid")


@pytest.mark.parametrize("way", WAYS)
def test_edit_whose_report_is_lost_saves_and_says_by_its_code_that_it_has_not_failed(
    photo: Photo, tmp_path: Path, way: str
) -> None:
    done = with_lost("out", way, *edit(photo, tmp_path / "out"))

    (saved,) = (tmp_path / "out").glob("*.png")
    assert done.code == 3
    assert f"saved {saved.name}" in done.err
    assert "Traceback" not in done.err
    assert "Exception" not in done.err


@pytest.mark.parametrize("unbuffered", BUFFERING)
@pytest.mark.parametrize("way", WAYS)
def test_edit_that_fails_keeps_its_code_when_the_report_is_lost(
    photo: Photo, tmp_path: Path, way: str, unbuffered: str
) -> None:
    words = (*edit(photo, tmp_path / "out"), "--endpoint", "nobody")

    done = with_lost("out", way, *words, unbuffered=unbuffered)

    assert done.code == 1
    assert done.err.startswith("overpaint edit: There is no endpoint named “nobody”.")
    assert "Traceback" not in done.err


@pytest.mark.parametrize("unbuffered", BUFFERING)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("command", ["check", "engine", "--diagnose", "--version", "--help"])
def test_command_keeps_its_code_without_standard_error_and_says_3_without_standard_output(
    photo: Photo, command: str, way: str, unbuffered: str
) -> None:
    words = [command, photo("chelsea.png")] if command == "check" else [command]

    no_err = with_lost("err", way, *words, unbuffered=unbuffered)
    no_out = with_lost("out", way, *words, unbuffered=unbuffered)

    reason = {"unread": "", "closed": "Bad file descriptor", "full": "No space left on device"}[way]
    assert (no_err.code, no_out.code) == (0, 3)
    assert no_err.out
    assert no_out.err == (f"overpaint: standard output can't be written: {reason}\n" if reason else "")


@pytest.mark.parametrize("way", WAYS)
def test_wrong_arguments_end_with_code_2_whoever_reads(way: str) -> None:
    assert [with_lost(stream, way, "edit", "--bogus").code for stream in ("out", "err")] == [2, 2]


def test_edit_whose_every_stream_is_closed_saves_the_picture_and_nothing_else(
    photo: Photo, tmp_path: Path
) -> None:
    words = map(str, edit(photo, tmp_path / "out"))

    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *COMMAND, *words],
        env=environment(),
        timeout=60,
        check=False,
    )

    (saved,) = (tmp_path / "out").glob("*.png")
    (sidecar,) = (tmp_path / "out").glob("*.json")
    assert done.returncode == 3
    assert saved.read_bytes().startswith(b"\x89PNG")
    assert json.loads(sidecar.read_text("utf-8"))["params"]["prompt"] == "Make it warmer"


def test_streams_that_are_read_say_all_whatever_the_buffering(photo: Photo, tmp_path: Path) -> None:
    done = [
        overpaint(*edit(photo, tmp_path / f"out{unbuffered}"), PYTHONUNBUFFERED=unbuffered)
        for unbuffered in BUFFERING
    ]

    assert [one.code for one in done] == [0, 0]
    assert [one.err.splitlines()[-1].startswith("saved ") for one in done] == [True, True]
    assert all(Path(file).exists() for one in done for file in one.json["files"])
