"""What a composite promises: nothing outside of the mask changes, all of the result shows well inside it."""

import io

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from overpaint.core.masks.geometry import Rect
from overpaint.core.results.blending import BY_SIZE, ColourMatch, Seam
from overpaint.core.results.result_placement import Affine, Placement
from overpaint.imaging.compositing import compose as composing
from overpaint.imaging.compositing import share as sharing
from overpaint.imaging.compositing.compose import compose, count_changed
from overpaint.imaging.compositing.layer import Layer
from overpaint.imaging.compositing.mix import mix
from overpaint.imaging.compositing.png_rows import encode_png
from overpaint.imaging.compositing.share import grown, share_of

KINDS = ("noise", "full", "empty", "one pixel", "border", "soft", "disc")


@st.composite
def cases(draw):
    """A picture, a result, a mask, how the result lies, and a seam."""
    width, height = draw(st.integers(8, 120)), draw(st.integers(8, 120))
    channels, seed = draw(st.sampled_from([3, 4])), draw(st.integers(0, 10_000))
    random = np.random.default_rng(seed)
    picture = random.integers(0, 256, (height, width, channels), np.uint8)
    size = draw(st.sampled_from([(width, height), (width * 2, height), (width // 2 + 1, height + 3)]))
    result = random.integers(0, 256, (size[1], size[0], channels), np.uint8)
    shift = draw(st.floats(-4, 4)), draw(st.floats(-4, 4))
    zoom = draw(st.sampled_from([1.0, 0.97, 1.02]))
    where = Affine(zoom * size[0] / width, 0.01, shift[0], -0.01, zoom * size[1] / height, shift[1])
    seam = Seam(feather=draw(st.sampled_from([BY_SIZE, 0.0, 1.0, 5.0, 24.0])), grow=draw(st.integers(-3, 3)))
    coverage = masked(draw(st.sampled_from(KINDS)), height, width, random)
    return picture, Layer(result, (width, height), Placement(where)), coverage, seam


def masked(kind: str, height: int, width: int, random: np.random.Generator) -> np.ndarray:
    coverage = np.zeros((height, width), np.uint8)
    match kind:
        case "noise":
            coverage[random.random((height, width)) < 0.3] = 255
        case "full":
            coverage[...] = 255
        case "one pixel":
            coverage[height // 2, width // 3] = 255
        case "border":
            coverage[:, :3] = 255
        case "soft":
            coverage[...] = np.linspace(0, 255, width).astype(np.uint8)
        case "disc":
            cv2.circle(coverage, (width // 2, height // 2), min(width, height) // 3, 255, -1)
    return coverage


def outside_is_identical(picture, layer, coverage, seam) -> bool:
    kept = compose(picture, [(layer, coverage)], seam)
    outside = grown(coverage, seam.grow) == 0
    return bool(np.array_equal(kept[outside], picture[outside]))


@settings(max_examples=500)
@given(cases())
def test_outside_of_the_mask_every_pixel_is_the_picture_s_own(case) -> None:
    assert outside_is_identical(*case)
    picture, layer, coverage, seam = case
    kept = compose(picture, [(layer, coverage)], seam)
    outside, changed = count_changed(kept, picture, [(layer, coverage)], seam)
    assert changed == 0
    assert outside == (grown(coverage, seam.grow) == 0).sum()


@pytest.mark.parametrize("mistake", ["ramp both ways", "grown by one", "mixed in floats", "resized whole"])
def test_that_promise_is_broken_by_each_mistake_that_others_make(monkeypatch, photo, mistake) -> None:
    picture = np.asarray(Image.open(photo("coffee.png")).convert("RGB"))
    result = 255 - picture
    coverage = masked("disc", 400, 600, np.random.default_rng(1))
    layer = Layer(result, (600, 400), Placement(Affine()))
    match mistake:
        case "ramp both ways":
            blurred = lambda share, _: cv2.GaussianBlur(share, (0, 0), 4)  # noqa: E731
            monkeypatch.setattr(composing, "share_of", blurred)
        case "grown by one":
            wider = lambda share, feather: share_of(grown(share, 1), feather)  # noqa: E731
            monkeypatch.setattr(composing, "share_of", wider)
        case "mixed in floats":
            rounded = lambda a, b, s: (a + (b - a.astype(float)) * (s[..., None] + 1) / 256).astype(np.uint8)  # noqa: E731
            monkeypatch.setattr(composing, "mix", rounded)
        case "resized whole":
            picture_there_and_back = np.asarray(
                cv2.resize(cv2.resize(picture, (500, 333)), (600, 400)), np.uint8
            )
            kept = compose(picture_there_and_back, [(layer, coverage)], Seam())
            assert not np.array_equal(kept[coverage == 0], picture[coverage == 0])
            return

    assert not outside_is_identical(picture, layer, coverage, Seam(feather=0))


@given(st.integers(0, 10_000))
def test_mix_is_the_nearest_whole_value(seed) -> None:
    random = np.random.default_rng(seed)
    before, after = (random.integers(0, 256, (9, 7, 3), np.uint8) for _ in range(2))
    share = random.integers(0, 256, (9, 7), np.uint8)
    exact = before + (after.astype(float) - before) * (share[..., None] / 255.0)

    mixed = mix(before, after, share)

    assert np.abs(mixed - exact).max() <= 0.5 + 1e-9
    assert np.array_equal(mixed[share == 0], before[share == 0])
    assert np.array_equal(mixed[share == 255], after[share == 255])


def test_whole_share_is_the_result_and_no_feather_is_the_mask(photo) -> None:
    picture = np.asarray(Image.open(photo("coffee.png")).convert("RGB"))
    layer = Layer(255 - picture, (600, 400), Placement(Affine()))
    full = np.full(picture.shape[:2], 255, np.uint8)

    assert np.array_equal(compose(picture, [(layer, full)], Seam()), 255 - picture)
    soft = masked("soft", 400, 600, np.random.default_rng(1))
    assert np.array_equal(share_of(soft, 0), soft)


def test_share_rises_from_the_edge_inwards_and_never_above_the_mask() -> None:
    coverage = np.zeros((80, 80), np.uint8)
    coverage[20:60, 20:60] = 200

    share = share_of(coverage, 12)

    row = share[40, 20:40].astype(int)
    assert row[0] == 0
    assert (np.diff(row) >= 0).all()
    assert share.max() == 200
    assert not share[coverage == 0].any()


def test_border_of_the_picture_is_no_edge_of_the_mask() -> None:
    coverage = np.full((40, 40), 255, np.uint8)

    assert (share_of(coverage, 12) == 255).all()
    assert (grown(coverage, -3) == 255).all()


def test_results_lie_over_each_other_in_their_order() -> None:
    picture = np.zeros((30, 30, 3), np.uint8)
    one, other = (
        Layer(np.full((30, 30, 3), value, np.uint8), (30, 30), Placement(Affine())) for value in (90, 200)
    )
    full, half = np.full((30, 30), 255, np.uint8), np.zeros((30, 30), np.uint8)
    half[:, 15:] = 255

    kept = compose(picture, [(one, full), (other, half)], Seam(feather=0))

    assert (kept[:, :15] == 90).all()
    assert (kept[:, 15:] == 200).all()


def test_colours_are_taken_over_in_part_by_their_strength() -> None:
    result = np.full((10, 10, 3), 100, np.uint8)
    brighter = ColourMatch(matrix=(1, 0, 0, 40, 0, 1, 0, 40, 0, 0, 1, 40))
    layer = Layer(result, (10, 10), Placement(Affine()), brighter)

    whole = layer.pixels(Rect(0, 0, 10, 10)).copy()
    layer.set_strength(0.5)

    assert (whole == 140).all()
    assert (layer.pixels(Rect(0, 0, 10, 10)) == 120).all()


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_png_holds_the_very_pixels_and_is_the_same_each_time(channels) -> None:
    random = np.random.default_rng(channels)
    shape = (123, 77) if channels == 1 else (123, 77, channels)
    pixels = random.integers(0, 256, shape, np.uint8)

    data = encode_png(pixels)

    assert np.array_equal(np.asarray(Image.open(io.BytesIO(data))), pixels)
    assert encode_png(pixels.copy()) == data


def test_sharing_module_finds_no_box_where_nothing_is_painted() -> None:
    assert sharing.box_of(np.zeros((5, 5), np.uint8)).empty
