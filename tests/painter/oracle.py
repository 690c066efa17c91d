"""What a mask ought to be, by definition: areas by sampling, floods step by step, colours as CIE says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Bools = NDArray[np.bool_]
Inside = Callable[[Reals, Reals], Bools]
Place = tuple[float, float]

MEAN, MOST = 10 / 255, 40 / 255
"""How far coverage may be from the true share on an edge: on average, and anywhere."""

_FINE = 16


@dataclass(frozen=True)
class Drawn:
    """Shares, 0 to 1, of the pixels from column ``left`` and row ``top`` on; 0 everywhere else."""

    left: int
    top: int
    share: Reals

    def faults(self, coverage: NDArray[np.uint8], mean: float = MEAN, most: float = MOST) -> list[str]:
        """What is wrong with a mask; a pixel away from every edge must be right to the last bit."""
        rows, columns = self.share.shape
        place = np.s_[self.top : self.top + rows, self.left : self.left + columns]
        outside = int(np.count_nonzero(coverage)) - int(np.count_nonzero(coverage[place]))
        near = grown((self.share > 0) & (self.share < 1) | _steps(self.share))
        off = np.abs(coverage[place] / 255 - self.share)
        edge = off[near] if near.any() else np.zeros(1)
        found = [
            (outside, "pixels far outside"),
            (int(np.count_nonzero(off[~near])), "pixels off the edge that differ"),
        ]
        words = [f"{count} {what}" for count, what in found if count]
        if edge.max() > most:
            words.append(f"edge off by {edge.max() * 255:.0f}/255")
        partial = off[(self.share > 0) & (self.share < 1)]
        if partial.size and partial.mean() > mean:
            words.append(f"edge off by {partial.mean() * 255:.1f}/255 on average")
        return words

    def add(self, other: "Drawn") -> "Drawn":
        """Whatever lies in either."""
        return Drawn(self.left, self.top, np.maximum(self.share, other.share))

    def subtract(self, other: "Drawn") -> "Drawn":
        """What the other leaves of this one."""
        return Drawn(self.left, self.top, np.minimum(self.share, 1 - other.share))

    def intersect(self, other: "Drawn") -> "Drawn":
        """What lies in both."""
        return Drawn(self.left, self.top, np.minimum(self.share, other.share))


def covered(box: tuple[int, int, int, int], inside: Inside) -> Drawn:
    """The share of each pixel of ``box`` (left, top, right, bottom) that is ``inside``.

    Pixels at an edge are sampled 256 times, the others once.
    """
    left, top, right, bottom = box
    y, x = np.mgrid[top:bottom, left:right].astype(np.float64)
    share = inside(x + 0.5, y + 0.5).astype(np.float64)
    rows, columns = np.nonzero(grown(_steps(share)))
    steps = (np.arange(_FINE) + 0.5) / _FINE
    total = np.zeros(len(rows))
    for down in steps:
        for across in steps:
            total += inside(columns + left + across, rows + top + down)
    share[rows, columns] = total / _FINE**2
    return Drawn(left, top, share)


def capsule(a: Place, b: Place, radius: float) -> Inside:
    """What a disc of that radius sweeps over on its way from a to b."""
    return lambda x, y: _to_segment(x, y, a, b) <= radius


def ellipse(a: Place, b: Place) -> Inside:
    """The ellipse that fills the box between two corners."""
    x0, y0, across, down = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (b[0] - a[0]) / 2, (b[1] - a[1]) / 2
    return lambda x, y: ((x - x0) / across) ** 2 + ((y - y0) / down) ** 2 <= 1.0


def rectangle(a: Place, b: Place) -> Inside:
    """The box between two corners."""
    (left, right), (top, bottom) = sorted((a[0], b[0])), sorted((a[1], b[1]))
    return lambda x, y: (left <= x) & (x < right) & (top <= y) & (y < bottom)


def polygon(corners: Sequence[Place]) -> Inside:
    """A polygon that doesn't cross itself: from inside, a ray meets its sides an odd number of times."""

    def inside(x: Reals, y: Reals) -> Bools:
        odd = np.zeros(np.shape(x), np.bool_)
        for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
            if y0 != y1:
                odd ^= ((y0 > y) != (y1 > y)) & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
        return odd

    return inside


def lab(rgb: NDArray[np.uint8]) -> Reals:
    """CIELAB under D65 of sRGB bytes, (…, 3), after IEC 61966-2-1 and CIE 15."""
    value = rgb.astype(np.float64) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    t = linear @ to_xyz.T / np.array([0.95047, 1.0, 1.08883])
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack(
        (116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])), axis=-1
    )


def alike(rgb: NDArray[np.uint8], column: int, row: int, tolerance: float) -> Bools:
    """The pixels whose CIE 1976 colour difference from one of them is at most the tolerance."""
    near: Bools = np.linalg.norm(lab(rgb) - lab(rgb[row, column]), axis=-1) <= tolerance
    return near


def flooded(open_: Bools, column: int, row: int) -> Bools:
    """The open pixels that can be walked to over their sides, one step after the other."""
    height, width = open_.shape
    fenced = np.zeros((height + 2, width + 2), np.uint8)
    fenced[1:-1, 1:-1] = open_
    stride, cells = width + 2, bytearray(fenced.tobytes())
    start = (row + 1) * stride + column + 1
    ways = [start] if cells[start] else []
    if ways:
        cells[start] = 2
    while ways:
        at = ways.pop()
        for beside in (at - 1, at + 1, at - stride, at + stride):
            if cells[beside] == 1:
                cells[beside] = 2
                ways.append(beside)
    reached = np.frombuffer(cells, np.uint8).reshape(height + 2, width + 2)[1:-1, 1:-1]
    return np.asarray(reached == 2, np.bool_)


def agreement(found: Bools, expected: Bools) -> float:
    """Pixels in both over pixels in either."""
    return float((found & expected).sum() / (found | expected).sum())


def grown(marked: Bools) -> Bools:
    """With the eight neighbours of each marked pixel."""
    wide = np.pad(marked, 1)
    rows, columns = marked.shape
    parts = [wide[y : y + rows, x : x + columns] for y in range(3) for x in range(3)]
    return np.asarray(np.logical_or.reduce(parts), np.bool_)


def _steps(share: Reals) -> Bools:
    """Pixels beside one that is wholly different."""
    marked = np.zeros(share.shape, np.bool_)
    for axis in (0, 1):
        step = np.diff(share, axis=axis) != 0
        first, last = (np.s_[:-1], np.s_[1:]) if axis == 0 else (np.s_[:, :-1], np.s_[:, 1:])
        marked[first] |= step
        marked[last] |= step
    return marked


def _to_segment(x: Reals, y: Reals, a: Place, b: Place) -> Reals:
    """How far it is from each place to the nearest of the line from a to b."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    along = np.clip(((x - a[0]) * dx + (y - a[1]) * dy) / length, 0, 1) if length else np.zeros(np.shape(x))
    return np.hypot(x - a[0] - along * dx, y - a[1] - along * dy)
