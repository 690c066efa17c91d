"""Regions as the rectangles that they consist of."""

from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QRect
from PySide6.QtGui import QRegion

_MOST_PIECES = 32


def rects(region: QRegion) -> Iterable[QRect]:
    """The rectangles of a region."""
    return cast("Iterable[QRect]", region)  # PySide6 can iterate over it; its type stubs don't say so


def few_rects(region: QRegion) -> Iterable[QRect]:
    """The region's rectangles, or the one around them when it is in too many pieces."""
    return rects(region) if region.rectCount() <= _MOST_PIECES else (region.boundingRect(),)
