"""Another start of the program: it finds the window that is open, and tells its files to nobody else."""

import asyncio
import contextlib
import os
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from overpaint.studio.process.single_instance import SingleInstance, hand_over

SIGN = "window.json"
FILES = [Path("/pictures/a.png"), Path("/pictures/“b” ☂.jpg")]


class Window:
    """A window that listens, and what it was handed."""

    def __init__(self, folder: Path) -> None:
        self.bell = SingleInstance(folder)
        self.handed: list[list[Path]] = []
        self.bell.received.connect(self.handed.append)


@pytest.fixture
async def window(tmp_path: Path) -> AsyncIterator[Window]:
    made = Window(tmp_path)
    await made.bell.listen()
    yield made
    await made.bell.close()


async def received(folder: Path, files: list[Path]) -> bool:
    return await asyncio.to_thread(hand_over, folder, files)


async def said_to(folder: Path, words: bytes) -> bytes:
    """What the window answers somebody who knows its port alone."""
    sign = (folder / SIGN).read_bytes()
    port = int(sign.partition(b'"port":')[2].partition(b",")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    with contextlib.suppress(ConnectionError):  # it hangs up on whoever says too much
        writer.write(words)
        writer.write_eof()
        answer = await reader.read()
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    return answer.partition(b"\n")[2]


async def test_files_of_another_start_come_to_the_window(window, tmp_path) -> None:
    assert await received(tmp_path, FILES)

    assert window.handed == [FILES]


async def test_start_without_files_only_rings(window, tmp_path) -> None:
    assert await received(tmp_path, [])

    assert window.handed == [[]]


@pytest.mark.skipif(sys.platform == "win32", reason="names that are no text exist on POSIX systems alone")
async def test_name_that_is_no_text_arrives_as_it_is(window, tmp_path) -> None:
    name = Path(os.fsdecode(b"/pictures/\xff.png"))

    assert await received(tmp_path, [name])

    assert window.handed == [[name]]


async def test_without_a_window_nobody_takes_the_files(tmp_path) -> None:
    assert not await received(tmp_path, FILES)
    (tmp_path / SIGN).write_text("half a lin")
    assert not await received(tmp_path, FILES)


async def test_closed_window_takes_its_sign_away(window, tmp_path) -> None:
    await window.bell.close()

    assert not (tmp_path / SIGN).exists()
    assert not await received(tmp_path, FILES)


async def test_window_leaves_the_sign_of_a_later_one(window, tmp_path) -> None:
    later = Window(tmp_path)
    await later.bell.listen()
    try:
        await window.bell.close()

        assert await received(tmp_path, FILES)
    finally:
        await later.bell.close()

    assert (window.handed, later.handed) == ([], [FILES])


@pytest.mark.parametrize(
    "words",
    [b"", b"\n", b"GET / HTTP/1.1\n", b'{"secret": "", "files": []}\n', b'{"secret": 1}\n', b"x" * 2_000_000],
    ids=["silence", "nothing", "http", "no secret", "number", "too much"],
)
async def test_whoever_does_not_know_the_secret_is_not_heard(window, tmp_path, words) -> None:
    assert b"taken" not in await said_to(tmp_path, words)

    assert window.handed == []
    assert await received(tmp_path, FILES)


async def test_stranger_at_the_port_of_a_window_that_died_is_told_nothing(window, tmp_path) -> None:
    sign = (tmp_path / SIGN).read_bytes()
    await window.bell.close()
    heard: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def stranger(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        heard.set_result(await reader.read())
        writer.close()

    async with await asyncio.start_server(stranger, "127.0.0.1", 0) as server:
        port = str(server.sockets[0].getsockname()[1]).encode()
        before, _, after = sign.partition(b'"port":')
        (tmp_path / SIGN).write_bytes(before + b'"port":' + port + b"," + after.partition(b",")[2])

        assert not await received(tmp_path, FILES)
        assert await heard == b""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a user's own folder from others")
async def test_sign_can_be_read_by_its_user_alone(window, tmp_path) -> None:
    assert stat.S_IMODE((tmp_path / SIGN).stat().st_mode) == 0o600
