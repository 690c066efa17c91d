"""Sizes by what they are for: ratios, screens, print and social media, each as the closest legal size."""

import msgspec
import numpy as np

from overpaint.core.request.sizes import Size, SizeRules, is_legal, legal_sides, nearest, parse

NEAR_AREA = 0.12
"""How far (as a share) the pixel count of a preset may stray for the sake of its ratio."""


class SizePreset(msgspec.Struct, frozen=True):
    """A size people ask for by name; ``size`` in pixels is what they mean, legal or not."""

    group: str
    title: str
    size: Size


PRESETS = (
    SizePreset("Ratio", "Square 1:1", Size(1024, 1024)),
    SizePreset("Ratio", "Photo 3:2", Size(1536, 1024)),
    SizePreset("Ratio", "Photo 2:3", Size(1024, 1536)),
    SizePreset("Ratio", "Screen 4:3", Size(1280, 960)),
    SizePreset("Ratio", "Screen 16:9", Size(2048, 1152)),
    SizePreset("Ratio", "Phone 9:16", Size(1152, 2048)),
    SizePreset("Ratio", "Cinema 21:9", Size(2352, 1008)),
    SizePreset("Large", "2K square", Size(2048, 2048)),
    SizePreset("Large", "4K landscape", Size(3840, 2160)),
    SizePreset("Large", "4K portrait", Size(2160, 3840)),
    SizePreset("Print", "A4 portrait", Size(2480, 3508)),
    SizePreset("Print", "A4 landscape", Size(3508, 2480)),
    SizePreset("Print", "Letter portrait", Size(2550, 3300)),
    SizePreset("Print", "Photo 4 x 6 in", Size(1200, 1800)),
    SizePreset("Print", "Photo 5 x 7 in", Size(1500, 2100)),
    SizePreset("Social", "Post 1:1", Size(1080, 1080)),
    SizePreset("Social", "Post 4:5", Size(1080, 1350)),
    SizePreset("Social", "Story 9:16", Size(1080, 1920)),
    SizePreset("Social", "Link 1.91:1", Size(1200, 630)),
    SizePreset("Social", "Banner 3:1", Size(1500, 500)),
)
"""In the order in which they are offered. Print means 300 pixels an inch, as far as a model goes."""


def offered(rules: SizeRules) -> list[tuple[SizePreset, Size]]:
    """The presets with the size that each becomes on a model; the sizes themselves where it lists them."""
    if rules.listed:
        listed = [size for text in rules.listed if (size := parse(text)) is not None]
        return [(SizePreset("This model", _shape(size), size), size) for size in listed]
    return [(preset, size) for preset in PRESETS if (size := fitted(preset.size, rules)) is not None]


def fitted(size: Size, rules: SizeRules) -> Size | None:
    """The size itself where it is legal, otherwise the legal size whose ratio comes closest to it among those
    with about its pixel count, as far as the model goes; of several the one that is nearest in pixels.

    None where the model has no size at all.
    """
    if is_legal(size, rules):
        return size
    widths, heights = legal_sides(rules)
    area = max(size.area, rules.min_area)
    area = min(area, rules.max_area) if rules.max_area else area
    off = np.abs(widths * heights - area)
    near = np.flatnonzero(off <= NEAR_AREA * area)
    if not len(near):
        return nearest(size, rules).get("ratio")
    stray = np.abs(np.log(widths[near] / heights[near]) - np.log(size.aspect)).round(9)
    best = near[np.lexsort((off[near], stray))[0]]
    return Size(int(widths[best]), int(heights[best]))


def _shape(size: Size) -> str:
    if size.width == size.height:
        return "Square"
    return "Lying" if size.width > size.height else "Upright"
