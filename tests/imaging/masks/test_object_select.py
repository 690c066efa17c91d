"""Quick select on drawn objects, whose outline is known, and on photographs."""

import cv2
import numpy as np
import pytest
from tests.conftest import Photo
from tests.pixels import load_bgra

from overpaint.core.masks.mask_combine import MaskPatch
from overpaint.imaging.masks import object_select
from overpaint.imaging.masks.object_select import quick_select


def scene(width: int, height: int, centre: tuple[int, int], radius: int) -> tuple[np.ndarray, np.ndarray]:
    """A patterned orange disc before a patterned blue wall, and where the disc is."""
    rng = np.random.default_rng(1)
    wall = np.array([150, 90, 40]) + rng.normal(0, 12, (height, width, 1))
    ball = np.array([40, 120, 220]) + rng.normal(0, 12, (height, width, 1))
    ys, xs = np.ogrid[:height, :width]
    inside = np.hypot(xs + 0.5 - centre[0], ys + 0.5 - centre[1]) <= radius
    bgr = np.clip(np.where(inside[..., None], ball, wall), 0, 255).astype(np.uint8)
    return np.dstack([bgr, np.full((height, width), 255, np.uint8)]), inside


def stroke(shape: tuple[int, ...], points: list[tuple[int, int]], width: int) -> np.ndarray:
    strokes = np.zeros(shape[:2], np.uint8)
    cv2.polylines(strokes, [np.array(points, np.int32)], isClosed=False, color=255, thickness=width)
    return strokes


def whole(patch: MaskPatch, shape: tuple[int, ...]) -> np.ndarray:
    canvas = np.zeros(shape[:2], np.uint8)
    canvas[patch[0].slices] = patch[1]
    return canvas


def likeness(found: np.ndarray, wanted: np.ndarray) -> float:
    """Pixels in both by pixels in either."""
    return float((found & wanted).sum() / (found | wanted).sum())


@pytest.mark.parametrize(("width", "height"), [(300, 220), (1500, 1100)])
def test_stroke_inside_a_disc_finds_the_disc(width: int, height: int) -> None:
    bgra, inside = scene(width, height, (width // 2, height // 2), height // 4)
    strokes = stroke(bgra.shape, [(width // 2 - height // 8, height // 2), (width // 2, height // 2)], 9)

    found = whole(quick_select(bgra, strokes, None), bgra.shape) >= 128

    assert likeness(found, inside) > 0.97


def test_object_cut_off_by_the_picture_is_found_up_to_its_edge() -> None:
    bgra, inside = scene(400, 300, (200, 290), 80)

    found = (
        whole(quick_select(bgra, stroke(bgra.shape, [(180, 270), (220, 280)], 12), None), bgra.shape) >= 128
    )

    assert likeness(found, inside) > 0.95
    assert found[-1, 200]


def test_edge_at_full_size_is_as_sharp_as_the_picture() -> None:
    bgra, inside = scene(2400, 1800, (1200, 900), 400)

    coverage = whole(
        quick_select(bgra, stroke(bgra.shape, [(1000, 900), (1300, 1000)], 60), None), bgra.shape
    )

    wrong = np.count_nonzero((coverage >= 128) != inside)
    assert wrong / (2 * np.pi * 400) < 0.5  # pixels off along the outline; cells there are six pixels wide


def test_another_disc_of_the_same_colour_is_left_alone() -> None:
    bgra, first = scene(600, 300, (150, 150), 70)
    other, second = scene(600, 300, (450, 150), 70)
    bgra[second] = other[second]

    found = (
        whole(quick_select(bgra, stroke(bgra.shape, [(130, 150), (160, 150)], 9), None), bgra.shape) >= 128
    )

    assert likeness(found, first) > 0.95
    assert not found[second].any()


def test_what_was_selected_before_counts_as_part_of_the_object() -> None:
    bgra, inside = scene(400, 300, (200, 150), 70)
    previous = np.zeros(bgra.shape[:2], np.uint8)
    previous[60:100, 180:220] = 255

    found = whole(quick_select(bgra, stroke(bgra.shape, [(180, 150), (220, 150)], 9), previous), bgra.shape)

    assert (found[previous == 255] == 255).all()
    assert (found[inside] >= 128).mean() > 0.95


def test_every_painted_pixel_is_in_the_selection(photo: Photo) -> None:
    bgra = load_bgra(photo("chelsea.png"))
    strokes = stroke(bgra.shape, [(20, 20), (400, 280)], 3)

    found = whole(quick_select(bgra, strokes, None), bgra.shape)

    assert (found[strokes == 255] == 255).all()


def test_rocket_painted_along_its_middle_is_told_from_the_sky(photo: Photo) -> None:
    bgra = load_bgra(photo("rocket.png"))

    rect, coverage = quick_select(bgra, stroke(bgra.shape, [(322, 170), (322, 310)], 4), None)

    assert rect.x >= 290
    assert rect.right <= 355
    assert rect.height > 180
    assert 0.1 < (coverage >= 128).mean() < 0.9


def test_same_stroke_again_gives_the_same_selection(photo: Photo) -> None:
    bgra = load_bgra(photo("coffee.png"))
    strokes, before = stroke(bgra.shape, [(280, 170), (320, 190)], 8), bgra.copy()

    first, second = quick_select(bgra, strokes, None), quick_select(bgra, strokes, None)

    assert first[0] == second[0]
    assert np.array_equal(first[1], second[1])
    assert np.array_equal(bgra, before)


def test_nothing_painted_selects_nothing() -> None:
    rect, coverage = quick_select(scene(40, 30, (20, 15), 8)[0], np.zeros((30, 40), np.uint8), None)

    assert rect.empty
    assert coverage.shape == (0, 0)


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1), (3, 4)])
def test_tiny_picture_painted_over_is_selected(shape: tuple[int, int]) -> None:
    bgra = np.full((*shape, 4), 255, np.uint8)

    rect, coverage = quick_select(bgra, np.full(shape, 255, np.uint8), None)

    assert (rect.height, rect.width) == shape
    assert (coverage == 255).all()


@pytest.mark.parametrize("stem", ["chelsea", "astronaut"])
def test_blocks_left_out_hold_what_refining_everything_would(
    photo: Photo, stem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bgra = load_bgra(photo(f"{stem}.png", (2000, 1500)))
    strokes = stroke(bgra.shape, [(900, 300), (900, 700), (800, 1100)], 60)
    in_blocks = whole(quick_select(bgra, strokes, None), bgra.shape)
    monkeypatch.setattr(object_select, "_BLOCK", 10_000)

    everywhere = whole(quick_select(bgra, strokes, None), bgra.shape)

    assert np.abs(in_blocks.astype(int) - everywhere).max() <= 1
    assert 0 < np.count_nonzero(in_blocks) < in_blocks.size


def test_hair_of_a_stroke_in_a_large_picture_still_begins_the_object() -> None:
    bgra, inside = scene(1500, 1100, (750, 550), 275)

    found = whole(quick_select(bgra, stroke(bgra.shape, [(700, 550), (800, 550)], 1), None), bgra.shape)

    assert likeness(found >= 128, inside) > 0.9
