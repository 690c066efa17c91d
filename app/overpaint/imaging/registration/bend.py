"""What a similarity leaves: a smooth field of small steps, where the service has bent the picture."""

import numpy as np
from numpy.typing import NDArray

from overpaint.core.results.result_placement import Affine, Bend
from overpaint.imaging.registration.tracks import Tracks
from overpaint.imaging.registration.views import View

WORTH_IT = 0.5
"""Picture pixels of a median step from which on a bend is looked for."""

LEFT_OVER = 0.6
"""Of the median step, at most, so that the bend is believed."""

_CELLS = 24
_PASSES = (2.0, 1.2)
_LARGEST = 7.5
_FEWEST = 60
_STEPS_A_PIXEL = 16

Floats = NDArray[np.float64]


def bend_of(view: View, where: Affine, tracks: Tracks) -> Bend | None:
    """The bend of the part that ``view`` shows, once the result lies as ``where`` says; None where there is
    none to speak of, or none that can be trusted.

    ``tracks`` are in view pixels.
    """
    place = tracks.before.astype(float) / _scale(view) + (view.window.x, view.window.y)
    step = _left(view, where, tracks, place)
    small = np.abs(step).max(axis=1) < _LARGEST if len(step) else np.zeros(0, np.bool_)
    place, step = place[small], step[small]
    before = _median(step)
    if len(place) < _FEWEST or before <= WORTH_IT:
        return None
    cell = max(view.window.width, view.window.height) / _CELLS
    columns, rows = (int(side / cell) + 2 for side in (view.window.width, view.window.height))
    at = (place - (view.window.x, view.window.y)) / cell
    nodes = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1).astype(float)
    field, left = np.zeros((rows, columns, 2)), step.copy()
    for width in _PASSES:
        kept = np.hypot(*(left - np.median(left, axis=0)).T) < max(3.0 * _median(left), 1.0)
        field += _spread(nodes, at[kept], left[kept], width)
        left = step - _between(field, at)
    if _median(left) > LEFT_OVER * before:
        return None
    steps = np.clip(np.round(field * _STEPS_A_PIXEL), -127, 127).astype(np.int8)
    return Bend(cell, columns, rows, float(view.window.x), float(view.window.y), steps.tobytes())


def _left(view: View, where: Affine, tracks: Tracks, place: Floats) -> Floats:
    """By how many picture pixels each track is off."""
    seen = tracks.after.astype(float) / _scale(view) + (view.window.x, view.window.y)
    frame, back = view.frame, where.inverse
    x = frame.a * seen[:, 0] + frame.b * seen[:, 1] + frame.tx
    y = frame.c * seen[:, 0] + frame.d * seen[:, 1] + frame.ty
    return np.stack([back.a * x + back.b * y + back.tx, back.c * x + back.d * y + back.ty], axis=1) - place


def _scale(view: View) -> Floats:
    return np.array([view.width / view.window.width, view.height / view.window.height])


def _median(steps: Floats) -> float:
    return float(np.median(np.hypot(*steps.T))) if len(steps) else 0.0


def _spread(nodes: Floats, at: Floats, steps: Floats, width: float) -> Floats:
    """At each node the mean of the steps around it, the nearer ones counting more."""
    away = ((nodes[:, :, None, :] - at[None, None]) ** 2).sum(axis=-1)
    weight = np.exp(-away / (2.0 * width * width)) + 1e-12
    return np.asarray((weight[..., None] * steps).sum(axis=2) / weight.sum(axis=2)[..., None])


def _between(field: Floats, at: Floats) -> Floats:
    """The field at places given in cells, interpolated between its nodes."""
    rows, columns = field.shape[:2]
    x, y = np.clip(at[:, 0], 0, columns - 1.001), np.clip(at[:, 1], 0, rows - 1.001)
    left, top = x.astype(int), y.astype(int)
    right, down = (x - left)[:, None], (y - top)[:, None]
    upper = field[top, left] * (1 - right) + field[top, left + 1] * right
    lower = field[top + 1, left] * (1 - right) + field[top + 1, left + 1] * right
    return np.asarray(upper * (1 - down) + lower * down)
