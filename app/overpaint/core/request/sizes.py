"""Picture sizes: what a model takes, why a size is refused, and the nearest sizes that it does take.

A model either lists its sizes (the gpt-image-1 family) or states four rules (gpt-image-2 and later):
longest edge, common multiple of the sides, aspect ratio, and pixel count.
"""

import math
import re
from fractions import Fraction
from functools import lru_cache

import msgspec
import numpy as np
from numpy.typing import NDArray

_WORDS = re.compile(
    r"\s*(?P<edge>[124]k)?\s*(?:(?P<wide>[0-9]{1,3})\s*[:/]\s*(?P<high>[0-9]{1,3}))?\s*", re.IGNORECASE
)
_LONG_SIDES = {"1k": 1024, "2k": 2048, "4k": 3840}
_USUAL_AREA = 1536 * 1024
_DIMENSIONS = re.compile(r"\s*([0-9]{1,6})\s*[x×*]\s*([0-9]{1,6})\s*", re.IGNORECASE)


class Size(msgspec.Struct, frozen=True, order=True):
    """A width and a height in pixels, both positive."""

    width: int
    height: int

    @property
    def area(self) -> int:
        """Pixels in all."""
        return self.width * self.height

    @property
    def aspect(self) -> float:
        """Width divided by height."""
        return self.width / self.height

    @property
    def ratio_words(self) -> str:
        """The ratio as it is usually written: ``3:2``, or ``≈ 16:9`` when it is only close."""
        exact = Fraction(self.width, self.height)
        named = next((ratio for ratio in _COMMON_RATIOS if Fraction(*ratio) == exact), None)
        if named is not None:
            return f"{named[0]}:{named[1]}"
        if exact.numerator <= 21 and exact.denominator <= 21:
            return f"{exact.numerator}:{exact.denominator}"
        near = min(_COMMON_RATIOS, key=lambda ratio: abs(math.log(self.aspect * ratio[1] / ratio[0])))
        if abs(math.log(self.aspect * near[1] / near[0])) < 0.03:
            return f"≈ {near[0]}:{near[1]}"
        return f"{self.aspect:.2f}:1"

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


_WIDE_RATIOS = ((5, 4), (4, 3), (3, 2), (16, 10), (16, 9), (2, 1), (21, 9), (3, 1))
_COMMON_RATIOS = ((1, 1), *_WIDE_RATIOS, *((low, high) for high, low in _WIDE_RATIOS))


class SizeRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What sizes a model takes: ``listed`` names them all, otherwise the four limits hold.

    ``max_edge`` pixels, ``multiple`` of both sides, ``max_ratio`` long side to short side, and
    ``min_area``/``max_area`` pixels. A limit of 0 is not checked.
    """

    listed: tuple[str, ...] = ()
    max_edge: int = 0
    multiple: int = 0
    max_ratio: float = 0
    min_area: int = 0
    max_area: int = 0
    experimental_area: int = 0
    """Sizes with more pixels than this work but are called experimental by the service; 0: none are."""

    def __post_init__(self) -> None:
        for text in self.listed:
            if str(parse(text)) != text:
                raise ValueError(f"{text!r} is no size: write it like 1536x1024")


class RuleCheck(msgspec.Struct, frozen=True):
    """One rule held against one size: its name, whether it holds, the rule with its own number in
    words (``edge ≤ 3840``), and the sentence to show when it does not hold."""

    rule: str
    ok: bool
    label: str
    message: str


def parse(text: str) -> Size | None:
    """``1536x1024`` (also ``1536 × 1024``) as a :class:`Size`; None for anything else or a zero side."""
    match = _DIMENSIONS.fullmatch(text)
    if match is None:
        return None
    width, height = int(match[1]), int(match[2])
    return Size(width, height) if width and height else None


def wished(text: str, rules: SizeRules) -> Size | None:
    """The legal size that common names for sizes ask for: ``1920x1080``, ``16:9``, ``4k``, ``2k 3:2``.

    A ratio alone takes about the area of 1536 x 1024, a resolution alone the ratio 16:9 with ``4k`` meaning
    3840 pixels on the long side and ``2k`` 2048. The nearest legal size by ratio stands for one that isn't
    legal. None where the words mean nothing, or the model has no size.
    """
    size = parse(text) or _in_words(text)
    return None if size is None else size if is_legal(size, rules) else nearest(size, rules).get("ratio")


def _in_words(text: str) -> Size | None:
    match = _WORDS.fullmatch(text)
    if match is None or not (match["edge"] or match["wide"]):
        return None
    wide, high = (int(match["wide"]), int(match["high"])) if match["wide"] else (16, 9)
    if not wide or not high:
        return None
    if match["edge"]:
        scale = _LONG_SIDES[match["edge"].lower()] / max(wide, high)
    else:
        scale = math.sqrt(_USUAL_AREA / (wide * high))
    return Size(max(1, round(wide * scale)), max(1, round(high * scale)))


def checks(size: Size, rules: SizeRules) -> tuple[RuleCheck, ...]:
    """Every rule of a model held against a size, in the order in which they are shown."""
    if rules.listed:
        return (_listed_check(size, rules),)
    made = (_edge_check, _multiple_check, _ratio_check, _area_check)
    return tuple(check for make in made if (check := make(size, rules)) is not None)


def is_legal(size: Size, rules: SizeRules) -> bool:
    """Whether every rule holds."""
    if rules.listed:
        return str(size) in rules.listed
    long_side, short_side = max(size.width, size.height), min(size.width, size.height)
    if rules.max_edge and long_side > rules.max_edge:
        return False
    if rules.multiple and (size.width % rules.multiple or size.height % rules.multiple):
        return False
    if rules.max_ratio and long_side > rules.max_ratio * short_side:
        return False
    return size.area >= rules.min_area and (not rules.max_area or size.area <= rules.max_area)


def _listed_check(size: Size, rules: SizeRules) -> RuleCheck:
    offered = ", ".join(rules.listed)
    return RuleCheck(
        "listed", str(size) in rules.listed, f"one of {offered}", f"This model takes only {offered}."
    )


def _edge_check(size: Size, rules: SizeRules) -> RuleCheck | None:
    if not rules.max_edge:
        return None
    side = "Width" if size.width >= size.height else "Height"
    return RuleCheck(
        "edge",
        max(size.width, size.height) <= rules.max_edge,
        f"edge ≤ {rules.max_edge}",
        f"{side} must be at most {rules.max_edge}.",
    )


def _multiple_check(size: Size, rules: SizeRules) -> RuleCheck | None:
    if not rules.multiple:
        return None
    sides = (("Width", size.width), ("Height", size.height))
    wrong = [(name, side) for name, side in sides if side % rules.multiple]
    name, side = wrong[0] if wrong else sides[0]
    below = max(rules.multiple, side // rules.multiple * rules.multiple)
    return RuleCheck(
        "multiple",
        not wrong,
        f"multiple of {rules.multiple}",
        f"{name} must be a multiple of {rules.multiple}: try {below} or {below + rules.multiple}.",
    )


def _ratio_check(size: Size, rules: SizeRules) -> RuleCheck | None:
    if not rules.max_ratio:
        return None
    limit = f"{rules.max_ratio:g}:1"
    return RuleCheck(
        "ratio",
        max(size.width, size.height) <= rules.max_ratio * min(size.width, size.height),
        f"ratio ≤ {limit}",
        f"The long side may be at most {rules.max_ratio:g} times the short one.",
    )


def _area_check(size: Size, rules: SizeRules) -> RuleCheck | None:
    if not rules.min_area and not rules.max_area:
        return None
    too_small = size.area < rules.min_area
    message = (
        f"Too few pixels: {size.area:,}, at least {rules.min_area:,}."
        if too_small
        else f"Too many pixels: {size.area:,}, at most {rules.max_area:,}."
    )
    holds = not too_small and (not rules.max_area or size.area <= rules.max_area)
    return RuleCheck("area", holds, _area_label(rules), message)


def _area_label(rules: SizeRules) -> str:
    least, most = (f"{area / 1e6:.2f}" for area in (rules.min_area, rules.max_area))
    if not rules.max_area:
        return f"≥ {least} MP"
    return f"{least} – {most} MP" if rules.min_area else f"≤ {most} MP"


NEAR_RATIO = 0.01
"""How far (as a natural logarithm) an aspect may stray and still count as kept by ``nearest``."""


def nearest(size: Size, rules: SizeRules) -> dict[str, Size]:
    """The nearest legal size by each measure, keyed ``ratio``, ``width``, ``area`` and ``larger``.

    ``ratio``: the closest pixel count among sizes whose aspect stays within 1 % (when there are none,
    within the closest aspect there is). ``width``: the closest width, then the closest height.
    ``area``: the closest pixel count among aspects within 10 %, then the closest aspect. ``larger``:
    the smallest area that covers both sides. A measure that no legal size meets is left out.
    """
    return dict(_nearest(size, rules))


@lru_cache(maxsize=64)
def _nearest(size: Size, rules: SizeRules) -> dict[str, Size]:
    """Cached: a size that is being typed is asked about in several places."""
    grid = _legal_grid(rules)
    if not len(grid):
        return {}
    widths, heights = grid[:, 0], grid[:, 1]
    stray = np.abs(np.log(widths / heights) - math.log(size.aspect)).round(12)
    off_area = np.abs(widths * heights - size.area)
    found = {
        "ratio": _least(grid, _kept(stray, NEAR_RATIO), off_area, stray),
        "width": _least(grid, None, np.abs(widths - size.width), np.abs(heights - size.height)),
        "area": _least(grid, _kept(stray, 10 * NEAR_RATIO), off_area, stray),
        "larger": _least(grid, (widths >= size.width) & (heights >= size.height), widths * heights, stray),
    }
    return {measure: one for measure, one in found.items() if one is not None}


def legal_sides(rules: SizeRules) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Widths and heights of every legal size (about 14,000 for gpt-image-2), by width and then height; none
    without a longest edge. To be read only."""
    grid = _legal_grid(rules)
    return grid[:, 0], grid[:, 1]


