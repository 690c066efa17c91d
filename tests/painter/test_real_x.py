"""The window under a real X server: what only Qt's own plugin for it can spoil."""

import os
import select
import shutil
import signal
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

OWNER = """
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage

app = QGuiApplication([])
image, mime = QImage(64, 48, QImage.Format.Format_RGB32), QMimeData()
image.fill(0x3366CC)
mime.setImageData(image)
app.clipboard().setMimeData(mime)
print("ready", flush=True)
app.exec()
"""

NEVER_HANDS_OVER = """
import threading
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

class Hanging(QMimeData):
    def formats(self):
        return ["image/png", "text/plain"]
    def hasFormat(self, name):
        return name in self.formats()
    def retrieveData(self, name, kind):
        threading.Event().wait()

app = QGuiApplication([])
app.clipboard().setMimeData(Hanging())
print("ready", flush=True)
app.exec()
"""

LARGE_OWNER = """
import numpy as np
from PySide6.QtGui import QGuiApplication, QImage

app = QGuiApplication([])
noise = np.random.default_rng(1).integers(0, 256, (1500, 2000, 4), np.uint8)
image = QImage(noise.data, 2000, 1500, 8000, QImage.Format.Format_RGB32).copy()
app.clipboard().setImage(image)
print("ready", flush=True)
app.exec()
"""

TAKING = """
import asyncio, os, sys
import numpy as np
import qasync
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from tests.flows.desk import CONTROL, desk
from tests.flows.wait import until
from tests.pixels import load_bgra
from overpaint.ui.app import program

async def paste():
    async with desk() as app:
        print("open", flush=True)
        sys.stdin.readline()
        await until(lambda: not QGuiApplication.clipboard().ownsClipboard())
        app.canvas.setFocus()
        app.key(Qt.Key.Key_V, CONTROL)
        await until(lambda: app.names == ["Pasted picture"])  # it takes the place of the sample
        noise = np.random.default_rng(1).integers(0, 256, (1500, 2000, 4), np.uint8)
        pixels = load_bgra(app.studio.session.tray[0].picture.path)
        print(np.array_equal(pixels[..., :3], noise[..., :3]), flush=True)

asyncio.set_event_loop(loop := qasync.QEventLoop(program.application()))
loop.run_until_complete(paste())
os._exit(0)
"""

PASTING = """
import asyncio, os, sys, time
import qasync
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from tests.flows.desk import CONTROL, desk
from tests.flows.wait import until
from overpaint.ui.app import program
from overpaint.ui.shell import clipboard

clipboard._SECONDS = 1.0, 1.0

async def paste():
    async with desk() as app:
        print("open", flush=True)
        sys.stdin.readline()
        await until(lambda: not QGuiApplication.clipboard().ownsClipboard())
        prompt, longest = app.window.edit.inspector.prompt.edit, 0.0
        for place in (app.canvas, prompt):
            app.window.status.notify("")
            place.setFocus()
            app.key(Qt.Key.Key_V, CONTROL)
            last = time.monotonic()
            while not any("doesn't answer" in one.text() for one in app.window.findChildren(QLabel)):
                await asyncio.sleep(0.005)
                now = time.monotonic()
                longest, last = max(longest, now - last), now
        print(longest, app.names, flush=True)

asyncio.set_event_loop(loop := qasync.QEventLoop(program.application()))
loop.run_until_complete(paste())
os._exit(0)
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


def pasted(display: str, home: Path, pasting: str, owning: str, *, stopped: bool = False) -> str:
    """What a window says that is told to paste what another program holds."""
    environment = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "PYTHONPATH": f"{ROOT / 'app'}{os.pathsep}{ROOT}",
        "OVERPAINT_HOME": str(home),
    }
    command = [sys.executable, "-W", "ignore", "-c"]
    window = subprocess.Popen(
        [*command, pasting], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    owner: subprocess.Popen[str] | None = None
    try:
        assert window.stdin is not None
        assert window.stdout is not None
        assert window.stdout.readline() == "open\n"
        owner = subprocess.Popen([*command, owning], env=environment, stdout=subprocess.PIPE, text=True)
        assert owner.stdout is not None
        assert owner.stdout.readline() == "ready\n"
        if stopped:
            owner.send_signal(signal.SIGSTOP)
        window.stdin.write("paste\n")
        window.stdin.flush()
        return window.stdout.readline()
    finally:
        for process in (window, owner):
            if process is not None:
                process.kill()
                process.communicate()


@pytest.mark.parametrize(("owner", "stopped"), [(OWNER, True), (NEVER_HANDS_OVER, False)])
def test_program_that_holds_the_clipboard_and_hangs_does_not_hold_the_window(
    display, tmp_path, owner, stopped
) -> None:
    longest, _, names = pasted(display, tmp_path, PASTING, owner, stopped=stopped).partition(" ")

    assert float(longest) < 1.0  # Qt by itself waits five seconds for each thing that it asks
    assert names == "['sample.jpg']\n"


def test_large_picture_of_another_program_comes_in_whole(display, tmp_path) -> None:
    assert pasted(display, tmp_path, TAKING, LARGE_OWNER) == "True\n"
