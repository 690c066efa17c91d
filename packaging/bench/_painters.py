"""Programs one can paint in, each with an 8.3-megapixel picture in a real window: ours, GIMP, a browser."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from bench._x11 import Place, Screen

PICTURE = (3840, 2160)
WINDOW = Place(0, 0, 1440, 900)
_SETTLE = 1.5
_GIMP_STARTS_IN = 90.0

_WATCHED = """
import sys
from pathlib import Path
from PySide6.QtCore import QEvent, QObject, Qt
from overpaint.ui.app import program
class Watch(QObject):
    moves = 0
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.MouseMove and event.buttons() & Qt.MouseButton.LeftButton:
            self.moves += 1
        elif event.type() == QEvent.Type.MouseButtonRelease:
            print(self.moves, flush=True)
            self.moves = 0
        return False
watch = Watch()
open_window = program.open_window
def open_watched(studio, files):
    window = open_window(studio, files)
    window.edit.canvas.installEventFilter(watch)
    return window
program.open_window = open_watched
raise SystemExit(program.start([Path(word) for word in sys.argv[1:]]))
"""

_PAGE = """<!doctype html><meta charset="utf-8"><title>Browser canvas</title>
<style>body{margin:0;background:#444}canvas{width:1440px;height:810px;display:block}</style>
<canvas width="3840" height="2160"></canvas><script>
const canvas = document.querySelector("canvas"), pen = canvas.getContext("2d");
const picture = new Image();
picture.onload = () => pen.drawImage(picture, 0, 0);
picture.src = "picture.png";
let last = null;
const place = (e) => [e.clientX * canvas.width / 1440, e.clientY * canvas.height / 810];
canvas.onpointerdown = (e) => { last = place(e); };
canvas.onpointerup = () => { last = null; };
canvas.onpointermove = (e) => {
  if (!last) return;
  pen.strokeStyle = "rgb(255,59,92)"; pen.lineWidth = 53; pen.lineCap = "round";
  for (const one of e.getCoalescedEvents()) {
    const now = place(one);
    pen.beginPath(); pen.moveTo(...last); pen.lineTo(...now); pen.stroke();
    last = now;
  }
};
</script>"""


@dataclass(frozen=True, slots=True)
class Painter:
    """A program with its picture in ``canvas``, a part of the screen that can be painted on.

    ``moves`` reads how many moves of the last stroke it received; None where it doesn't say.
    """

    name: str
    process: int
    canvas: Place
    moves: Callable[[], int] | None = None


def picture_file(folder: Path) -> Path:
    """A light grey picture: paint of any colour is seen on it."""
    path = folder / "picture.png"
    Image.new("RGB", PICTURE, (216, 216, 216)).save(path, compress_level=1)
    return path


@contextmanager
def overpaint(screen: Screen, pictures: list[Path]) -> Iterator[Painter]:
    """Our own window, as ``overpaint FILES`` opens it."""
    with tempfile.TemporaryDirectory(prefix="overpaint-bench-") as home:
        command = [sys.executable, "-c", _WATCHED, *map(str, pictures)]
        environment = {"OVERPAINT_HOME": home, "QT_QPA_PLATFORM": "xcb"}
        with _running(command, screen, environment, says=None) as process:
            window = screen.window("^Overpaint")
            screen.put(window, WINDOW)
            time.sleep(2 * _SETTLE)
            yield Painter("Overpaint", process.pid, Place(260, 260, 640, 300), lambda: _number(process))


@contextmanager
def gimp(screen: Screen, picture: Path) -> Iterator[Painter]:
    """GIMP with its paintbrush."""
    with tempfile.TemporaryDirectory(prefix="overpaint-bench-") as home:
        command = ["gimp", "--new-instance", "--no-splash", "--no-fonts", str(picture)]
        environment = {"GIMP2_DIRECTORY": home, "HOME": home, "LC_ALL": "C.UTF-8"}
        with _running(command, screen, environment) as process:
            window = screen.window("GIMP$|GNU Image", _GIMP_STARTS_IN)
            screen.window("picture", _GIMP_STARTS_IN)
            screen.put(window, WINDOW)
            time.sleep(2 * _SETTLE)
            canvas = Place(420, 300, 560, 300)
            screen.move(canvas.x, canvas.y)
            screen.key("p")
            time.sleep(_SETTLE)
            yield Painter("GIMP", process.pid, canvas)


@contextmanager
def browser(screen: Screen, picture: Path) -> Iterator[Painter]:
    """Chromium with a canvas that draws each move's line and no more."""
    with tempfile.TemporaryDirectory(prefix="overpaint-bench-") as home:
        page = picture.with_name("page.html")
        page.write_text(_PAGE, "utf-8")
        command = [
            *("chromium", "--no-sandbox", "--no-first-run", "--disable-gpu", f"--user-data-dir={home}"),
            *(f"--app=file://{page}", "--window-size=1440,900", "--window-position=0,0"),
        ]
        with _running(command, screen, {"HOME": home}) as process:
            window = screen.window("Browser canvas")
            screen.put(window, WINDOW)
            time.sleep(2 * _SETTLE)
            yield Painter("browser canvas", process.pid, Place(260, 260, 640, 300))


def missing(program: str) -> str:
    """Why a peer is left out, in words; ``""`` when it is installed."""
    return (
        ""
        if shutil.which(program)
        else f"not measured: {program} isn't installed (apt-get install {program})"
    )


@contextmanager
def _running(
    command: list[str], screen: Screen, environment: dict[str, str], *, says: int | None = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[str]]:
    """The process with all its children, which go with it; what it ``says`` of faults goes there."""
    process = subprocess.Popen(
        command,
        env={**os.environ, "DISPLAY": screen.name, **environment},
        stdout=subprocess.PIPE,
        stderr=says,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _number(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())
