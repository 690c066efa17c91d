"""Presets: every one legal on every model, and as near to what it is named after as any legal size."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.core.request.model_table import ModelTable
from overpaint.core.request.size_presets import NEAR_AREA, PRESETS, SizePreset, fitted, offered
from overpaint.core.request.sizes import Size, SizeRules, is_legal, legal_sides

TABLE = ModelTable.load()
FOUR_RULES = TABLE.find("gpt-image-2").sizes
LEGAL = [Size(*map(int, sides)) for sides in zip(*legal_sides(FOUR_RULES), strict=True)]


@pytest.mark.parametrize("model", TABLE.offered())
def test_preset_on_any_model_is_legal_and_named_once(model: str) -> None:
    rules = TABLE.find(model).sizes

    found = offered(rules)

    assert found
    assert all(is_legal(size, rules) for _, size in found)
    titles = [(preset.group, preset.title) for preset, _ in found]
    assert len(set(titles)) == len(titles)


def stray(size: Size, wish: Size) -> float:
    return round(abs(math.log(size.width / size.height) - math.log(wish.width / wish.height)), 9)


def best_by_hand(wish: Size) -> tuple[float, int]:
    area = min(max(wish.area, FOUR_RULES.min_area), FOUR_RULES.max_area)
    near = [size for size in LEGAL if abs(size.area - area) <= NEAR_AREA * area]
    return min((stray(size, wish), abs(size.area - area)) for size in near)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.title)
def test_preset_keeps_its_ratio_as_well_as_any_size_of_its_kind(preset: SizePreset) -> None:
    size = fitted(preset.size, FOUR_RULES)

    assert size is not None
    assert size == preset.size or stray(size, preset.size) == best_by_hand(preset.size)[0]
    assert stray(size, preset.size) < 0.01


@given(st.integers(1, 6000), st.integers(1, 6000))
def test_wish_of_any_size_becomes_the_legal_one_that_is_nearest_by_ratio_and_then_by_pixels(
    width: int, height: int
) -> None:
    wish = Size(width, height)

    size = fitted(wish, FOUR_RULES)

    assert size is not None
    assert is_legal(size, FOUR_RULES)
    if is_legal(wish, FOUR_RULES):
        assert size == wish
    else:
        area = min(max(wish.area, FOUR_RULES.min_area), FOUR_RULES.max_area)
        assert (stray(size, wish), abs(size.area - area)) == best_by_hand(wish)


@pytest.mark.parametrize(
    ("title", "size"),
    [
        ("Square 1:1", "1024x1024"),
        ("Screen 16:9", "2048x1152"),
        ("4K landscape", "3840x2160"),
        ("Post 4:5", "1088x1360"),
        ("Story 9:16", "1088x1936"),
        ("Banner 3:1", "1488x496"),
    ],
)
def test_preset_becomes_the_size_one_expects(title: str, size: str) -> None:
    found = {preset.title: str(fit) for preset, fit in offered(FOUR_RULES)}

    assert found[title] == size


def test_presets_of_a_model_that_lists_its_sizes_are_those() -> None:
    rules = TABLE.find("gpt-image-1").sizes

    assert [(preset.title, str(size)) for preset, size in offered(rules)] == [
        ("Square", "1024x1024"), ("Lying", "1536x1024"), ("Upright", "1024x1536"),
    ]  # fmt: skip


def test_wish_without_rules_stays_as_it_is() -> None:
    assert fitted(Size(1080, 1350), SizeRules()) == Size(1080, 1350)
