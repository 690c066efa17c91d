"""Edits by words on decoded pictures: what they do, where, and what they say of it."""

import numpy as np
import pytest
from tests.conftest import Photo
from tests.pixels import load_rgba

from overpaint.core.request.model_table import ModelTable
from overpaint.core.request.sizes import Size, SizeRules
from overpaint.imaging.offline_edit.edit import Rendered, render
from overpaint.imaging.offline_edit.edit_order import EditOrder, target_size
from overpaint.imaging.offline_edit.fit import crop_box, fit
from overpaint.imaging.offline_edit.inputs import Inputs


@pytest.fixture
def coffee(photo: Photo) -> np.ndarray:
    return load_rgba(photo("coffee.png"))


def _edited(first: np.ndarray, prompt: str, hole: np.ndarray | None = None, **order: object) -> Rendered:
    inputs = Inputs(first, hole, order.pop("references", []))  # type: ignore[arg-type]
    *_, last = render(inputs, EditOrder(prompt=prompt, **order))  # type: ignore[arg-type]
    return last


def _luma(pixels: np.ndarray) -> float:
    return float((pixels[..., :3] @ [0.299, 0.587, 0.114]).mean())


def _spread(pixels: np.ndarray) -> float:
    return float((pixels[..., :3].max(axis=2).astype(int) - pixels[..., :3].min(axis=2)).mean())


def _detail(pixels: np.ndarray) -> float:
    return float(np.abs(np.diff(pixels[..., :3].astype(int), axis=1)).mean())


def _balance(pixels: np.ndarray) -> float:
    return float(pixels[..., 0].mean() - pixels[..., 2].mean())


@pytest.mark.parametrize(
    ("less", "more", "measure"),
    [
        ("darken it", "brighten it", _luma),
        ("cooler", "warmer", _balance),
        ("desaturate it", "more vivid", _spread),
        ("black and white", "desaturate it", _spread),
        ("blur it", "sharpen it", _detail),
        ("slightly brighter", "much brighter", _luma),
        ("less contrast", "more contrast", lambda pixels: float(pixels[..., :3].std())),
    ],
)
def test_words_when_opposite_then_they_pull_to_opposite_sides(
    coffee: np.ndarray, less: str, more: str, measure
):
    low, high = (measure(_edited(coffee, prompt).pixels) for prompt in (less, more))

    assert low < high
    if less not in ("black and white", "slightly brighter"):
        assert low < measure(coffee) < high


def test_grey_when_done_then_no_colour_is_left(coffee: np.ndarray):
    assert _spread(_edited(coffee, "black and white").pixels) == 0


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("mirror it", lambda pixels: pixels[:, ::-1]),
        ("flip it vertically", lambda pixels: pixels[::-1]),
        ("rotate by 180 degrees", lambda pixels: pixels[::-1, ::-1]),
        ("rotate it", lambda pixels: np.rot90(pixels, -1)),
        ("rotate by 90 degrees left", lambda pixels: np.rot90(pixels, 1)),
    ],
)
def test_turns_when_whole_then_exact(coffee: np.ndarray, prompt: str, expected):
    assert np.array_equal(_edited(coffee, prompt).pixels, expected(coffee[..., :3]))


def test_rotation_when_oblique_then_no_corner_is_empty(coffee: np.ndarray):
    turned = _edited(np.full_like(coffee, 255), "rotate by 20 degrees").pixels

    assert turned.shape == (400, 600, 3)
    assert turned.min() == 255


@pytest.mark.parametrize(
    "prompt", ["make it much darker", "recolour it blue", "rotate it", "blur the background"]
)
def test_mask_when_there_is_one_then_nothing_outside_it_changes(coffee: np.ndarray, prompt: str):
    hole = np.zeros(coffee.shape[:2], bool)
    hole[100:250, 200:450] = True

    pixels = _edited(coffee, prompt, hole).pixels

    assert np.array_equal(pixels[~hole], coffee[..., :3][~hole])
    assert not np.array_equal(pixels[hole], coffee[..., :3][hole])


def test_recolour_when_masked_then_the_colour_is_the_named_one(coffee: np.ndarray):
    hole = np.zeros(coffee.shape[:2], bool)
    hole[100:250, 200:450] = True

    red, green, blue = (
        _edited(coffee, "make it blue", hole).pixels[120:230, 220:430].reshape(-1, 3).mean(axis=0)
    )

    assert blue > red
    assert blue > green


