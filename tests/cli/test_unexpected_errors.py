"""A command that meets an error nobody expected: one sentence, the trace in the log, and its exit code."""

import json
from pathlib import Path

import pytest
from tests.conftest import Photo

from overpaint.cli import main
from overpaint.library.gallery.gallery import Gallery
from overpaint.studio.config.folders import Folders
from overpaint.studio.runs import headless


def edit(photo: Photo, out: Path) -> list[str]:
    picture = str(photo("chelsea.png"))
    return ["edit", "--image", picture, "--prompt", "warmer", "--out", str(out), "--quiet", "--json"]


def fail(*_: object, **__: object) -> None:
    raise ZeroDivisionError


@pytest.mark.error_logs("something went wrong")
def test_edit_that_cannot_begin_says_one_sentence_and_logs_the_trace(
    photo: Photo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(headless, "_request", fail)

    code = main(edit(photo, tmp_path))

    (line,) = capsys.readouterr().err.splitlines()
    assert code == 1
    assert line.startswith("overpaint: Something went wrong inside Overpaint (ZeroDivisionError).")
    assert "Traceback" in Folders.find().log_file.read_text()


@pytest.mark.error_logs("something went wrong")
def test_edit_whose_tidying_fails_still_saves_its_picture(
    photo: Photo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(headless, "clear_old", fail)

    code = main(edit(photo, tmp_path))

    said = capsys.readouterr()
    assert code == 0
    assert Path(json.loads(said.out)["files"][0]).is_file()
    assert said.err.count("Something went wrong inside Overpaint") == 1


@pytest.mark.error_logs("something went wrong")
def test_edit_whose_save_fails_says_that_the_picture_is_kept(
    photo: Photo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Gallery, "save", fail)

    code = main(edit(photo, tmp_path))

    assert code == 1
    assert "The picture is kept" in capsys.readouterr().err
