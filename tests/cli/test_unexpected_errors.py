"""A command that meets an error nobody expected: one sentence, the trace in the log, and its exit code."""

import json
from pathlib import Path

import pytest
from tests.cli.running import overpaint
from tests.conftest import Photo
from tests.wire.local_servers import serving

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

    said = capsys.readouterr()
    (line,) = said.err.splitlines()
    assert code == 1
    assert json.loads(said.out) == {
        "error": {
            "kind": "edit_failed",
            "message": "Something went wrong inside Overpaint.",
            "may_have_been_billed": False,
        }
    }
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


@pytest.mark.error_logs("something went wrong")
def test_edit_that_fails_at_its_very_end_ends_in_one_object_that_says_it_may_have_been_billed(
    photo: Photo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(headless, "_outcome", fail)
    with serving("LiteLLM") as (base_url, _):
        code = main([*edit(photo, tmp_path), "--base-url", base_url])

    assert code == 1
    assert json.loads(capsys.readouterr().out)["error"]["may_have_been_billed"] is True


def test_edit_with_an_environment_of_certificates_that_is_gone_ends_in_one_object(
    photo: Photo, tmp_path: Path
) -> None:
    words = [*edit(photo, tmp_path), "--base-url", "https://far.invalid/v1"]

    done = overpaint(*words, SSL_CERT_FILE="/nonexistent/cacert.pem", SSLKEYLOGFILE="/nonexistent/x")

    assert done.code == 1
    assert done.error["message"] == "SSL_CERT_FILE names a file that can't be read: cacert.pem."
    assert "Traceback" not in done.err
