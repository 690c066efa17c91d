"""From the start of the process to the first paint of the whole window, against a minimal one (bar 14)."""

import compileall
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import overpaint

_ROUNDS = 5
_BAR = 3.0

_MINIMAL = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
class Window(QWidget):
    def paintEvent(self, event):
        QTimer.singleShot(0, lambda: (print(time.monotonic(), flush=True), app.quit()))
app = QApplication(sys.argv)
window = Window()
window.resize(1440, 900)
window.show()
app.exec()
"""

_WHOLE = """
import asyncio, os, sys, time
from overpaint.cli import load_window
program = load_window()
from PySide6.QtCore import QEvent, QObject
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.UpdateRequest:
            asyncio.get_running_loop().call_soon(done)
        return False
def done():
    heavy = [name for name in ("cv2", "keyring", "uvicorn", "openai") if name in sys.modules]
    print(time.monotonic(), *heavy, flush=True)
    os._exit(0)
watch = Watch()
open_window = program.open_window
def open_watched(studio, files):
    window = open_window(studio, files)
    window.installEventFilter(watch)
    return window
program.open_window = open_watched
program.start([])
"""


def seconds(script: str) -> tuple[float, list[str]]:
    """How long one start took, and the heavy modules that were loaded by then."""
    with tempfile.TemporaryDirectory(prefix="overpaint-bench-") as home:
        environment = {**os.environ, "OVERPAINT_HOME": home}
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        before = time.monotonic()
        run = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, check=True, text=True
        )
    painted, *heavy = run.stdout.split()
    return float(painted) - before, heavy


def main() -> int:
    """Prints medians, their ratio pair by pair, and whether anything heavy was imported too early."""
    compileall.compile_dir(Path(overpaint.__file__).parent, quiet=1)  # as an installed program is
    seconds(_WHOLE)
    pairs = [(seconds(_MINIMAL), seconds(_WHOLE)) for _ in range(_ROUNDS)]
    minimal = statistics.median(one[0][0] for one in pairs)
    whole = statistics.median(one[1][0] for one in pairs)
    ratio = statistics.median(two[0] / one[0] for one, two in pairs)
    early = sorted({name for _, two in pairs for name in two[1]})
    print(f"minimal window   {minimal * 1000:6.0f} ms to first paint")
    print(f"whole window     {whole * 1000:6.0f} ms to first paint")
    print(f"ratio            {ratio:6.2f}    bar {_BAR:g}")
    print(f"imported early   {', '.join(early) or 'none of cv2, keyring, uvicorn, an SDK'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
