"""What the program holds in memory (bar 15): one 8.3-megapixel picture painted on, and sixteen in the tray.

Measured from outside, in a real window under X, beside GIMP with the same picture and strokes. The figure is
resident memory as the system counts it for the process; shared pages count in full, as for the peer.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
from skimage import data

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import _painters as painters
from bench._painters import PICTURE, Painter
from bench._x11 import Screen, absent, screen

PICTURES = 16
BAR_ONE_MB, BAR_TRAY_MB = 230, 500
_STILL_FOR = 3.0
_SAME_MB = 1.0
_PATIENCE = 90.0
_STROKES = 5


def main() -> int:
    """Prints each figure beside its bar."""
    argparse.ArgumentParser(description=__doc__).parse_known_args()
    lacking = absent()
    if lacking or not sys.platform.startswith("linux"):
        print(f"not measured: {lacking or 'reads /proc, which only Linux has'}")
        return 0
    os.environ.pop("QT_QPA_PLATFORM", None)
    with tempfile.TemporaryDirectory(prefix="overpaint-bench-") as folder, screen() as shown:
        files = photographs(Path(folder))
        with painters.overpaint(shown, files[:1]) as ours:
            one = settled_mb(shown, ours, paint=True)
        row("one picture of 8.3 MP, painted on", one, f"bar {BAR_ONE_MB}")
        reason = painters.missing("gimp")
        if reason:
            print(reason)
        else:
            with painters.gimp(shown, files[0]) as peer:
                row("GIMP with the same", settled_mb(shown, peer, paint=True), "")
        with painters.overpaint(shown, files) as ours:
            row(f"{PICTURES} pictures of 8.3 MP in the tray", settled_mb(shown, ours), f"bar {BAR_TRAY_MB}")
    return 0


def row(title: str, held: dict[str, float], bar: str) -> None:
    """One line of the result: the process itself, and those that it started."""
    print(f"{title:<40}{held['itself']:8.0f} MB   {bar:<9}its children {held['children']:.0f} MB", flush=True)


def photographs(folder: Path) -> list[Path]:
    """As many pictures of 8.3 megapixels, no two alike, as JPEG files."""
    originals = [data.coffee(), data.astronaut(), data.rocket(), data.chelsea()]
    files = []
    for number in range(PICTURES):
        large = cv2.resize(originals[number % len(originals)], PICTURE, interpolation=cv2.INTER_CUBIC)
        path = folder / f"picture {number + 1}.jpg"
        cv2.imwrite(str(path), np.roll(large[..., ::-1], 97 * number, axis=1))
        files.append(path)
    return files


def settled_mb(shown: Screen, painter: Painter, *, paint: bool = False) -> dict[str, float]:
    """Megabytes once they no longer change, after some strokes where asked for."""
    still(painter)
    if paint:
        for stroke in range(_STROKES):
            y = painter.canvas.y + 50 * stroke
            shown.move(painter.canvas.x, y)
            shown.press()
            for x in range(painter.canvas.x, painter.canvas.x + painter.canvas.width, 10):
                shown.move(x, y)
                time.sleep(0.005)
            shown.release()
            time.sleep(0.2)
        still(painter)
    return {
        "itself": resident_mb(painter.process),
        "children": sum(map(resident_mb, descendants(painter.process))),
    }


def still(painter: Painter) -> None:
    """Waits until the memory has been the same for some seconds."""
    end, since, last = time.monotonic() + _PATIENCE, time.monotonic(), 0.0
    while time.monotonic() < end and time.monotonic() - since < _STILL_FOR:
        time.sleep(0.25)
        now = resident_mb(painter.process)
        if abs(now - last) > _SAME_MB:
            since, last = time.monotonic(), now


def resident_mb(process: int) -> float:
    """What a process holds; 0 once it is gone."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def descendants(process: int) -> list[int]:
    """The processes that it started, and those that they did."""
    found = []
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, children.read_text("ascii").split()):
            found += [child, *descendants(child)]
    return found


if __name__ == "__main__":
    sys.exit(main())
