"""Rectangles, ellipses and polygons as coverage, against areas computed another way."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask_combine import MaskPatch
from overpaint.core.request.sizes import Size
from overpaint.imaging.masks.shapes import Point, ellipse, polygon, rectangle

SIZE = Size(60, 50)
FINE = 16
"""Samples a pixel along each side in the comparisons."""

numbers = st.floats(-40, 100).map(lambda number: round(number, 4))
corners = st.tuples(numbers, numbers)


def whole(patch: MaskPatch, size: Size = SIZE) -> np.ndarray:
    """The patch's coverage over the whole picture, as float."""
    rect, coverage = patch
    assert coverage.dtype == np.uint8
    assert Rect(0, 0, size.width, size.height).contains(rect)
    canvas = np.zeros((size.height, size.width))
    canvas[rect.slices] = coverage
    return canvas


def samples() -> tuple[np.ndarray, np.ndarray]:
    """x and y of a fine grid over the picture."""
    steps = [(np.arange(side * FINE) + 0.5) / FINE for side in (SIZE.width, SIZE.height)]
    xs, ys = np.meshgrid(*steps)
    return xs, ys


def averaged(inside: np.ndarray) -> np.ndarray:
    """The share of each pixel's samples that lie inside, 0 to 255."""
    return np.asarray(inside.reshape(SIZE.height, FINE, SIZE.width, FINE).mean(axis=(1, 3)) * 255)


def winding(points: list[Point], xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    """How often the closed line through `points` goes round each sample, by counting crossings."""
    turns = np.zeros(xs.shape, int)
    for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True):
        if y0 == y1:
            continue
        crossing = x0 + (ys - y0) * (x1 - x0) / (y1 - y0) <= xs
        turns += crossing & (y0 <= ys) & (ys < y1)
        turns -= crossing & (y1 <= ys) & (ys < y0)
    return turns


def on_an_edge(points: list[Point], xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    """Which samples lie so near the line through `points` that rounding may take them to either side."""
    near = np.zeros(xs.shape, bool)
    for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True):
        length = max(math.hypot(x1 - x0, y1 - y0), 1e-12)
        near |= np.abs((xs - x0) * (y1 - y0) - (ys - y0) * (x1 - x0)) / length < 1e-3
    return near


@given(corners, corners)
def test_rectangle_between_any_corners_covers_its_exact_area(a: Point, b: Point) -> None:
    left, right = sorted((a[0], b[0]))
    top, bottom = sorted((a[1], b[1]))
    across = [max(0.0, min(x + 1, right) - max(x, left)) for x in range(SIZE.width)]
    down = [max(0.0, min(y + 1, bottom) - max(y, top)) for y in range(SIZE.height)]

    coverage = whole(rectangle(a, b, SIZE))

    assert np.abs(coverage - np.outer(down, across) * 255).max() <= 0.51


@pytest.mark.parametrize(
    ("a", "b"),
    [((5.2, 3.7), (40.1, 44.9)), ((-20, -10), (30, 30)), ((90, 20.3), (30.2, 80)), ((10, 10), (11, 11)),
     ((-500, -500), (600, 600)), ((3, 20), (57, 20.4))],
)  # fmt: skip
def test_ellipse_between_corners_matches_the_equation(a: Point, b: Point) -> None:
    xs, ys = samples()
    centre, radii = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), (abs(b[0] - a[0]) / 2, abs(b[1] - a[1]) / 2)
    inside = ((xs - centre[0]) / radii[0]) ** 2 + ((ys - centre[1]) / radii[1]) ** 2 <= 1

    error = np.abs(whole(ellipse(a, b, SIZE)) - averaged(inside))

    edge = error[error > 0]
    assert error.max() <= 12  # of which the comparison's own samples make up most
    assert not edge.size or edge.mean() <= 8


@pytest.mark.parametrize("radius", [0.4, 3.3, 20.0, 900.0])
def test_disc_has_the_area_of_a_circle(radius: float) -> None:
    size = Size(2000, 2000)
    a, b = (1000.3 - radius, 999.6 - radius), (1000.3 + radius, 999.6 + radius)

    area = whole(ellipse(a, b, size), size).sum() / 255

    assert area == pytest.approx(math.pi * radius**2, rel=0.002)


