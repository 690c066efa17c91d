"""Results found again on their pictures, whatever a service did to them, and others refused."""

import cv2
import numpy as np
import pytest
from PIL import Image
from tests.drift.simulator import Move, drift

from overpaint.core.masks.geometry import Rect
from overpaint.core.results.result_placement import Affine
from overpaint.imaging.compositing.warp import placed, places_of
from overpaint.imaging.registration.register import Interrupted, register

NAMES = ("coffee.png", "astronaut.png", "chelsea.png", "motorcycle_left.png", "retina.jpg", "rocket.jpg")
MOVES = {
    "moved": Move(dx=3.3, dy=-2.1, zoom=0.985, jpeg=90, softness=0.6),
    "turned and tinted": Move(
        dx=-7,
        dy=5,
        zoom=1.021,
        turn=0.9,
        gamma=0.95,
        gains=(1.04, 0.97, 0.95),
        offset=3,
        uneven=0.03,
        jpeg=88,
    ),
    "redrawn by 15 %": Move(dx=5, dy=4, zoom=0.975, redrawn=0.15, softness=0.7, jpeg=88),
    "redrawn by 40 %": Move(dx=-4, dy=6, zoom=1.01, turn=-0.5, redrawn=0.40, softness=0.7, jpeg=88),
    "of another size": Move(dx=4, dy=-3, zoom=0.98, size=(720, 480), jpeg=92, gamma=1.07),
}


def picture(photo, name: str, longer_side: int = 900) -> np.ndarray:
    image = Image.open(photo(name)).convert("RGB")
    scale = longer_side / max(image.size)
    return np.asarray(image.resize((round(image.width * scale), round(image.height * scale))))


def disc(shape: tuple[int, ...]) -> np.ndarray:
    mask = np.zeros(shape[:2], np.uint8)
    cv2.circle(mask, (int(shape[1] * 0.45), int(shape[0] * 0.5)), int(min(shape[:2]) * 0.18), 255, -1)
    return mask


def error(pixels: np.ndarray, mask: np.ndarray, move: Move) -> float:
    """By how many picture pixels, in the mean, the result is off around the mask."""
    truth = drift(pixels, mask, move)
    found = register(pixels, truth.result, mask)
    assert found.way == "aligned"
    height, width = pixels.shape[:2]
    x, y = places_of(found.map, found.bend, Rect(0, 0, width, height))
    ring = (cv2.dilate(mask, np.ones((9, 9), np.uint8)) > 0) & (mask == 0)
    off = np.hypot(x + 0.5 - truth.x, y + 0.5 - truth.y)[ring].mean()
    return float(off * width / truth.result.shape[1])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("move", MOVES)
def test_result_is_found_again_to_a_quarter_of_a_pixel(photo, name, move) -> None:
    pixels = picture(photo, name)

    assert error(pixels, disc(pixels.shape), MOVES[move]) <= 0.25


@pytest.mark.parametrize("name", NAMES[:4])
def test_bent_result_is_found_again_where_it_counts(photo, name) -> None:
    pixels = picture(photo, name)

    assert error(pixels, disc(pixels.shape), Move(dx=4, dy=4, zoom=0.99, bend=2.5, jpeg=90)) <= 0.6


@pytest.mark.parametrize("name", NAMES)
def test_other_pictures_are_refused(photo, name) -> None:
    pixels = picture(photo, name, 700)
    others = [picture(photo, other, 700) for other in NAMES if other != name]

    ways = {register(pixels, other).way for other in (*others[:3], 255 - pixels, pixels[:, ::-1].copy())}

    assert ways == {"not aligned"}


def test_same_picture_lies_where_it_lay_and_is_not_resampled(photo) -> None:
    pixels = picture(photo, "coffee.png")

    found = register(pixels, pixels, disc(pixels.shape))

    assert found.map == Affine()
    assert found.way == "aligned"
    window = Rect(100, 80, 200, 150)
    assert np.array_equal(placed(pixels, found, window), pixels[window.slices])


def test_same_pictures_make_the_same_placement(photo) -> None:
    pixels = picture(photo, "coffee.png")
    came = drift(pixels, disc(pixels.shape), MOVES["turned and tinted"]).result

    assert register(pixels, came, disc(pixels.shape)) == register(pixels, came, disc(pixels.shape))


def test_flat_drawing_is_aligned_by_its_brightness() -> None:
    drawing = np.full((600, 800, 3), 235, np.uint8)
    cv2.circle(drawing, (300, 320), 170, (60, 90, 200), -1, cv2.LINE_AA)
    cv2.circle(drawing, (590, 240), 110, (210, 120, 60), -1, cv2.LINE_AA)
    mask = np.zeros((600, 800), np.uint8)
    mask[60:130, 60:150] = 255

    assert error(drawing, mask, Move(dx=6, dy=-4, zoom=0.99)) <= 1.5


@pytest.mark.parametrize(
    ("size", "framing"), [((900, 600), "stretch"), ((600, 600), "cover"), ((900, 900), "contain")]
)
def test_other_shape_is_framed_as_it_was_meant(photo, size, framing) -> None:
    pixels = np.asarray(Image.open(photo("coffee.png")).convert("RGB"))
    scale = {"stretch": 1.5, "cover": 1.5, "contain": 1.5}[framing]
    whole = cv2.resize(pixels, None, fx=scale, fy=scale)
    came = np.zeros((size[1], size[0], 3), np.uint8)
    left, top = (size[0] - whole.shape[1]) // 2, (size[1] - whole.shape[0]) // 2
    for y in range(max(0, top), min(size[1], top + whole.shape[0])):
        row = whole[y - top]
        came[y, max(0, left) : max(0, left) + min(size[0], len(row))] = row[max(0, -left) :][: size[0]]

    found = register(pixels, came)

    assert found.framing == framing
    assert found.way == "aligned"
    assert found.map.scale == pytest.approx(1.5, abs=0.01)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 500, 3), (40, 40, 4), (300, 200, 1)])
def test_odd_results_are_no_error(photo, shape) -> None:
    pixels = picture(photo, "coffee.png")
    odd = np.full(shape, 77, np.uint8)

    found = register(pixels, odd, disc(pixels.shape))

    assert found.way in ("as it came", "not aligned")


def test_picture_without_any_detail_is_no_error() -> None:
    flat = np.full((300, 400, 3), 90, np.uint8)

    assert register(flat, flat).way in ("as it came", "not aligned", "aligned")


def test_work_ends_as_soon_as_nobody_waits_for_it(photo) -> None:
    pixels = picture(photo, "coffee.png")

    with pytest.raises(Interrupted):
        register(pixels, pixels, goes_on=lambda: False)
