"""The processes that read pictures: what they give, and what their deaths cost."""

import asyncio
import os
import select
import signal
import struct
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.conftest import Photo
from tests.pixels import load_bgra

from overpaint.core.errors import PictureError, PictureTooLarge
from overpaint.core.request.sizes import Size
from overpaint.imaging.masks.mask_png import encode_grey
from overpaint.studio.pictures import picture_reader, pixel_folders
from overpaint.studio.pictures.picture_reader import PictureReader
from overpaint.studio.pictures.pixel_folders import PixelFolders


@pytest.fixture
async def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PictureReader]:
    monkeypatch.setattr(pixel_folders, "_MEMORY", tmp_path)
    made = PictureReader()
    yield made
    made.close()


def left(folder: Path, pattern: str) -> list[str]:
    """What lies there still."""
    return [found.name for found in folder.glob(pattern)]


@pytest.mark.parametrize("size", [(300, 200), (1411, 1300)])
async def test_pixels_small_or_large_are_those_that_are_decoded_here(
    reader: PictureReader, photo: Photo, tmp_path: Path, size: tuple[int, int]
) -> None:
    file = photo("retina.png", size)

    pixels = await reader.pixels(file)

    assert np.array_equal(pixels, load_bgra(file))
    assert pixels.flags.writeable
    assert left(tmp_path, "overpaint-*/pixels-*") == []


async def test_pixels_of_bytes_are_no_larger_than_asked(reader: PictureReader, photo: Photo) -> None:
    pixels = await reader.pixels(photo("coffee.jpg").read_bytes(), 120)

    assert pixels.shape == (80, 120, 4)


async def test_taken_picture_has_a_preview_and_its_facts(
    reader: PictureReader, photo: Photo, tmp_path: Path
) -> None:
    taken = await reader.prepare(photo("retina.jpg", (2822, 2822)), tmp_path)

    preview = reader.preview(taken.picture.path)
    assert taken.picture.size == Size(2822, 2822)
    assert taken.change == ""
    assert preview is not None
    assert preview.shape == (320, 320, 4)


async def test_errors_come_back_as_what_they_were(
    reader: PictureReader, tmp_path: Path, photo: Photo
) -> None:
    long = tmp_path / "long.png"
    with long.open("wb") as stream:
        stream.truncate(60_000_000)

    with pytest.raises(PictureError, match=r"gone\.png is not there\."):
        await reader.prepare(tmp_path / "gone.png", tmp_path)
    with pytest.raises(PictureTooLarge, match=r"long\.png has 60 MB") as caught:
        await reader.prepare(long, tmp_path)

    assert caught.value.next_step == "Save it smaller, or as JPEG."


async def test_mask_is_read_as_it_is_or_refused_when_it_is_a_bomb(
    reader: PictureReader, tmp_path: Path
) -> None:
    good, bomb = tmp_path / "mask.png", tmp_path / "bomb.png"
    coverage = (np.arange(300) % 256).astype(np.uint8).reshape(20, 15)
    good.write_bytes(encode_grey(coverage))
    head = struct.pack(">IIBBBBB", 16_000, 16_000, 8, 6, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(100))), (b"IEND", b"")]
    bomb.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in chunks))

    assert np.array_equal(await reader.mask(good), coverage)
    with pytest.raises(PictureError, match=r"bomb\.png needs more memory"):
        await reader.mask(bomb)
    with pytest.raises(PictureError, match=r"gone\.png can't be opened"):
        await reader.mask(tmp_path / "gone.png")


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def wait_for_order(pid: int) -> None:
    """Returns when there is something on a process's standard input."""
    with Path(f"/proc/{pid}/fd/0").open("rb", buffering=0) as pipe:
        select.select([pipe], [], [], 10)


async def test_process_that_is_killed_costs_its_own_picture_alone(
    reader: PictureReader, photo: Photo, tmp_path: Path
) -> None:
    await reader.look(photo("coffee.png"))
    (killed,) = reader.pids
    os.kill(killed, signal.SIGSTOP)
    lost = asyncio.gather(reader.pixels(photo("coffee.png")), return_exceptions=True)
    await asyncio.to_thread(wait_for_order, killed)
    os.kill(killed, signal.SIGKILL)

    (fault,) = await lost

    assert isinstance(fault, PictureError)
    assert fault.message == "coffee.png ended the process that reads pictures, so it was left out."
    assert (await reader.look(photo("coffee.png"))).size == Size(600, 400)
    assert killed not in reader.pids


