"""Prices: the published counts to the token, the published dollars to the tenth of a cent."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.core.request import sizes
from overpaint.core.request.model_table import ModelSpec, ModelTable, Prices
from overpaint.core.request.params import EditParams
from overpaint.core.request.sizes import Size, SizeRules
from overpaint.core.results import prices
from overpaint.core.results.prices import (
    Estimate,
    cost,
    estimate,
    gpt_image_2_tokens,
    output_tokens,
    patched_tokens,
    picture_tokens,
)
from overpaint.core.results.usage import Usage

TABLE = ModelTable.load()
TWO = TABLE.find("gpt-image-2")
SQUARE, WIDE, TALL = Size(1024, 1024), Size(1536, 1024), Size(1024, 1536)

PUBLISHED = [
    (Size(1024, 1024), (196, 1756, 7024), 0.211),
    (Size(1536, 1024), (158, 1372, 5488), 0.165),
    (Size(2048, 1152), (157, 1413, 5650), 0.170),
    (Size(2048, 2048), (397, 3568, 14272), 0.428),
    (Size(2560, 1440), (205, 1843, 7370), 0.221),
    (Size(3840, 2160), (371, 3336, 13342), 0.400),
]
SETTLED = EditParams(prompt="", size="1024x1024", quality="low", stream=False)


# --- tokens of a result


@pytest.mark.parametrize(("size", "counts", "dollars"), PUBLISHED)
def test_gpt_image_2_tokens_are_the_published_counts(size, counts, dollars):
    assert tuple(gpt_image_2_tokens(quality, size) for quality in ("low", "medium", "high")) == counts


@pytest.mark.parametrize(("size", "counts", "dollars"), PUBLISHED)
def test_gpt_image_2_high_costs_the_published_dollars(size, counts, dollars):
    sum_ = estimate(SETTLED.replace(size=str(size), quality="high"), TWO, ())

    assert sum_.high == pytest.approx(dollars, abs=0.0006)


@given(st.integers(1, 240), st.integers(1, 240), st.sampled_from(("low", "medium", "high")))
def test_gpt_image_2_tokens_are_the_same_upright_and_lying(wide, high, quality):
    lying, upright = Size(16 * wide, 16 * high), Size(16 * high, 16 * wide)

    assert gpt_image_2_tokens(quality, lying) == gpt_image_2_tokens(quality, upright)


@pytest.mark.parametrize("model", ["gpt-image-1", "gpt-image-1.5"])
@pytest.mark.parametrize(
    ("quality", "counts"),
    [("low", (272, 408, 400)), ("medium", (1056, 1584, 1568)), ("high", (4160, 6240, 6208))],
)
def test_output_tokens_of_the_elder_models_are_the_published_counts(model, quality, counts):
    spec = TABLE.find(model)

    assert tuple(output_tokens(spec, quality, size) for size in (SQUARE, TALL, WIDE)) == counts


@pytest.mark.parametrize(
    ("quality", "dollars"),
    [("low", (0.005, 0.006, 0.006)), ("medium", (0.011, 0.015, 0.015)), ("high", (0.036, 0.052, 0.052))],
)
def test_estimate_of_the_mini_model_is_the_published_dollars(quality, dollars):
    spec = TABLE.find("gpt-image-1-mini")

    sums = [
        estimate(SETTLED.replace(size=str(size), quality=quality), spec, ()).high
        for size in (SQUARE, TALL, WIDE)
    ]

    assert sums == pytest.approx(dollars)


@pytest.mark.parametrize("model", ["gpt-image-2.5-flare", "gpt-image-2.6-flare", "house-brand"])
@pytest.mark.parametrize("quality", ["auto", "high", "max"])
def test_estimate_without_published_counts_is_not_known(model, quality):
    found = estimate(SETTLED.replace(quality=quality), TABLE.find(model), (SQUARE,))

    assert found == Estimate()
    assert found.words() == ""


# --- tokens of what goes up


@pytest.mark.parametrize(
    ("size", "tokens"),
    [
        (Size(512, 512), 1024),
        (Size(1024, 1024), 1024),
        (Size(2048, 2048), 1521),
        (Size(4096, 4096), 1521),
        (Size(1024, 1536), 1536),
    ],
)
def test_image_tokens_are_the_measured_counts(size, tokens):
    assert patched_tokens(size) == tokens


def tokens_in_whole_numbers(width: int, height: int) -> int:
    """The same rule without a fraction: both sides are counted in parts of a pixel."""
    parts = max(512, min(1024, max(width, height)))  # a part is 1024 / parts pixels
    width, height = 3 * 1024 * width, 3 * 1024 * height
    width, height = max(width, height // 3), max(height, width // 3)
    columns, rows = (-(-side // (3 * 32 * parts)) for side in (width, height))
    if columns * rows <= 1536:
        return columns * rows
    return math.isqrt(1536 * width // height) * math.isqrt(1536 * height // width)


@given(st.integers(1, 8192), st.integers(1, 8192))
def test_image_tokens_of_any_size_agree_with_whole_numbers(width, height):
    assert patched_tokens(Size(width, height)) == tokens_in_whole_numbers(width, height)


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_image_tokens_of_any_size_stay_within_the_budget(width, height):
    assert 1 <= patched_tokens(Size(width, height)) <= 1536


TILED = ("gpt-image-1", "gpt-image-1.5", "gpt-image-1-mini")


@pytest.mark.parametrize("model", TILED)
@pytest.mark.parametrize(
    ("size", "tokens", "more"),
    [
        (Size(1024, 1024), 194, 4096),
        (Size(64, 64), 194, 4096),
        (Size(4096, 4096), 194, 4096),
        (Size(1024, 1025), 194, 4096),
        (Size(1000, 1024), 194, 4096),
        (Size(1024, 1536), 323, 6144),
        (Size(1536, 1024), 323, 6144),
        (Size(2048, 1024), 323, 6144),
        (Size(2049, 1024), 452, 6144),
        (Size(512, 2048), 581, 6144),
        (Size(100, 8000), 581, 6144),
    ],
)
def test_pictures_for_the_elder_models_are_counted_in_tiles(model, size, tokens, more):
    assert picture_tokens(size, TABLE.find(model)) == tokens
    assert picture_tokens(size, TABLE.find(model), faithful=True) == tokens + more


@pytest.mark.parametrize(("model", "adds"), [("gpt-image-1", True), ("gpt-image-1-mini", False)])
def test_high_fidelity_is_priced_for_each_picture_where_the_model_has_it(model, adds):
    spec = TABLE.find(model)
    pictures = (SQUARE, TALL)
    assert spec.prices is not None
    usual = estimate(SETTLED, spec, pictures).images_in
    faithful = estimate(SETTLED.replace(input_fidelity="high"), spec, pictures).images_in

    assert usual == pytest.approx((194 + 323) * spec.prices.image_in / 1_000_000)
    assert faithful - usual == pytest.approx(adds * (4096 + 6144) * spec.prices.image_in / 1_000_000)


# --- the sum


def test_estimate_of_a_settled_edit_adds_up_its_parts():
    params = SETTLED.replace(prompt="a" * 400, stream=True, partial_images=3)

    found = estimate(params, TWO, (SQUARE, TALL))

    assert found.text_in == pytest.approx(100 * 5e-6)
    assert found.images_in == pytest.approx((1024 + 1536) * 8e-6)
    assert found.output == pytest.approx(196 * 30e-6)
    assert found.partials == pytest.approx(0.009)
    assert found.low == found.high == pytest.approx(0.0005 + 0.02048 + 0.00588 + 0.009)


def test_estimate_of_several_variations_bills_each_result_but_the_input_once():
    one, four = (estimate(SETTLED.replace(n=n), TWO, (SQUARE,)) for n in (1, 4))

    assert four.output == pytest.approx(4 * one.output)
    assert four.images_in == one.images_in


def test_estimate_of_partials_without_a_stream_is_nothing():
    assert estimate(SETTLED.replace(stream=False, partial_images=3), TWO, ()).partials == 0


def test_estimate_of_partials_on_a_model_that_sends_none_is_nothing():
    spec = ModelSpec("x", ("*",), streams=False, prices=Prices(5, 8, 30), token_formula="gpt-image-2")

    assert estimate(SETTLED.replace(stream=True, partial_images=3), spec, ()).partials == 0


def test_estimate_with_auto_size_and_quality_is_a_range_over_all_of_them():
    found = estimate(SETTLED.replace(size="auto", quality="auto"), TWO, ())

    assert found.low == pytest.approx(158 * 30e-6)
    assert found.high == pytest.approx(7024 * 30e-6)


def test_estimate_with_auto_size_ranges_over_the_sizes_a_model_lists():
    sizes = SizeRules(listed=("512x512", "256x256"))
    counts = {"low": {"512x512": 200, "256x256": 50}}
    spec = ModelSpec("x", ("*",), sizes=sizes, prices=Prices(1, 1, 10), output_tokens=counts)

    found = estimate(SETTLED.replace(size="auto"), spec, ())

    assert (found.low, found.high) == pytest.approx((50 * 10e-6, 200 * 10e-6))


def test_estimate_on_a_plus_model_ignores_the_quality_it_refuses():
    spec = TABLE.find("gpt-image-2-plus")

    found = estimate(SETTLED.replace(quality="low"), spec, ())

    assert (found.low, found.high) == pytest.approx((196 * 30e-6, 7024 * 30e-6))


@given(st.floats(0, 100), st.integers(1, 10), st.sampled_from(("auto", "low", "high")))
def test_estimate_grows_with_the_endpoint_multiplier(multiplier, n, quality):
    params = SETTLED.replace(n=n, quality=quality, prompt="Remove the balloon")

    plain, dearer = estimate(params, TWO, (WIDE,)), estimate(params, TWO, (WIDE,), multiplier)

    assert (dearer.low, dearer.high) == pytest.approx((plain.low * multiplier, plain.high * multiplier))
    assert dearer.high == pytest.approx(dearer.text_in + dearer.images_in + dearer.output + dearer.partials)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.165, 0.165, "$0.17"),
        (0.0123, 0.4281, "$0.01 – $0.43"),
        (0.0047, 0.2107, "$0.005 – $0.21"),
        (0.0, 0.0, "free"),
        (1.5, 1.5, "$1.50"),
    ],
)
def test_words_of_an_estimate_are_a_price_or_a_range(low, high, words):
    assert Estimate(low, high, known=True).words() == words


# --- what it did cost


def test_cost_of_reported_usage_charges_each_kind_at_its_price():
    assert cost(Usage(1_000_000, 0, 0), TWO) == pytest.approx(5)
    assert cost(Usage(0, 1_000_000, 0), TWO) == pytest.approx(8)
    assert cost(Usage(0, 0, 1_000_000), TWO, multiplier=1.5) == pytest.approx(45)


def test_cost_of_the_documented_reply_is_its_sum():
    assert cost(Usage(16, 832, 196), TWO) == pytest.approx(16 * 5e-6 + 832 * 8e-6 + 196 * 30e-6)


def test_cost_on_a_model_without_prices_is_not_known():
    assert cost(Usage(1, 1, 1), TABLE.find("gpt-image-2.6-flare")) is None


@given(st.integers(40, 240), st.integers(40, 240), st.sampled_from(("low", "medium", "high")))
def test_cheaper_size_is_legal_close_by_and_saves_a_tenth_or_nothing_is_said(
    columns: int, rows: int, quality: str
) -> None:
    spec = ModelTable.load().find("gpt-image-2")
    size = Size(16 * columns, 16 * rows)

    found = prices.cheaper_nearby(EditParams(size=str(size), quality=quality), spec)

    if found is None:
        return
    near, saved = found
    before, after = (prices.gpt_image_2_tokens(quality, one) for one in (size, near))
    assert sizes.is_legal(near, spec.sizes)
    assert sizes.is_legal(size, spec.sizes)
    assert abs(near.area / size.area - 1) <= 0.08
    assert saved == 1 - after / before
    assert after <= 0.9 * before


@pytest.mark.parametrize(
    ("model", "quality", "size"),
    [
        ("gpt-image-2", "auto", "2048x2048"),
        ("gpt-image-2", "high", "auto"),
        ("gpt-image-1", "high", "1024x1024"),
    ],
)
def test_cheaper_size_where_no_price_is_known_says_nothing(model: str, quality: str, size: str) -> None:
    params = EditParams(model=model, quality=quality, size=size)

    assert prices.cheaper_nearby(params, ModelTable.load().find(model)) is None


# --- prices of one's own


def test_prices_of_ones_own_hold_for_estimates_and_costs_until_they_are_taken_back():
    table = ModelTable.load()
    asked = SETTLED.replace(prompt="four", quality="low")
    shipped = estimate(asked, table.find("gpt-image-2"), (SQUARE,))

    table.use_prices({"gpt-image-2": Prices(50, 80, 300)})
    own = table.find("gpt-image-2-plus")

    assert estimate(asked, table.find("gpt-image-2"), (SQUARE,)).high == pytest.approx(10 * shipped.high)
    assert cost(Usage(1_000_000, 1_000_000, 1_000_000), own) == 430
    table.use_prices({})
    assert estimate(asked, table.find("gpt-image-2"), (SQUARE,)) == shipped


def test_prices_of_ones_own_move_what_is_listed_in_dollars_along():
    table = ModelTable.load()
    shipped = estimate(SETTLED, table.find("gpt-image-1-mini"), ())

    table.use_prices({"gpt-image-1-mini": Prices(2, 2.5, 16)})

    assert estimate(SETTLED, table.find("gpt-image-1-mini"), ()).output == pytest.approx(2 * shipped.output)


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 7000))
def test_cost_of_input_that_was_kept_is_its_own_price_and_never_more_than_the_rest(text, image, cached):
    reported = {
        "input_tokens": text + image,
        "input_tokens_details": {"text_tokens": text, "image_tokens": image, "cached_tokens": cached},
        "output_tokens": 10,
    }
    usage = Usage.from_wire(reported)
    assert usage is not None
    spec = msgspec.structs.replace(TWO, prices=Prices(5, 8, 30, cached=1))

    dollars = cost(usage, spec)

    kept = min(cached, text + image)
    from_pictures = min(kept, image)
    rest = 5 * (text - (kept - from_pictures)) + 8 * (image - from_pictures)
    assert dollars == pytest.approx((rest + kept + 300) / 1e6)
    assert cost(usage, TWO) == pytest.approx((5 * text + 8 * image + 300) / 1e6)


def test_usage_with_kept_input_reads_back_as_it_was_written():
    usage = Usage(16, 832, 196, 500)

    assert Usage.from_wire(usage.wire()) == usage
