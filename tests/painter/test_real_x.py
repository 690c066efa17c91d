"""The window under a real X server: what only Qt's own plugin for it can spoil."""

import os
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOVES = 300
SECONDS = 30

WATCHED = """
import ctypes, sys
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget
from overpaint.ui.app import program

class Watched(QWidget):
    moves = 0
    def mouseMoveEvent(self, event):
        self.moves += 1
    def mouseReleaseEvent(self, event):
        print(self.moves, flush=True)
        app.quit()

def send():
    x, test = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
    x.XOpenDisplay.restype = ctypes.c_void_p
    display, now = ctypes.c_void_p(x.XOpenDisplay(None)), ctypes.c_ulong(0)
    test.XTestFakeMotionEvent(display, -1, 20, 20, now)
    test.XTestFakeButtonEvent(display, 1, 1, now)
    for step in range(int(sys.argv[1])):
        test.XTestFakeMotionEvent(display, -1, 40 + step % 200, 40 + step % 150, now)
    test.XTestFakeButtonEvent(display, 1, 0, now)
    x.XSync(display, 0)

app = program.application()
widget = Watched()
widget.setGeometry(0, 0, 400, 300)
widget.show()
QTimer.singleShot(500, send)
app.exec()
"""


@pytest.fixture
def display() -> Iterator[str]:
    """The name of an X server of its own."""
    if not sys.platform.startswith("linux") or shutil.which("Xvfb") is None:
        pytest.skip("needs Xvfb, which the project's own setup brings on Linux")
    readable, writable = os.pipe()
    command = ["Xvfb", "-displayfd", str(writable), "-screen", "0", "800x600x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writable,), stderr=subprocess.DEVNULL)
    os.close(writable)
    try:
        assert select.select([readable], [], [], SECONDS)[0], "Xvfb doesn't start"
        yield f":{os.read(readable, 16).decode().strip()}"
    finally:
        os.close(readable)
        server.terminate()
        server.wait(SECONDS)


def test_moves_that_come_faster_than_they_are_handled_are_never_merged(display) -> None:
    environment = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "PYTHONPATH": str(ROOT / "app"),
    }

    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(MOVES)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert done.stdout.split() == [str(MOVES)], done.stderr