async def test_picture_that_takes_too_long_is_given_up(photo: Photo, tmp_path: Path) -> None:
    reader = PictureReader(most_seconds=2)
    try:
        await reader.look(photo("coffee.png"))
        os.kill(reader.pids[0], signal.SIGSTOP)
        with pytest.raises(PictureError, match=r"coffee\.png took too long") as caught:
            await reader.look(photo("coffee.png"))
        assert caught.value.next_step
    finally:
        reader.close()


async def test_sixteen_pictures_at_once_are_read_by_two_processes(
    reader: PictureReader, photo: Photo, tmp_path: Path
) -> None:
    taken = await asyncio.gather(*(reader.prepare(photo("coffee.png"), tmp_path) for _ in range(16)))

    assert len(taken) == 16
    assert len(reader.pids) == 2


async def test_pictures_that_are_slow_keep_no_other_waiting(
    reader: PictureReader, photo: Photo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dismissed, loop, dismiss = asyncio.Event(), asyncio.get_running_loop(), reader._dismiss

    def tell(hand: picture_reader._Hand) -> None:
        dismiss(hand)
        loop.call_soon_threadsafe(dismissed.set)

    monkeypatch.setattr(reader, "_dismiss", tell)
    monkeypatch.setattr(picture_reader, "_IDLE_SECONDS", 0.1)
    await asyncio.gather(*(reader.prepare(photo("coffee.png"), tmp_path) for _ in range(4)))
    usual = reader.pids
    for pid in usual:
        os.kill(pid, signal.SIGSTOP)
    async with asyncio.TaskGroup() as tasks:
        slow = [tasks.create_task(reader.look(photo("rocket.jpg"))) for _ in usual]
        await asyncio.sleep(0)  # they have asked
        good = await reader.look(photo("coffee.png"))
        assert not any(task.done() for task in slow)
        helping = len(reader.pids)
        for pid in usual:
            os.kill(pid, signal.SIGCONT)

    assert good.path == photo("coffee.png")
    assert (len(usual), helping) == (2, 3)
    async with asyncio.timeout(30):
        await dismissed.wait()  # the one that helped out isn't kept
    assert set(reader.pids) == set(usual)


async def test_urgent_picture_goes_before_those_that_wait(photo: Photo) -> None:
    picture, done = photo("retina.png"), list[str]()
    reader = PictureReader(most_processes=1)

    async def read(name: str, *, urgent: bool = False) -> None:
        await reader.pixels(picture, urgent=urgent)
        done.append(name)

    try:
        await reader.look(picture)
        (pid,) = reader.pids
        os.kill(pid, signal.SIGSTOP)
        async with asyncio.TaskGroup() as tasks:
            for number in range(8):
                tasks.create_task(read(f"waiting {number}"))
            tasks.create_task(read("urgent", urgent=True))
            await asyncio.sleep(0)  # all have asked, and the process was handed at most one order
            os.kill(pid, signal.SIGCONT)
    finally:
        reader.close()

    assert "urgent" in done[:2]


async def test_closed_reader_leaves_no_process_and_no_folder(
    reader: PictureReader, photo: Photo, tmp_path: Path
) -> None:
    await reader.pixels(photo("retina.png"))
    pids = reader.pids

    await asyncio.to_thread(reader.close)

    assert pids
    assert reader.pids == ()
    assert left(tmp_path, "overpaint-*") == []
    with pytest.raises(PictureError, match="closing"):
        await reader.look(photo("coffee.png"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pixels"
    made.mkdir()
    return made


def test_process_whose_program_has_gone_ends_and_takes_its_folder_away(folder: Path) -> None:
    (folder / "pixels-left").write_bytes(b"1234")
    command = [sys.executable, "-m", "overpaint", "--read-pictures", str(folder)]

    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False)

    assert ended.returncode == 0
    assert ended.stderr == b""
    assert not folder.exists()


async def test_process_gets_no_key_and_is_bounded(
    reader: PictureReader, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERPAINT_API_KEY", "sk-canary")
    await reader.look(photo("coffee.png"))
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux shows another process's environment and limits as files")
    process = Path(f"/proc/{reader.pids[0]}")

    environment, limits = (process / "environ").read_bytes(), (process / "limits").read_text()

    assert b"sk-canary" not in environment
    (space,) = (line for line in limits.splitlines() if line.startswith("Max address space"))
    assert 1_000_000_000 < int(space.split()[3]) < 1_500_000_000  # what is no memory comes on top


async def test_pixels_that_find_no_room_in_memory_go_to_the_disk(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = tmp_path / "small.png"
    Image.effect_noise((1200, 1100), 60).save(small)
    folders = PixelFolders((tmp_path / "not there", folder))
    monkeypatch.setattr(PixelFolders, "make", lambda: folders)
    reader = PictureReader()
    try:
        pixels = await reader.pixels(small)
    finally:
        reader.close()

    assert np.array_equal(pixels, load_bgra(small))
