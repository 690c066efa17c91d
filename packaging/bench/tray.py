"""Pictures on their way into the window's tray: how soon they are seen, what they weigh, what stalls.

A 50-megapixel JPEG is dropped alone (preview and whole), then sixteen JPEGs of 8.3 megapixels at once.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PIL import Image
from PySide6.QtCore import QTimer

from overpaint.studio.config.folders import HOME_VARIABLE, Folders
from overpaint.studio.studio import Studio
from overpaint.ui.app import program
from overpaint.ui.app.main_window import Window
from overpaint.ui.app.runtime.event_loop import run
from overpaint.ui.viewport.preview_pyramid import PreviewPyramid

_LARGE = (8660, 5773)
_USUAL = (3840, 2160)
_ROUNDS = 3
_TICK_MS = 1
_MOST_LOOKS = 20_000
_BARS = {"preview": 0.3, "whole": 1.5, "megabytes": 500, "gap": 50}


def make(folder: Path) -> tuple[list[Path], list[Path]]:
    """Pictures with the detail and grain of photographs: some large ones, sixteen usual ones."""
    random = np.random.default_rng(7)
    x, y = np.meshgrid(np.arange(_LARGE[0]), np.arange(_LARGE[1]))
    waves = 128 + 60 * np.sin(x / 37) * np.cos(y / 53) + 30 * np.sin(x * y / 90_000)
    grain = random.integers(-9, 10, waves.shape)
    pixels = np.stack([waves + grain, 0.8 * waves + grain, 255 - waves + grain], axis=-1)
    whole = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    large = [folder / f"large {at}.jpg" for at in range(_ROUNDS)]
    for at, file in enumerate(large):
        whole.rotate(180 * (at % 2)).save(file, quality=92)
    usual = [folder / f"usual {at}.jpg" for at in range(16)]
    for at, file in enumerate(usual):
        left, top = 301 * at, 219 * at
        whole.crop((left, top, left + _USUAL[0], top + _USUAL[1])).save(file, quality=92)
    return large, usual


class Ticks:
    """The longest time between two ticks of a timer on the window's thread."""

    def __init__(self) -> None:
        self._timer = QTimer(interval=_TICK_MS)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Measures from now on."""
        self._last, self._worst = time.perf_counter(), 0.0
        self._timer.start()

    def stop(self) -> float:
        """The worst gap in milliseconds."""
        self._timer.stop()
        return 1000 * self._worst

    def _tick(self) -> None:
        now = time.perf_counter()
        self._worst, self._last = max(self._worst, now - self._last), now


async def measure(large: list[Path], usual: list[Path]) -> int:
    """Prints what was seen, when, and at which weight."""
    studio = Studio(Folders.find())
    window = program.open_window(studio, [])
    canvas, ticks = window.edit.canvas, Ticks()
    await until(lambda: canvas.picture is not None)
    await asyncio.sleep(1)
    for file in large:
        ticks.start()
        begin = time.perf_counter()
        taking = asyncio.gather(studio.picture_import.import_files([file]))
        await until(lambda: isinstance(canvas.picture, PreviewPyramid))
        preview = time.perf_counter() - begin
        await until(lambda: not isinstance(canvas.picture, PreviewPyramid))
        whole = time.perf_counter() - begin
        await taking
        print(
            f"50 MP JPEG, {file.stat().st_size / 1e6:.0f} MB:"
            f" preview {preview:.2f} s (bar {_BARS['preview']}),"
            f" whole {whole:.2f} s (bar {_BARS['whole']}), worst gap {ticks.stop():.0f} ms"
        )
        studio.session.remove(studio.session.tray[-1].id)
        await asyncio.sleep(0.5)
    await _sixteen(studio, window, usual, ticks)
    window.close()
    await studio.close()
    return 0


async def _sixteen(studio: Studio, window: Window, usual: list[Path], ticks: Ticks) -> None:
    for item in studio.session.tray:
        studio.session.remove(item.id)
    await asyncio.sleep(0.5)
    ticks.start()
    begin = time.perf_counter()
    refusals = await studio.picture_import.import_files(usual)
    taken = time.perf_counter() - begin
    await until(lambda: _current_is_shown(studio, window))
    shown, gap = time.perf_counter() - begin, ticks.stop()
    ticks.start()
    for item in studio.session.tray:
        studio.session.show(item.id)
        await until(lambda: _current_is_shown(studio, window))
    print(
        f"16 x 8.3 MP: in the tray {taken:.2f} s, on the canvas {shown:.2f} s, {len(refusals)} refused\n"
        f"worst gap while they came {gap:.0f} ms, while each was shown {ticks.stop():.0f} ms"
        f" (bar {_BARS['gap']})"
    )
    await asyncio.sleep(0.5)
    pids = (os.getpid(), *studio.reader.pids)
    print(
        f"memory of window and {len(pids) - 1} readers:"
        f" {sum(weight(pid, 'Pss') for pid in pids):.0f} MB with shared pages shared,"
        f" {sum(weight(pid, 'Rss') for pid in pids):.0f} MB resident (bar {_BARS['megabytes']})"
    )


def _current_is_shown(studio: Studio, window: Window) -> bool:
    current, ground = studio.session.current, window.edit.canvas.mask_on_canvas
    return current is not None and ground is current.mask


def weight(pid: int, kind: str) -> float:
    """Memory of a process in MB, by Linux's ``smaps_rollup``; 0 where there is none."""
    file = Path(f"/proc/{pid}/smaps_rollup")
    lines = file.read_text().splitlines() if file.exists() else []
    return sum(int(line.split()[1]) / 1000 for line in lines if line.startswith(f"{kind}:"))


async def until(condition: Callable[[], bool]) -> None:
    """Lets the program go on until the condition holds."""
    for _ in range(_MOST_LOOKS):
        if condition():
            return
        await asyncio.sleep(0.002)


def main() -> int:
    """Makes the pictures, then opens the window."""
    with tempfile.TemporaryDirectory(prefix="overpaint-bench-") as place:
        os.environ[HOME_VARIABLE] = str(Path(place) / "home")
        large, usual = make(Path(place))
        sys.setswitchinterval(0.0005)
        return run(program.application(), lambda: measure(large, usual))


if __name__ == "__main__":
    sys.exit(main())
