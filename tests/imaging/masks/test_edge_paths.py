"""Outlines that snap to edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import Photo
from tests.pixels import load_bgra

from overpaint.core.masks.pyramid import half_sizes
from overpaint.imaging.masks.edge_paths import Scissors


def disc(side: int, radius: float) -> np.ndarray:
    """A light disc in the middle of a dark picture."""
    ys, xs = np.ogrid[:side, :side]
    inside = np.hypot(xs + 0.5 - side / 2, ys + 0.5 - side / 2) <= radius
    bgr = np.where(inside[..., None], np.uint8(220), np.uint8(30)).repeat(3, axis=2)
    return np.dstack([bgr, np.full((side, side), 255, np.uint8)])


def strays(path: np.ndarray, side: int, radius: float) -> np.ndarray:
    """How far each point lies from the circle."""
    return np.abs(np.hypot(path[:, 0] - side / 2, path[:, 1] - side / 2) - radius)


def test_path_between_two_points_of_a_circle_runs_along_it() -> None:
    scissors = Scissors(disc(300, 100))
    scissors.anchor(50, 150)

    path = scissors.path_to(150, 50)

    assert strays(path, 300, 100).max() <= 2.5
    assert len(path) > 80


def test_path_far_beyond_the_first_grid_still_runs_along_the_circle() -> None:
    scissors = Scissors(disc(1600, 600))
    scissors.anchor(200, 800)

    path = scissors.path_to(800, 200)

    assert strays(path, 1600, 600).max() <= 12  # one cell there is four pixels wide
    assert len(path) > 100


@settings(max_examples=40)
@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_path_in_any_picture_goes_from_anchor_to_pointer_inside_it(
    width: int, height: int, data: st.DataObject
) -> None:
    rng = np.random.default_rng(width)
    scissors = Scissors(rng.integers(0, 256, (height, width, 4), np.uint8))
    xs, ys = st.floats(-5, width + 5), st.floats(-5, height + 5)
    start, end = (data.draw(xs), data.draw(ys)), (data.draw(xs), data.draw(ys))

    scissors.anchor(*start)
    path = scissors.path_to(*end)

    low, high = (0.5, 0.5), (width - 0.5, height - 0.5)
    assert path.shape[1] == 2
    assert np.array_equal(path[0], np.clip(start, low, high))
    assert np.array_equal(path[-1], np.clip(end, low, high))
    assert (path >= 0).all()
    assert (path <= (width, height)).all()


@pytest.mark.parametrize("far", [120, 300, 560])
def test_path_has_no_gap_at_any_distance(photo: Photo, far: int) -> None:
    scissors = Scissors(load_bgra(photo("retina.jpg")))
    scissors.anchor(700, 700)

    path = scissors.path_to(700 + far, 690)

    cell = max(1, 2 * far // 160)
    assert np.abs(np.diff(path, axis=0)).max() <= 2 * cell


def test_new_anchor_begins_new_paths() -> None:
    scissors = Scissors(disc(300, 100))
    scissors.anchor(50, 150)
    scissors.path_to(150, 50)

    scissors.anchor(150, 50)

    path = scissors.path_to(250, 150)
    assert np.array_equal(path[0], (150, 50))
    assert np.abs(path[1] - path[0]).max() <= 1.5
    assert strays(path, 300, 100).max() <= 2.5


def test_half_size_copies_that_are_given_lead_the_same_way_as_those_made_here() -> None:
    picture = disc(1600, 600)
    copies = half_sizes(picture)[1:]
    paths = []

    for scissors in (Scissors(picture), Scissors(picture, copies)):
        scissors.anchor(200, 800)
        paths.append(scissors.path_to(800, 200))

    assert strays(paths[1], 1600, 600).max() <= 12
    assert len(paths[1]) == pytest.approx(len(paths[0]), rel=0.05)
