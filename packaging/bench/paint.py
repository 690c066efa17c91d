"""What painting costs: strokes against QPainter's, picture size, edge error, undo, and half-size copies.

Every pair is measured in turn within one run; medians and ratios are printed beside the bar they are held
against. Nothing fails for being slow.
"""

import argparse
import itertools
import math
import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPen

from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask import Mask
from overpaint.core.masks.pyramid import Pixels, half_sizes, halve_into
from overpaint.core.masks.undo_history import History
from overpaint.core.paint.brush_stroke import Brush, Stroke
from overpaint.core.paint.pen_pressure import Pen

PICTURE = (3840, 2160)
LARGE_PICTURE = (8660, 5774)
DIAMETERS = (20, 200, 1000)
STEP = 10.0

Points = list[tuple[float, float]]


def main() -> int:
    """Print all tables."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--events", type=int, default=1000, help="moves of 10 px in each stroke (1000)")
    words.add_argument("--runs", type=int, default=5, help="runs of each pair (5)")
    options, _ = words.parse_known_args()
    app = QGuiApplication.instance() or QGuiApplication([])
    print_strokes(options.events, options.runs)
    print_pressures(options.events, options.runs)
    print_picture_sizes(options.events, options.runs)
    print_edges()
    print_undo(options.runs)
    print_pyramids(options.runs)
    del app
    return 0


def print_strokes(events: int, runs: int) -> None:
    """Ours and QPainter's lines, both into one byte a pixel and both never darker where they cross."""
    print(f"{events} moves of {STEP:.0f} px in {PICTURE[0]}x{PICTURE[1]}, ms (warm stamps)")
    print(f"{'diameter':>10}{'hardness':>10}{'ours':>9}{'QPainter':>10}{'ratio':>8}")
    way = wandering(PICTURE, events)
    for diameter, hardness in itertools.product(DIAMETERS, (1.0, 0.0)):
        brush = Brush(diameter, hardness)
        ours, qt = paired(partial(paint, PICTURE, brush, way), partial(paint_with_qt, diameter, way), runs)
        bar = "bar 0.25" if diameter == 1000 else ""
        print(f"{diameter:>10}{hardness:>10.1f}{ours:>9.1f}{qt:>10.1f}{ours / qt:>8.3f}  {bar}", flush=True)


def print_pressures(events: int, runs: int) -> None:
    """The same stroke under a pressure that rises and falls, by what it drives."""
    print(f"{events} moves under changing pressure, ms a move (a mouse's, which presses evenly, beside it)")
    print(f"{'diameter':>10}{'even':>9}{'size':>9}{'opacity':>9}{'both':>9}")
    way = wandering(PICTURE, events)
    for diameter in DIAMETERS:
        cells = []
        for pen in (None, Pen(), Pen(to_size=False, to_opacity=True), Pen(to_opacity=True)):
            brush = Brush(diameter, pen=pen or Pen())
            taken = [paint(PICTURE, brush, way, even=pen is None) for _ in range(runs)]
            cells.append(statistics.median(taken) / events)
        print(f"{diameter:>10}" + "".join(f"{cell:>9.3f}" for cell in cells), flush=True)


def print_picture_sizes(events: int, runs: int) -> None:
    """The same stroke in a picture six times as large."""
    way = wandering(PICTURE, events)
    print(f"the same stroke in {LARGE_PICTURE[0]}x{LARGE_PICTURE[1]}, ms a move")
    print(f"{'diameter':>10}{'8.3 MP':>9}{'50 MP':>9}{'ratio':>8}")
    for diameter in DIAMETERS:
        brush = Brush(diameter)
        small, large = paired(
            partial(paint, PICTURE, brush, way), partial(paint, LARGE_PICTURE, brush, way), runs
        )
        print(
            f"{diameter:>10}{small / events:>9.4f}{large / events:>9.4f}{large / small:>8.2f}  bar 1.5",
            flush=True,
        )


