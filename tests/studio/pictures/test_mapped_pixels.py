"""Pixels that are used where they were laid down: who holds a part holds them all, and then they are gone."""

import gc
from pathlib import Path

import numpy as np
import pytest

from overpaint.core.errors import PictureError
from overpaint.studio.pictures import mapped_pixels
from overpaint.studio.pictures.mapped_pixels import mapped


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "pixels-1"
    made.write_bytes(bytes(range(24)))
    return made


def test_pixels_are_those_of_the_file_which_goes_at_once(file: Path) -> None:
    pixels = mapped((2, 3), file)

    assert pixels.shape == (2, 3, 4)
    assert pixels.reshape(-1).tolist() == list(range(24))
    assert pixels.flags.writeable
    assert not file.exists()


def test_view_of_a_part_keeps_them(file: Path) -> None:
    part = mapped((2, 3), file)[1:].view(np.uint32)[..., 0]
    gc.collect()
    mapped_pixels._UNMAPPER.submit(int).result()

    assert part.view(np.uint8).reshape(-1).tolist() == list(range(12, 24))


def test_memory_is_given_back_on_another_thread_when_nobody_uses_it(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = [mapped_pixels._taken(file)]
    monkeypatch.setattr(mapped_pixels, "_taken", lambda _: taken[0])
    pixels = mapped((2, 3), file)
    assert not taken[0].closed

    del pixels
    mapped_pixels._UNMAPPER.submit(int).result()

    assert taken[0].closed


def test_file_that_is_gone_is_a_lost_picture(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="lost on its way"):
        mapped((1, 1), tmp_path / "gone")