@pytest.mark.parametrize(
    ("prompt", "masked", "words"),
    [
        ("remove the spoon", True, "Offline engine, no AI: filled the masked area from its surroundings."),
        ("a castle at night", True, "Offline engine, no AI: filled the masked area from its surroundings."),
        ("remove the spoon", False, "Offline engine, no AI: removed nothing, since nothing was painted."),
        ("make it red", False, "Offline engine, no AI: recoloured nothing, since nothing was painted."),
        (
            "a castle at night",
            False,
            "Offline engine, no AI: changed nothing, since it knows none of these words and nothing was "
            "painted.",
        ),
        ("slightly warmer", True, "Offline engine, no AI: made warmer by 15 %."),
        ("rotate it", False, "Offline engine, no AI: rotated by 90° clockwise."),
    ],
)
def test_done_when_told_then_what_was_done(coffee: np.ndarray, prompt: str, words: str, *, masked: bool):
    hole = np.zeros(coffee.shape[:2], bool)
    hole[200:260, 300:380] = True

    assert _edited(coffee, prompt, hole if masked else None).done == words


def test_fill_when_everything_is_painted_then_the_picture_stays_and_that_is_said(coffee: np.ndarray):
    done = _edited(coffee, "remove it", np.ones(coffee.shape[:2], bool))

    assert "everything was painted" in done.done
    assert np.array_equal(done.pixels, coffee[..., :3])


def test_references_when_given_then_colours_move_toward_them_and_that_is_said(coffee: np.ndarray):
    blue = np.full((64, 64, 3), (30, 60, 200), np.uint8)

    moved = _edited(coffee, "a castle", references=[blue])

    assert _balance(moved.pixels) < _balance(coffee) - 20
    assert "colours half-way to those of the further pictures" in moved.done


def test_background_when_transparent_then_alpha_and_when_opaque_then_none(photo: Photo):
    rocket = load_rgba(photo("rocket.png"))

    cut = _edited(rocket, "a castle", background="transparent", alpha=True)
    kept = _edited(rocket, "a castle", background="opaque", alpha=True)

    assert cut.pixels.shape[2] == 4
    assert 0 < (cut.pixels[..., 3] == 0).mean() < 1
    assert kept.pixels.shape[2] == 3


def test_alpha_when_the_model_has_none_then_white_shows_through(coffee: np.ndarray):
    see_through = coffee.copy()
    see_through[:100, :, 3] = 0

    pixels = _edited(see_through, "a castle").pixels

    assert pixels.shape[2] == 3
    assert (pixels[:100] == 255).all()


@pytest.mark.parametrize("partials", [0, 1, 2, 3])
def test_render_when_partials_are_asked_then_numbered_before_each_result(coffee: np.ndarray, partials: int):
    made = [*render(Inputs(coffee), EditOrder("brighter", n=2, partials=partials))]

    numbers = [*range(partials), None]
    assert [(one.index, one.partial) for one in made] == [(index, one) for index in (0, 1) for one in numbers]
    assert all(one.pixels.shape == (*coffee.shape[:2], 3) for one in made)


def test_quality_when_low_then_said_and_coarser(coffee: np.ndarray):
    hole = np.zeros(coffee.shape[:2], bool)
    hole[150:300, 200:400] = True

    low, high = (_edited(coffee, "remove it", hole, quality=quality) for quality in ("low", "high"))

    assert "half the resolution" in low.done
    assert _detail(low.pixels[155:295, 205:395]) < _detail(high.pixels[155:295, 205:395])


@pytest.mark.parametrize(
    ("model", "first", "expected"),
    [
        ("gpt-image-2", Size(1536, 1024), Size(1536, 1024)),
        ("gpt-image-2", Size(600, 400), Size(1008, 672)),
        ("gpt-image-1.5", Size(600, 400), Size(1536, 1024)),
        ("gpt-image-1.5", Size(300, 500), Size(1024, 1536)),
        ("unknown", Size(7680, 4320), Size(3840, 2160)),
    ],
)
def test_target_when_auto_then_the_models_nearest(model: str, first: Size, expected: Size):
    rules = ModelTable.load().find(model).sizes

    assert target_size(EditOrder("x", rules=rules), first) == expected


def test_target_when_turned_by_a_quarter_then_the_other_way_up():
    assert target_size(EditOrder("rotate it", rules=SizeRules()), Size(600, 400)) == Size(400, 600)
    assert target_size(EditOrder("rotate it", rules=SizeRules()), Size(600, 400), masked=True) == Size(
        600, 400
    )


def test_fit_when_the_size_is_the_same_then_the_same_array(coffee: np.ndarray):
    assert fit(coffee, Size(600, 400)) is coffee


@pytest.mark.parametrize(
    ("target", "box"),
    [
        (Size(300, 200), (0, 0, 600, 400)),
        (Size(303, 200), (0, 0, 600, 400)),
        (Size(400, 400), (100, 0, 500, 400)),
        (Size(600, 200), (0, 100, 600, 300)),
    ],
)
def test_crop_when_aspects_differ_then_the_middle_is_kept(target: Size, box: tuple[float, ...]):
    assert crop_box(Size(600, 400), target) == pytest.approx(box)
