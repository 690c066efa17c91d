"""Odd pictures through the real window's tray: what comes in, what is refused and why, and what stays."""

import contextlib
import io
import os
import signal
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QLabel
from tests.flows.desk import Desk, desk
from tests.flows.wait import until
from tests.pixels import load_rgba
from tests.tray import odd

from overpaint.studio.document.tray import TrayItem

TAKES = "PNG, JPEG, WebP, GIF, BMP and TIFF"
DAMAGED = "is damaged or incomplete. Open and save it again elsewhere."
MOST_MEMORY = 1_000_000_000
OFFSETS = 20


def refusal(app: Desk) -> str:
    """All that the tray says about what didn't come in."""
    words = app.find(QLabel, "trayWords")
    return words.toolTip().replace("\n", " ") if words.property("role") == "problem" else ""


async def offered(app: Desk, file: Path) -> TrayItem | str:
    """A file dropped on the window: the picture that it became, taken out again, or the refusal."""
    session = app.studio.session
    app.window.edit.tray.show_rejected(())
    before = session.tray
    app.drop([file])
    await until(lambda: session.tray != before or refusal(app))
    if session.tray == before:
        return refusal(app)
    item = session.tray[-1]
    session.remove(item.id)
    assert session.tray == before
    return item


@pytest.fixture
def rgb(photo) -> Image.Image:
    with Image.open(photo("coffee.png", (300, 200))) as image:
        return image.convert("RGB")


def difference(item: TrayItem, expected: Image.Image) -> float:
    """The mean difference of what would be sent from a picture, of 255."""
    sent = load_rgba(item.picture.path)[..., :3].astype(int)
    return float(np.abs(sent - np.asarray(expected.convert("RGB")).astype(int)).mean())


async def test_picture_of_every_mode_comes_in_as_it_looks(photo, rgb, tmp_path) -> None:
    async with desk([photo("coffee.png")]) as app:
        for mode in odd.MODES:
            file = tmp_path / f"{mode.replace(';', '-')}.tif"
            odd.in_mode(rgb, mode).save(file)

            item = await offered(app, file)

            assert isinstance(item, TrayItem), (mode, item)
            grey = mode in ("L", "LA", "I", "I;16", "F")
            shown = rgb.convert("1") if mode == "1" else rgb.convert("L") if grey else rgb
            assert difference(item, shown) < 16, mode
            assert item.picture.format in ("png", "jpeg"), mode
            assert item.note.startswith(f"Converted to {item.picture.format.upper()} for upload: it"), mode
            assert item.source == file


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
async def test_picture_of_every_orientation_stands_upright(photo, rgb, tmp_path, kind) -> None:
    turns = {2: 0, 3: 1, 4: 2, 5: 3, 6: 4, 7: 5, 8: 6}
    undone = [Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_180, Image.Transpose.FLIP_TOP_BOTTOM]
    undone += [Image.Transpose.TRANSPOSE, Image.Transpose.ROTATE_90, Image.Transpose.TRANSVERSE]
    undone += [Image.Transpose.ROTATE_270]
    async with desk([photo("coffee.png")]) as app:
        for turn in range(1, 9):
            stored = rgb.transpose(undone[turns[turn]]) if turn > 1 else rgb
            exif = Image.Exif()
            exif[odd.ORIENTATION] = turn
            more = {"tiffinfo": {odd.ORIENTATION: turn}} if kind == "TIFF" else {"exif": exif}
            file = odd.write(tmp_path, f"turned {turn}.{kind}", odd.encoded(stored, kind, **more))

            item = await offered(app, file)

            assert isinstance(item, TrayItem), item
            assert str(item.picture.size) == "300x200", turn
            assert (item.mask.width, item.mask.height) == (300, 200)
            assert difference(item, rgb) < 8, turn


async def test_several_pictures_in_one_file_give_the_first(photo, rgb, tmp_path) -> None:
    others = [rgb.rotate(180), rgb.transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    why = {
        "MPO": "Left out: second picture",
        "GIF": "Converted to PNG for upload: it is an animation, of which the first picture is taken",
        "PNG": "Left out: further frames",
        "WEBP": "Converted to PNG for upload: it is an animation, of which the first picture is taken",
        "TIFF": "Converted to PNG for upload: it is a document of several pages, of which the first is taken",
    }
    async with desk([photo("coffee.png")]) as app:
        for kind, words in why.items():
            data = odd.encoded(rgb, kind, save_all=True, append_images=others)

            item = await offered(app, odd.write(tmp_path, f"several.{kind}", data))

            assert isinstance(item, TrayItem), (kind, item)
            assert item.note == words
            assert difference(item, rgb) < 16, kind


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "progressive", "WEBP", "GIF", "BMP", "TIFF"])
async def test_picture_cut_anywhere_is_refused_unless_nothing_is_missing(photo, rgb, tmp_path, kind) -> None:
    more = {"progressive": True} if kind == "progressive" else {}
    whole = odd.encoded(rgb, "JPEG" if more else kind, **more)
    cuts = [round(at * (len(whole) - 1) / OFFSETS) for at in range(OFFSETS)] + [len(whole) - 40]
    async with desk([photo("coffee.png")]) as app:
        for cut in cuts:
            file = odd.write(tmp_path, f"cut at {cut}.{kind}", whole[:cut])

            found = await offered(app, file)

            if cut == 0:
                assert found == f"{file.name} is empty."
            elif isinstance(found, TrayItem):
                assert kind == "TIFF", cut  # its index stands at the end or the start, as it likes
                assert difference(found, rgb) < 1, cut
            else:
                assert found == f"{file.name} {DAMAGED}", cut