def print_edges() -> None:
    """How far a hard stroke's edge is from the exact shape, over many angles and places."""
    print("edge error against the exact shape, of 255; pixels changed by painting the same again")
    print(f"{'diameter':>10}{'mean':>8}{'max':>7}{'again':>8}")
    rng = np.random.default_rng(4)
    for diameter in (3, 20, 200, 400):
        errors, again = [], 0
        for _ in range(12):
            start = rng.uniform(250.0, 262.0, 2)
            angle = rng.uniform(0.0, math.tau)
            end = start + 90.0 * np.array([math.cos(angle), math.sin(angle)])
            error, changed = edge_error(diameter, start, end)
            errors.append(error)
            again += changed
        whole = np.concatenate(errors)
        print(f"{diameter:>10}{whole.mean():>8.1f}{whole.max():>7.0f}{again:>8}  bars 10, 40, 0", flush=True)


def print_undo(runs: int) -> None:
    """A stroke's commit and undo, and what a hundred strokes hold."""
    print("undo of strokes of 60 moves, ms")
    print(
        f"{'diameter':>10}{'hardness':>10}{'commit':>9}{'undo':>8}{'older':>8}{'redo':>8}{'100 strokes':>13}"
    )
    for diameter, hardness in itertools.product(DIAMETERS, (1.0, 0.0)):
        rows = [undo_times(Brush(diameter, hardness), seed) for seed in range(runs)]
        commit, undo, older, redo, held = (statistics.median(column) for column in zip(*rows, strict=True))
        print(
            f"{diameter:>10}{hardness:>10.1f}{commit:>9.2f}{undo:>8.2f}{older:>8.2f}{redo:>8.2f}"
            f"{held / 2**20:>10.1f} MB  bars 3, 2, 2, 2, 16 MB",
            flush=True,
        )


def print_pyramids(runs: int) -> None:
    """All half-size copies of an 8.3-megapixel picture and mask, and renewing what a dab changed."""
    print("half-size copies of 8.3 MP, ms: all, and where a dab of 200 px changed (3 levels)")
    noise = np.random.default_rng(5).integers(0, 256, (PICTURE[1], PICTURE[0], 4), np.uint8)
    dab = Rect(1501, 701, 210, 211)
    for name, base in (("picture", noise), ("mask", noise[..., 0].copy())):
        levels = half_sizes(base)
        whole = statistics.median(milliseconds(partial(half_sizes, base)) for _ in range(runs))
        part = statistics.median(milliseconds(partial(renew, levels, dab, 3)) for _ in range(20 * runs))
        print(f"{name:>10}{whole:>9.1f}{part:>9.3f}", flush=True)


def renew(levels: list[Pixels], rect: Rect, deepest: int) -> None:
    """Brings the copies down to ``deepest`` up to date where ``rect`` of the picture changed."""
    for fine, coarse in pairwise(levels[: deepest + 1]):
        rect = halve_into(fine, coarse, rect)


def wandering(size: tuple[int, int], events: int) -> Points:
    """A curling way through the picture that turns at its borders."""
    width, height = size
    x, y, angle = width * 0.493, height * 0.461, 0.4
    points = []
    for move in range(events):
        angle += 0.12 * math.sin(move * 0.05)
        if not 0.06 * width < x + STEP * math.cos(angle) < 0.94 * width:
            angle = math.pi - angle
        if not 0.06 * height < y + STEP * math.sin(angle) < 0.94 * height:
            angle = -angle
        x, y = x + STEP * math.cos(angle), y + STEP * math.sin(angle)
        points.append((x, y))
    return points


def paint(size: tuple[int, int], brush: Brush, way: Points, *, even: bool = True) -> float:
    """Milliseconds of one stroke into an empty mask, undo kept, end included; ``even`` for full pressure."""
    mask, history = Mask(*size), History()
    mask.coverage[...] = 0  # the system hands out memory at the first write: not the brush's cost

    def stroke() -> None:
        run = Stroke(mask, history, brush)
        run.begin(*way[0])
        for move, point in enumerate(way[1:]):
            run.extend(*point, 1.0 if even else 0.5 + 0.45 * math.sin(move * 0.03))
        run.finish()

    return milliseconds(stroke)


