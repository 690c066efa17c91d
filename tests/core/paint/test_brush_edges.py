"""How exactly strokes follow the shape that they stand for."""

import math

import numpy as np
import pytest

from overpaint.core.masks.mask import Mask
from overpaint.core.masks.undo_history import History
from overpaint.core.paint.brush_stroke import Brush, Stroke

WIDTH, HEIGHT = 420, 300

Points = list[tuple[float, float]]


def draw(mask: Mask, brush: Brush, points: Points) -> None:
    stroke = Stroke(mask, History(), brush)
    stroke.begin(*points[0])
    for point in points[1:]:
        stroke.extend(*point)
    stroke.finish()


def capsule(
    width: int, height: int, start: tuple[float, float], end: tuple[float, float], radius: float
) -> np.ndarray:
    """The share of every pixel within ``radius`` of the line from start to end, 0 to 255, by 1024 samples."""
    dx, dy = end[0] - start[0], end[1] - start[1]

    def distance(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        along = np.clip(((x - start[0]) * dx + (y - start[1]) * dy) / max(dx * dx + dy * dy, 1e-9), 0.0, 1.0)
        return np.hypot(x - start[0] - along * dx, y - start[1] - along * dy)

    ys, xs = np.mgrid[:height, :width] + 0.5
    from_edge = distance(xs, ys) - radius
    shares = np.where(from_edge < 0.0, 255.0, 0.0)
    edge = np.abs(from_edge) < 0.75
    offsets = (np.arange(32) + 0.5) / 32 - 0.5
    fine = distance(xs[edge][:, None, None] + offsets, ys[edge][:, None, None] + offsets[:, None])
    shares[edge] = (fine <= radius).mean(axis=(1, 2)) * 255.0
    return shares


@pytest.mark.parametrize("diameter", [2, 3, 7.5, 20, 61, 200, 300])
@pytest.mark.parametrize("angle", [0.0, 0.3, math.pi / 4, 2.0, 4.4])
def test_hard_stroke_always_follows_the_exact_shape_closely(diameter: float, angle: float) -> None:
    start = (200.37, 151.81)
    end = (start[0] + 71.3 * math.cos(angle), start[1] + 71.3 * math.sin(angle))
    mask = Mask(WIDTH, HEIGHT)

    draw(mask, Brush(diameter), [start, end])

    exact = capsule(WIDTH, HEIGHT, start, end, diameter / 2)
    error = np.abs(mask.coverage - exact)
    edge = (exact > 0.0) & (exact < 255.0)
    assert error[edge].mean() <= 10
    assert error.max() <= 40


@pytest.mark.parametrize("place", [(200.0, 150.0), (200.5, 150.5), (200.91, 149.07)])
@pytest.mark.parametrize("diameter", [2, 5, 40, 290])
def test_single_dab_is_an_anti_aliased_disc(place: tuple[float, float], diameter: float) -> None:
    mask = Mask(WIDTH, HEIGHT)

    draw(mask, Brush(diameter), [place])

    error = np.abs(mask.coverage - capsule(WIDTH, HEIGHT, place, place, diameter / 2))
    assert error.max() <= 40


@pytest.mark.parametrize("diameter", [1000, 2000])
def test_largest_brushes_are_as_exact(diameter: int) -> None:
    mask = Mask(300, 300)
    start, end = (150.3 - diameter / 2, 100.0), (150.3 - diameter / 2, 240.0)

    draw(mask, Brush(diameter), [start, *((start[0], 100.0 + 10.0 * move) for move in range(1, 15))])

    error = np.abs(mask.coverage - capsule(300, 300, start, end, diameter / 2))
    assert error.max() <= 40


def test_hardness_spreads_the_edge_inwards() -> None:
    profiles = []
    for hardness in (1.0, 0.5, 0.0):
        mask = Mask(WIDTH, HEIGHT)
        draw(mask, Brush(200, hardness), [(200.5, 150.5)])
        profiles.append(mask.coverage[150, 200:305].astype(int))

    hard, medium, soft = profiles
    assert (np.diff(soft) <= 0).all()
    assert (hard >= medium).all()
    assert (medium >= soft).all()
    assert [np.count_nonzero(profile == 255) for profile in profiles] == [
        100,
        pytest.approx(52, abs=4),
        pytest.approx(5, abs=4),
    ]
    assert soft[50] == pytest.approx(128, abs=4)
