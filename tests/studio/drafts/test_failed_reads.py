"""A draft of which something can't be read at a start: nothing of it is overwritten or swept away."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.conftest import Photo
from tests.studio.drafts.drafted import Drafted, items, start


class UnreadableFile:
    """A disk that fails to open a file of some name to be read, for so many times."""

    def __init__(self, name: str, times: int) -> None:
        self.name = name
        self.times = times

    def wrap(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Path, mode: str = "r", *args: Any, **named: Any) -> Any:
            if path.match(self.name) and self.times > 0 and "broken" not in path.parent.name:
                self.times -= 1
                raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
            return real(path, mode, *args, **named)

        return call


async def painted(folder: Path, photo: Photo) -> Drafted:
    one = await start(folder)
    one.session.start_with(items(photo("coffee.png", (60, 40)), photo("chelsea.jpg", (50, 40))))
    one.session.fill_mask()
    await one.write()
    return one


@pytest.mark.parametrize("name", ["draft.json", "mask-*.png", "history-*.log"])
@pytest.mark.parametrize("times", [1, 1000])
async def test_draft_that_cannot_be_read_is_never_lost(
    photo: Photo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, times: int
) -> None:
    first = await painted(tmp_path / "draft", photo)
    await first.end()
    before = contents(tmp_path / "draft")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", UnreadableFile(name, times).wrap(Path.open))
        second = await start(tmp_path / "draft")
        if not second.session.tray:
            second.session.start_with(items(photo("rocket.png", (60, 40))))
        second.session.fill_mask()
        await second.write()
        remark, tray = second.draft_autosave.remark, second.session.tray
        await second.end()

    if times == 1:  # the disk gave it a moment later
        assert remark == ""
        assert len(tray) == 2
        assert np.all(tray[0].mask.coverage == 255)
    else:
        aside = tmp_path / "draft-broken-1"
        assert str(aside) in remark
        assert contents(aside) == before


async def test_draft_that_can_be_neither_read_nor_moved_is_left_alone(
    photo: Photo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await painted(tmp_path / "draft", photo)
    await first.end()
    before = contents(tmp_path / "draft")
    monkeypatch.setattr(Path, "open", UnreadableFile("draft.json", 1000).wrap(Path.open))
    monkeypatch.setattr(Path, "mkdir", refuse)

    second = await start(tmp_path / "draft")
    second.session.start_with(items(photo("rocket.png", (60, 40))))
    second.session.fill_mask()
    await second.end()

    monkeypatch.undo()
    assert contents(tmp_path / "draft") == before
    assert "isn't kept" in second.draft_autosave.remark


def refuse(*_: Any, **__: Any) -> None:
    raise OSError(errno.EROFS, os.strerror(errno.EROFS))


def contents(folder: Path) -> dict[str, bytes]:
    """Everything in a folder but its lock."""
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.suffix != ".lock"}
