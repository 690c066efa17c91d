"""From a move of the pointer to the painted pixel below it, in real windows under X (bars 1, 2 and 7).

The same strokes go into our window, GIMP and a browser canvas, one after the other in the same run, each with
a picture of 3840x2160 fitted into 1440x900. Nothing fails for being slow, or for a peer that isn't installed.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import _painters as painters
from bench._painters import Painter
from bench._x11 import Place, Screen, absent, screen

MOVES = 1000
RATE_HZ = 900
STEP = 26
"""Screen pixels from one measured place to the next: beyond what the stroke before has painted."""

BAR_MEDIAN_MS, BAR_OF_GIMP, BAR_OF_BROWSER, BAR_SHARE = 4.0, 0.10, 0.35, 0.90
_GIVE_UP = 1.0
_PAUSE = 0.03
_POLL = 0.0002

Opened = Callable[[Screen, Path], AbstractContextManager[Painter]]
PEERS: dict[str, Opened] = {"gimp": painters.gimp, "chromium": painters.browser}


def main() -> int:
    """Prints the medians in turn, their ratios, and the share of moves received."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--strokes", type=int, default=6, help="strokes of about 20 measured moves each (6)")
    options, _ = words.parse_known_args()
    lacking = absent()
    if lacking:
        print(f"not measured: {lacking}")
        return 0
    os.environ.pop("QT_QPA_PLATFORM", None)
    with tempfile.TemporaryDirectory(prefix="overpaint-bench-") as folder, screen() as shown:
        picture = painters.picture_file(Path(folder))
        with painters.overpaint(shown, [picture]) as ours:
            latencies = measured(shown, ours, options.strokes)
            median = row(ours, latencies, f"bar {BAR_MEDIAN_MS:g}")
            shares = [share_received(shown, ours, Place(260, 260, 640, 300)) for _ in range(3)]
        for program, bar in (("gimp", BAR_OF_GIMP), ("chromium", BAR_OF_BROWSER)):
            compare(shown, program, picture, options.strokes, median, bar)
    print(
        f"moves received of {MOVES} at {RATE_HZ} Hz: "
        f"{', '.join(f'{share:.1%}' for share in shares)}   bar {BAR_SHARE:.0%}"
    )
    return 0


def compare(shown: Screen, program: str, picture: Path, strokes: int, ours: float, bar: float) -> None:
    """A peer's row, and the ratio of our median to its."""
    reason = painters.missing(program)
    if reason:
        print(reason)
        return
    try:
        with PEERS[program](shown, picture) as peer:
            theirs = row(peer, measured(shown, peer, strokes), "")
    except TimeoutError as fault:
        print(f"not measured: {program}: {fault}")
        return
    print(f"{'':<18} ours is {ours / theirs:.3f} of it   bar {bar:g}", flush=True)


def row(painter: Painter, latencies: list[float], bar: str) -> float:
    """Prints one line; returns the median."""
    if len(latencies) < 20:
        raise TimeoutError(f"nothing painted is seen in {painter.name}")
    ordered = sorted(latencies)
    median = statistics.median(ordered)
    print(
        f"{painter.name:<18} motion → pixel, ms: median {median:7.2f}   "
        f"90 % within {ordered[int(len(ordered) * 0.9)]:7.2f}   of {len(ordered)} moves   {bar}",
        flush=True,
    )
    return median


def measured(shown: Screen, painter: Painter, strokes: int) -> list[float]:
    """Milliseconds from each move to the first change of the pixel at its place."""
    times: list[float] = []
    rows = list(range(painter.canvas.y, painter.canvas.y + painter.canvas.height, 2 * STEP))
    for y in rows[:strokes]:
        places = list(range(painter.canvas.x, painter.canvas.x + painter.canvas.width, STEP))
        shown.move(places[0], y)
        time.sleep(_PAUSE)
        shown.press()
        time.sleep(_PAUSE)
        times += [taken for x in places[1:] if (taken := until_seen(shown, x, y)) is not None]
        shown.release()
        if painter.moves is not None:
            painter.moves()
        time.sleep(_PAUSE)
    return times


def until_seen(shown: Screen, x: int, y: int) -> float | None:
    """Moves there and waits for the paint; None when it doesn't come, or the place was painted before."""
    before = shown.pixel(x, y)
    start = time.perf_counter()
    shown.move(x, y)
    while time.perf_counter() - start < _GIVE_UP:
        if shown.pixel(x, y) != before:
            taken = (time.perf_counter() - start) * 1e3
            time.sleep(_PAUSE)
            return taken
        time.sleep(_POLL)  # a server that is asked without pause has no time for who paints
    return None


def share_received(shown: Screen, painter: Painter, room: Place) -> float:
    """Which share of moves, one every 1.1 ms, reaches the canvas."""
    assert painter.moves is not None
    shown.move(room.x, room.y)
    time.sleep(_PAUSE)
    shown.press()
    time.sleep(_PAUSE)
    due = time.perf_counter()
    for x, y in wandering(room):
        while time.perf_counter() < due:
            pass
        shown.move(x, y)
        due += 1 / RATE_HZ
    time.sleep(_PAUSE)
    shown.release()
    return painter.moves() / MOVES


def wandering(room: Place) -> Iterator[tuple[int, int]]:
    """Places that sweep over the room, each some pixels from the last."""
    x, y, dx, dy = room.x, room.y, 7, 3
    for _ in range(MOVES):
        dx = -dx if not room.x <= x + dx < room.x + room.width else dx
        dy = -dy if not room.y <= y + dy < room.y + room.height else dy
        x, y = x + dx, y + dy
        yield x, y


if __name__ == "__main__":
    sys.exit(main())
