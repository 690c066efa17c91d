"""``overpaint edit`` with a mask, and ``overpaint keep``: nothing changes but what the mask leaves open."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.api.wire import plain
from tests.cli.running import Ended, ended, overpaint, started
from tests.conftest import Photo
from tests.drift.simulator import Move, drift
from tests.fault_server import FaultServer, Script

MOVE = Move(dx=5, dy=-4, zoom=0.985, gains=(1.04, 0.98, 0.96), softness=0.6, jpeg=92)


@pytest.fixture
def picture(photo: Photo) -> Path:
    return photo("coffee.png")


@pytest.fixture
def mask(tmp_path: Path) -> Path:
    """A mask that leaves a box open: transparent there."""
    image = Image.new("RGBA", (600, 400), (0, 0, 0, 255))
    image.paste((255, 255, 255, 0), (200, 120, 380, 260))
    image.save(tmp_path / "mask.png")
    return tmp_path / "mask.png"


def pixels(file: str | Path) -> np.ndarray:
    return np.asarray(Image.open(file).convert("RGB"))


def drifted(picture: Path) -> bytes:
    file = io.BytesIO()
    Image.fromarray(drift(pixels(picture), None, MOVE).result).save(file, "PNG")
    return file.getvalue()


def content(file: str) -> bytes:
    return Path(file).read_bytes()


def remove(file: str) -> None:
    Path(file).unlink()


async def edited(picture: Path, mask: Path, out: Path, came: bytes, *more: str) -> Ended:
    """An edit of a server that gives those bytes back."""
    async with FaultServer(Script(body=plain(came))) as server:
        given = ("--image", picture, "--mask", mask, "--prompt", "a green cup", "--base-url", server.base_url)
        return await ended(await started("edit", *given, "--out", out, "--json", *more))


def outside_is_kept(file: str, picture: Path) -> bool:
    box = np.zeros((400, 600), np.bool_)
    box[120:260, 200:380] = True
    return bool(np.array_equal(pixels(file)[~box], pixels(picture)[~box]))


async def test_edit_with_a_mask_writes_the_result_and_the_kept_one(picture, mask, tmp_path) -> None:
    came = drifted(picture)

    done = await edited(picture, mask, tmp_path / "out", came)

    assert done.code == 0, done.err
    (file,), (kept,) = done.json["files"], done.json["kept"]
    assert content(file) == came
    assert outside_is_kept(kept, picture)
    drift = done.json["drift"]
    assert set(drift) == {"rerendered", "redrawn", "moved_px", "outside", "changed_after"}
    assert (drift["outside"], drift["changed_after"]) == (400 * 600 - 140 * 180, 0)
    assert drift["moved_px"] > 3
    assert drift["rerendered"] > 0.3


async def test_edit_that_is_not_to_keep_the_rest_writes_the_result_alone(picture, mask, tmp_path) -> None:
    done = await edited(picture, mask, tmp_path / "out", drifted(picture), "--no-keep")

    assert done.code == 0
    assert done.json["kept"] == []
    assert done.json["drift"] is None
    assert not list((tmp_path / "out").glob("*.kept.png"))


async def test_edit_that_brings_another_picture_keeps_what_came_and_says_why(
    photo, picture, mask, tmp_path
) -> None:
    came = photo("chelsea.png", (600, 400)).read_bytes()

    done = await edited(picture, mask, tmp_path / "out", came)

    assert done.code == 0
    assert content(done.json["files"][0]) == came
    assert done.json["kept"] == []
    assert "another picture" in done.json["remark"]


async def test_keep_makes_a_picture_that_has_gone_again_byte_for_byte(picture, mask, tmp_path) -> None:
    done = await edited(picture, mask, tmp_path / "out", drifted(picture))
    (file,), (kept,) = done.json["files"], done.json["kept"]
    before = content(kept)
    remove(kept)

    again = overpaint("keep", file, "--json")

    assert again.code == 0, again.err
    assert again.json["kept"] == [kept]
    assert content(kept) == before
    assert again.json["drift"] == done.json["drift"]


async def test_keep_takes_another_seam_and_remembers_it(picture, mask, tmp_path) -> None:
    done = await edited(picture, mask, tmp_path / "out", drifted(picture))
    (file,), (kept,) = done.json["files"], done.json["kept"]
    before = content(kept)

    other = overpaint("keep", file, "--feather", "24", "--match", "50")
    softer = content(kept)
    again = overpaint("keep", kept)

    assert (other.code, again.code) == (0, 0)
    assert softer != before
    assert content(kept) == softer
    assert outside_is_kept(kept, picture)


async def test_keep_says_when_the_picture_has_changed_since(picture, mask, tmp_path) -> None:
    own = tmp_path / "own.png"
    own.write_bytes(picture.read_bytes())
    done = await edited(own, mask, tmp_path / "out", drifted(picture))
    Image.open(picture).transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(own)

    again = overpaint("keep", done.json["files"][0], "--json")

    assert again.code == 1
    assert "has gone or changed" in again.json["error"]["message"]


def test_keep_of_a_file_that_is_no_result_says_so(picture) -> None:
    done = overpaint("keep", picture)

    assert done.code == 1
    assert "no details beside it" in done.err


@pytest.mark.parametrize("option", [("--feather", "300"), ("--match", "120"), ("--grow", "x")])
def test_seam_out_of_range_is_refused_before_anything_is_done(picture, option) -> None:
    done = overpaint("keep", picture, *option)

    assert done.code == 2
    assert option[0].removeprefix("--") in done.err
