"""A second start of the program while its window is open."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from tests.flows.desk import desk
from tests.flows.wait import until

from overpaint.ui.app import program

APP = Path(__file__).parents[2] / "app"


def start(*files: Path) -> subprocess.CompletedProcess[bytes]:
    """The program once more, for the same user, to its end."""
    environment = {**os.environ, "PYTHONPATH": str(APP), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "overpaint", *map(str, files)]
    return subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False)


@pytest.mark.qt_log_ignore("does not support raise")  # the offscreen platform has no order of windows
async def test_second_start_hands_its_files_to_the_open_window_and_ends(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        bell = program.answer_other_starts(app.studio, app.window)
        await until(lambda: (app.studio.folders.state / "window.json").exists())
        app.window.showMinimized()

        ended = await asyncio.to_thread(start, photo("rocket.jpg"))
        await until(lambda: app.names == ["coffee.png", "rocket.jpg"])

        assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
        assert not app.window.windowState() & Qt.WindowState.WindowMinimized
        await bell.close()