async def test_bombs_are_refused_or_harmless_and_memory_stays_bounded(photo, tmp_path) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")], own_processes=True) as app:
        app.paint((300, 200), (340, 240))
        painted = app.studio.session.tray[0].mask.coverage.copy()
        for name, data, words in odd.bombs():
            file = odd.write(tmp_path, name, data)

            found = await offered(app, file)

            assert (found if isinstance(found, str) else "") == (f"{name} {words}" if words else ""), name
        assert app.names == ["coffee.png", "chelsea.jpg"]
        assert np.array_equal(app.studio.session.tray[0].mask.coverage, painted)
        assert all(peak(pid) < MOST_MEMORY for pid in app.studio.reader.pids)


def peak(pid: int) -> int:
    """The most memory that a process has had, in bytes; 0 where the platform doesn't say."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0
    lines = dict(line.partition(":")[::2] for line in status.read_text().splitlines())
    return int(lines["VmHWM"].split()[0]) * 1024


async def test_what_is_no_picture_is_called_by_what_it_is(photo, tmp_path) -> None:
    async with desk([photo("coffee.png")]) as app:
        for name, (data, words) in odd.NOT_PICTURES.items():
            found = await offered(app, odd.write(tmp_path, name, data))

            assert found == f"{name} {words.format(TAKES)}"
        assert await offered(app, tmp_path / "gone.png") == "gone.png is not there."


async def test_picture_under_a_wrong_ending_comes_in_as_what_it_is(photo, rgb, tmp_path) -> None:
    async with desk([photo("coffee.png")]) as app:
        item = await offered(app, odd.write(tmp_path, "really-a.png", odd.encoded(rgb, "JPEG")))

        assert isinstance(item, TrayItem)
        assert (item.picture.format, item.note) == ("jpeg", "")


async def test_wide_colours_are_brought_to_srgb_and_a_broken_profile_is_no_obstacle(
    photo, rgb, tmp_path
) -> None:
    async with desk([photo("coffee.png")]) as app:
        wide = odd.encoded(rgb, "PNG", icc_profile=odd.wide_profile())
        broken = odd.encoded(rgb, "PNG", icc_profile=b"no profile at all")

        swapped = await offered(app, odd.write(tmp_path, "wide.png", wide))
        plain = await offered(app, odd.write(tmp_path, "broken.png", broken))

        assert isinstance(swapped, TrayItem)
        assert swapped.note == "Converted to PNG for upload: its colours are not sRGB"
        assert difference(swapped, Image.merge("RGB", rgb.split()[::-1])) < 8
        assert isinstance(plain, TrayItem)
        assert plain.note == "Left out: colour profile"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
async def test_place_where_a_picture_was_taken_is_never_sent(photo, rgb, tmp_path, kind) -> None:
    async with desk([photo("coffee.png")]) as app:
        file = odd.write(tmp_path, f"trip.{kind}", odd.located(rgb, kind))
        before = file.read_bytes()

        item = await offered(app, file)

        assert isinstance(item, TrayItem)
        sent = item.picture.path.read_bytes()
        with Image.open(io.BytesIO(sent)) as image:
            assert dict(image.getexif()) == {}
        assert b"Camera of the test" not in sent
        assert file.read_bytes() == before
        if kind != "TIFF":
            assert item.note == "Left out: place, camera"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere names are text")
async def test_name_that_is_no_text_is_shown_as_well_as_can_be_and_kept(rgb, tmp_path) -> None:
    file = odd.write(tmp_path, os.fsdecode(b"caf\xe9.png"), odd.encoded(rgb, "PNG"))
    async with desk([file]) as app:
        item = app.item

        assert item.name == "caf?.png"
        assert difference(item, rgb) == 0
        assert str(item.source).encode()


@pytest.mark.parametrize("name", ["a" * 251 + ".png", "two\nlines.png", "‮gnp.exe.png", "  .png", "-rf.png"])
async def test_name_of_any_kind_comes_in_on_one_line(photo, rgb, tmp_path, name) -> None:
    async with desk([photo("coffee.png")]) as app:
        item = await offered(app, odd.write(tmp_path, name, odd.encoded(rgb, "PNG")))

        assert isinstance(item, TrayItem), item
        assert 0 < len(item.name) <= 80
        assert "\n" not in item.name


@pytest.fixture
def big(tmp_path: Path) -> Path:
    """A picture that takes a while."""
    file = tmp_path / "big.png"
    Image.effect_noise((5000, 4000), 80).convert("RGB").save(file, compress_level=1)
    return file


async def test_process_killed_while_it_decodes_costs_that_picture_alone(photo, big) -> None:
    async with desk([photo("coffee.png")]) as app:
        reader = app.studio.reader
        app.drop([big])

        def refused_as_all_are_killed() -> str:
            for pid in reader.pids if app.studio.picture_import.pending else ():
                with contextlib.suppress(ProcessLookupError):  # it has ended since
                    os.kill(pid, signal.SIGKILL)
            return refusal(app)

        assert await until(refused_as_all_are_killed) == (
            "big.png ended the process that reads pictures, so it was left out. "
            "Open and save it again elsewhere."
        )
        assert app.names == ["coffee.png"]
        assert isinstance(await offered(app, photo("chelsea.jpg")), TrayItem)