def paint_with_qt(diameter: int, way: Points) -> float:
    """Milliseconds of the same way as anti-aliased round lines, lightening an 8-bit grey image."""
    image = QImage(*PICTURE, QImage.Format.Format_Grayscale8)
    image.fill(0)
    pen = QPen(QColor("white"), diameter, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)

    def stroke() -> None:
        for start, end in itertools.pairwise(way):
            painter = QPainter(image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Lighten)
            painter.setPen(pen)
            painter.drawLine(QPointF(*start), QPointF(*end))
            painter.end()

    return milliseconds(stroke)


def undo_times(brush: Brush, seed: int) -> tuple[float, float, float, float, float]:
    """Milliseconds of commit, undo of the newest, of older ones, redo; bytes held by a hundred strokes."""
    rng = np.random.default_rng(seed)
    mask, history = Mask(*PICTURE), History()
    commits = []
    for _ in range(100):
        shift = rng.uniform(-900.0, 900.0, 2)
        stroke = Stroke(mask, history, brush)
        way = [(x + shift[0], y + shift[1]) for x, y in wandering(PICTURE, 60)]
        stroke.begin(*way[0])
        for point in way[1:]:
            stroke.extend(*point)
        commits.append(milliseconds(stroke.finish))
    history.settle()
    held = history.bytes_used
    newest = milliseconds(history.undo)
    older = [milliseconds(history.undo) for _ in range(30)]
    redone = [milliseconds(history.redo) for _ in range(30)]
    return (
        statistics.median(commits),
        newest,
        statistics.median(older),
        statistics.median(redone),
        float(held),
    )


def edge_error(diameter: int, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, int]:
    """The errors of all edge pixels of one straight stroke, and how many change when it is painted again."""
    mask = Mask(600, 600)
    draw_line(mask, diameter, start, end)
    once = mask.coverage.copy()
    draw_line(mask, diameter, start, end)
    ys, xs = np.mgrid[:600, :600] + 0.5
    from_edge = distance_to_line(xs, ys, start, end) - diameter / 2
    edge = np.abs(from_edge) < 0.75
    offsets = (np.arange(32) + 0.5) / 32 - 0.5
    fine_x, fine_y = xs[edge][:, None, None] + offsets, ys[edge][:, None, None] + offsets[:, None]
    exact = 255.0 * (distance_to_line(fine_x, fine_y, start, end) <= diameter / 2).mean(axis=(1, 2))
    cut = (exact > 0.0) & (exact < 255.0)
    return np.abs(once[edge] - exact)[cut], int(np.count_nonzero(mask.coverage != once))


def draw_line(mask: Mask, diameter: int, start: np.ndarray, end: np.ndarray) -> None:
    """One hard straight stroke."""
    stroke = Stroke(mask, History(), Brush(diameter))
    stroke.begin(*map(float, start))
    stroke.extend(*map(float, end))
    stroke.finish()


def distance_to_line(x: np.ndarray, y: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Pixels from (x, y) to the line from ``start`` to ``end``."""
    dx, dy = end - start
    along = np.clip(((x - start[0]) * dx + (y - start[1]) * dy) / (dx * dx + dy * dy), 0.0, 1.0)
    return np.asarray(np.hypot(x - start[0] - along * dx, y - start[1] - along * dy))


def paired(ours: Callable[[], float], other: Callable[[], float], runs: int) -> tuple[float, float]:
    """The medians of both, taken in turn after one run that doesn't count."""
    ours()
    pairs = [(ours(), other()) for _ in range(runs)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def milliseconds(act: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1e3


if __name__ == "__main__":
    raise SystemExit(main())
