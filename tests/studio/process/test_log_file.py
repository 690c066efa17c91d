"""The log file: what goes in, what never does, and that it ends with the program."""

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from overpaint.studio.process.log_file import LogFile

KEY = "sk-canary-5f1e9c0b7a2d4e6f8a1b3c5d"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "overpaint.log"


@pytest.fixture
def log(file: Path) -> Iterator[LogFile]:
    one = LogFile(file)
    yield one
    one.close()


@pytest.mark.usefixtures("log")
def test_log_has_our_own_news_and_only_the_warnings_of_libraries(file: Path) -> None:
    logging.getLogger("overpaint.studio").info("our news")
    logging.getLogger("somelibrary").info("library news")
    logging.getLogger("somelibrary").warning("library warning")
    logging.getLogger("httpx").info("POST https://api.example.com")

    words = file.read_text()

    assert "our news" in words
    assert "library warning" in words
    assert "library news" not in words
    assert "POST" not in words


@pytest.mark.usefixtures("log")
@pytest.mark.error_logs("failed")
@pytest.mark.parametrize("words", [f"refused {KEY}", f"Authorization: Bearer {KEY}", f"api-key: {KEY}"])
def test_log_hides_what_looks_like_a_key_in_a_trace_too(file: Path, words: str) -> None:
    logging.getLogger("overpaint").error("failed: %s", words, exc_info=ValueError(words))

    assert KEY not in file.read_text()
    assert "[key hidden]" in file.read_text()


def test_log_that_is_closed_leaves_the_loggers_as_they_were(file: Path) -> None:
    before = (list(logging.getLogger().handlers), sys.excepthook, threading.excepthook)

    LogFile(file).close()

    assert (list(logging.getLogger().handlers), sys.excepthook, threading.excepthook) == before


def test_log_whose_folder_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")

    log = LogFile(tmp_path / "state" / "overpaint.log")
    logging.getLogger("overpaint").info("goes nowhere")
    log.close()

    assert (tmp_path / "state").is_file()


@pytest.mark.parametrize(
    ("death", "ending", "trace"),
    [
        ("1 / 0", ".log", "ZeroDivisionError"),
        ("threading.Thread(target=lambda: 1 / 0).start()", ".log", "ZeroDivisionError"),
        ("os.abort()", ".crash", "Fatal Python error: Aborted"),
    ],
)
def test_death_of_the_program_leaves_its_trace(file: Path, death: str, ending: str, trace: str) -> None:
    script = f"""
import os, pathlib, threading
from overpaint.studio.process.log_file import LogFile

log = LogFile(pathlib.Path({str(file)!r}))
{death}
"""

    subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=30, check=False)

    assert trace in file.with_suffix(ending).read_text()


def test_log_stays_small(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("overpaint.studio.process.log_file._BYTES", 2000)
    log = LogFile(file)

    for number in range(200):
        logging.getLogger("overpaint").info("line %d of many that fill the log", number)
    log.close()

    assert sum(one.stat().st_size for one in file.parent.iterdir()) < 8000
    assert "line 199" in file.read_text()
