"""From the wish to open a picture to seeing it: a first look and every pixel, in the real window.

A JPEG of 50 megapixels and one of 8.3 are opened in turn as from the command line, each time another file.
Figures are medians; nothing fails for being slow.
"""

import argparse
import asyncio
import itertools
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
from skimage import data

from overpaint.studio.config.folders import HOME_VARIABLE, Folders
from overpaint.studio.studio import Studio
from overpaint.ui.app import program
from overpaint.ui.app.main_window import Window
from overpaint.ui.app.runtime.event_loop import run
from overpaint.ui.viewport.preview_pyramid import PreviewPyramid

SIZES = {"50 MP": (8660, 5774), "8.3 MP": (3840, 2160)}
BARS = {"50 MP": "bars 0.3, 1.5"}
_PATIENCE = 60.0
_TICK = 0.001


@dataclass(frozen=True, slots=True)
class Opening:
    """Seconds until anything of the picture was on the canvas, until all of it was, and the longest stall."""

    first: float
    whole: float
    stall: float


async def measure(folder: Path, runs: int) -> int:
    """Opens everything and prints a line for each size."""
    studio = Studio(Folders.find())
    window = program.open_window(studio, [])
    await seen(window, None)
    print(f"{'JPEG':<10}{'first look, s':>14}{'every pixel, s':>16}{'longest stall, ms':>19}")
    for name, size in SIZES.items():
        times = []
        for number in range(runs):
            file = folder / f"{name} {number}.jpg"
            await asyncio.to_thread(photograph, file, size, number)
            times.append(await opened(studio, window, file))
        first, whole = (
            statistics.median(one) for one in ([t.first for t in times], [t.whole for t in times])
        )
        stall = statistics.median(t.stall for t in times)
        print(
            f"{name:<10}{first:>14.2f}{whole:>16.2f}{stall * 1e3:>19.0f}   {BARS.get(name, '')}", flush=True
        )
    window.close()
    await studio.close()
    return 0


async def opened(studio: Studio, window: Window, file: Path) -> Opening:
    """Opens one file and watches the canvas."""
    before = window.edit.canvas.picture
    start = time.perf_counter()
    opening = studio.tasks.start(_open(studio, file), "bench")
    watching = studio.tasks.start(_watch_ticks(ticks := [start]), "ticks")
    first = await seen(window, before) - start
    shown = window.edit.canvas.picture
    whole = await seen(window, shown) - start if isinstance(shown, PreviewPyramid) else first
    watching.cancel()
    await opening
    stall = max(after - earlier for earlier, after in itertools.pairwise(ticks))
    return Opening(first, whole, stall)


async def seen(window: Window, before: object) -> float:
    """When the canvas shows another picture than ``before``. Raises TimeoutError."""
    canvas = window.edit.canvas
    async with asyncio.timeout(_PATIENCE):
        while canvas.picture is None or canvas.picture is before:
            await _tick()
    return time.perf_counter()


async def _open(studio: Studio, file: Path) -> None:
    await studio.open([file])


async def _watch_ticks(ticks: list[float]) -> None:
    """Notes when the window's loop was free."""
    while True:
        await _tick()
        ticks.append(time.perf_counter())


async def _tick() -> None:
    """Lets the window go on."""
    await asyncio.sleep(_TICK)


def photograph(file: Path, size: tuple[int, int], number: int) -> None:
    """A photograph, enlarged, with grain, unlike those before."""
    large = cv2.resize(data.coffee()[..., ::-1].copy(), size, interpolation=cv2.INTER_CUBIC)
    grain = np.random.default_rng(number).integers(0, 8, (512, size[0], 3), np.uint8)
    for top in range(0, size[1], 512):
        part = large[top : top + 512]
        cv2.add(part, grain[: len(part)], part)
    cv2.imwrite(str(file), large, [cv2.IMWRITE_JPEG_QUALITY, 90])


def main() -> int:
    """Measures in a home of its own."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--runs", type=int, default=3, help="files of each size (3)")
    options, _ = words.parse_known_args()
    with tempfile.TemporaryDirectory(prefix="overpaint-bench-") as home:
        os.environ[HOME_VARIABLE] = home
        return run(program.application(), lambda: measure(Path(home), options.runs))


if __name__ == "__main__":
    sys.exit(main())
