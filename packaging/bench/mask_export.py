"""How long an 8.3-megapixel mask takes to become a PNG, and how large it is, against Pillow's own writer.

Both make the same RGBA picture from the same coverage, measured in turn; nothing fails for being slow.
"""

import argparse
import io
import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from overpaint.imaging.masks.mask_png import decode_mask, encode_grey, encode_mask

WIDTH, HEIGHT = 3840, 2160


def main() -> int:
    """Print one line for each kind of mask."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--runs", type=int, default=5, help="runs of each pair (5)")
    options, _ = words.parse_known_args()
    print(f"mask of {WIDTH}x{HEIGHT} as PNG, ms and kB")
    print(
        f"{'mask':>8}{'ours':>8}{'Pillow':>9}{'ratio':>8}{'ours':>8}{'Pillow':>8}{'ratio':>7}"
        f"{'grey ms':>8}{'kB':>8}"
    )
    for name, coverage in (("hard", ring(1.0)), ("soft", ring(300.0)), ("noise", noise())):
        ours, pillow, grey = [], [], []
        for _ in range(options.runs):
            ours.append(milliseconds(partial(encode_mask, coverage)))
            pillow.append(milliseconds(partial(with_pillow, coverage)))
            grey.append(milliseconds(partial(encode_grey, coverage)))
        sizes = len(encode_mask(coverage)) / 1e3, len(with_pillow(coverage)) / 1e3
        grey_size = len(encode_grey(coverage)) / 1e3
        assert np.array_equal(decode_mask(encode_mask(coverage)) > 0, coverage >= 128)
        fast, slow = statistics.median(ours), statistics.median(pillow)
        print(
            f"{name:>8}{fast:>8.1f}{slow:>9.1f}{fast / slow:>8.3f}{sizes[0]:>8.0f}{sizes[1]:>8.0f}"
            f"{sizes[0] / sizes[1]:>7.2f}{statistics.median(grey):>8.1f}{grey_size:>8.0f}  bars 0.10, 2",
            flush=True,
        )
    return 0


def with_pillow(coverage: NDArray[np.uint8]) -> bytes:
    """The same picture as Pillow writes it by default."""
    edited = coverage[..., np.newaxis] >= 128
    pixels = np.where(edited, np.array([255, 255, 255, 0], np.uint8), np.array([0, 0, 0, 255], np.uint8))
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def ring(softness: float) -> NDArray[np.uint8]:
    """A ring whose edges fall over ``softness`` pixels."""
    ys, xs = np.mgrid[:HEIGHT, :WIDTH]
    distance = np.abs(np.hypot(xs - 1900.0, ys - 1000.0) - 700.0)
    return np.asarray(np.clip((300.0 - distance) / softness, 0.0, 1.0) * 255.0, np.uint8)


def noise() -> NDArray[np.uint8]:
    """The mask that compresses worst."""
    return np.random.default_rng(6).integers(0, 256, (HEIGHT, WIDTH), np.uint8)


def milliseconds(act: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1e3


if __name__ == "__main__":
    raise SystemExit(main())