def _kept(stray: NDArray[np.float64], tolerance: float) -> NDArray[np.bool_]:
    within: NDArray[np.bool_] = stray <= max(tolerance, float(stray.min()))
    return within


def _least(
    grid: NDArray[np.int64], allowed: NDArray[np.bool_] | None, *keys: NDArray[np.int64] | NDArray[np.float64]
) -> Size | None:
    """The first of ``grid`` (rows of width, height) by ``keys`` in order, among the ``allowed`` rows."""
    rows = np.arange(len(grid)) if allowed is None else np.flatnonzero(allowed)
    for key in keys:
        if not len(rows):
            return None
        rows = rows[key[rows] == key[rows].min()]
    if not len(rows):
        return None
    width, height = grid[rows[0]]
    return Size(int(width), int(height))


@lru_cache(maxsize=16)
def _legal_grid(rules: SizeRules) -> NDArray[np.int64]:
    """Legal sizes as an (n, 2) array of width, height; empty where the rules set no longest edge."""
    if rules.listed:
        sides = [(one.width, one.height) for text in rules.listed if (one := parse(text)) is not None]
        return np.array(sorted(sides), dtype=np.int64).reshape(-1, 2)
    if not rules.max_edge:
        return np.empty((0, 2), dtype=np.int64)
    step = max(1, rules.multiple)
    sides_1d = np.arange(step, rules.max_edge + 1, step, dtype=np.int64)
    widths, heights = (side.ravel() for side in np.meshgrid(sides_1d, sides_1d, indexing="ij"))
    legal = widths * heights >= rules.min_area
    if rules.max_area:
        legal &= widths * heights <= rules.max_area
    if rules.max_ratio:
        legal &= np.maximum(widths, heights) <= rules.max_ratio * np.minimum(widths, heights)
    return np.stack((widths[legal], heights[legal]), axis=1)
