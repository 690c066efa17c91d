"""Commands beside the edit: version, checks, diagnosis, the window without a display, wrong arguments."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.running import overpaint
from tests.conftest import Photo

from overpaint import __version__
from overpaint.cli import main

linux_only = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="other systems always have a display"
)


def test_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"overpaint {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        ["--bogus"],
        ["edit"],
        ["edit", "--bogus"],
        ["edit", "--image", "a.png", "--prompt", "x"],
        ["edit", "--image", "a.png", "--prompt", "x", "--out", "o", "--n", "many"],
        ["edit", "--image", "a.png", "--prompt", "x", "--out", "o", "--api-key", "sk-canary"],
        ["edit", "--image", "a.png", "--prompt", "x", "--out", "o", "--endpoint", "A", "--base-url", "B"],
        ["edit", *["--image", "a.png"] * 17, "--prompt", "x", "--out", "o"],
        ["engine", "--port", "70000"],
        ["engine", "--port", "a"],
        ["check"],
    ],
    ids=lambda words: " ".join(words)[:40],
)
def test_wrong_arguments_end_with_code_2_and_the_usage(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("usage: overpaint")


def test_check_says_for_each_file_whether_the_tray_takes_it(
    photo: Photo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "notes.png"
    text.write_text("not a picture at all, but quite a long text")

    code = main(["check", str(photo("chelsea.png")), str(text), str(tmp_path / "gone.png")])

    good, bad, gone = capsys.readouterr().out.splitlines()
    assert code == 1
    assert good == f"{photo('chelsea.png')}: png, 451x300, left out: colour profile"
    assert "not a picture" in bad
    assert "is not there" in gone


def test_check_of_good_files_ends_with_code_0(photo: Photo, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(photo("chelsea.jpg")), str(photo("coffee.webp"))]) == 0

    assert len(capsys.readouterr().out.splitlines()) == 2


def test_check_opens_no_file_in_its_own_process(photo: Photo) -> None:
    words = (
        "import sys; from overpaint.cli import main; code = main(['check', sys.argv[1]]);"
        " print(code, 'PIL' in sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", words, photo("chelsea.jpg")], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[1:] == ["0 False"]


@linux_only
def test_check_of_a_name_that_is_no_text_still_speaks(tmp_path: Path) -> None:
    odd = tmp_path / "odd\udcff\x1b name.png"
    odd.write_bytes(b"no picture")

    done = overpaint("check", odd, PYTHONUTF8="0", LC_ALL="C")

    assert done.code == 1
    assert done.err == ""
    assert "odd" in done.out


def test_diagnosis_names_versions_and_places_and_no_secret(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OVERPAINT_API_KEY", "sk-canary-5f1e9c0b7a2d4e6f8a1b3c5d")

    code = main(["--diagnose"])

    said = capsys.readouterr().out
    assert code == 0
    assert "canary" not in said
    assert "key in the environment: yes" in said
    assert str(home / "overpaint" / "config" / "settings.toml") in said
    for name in ("PySide6-Essentials", "httpx", "pillow", "gallery", "log"):
        assert f"\n{name}: " in said


@linux_only
def test_window_without_a_display_is_refused_in_one_line() -> None:
    done = overpaint(QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="")

    assert done.code == 1
    assert len(done.err.splitlines()) == 1
    assert "no display" in done.err


def test_window_whose_libraries_are_missing_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6" / "__init__.py").touch()

    done = overpaint(PYTHONPATH=f"{tmp_path}{os.pathsep}{os.environ['PYTHONPATH']}")

    assert done.code == 1
    assert len(done.err.splitlines()) == 1
    assert "PySide6" in done.err
