"""Brings the colours of a result to those of its picture, by what both show outside of the mask.

First a curve for each channel, through medians, then a matrix of 3 x 3 with an offset: by Tukey's biweight,
so that what was redrawn doesn't count. All in code values, 0 to 255.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from overpaint.core.results.blending import ColourMatch
from overpaint.imaging.compositing.mix import Pixels

_SAMPLES = 20_000
_LEAST_SAMPLES = 200
_BINS = 24
_IN_A_BIN = 24
_ROUNDS = 4
_TUKEY = 4.685
_LEAST_SPREAD = 1.0
_HELD = 2000.0
"""How firmly a channel is held to itself where there is little to tell otherwise, in samples."""

_AROUND = 4.0
_TOGETHER = 0.6
_FLAT = 2.0
_TOO_FAR = 15.0
"""Code values that are left, on the whole, from which on there was nothing to go by."""

Floats = NDArray[np.float64]


def fit(before: Pixels, after: Pixels, outside: NDArray[np.bool_]) -> ColourMatch:
    """What makes ``after`` look like ``before`` where ``outside`` says that both show the same.

    Both are uint8 (height, width, 3), ``outside`` is (height, width). Nothing changes where there is too
    little to go by, nor where nothing differs.
    """
    places = np.flatnonzero(outside)
    if len(places) < _LEAST_SAMPLES:
        return ColourMatch()
    places = places[:: max(1, len(places) // _SAMPLES)]
    x = after.reshape(-1, 3)[places].astype(float)
    y = before.reshape(-1, 3)[places].astype(float)
    curves = [_curve(x[:, channel], y[:, channel]) for channel in range(3)]
    bent = np.stack([curve[x[:, channel].astype(int)] for channel, curve in enumerate(curves)], axis=1)
    matrix, weight = _matrix(bent, y)
    off = np.abs(y - bent @ matrix[:3] - matrix[3]).max(axis=1)
    if float(np.median(off)) > _TOO_FAR:
        return ColourMatch()
    return ColourMatch(
        b"".join(np.clip(np.round(curve), 0, 255).astype(np.uint8).tobytes() for curve in curves),
        tuple(round(float(value), 6) for value in np.vstack([matrix[:3], matrix[3:]]).T.reshape(-1)),
        trusted=round(float((weight > 0).mean()), 4),
        residual=round(float(np.median(off)), 3),
    )


def alike(before: Pixels, after: Pixels) -> NDArray[np.bool_]:
    """Where two pictures, uint8 (height, width, 3), show the same drawing whatever their colours: around each
    place their brightness rises and falls together, or is flat in both."""
    one, other = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32) for picture in (before, after))
    one, other = (picture - _around(picture) for picture in (one, other))
    both, first, second = _around(one * other), _around(one * one), _around(other * other)
    together = both / np.sqrt(first * second + 1e-3)
    flat = np.maximum(first, second) < _FLAT * _FLAT
    return np.asarray((together > _TOGETHER) | flat)


def apply(picture: Pixels, match: ColourMatch, strength: float = 1.0) -> Pixels:
    """The picture with its colours brought over, wholly for a ``strength`` of 1 and not at all for 0: uint8
    (height, width, 3)."""
    if strength <= 0 or match == ColourMatch(trusted=match.trusted, residual=match.residual):
        return picture
    curves = np.frombuffer(match.curves, np.uint8).reshape(3, 256).T
    plain = np.repeat(np.arange(256)[:, None], 3, axis=1)
    table = np.round(plain + strength * (curves - plain)).astype(np.uint8)
    bent = cv2.LUT(picture, np.ascontiguousarray(table[None]))
    matrix = np.array(match.matrix).reshape(3, 4)
    eased = np.eye(3, 4) + strength * (matrix - np.eye(3, 4))
    return np.asarray(cv2.transform(bent, eased), dtype=np.uint8)


def _curve(x: Floats, y: Floats) -> Floats:
    """What to make of each value of a channel: the median of how far the samples near it are off."""
    order = np.argsort(x, kind="stable")
    count = min(_BINS, max(1, len(x) // _IN_A_BIN))
    centres, steps = [], []
    for part in np.array_split(order, count):
        centres.append(float(np.median(x[part])))
        steps.append(float(np.median(y[part] - x[part])))
    values = np.arange(256.0)
    found: dict[float, list[float]] = {}
    for centre, step in zip(centres, steps, strict=True):
        found.setdefault(centre, []).append(step)
    known = sorted(found)
    curve = values + np.interp(values, known, [float(np.mean(found[one])) for one in known])
    return np.asarray(np.maximum.accumulate(np.clip(curve, 0.0, 255.0)))


def _matrix(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Four rows (three channels and an offset) by three columns, and the weight of each sample."""
    design = np.hstack([x, np.ones((len(x), 1))])
    matrix = np.vstack([np.eye(3), np.zeros((1, 3))])
    weight = np.ones(len(x))
    middle, spread = x.mean(axis=0), x.std(axis=0)
    hold = np.diag([*(np.maximum(spread, _LEAST_SPREAD) ** 2), 1.0]) * _HELD / _TUKEY
    centred = design - np.append(middle, 0.0)
    for _ in range(_ROUNDS):
        error = np.abs(y - design @ matrix).max(axis=1)
        scale = max(1.4826 * float(np.median(error)), _LEAST_SPREAD)
        near = np.clip(1.0 - (error / (_TUKEY * scale)) ** 2, 0.0, None)
        weight = near * near
        normal = (centred * weight[:, None]).T @ centred + hold
        step = np.linalg.solve(normal, (centred * weight[:, None]).T @ (y - x))
        matrix = np.vstack([np.eye(3) + step[:3], step[3:] - middle @ step[:3]])
    return matrix, weight


def _around(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), _AROUND), dtype=np.float32)