@settings(max_examples=60)
@given(st.lists(corners, min_size=3, max_size=3))
def test_triangle_anywhere_covers_its_area(points: list[Point]) -> None:
    inside = winding(points, *samples()) != 0

    error = np.abs(whole(polygon(points, SIZE)) - averaged(inside))

    assert error.mean() <= 2
    assert error.max() <= 255 * 3 / FINE


@settings(max_examples=60)
@given(st.lists(corners, min_size=3, max_size=12))
def test_polygon_without_smooth_edges_takes_centres_by_the_non_zero_rule(points: list[Point]) -> None:
    xs, ys = np.meshgrid(np.arange(SIZE.width) + 0.5, np.arange(SIZE.height) + 0.5)
    wanted = (winding(points, xs, ys) != 0) * 255

    coverage = whole(polygon(points, SIZE, smooth=False))

    wrong = coverage != wanted
    assert not wrong[~on_an_edge(points, xs, ys)].any()


@given(st.lists(corners, min_size=3, max_size=12))
def test_polygon_either_way_round_is_the_same(points: list[Point]) -> None:
    there, back = polygon(points, SIZE), polygon(points[::-1], SIZE)

    assert there[0] == back[0]
    assert np.abs(there[1].astype(int) - back[1]).max(initial=0) <= 1


def test_lasso_that_overlaps_itself_has_no_hole() -> None:
    square: list[Point] = [(10, 10), (40, 10), (40, 40), (10, 40)]

    coverage = whole(polygon(square + square[:1] + [(20, 20), (50, 20), (50, 45), (20, 45), (20, 20)], SIZE))

    assert (coverage[21:39, 21:39] == 255).all()
    assert (coverage[41:44, 41:49] == 255).all()


def test_star_is_filled_in_its_middle() -> None:
    points = [(30 + 20 * math.sin(turn * 4 * math.pi / 5), 25 - 20 * math.cos(turn * 4 * math.pi / 5))
              for turn in range(5)]  # fmt: skip

    coverage = whole(polygon(points, SIZE))

    assert coverage[25, 30] == 255


def test_polygon_on_whole_pixels_has_no_grey() -> None:
    coverage = whole(polygon([(3, 4), (20, 4), (20, 30), (3, 30)], SIZE))

    assert np.array_equal(coverage, whole(rectangle((3, 4), (20, 30), SIZE)))
    assert set(np.unique(coverage)) == {0, 255}


def test_polygon_far_beyond_the_picture_is_cut_at_its_edges() -> None:
    coverage = whole(polygon([(-1e7, -1e7), (1e7, -1e7), (1e7, 1e7), (-1e7, 1e7)], SIZE))

    assert (coverage == 255).all()


@pytest.mark.parametrize("points", [[], [(1, 1)], [(1, 1), (9, 9)], [(70, 70), (80, 70), (80, 90)],
                                    [(-9, 5), (-3, 5), (-3, 20)]])  # fmt: skip
def test_polygon_that_holds_no_pixel_is_an_empty_patch(points: list[Point]) -> None:
    rect, coverage = polygon(points, SIZE)

    assert rect.empty
    assert coverage.shape == (0, 0)


@pytest.mark.parametrize("shape", [rectangle, ellipse])
def test_shape_between_corners_outside_is_an_empty_patch(shape: type) -> None:
    for a, b in [((70, 3), (90, 9)), ((5, 5), (5, 9)), ((-9, -9), (-1, -1))]:
        assert shape(a, b, SIZE)[0].empty


def test_point_that_is_no_number_is_refused() -> None:
    for act in (rectangle, ellipse):
        with pytest.raises(ValueError, match="finite"):
            act((1, 1), (math.nan, 9), SIZE)
    with pytest.raises(ValueError, match="finite"):
        polygon([(1, 1), (math.inf, 9), (4, 4)], SIZE)


def test_polygon_of_a_hundred_corners_at_full_size_matches_coarser_samples() -> None:
    size, rng = Size(3840, 2160), np.random.default_rng(4)
    turns = np.sort(rng.uniform(0, 2 * np.pi, 100))
    points = [(1900 + 1500 * math.cos(t), 1000 + 900 * math.sin(t)) for t in turns]
    xs, ys = np.meshgrid(np.arange(5, 3840, 40) + 0.5, np.arange(5, 2160, 40) + 0.5)

    coverage = whole(polygon(points, size), size)[5::40, 5::40]

    clear = (coverage == 0) | (coverage == 255)
    assert np.array_equal(coverage[clear] == 255, winding(points, xs, ys)[clear] != 0)
    assert clear.mean() > 0.98
