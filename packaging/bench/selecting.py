"""How long selecting and changing a whole mask take at 8.3 megapixels, each beside its bar.

Real photographs, enlarged, are selected from; nothing fails for being slow.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

from overpaint.core.request.sizes import Size
from overpaint.imaging.masks import mask_ops, shapes
from overpaint.imaging.masks.colour_select import Wand
from overpaint.imaging.masks.edge_paths import Scissors
from overpaint.imaging.masks.object_select import quick_select

SIZE = Size(3840, 2160)
RADII = (1, 5, 10, 20)
Case = tuple[str, Callable[[], object], float]


def main() -> int:
    """Print the median of each act in milliseconds, the worst, and the bar."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--runs", type=int, default=5, help="runs of each act (5)")
    options, _ = words.parse_known_args()
    print(f"selecting and changing masks of {SIZE.width}x{SIZE.height}, ms")
    print(f"{'act':<34}{'median':>9}{'worst':>9}{'bar':>8}")
    for name, act, bar in (*shape_cases(), *wand_cases(), *quick_cases(), *scissors_cases(), *mask_cases()):
        taken = [milliseconds(act) for _ in range(options.runs)]
        limit = f"{bar:.0f}" if bar else "-"
        print(f"{name:<34}{statistics.median(taken):>9.1f}{max(taken):>9.1f}{limit:>8}", flush=True)
    return 0


def shape_cases() -> Iterator[Case]:
    """Shapes over nearly the whole picture."""
    corners = (20.5, 30.2), (3800.1, 2100.7)
    turns = np.linspace(0, 2 * np.pi, 2000)
    wobbly = 1 + 0.3 * np.sin(17 * turns)
    lasso = np.column_stack((1900 + 1400 * wobbly * np.cos(turns), 1080 + 800 * wobbly * np.sin(turns)))
    yield "rectangle", partial(shapes.rectangle, *corners, SIZE), 0
    yield "ellipse", partial(shapes.ellipse, *corners, SIZE), 0
    yield "lasso of 2,000 points", partial(shapes.polygon, lasso, SIZE), 0


def wand_cases() -> Iterator[Case]:
    """A click on a wall and one that takes nearly everything."""
    picture = enlarged(data.coffee())
    wand = Wand(picture)
    yield "wand, made for a picture", partial(Wand, picture), 0
    for contiguous in (True, False):
        for tolerance in (12, 60):
            words = f"wand, tolerance {tolerance}, {'contiguous' if contiguous else 'everywhere'}"
            yield words, partial(wand.select, 200, 150, tolerance, contiguous=contiguous), 250


def quick_cases() -> Iterator[Case]:
    """Strokes in pictures from easy to hard; points in the picture's own size."""
    for name, rgb, points, width in (
        ("rocket", data.rocket(), [(322, 170), (322, 310)], 4),
        ("cup", data.coffee(), [(215, 130), (225, 200), (260, 225)], 20),
        ("cat", data.chelsea(), [(150, 120), (300, 120), (350, 200)], 15),
        ("astronaut", data.astronaut(), [(230, 60), (230, 200), (200, 350), (330, 430)], 12),
    ):
        picture = enlarged(rgb)
        scale = np.divide(picture.shape[1::-1], rgb.shape[1::-1])
        strokes = np.zeros(picture.shape[:2], np.uint8)
        line = (np.array(points) * scale).astype(np.int32)
        cv2.polylines(strokes, [line], isClosed=False, color=255, thickness=round(width * scale[0]))
        yield f"quick select, {name}", partial(quick_select, picture, strokes, None), 1000


def scissors_cases() -> Iterator[Case]:
    """The first path after a new anchor, near and far."""
    scissors = Scissors(enlarged(data.coffee()))

    def first_path(x: float, y: float) -> None:
        scissors.anchor(1000, 800)
        scissors.path_to(x, y)

    yield "scissors, first path of 120 px", partial(first_path, 1080, 890), 0
    yield "scissors, first path of 2,000 px", partial(first_path, 2800, 1700), 0


def mask_cases() -> Iterator[Case]:
    """Growing, shrinking and feathering of a disc, hard and soft, and what mends a mask."""
    for kind, softness in (("disc", 1.0), ("soft disc", 60.0)):
        mask = disc(softness)
        for act in (mask_ops.grow, mask_ops.shrink, mask_ops.feather):
            for px in RADII:
                yield f"{act.__name__} by {px}, {kind}", partial(act, mask, px), 60
        yield f"smooth by 5, {kind}", partial(mask_ops.smooth, mask, 5), 0
        yield f"fill holes, {kind}", partial(mask_ops.fill_holes, mask, None), 0
        yield f"remove specks, {kind}", partial(mask_ops.remove_specks, mask, 50), 0


def enlarged(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The photograph as opaque BGRA of the size measured at."""
    large = cv2.resize(rgb[..., ::-1].copy(), (SIZE.width, SIZE.height), interpolation=cv2.INTER_CUBIC)
    return np.dstack((large, np.full((SIZE.height, SIZE.width), 255, np.uint8))).astype(np.uint8)


def disc(softness: float) -> NDArray[np.uint8]:
    """A disc of 800 pixels whose edge falls over ``softness`` pixels."""
    ys, xs = np.ogrid[: SIZE.height, : SIZE.width]
    distance = np.hypot(xs - 1900.0, ys - 1000.0)
    return np.asarray(np.clip((800.0 - distance) / softness + 0.5, 0.0, 1.0) * 255.0, np.uint8)


def milliseconds(act: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1e3


if __name__ == "__main__":
    raise SystemExit(main())
