"""Outlines that snap to edges: the cheapest path along them from an anchor to the pointer.

Mortensen, Barrett: Intelligent Scissors for Image Composition, 1995; the search is OpenCV's.
"""

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks.geometry import Rect

_SIDE = 320
"""Side in cells of what is searched; a search takes some hundredths of a second."""

_LEAST_SIDE = 8
_EDGE_THRESHOLDS = 32, 100
_STRONG_GRADIENT = 200


class Scissors:
    """Follows edges in one picture, ``bgra`` of shape (height, width, 4) uint8.

    Near the anchor every pixel counts. A pointer further away is reached on a coarser grid, twice as coarse
    for each doubling of the distance, so that no path takes long however large the picture is. ``halves``
    are its half-size copies, each of the one before, rounded up; those that are missing are made when needed.
    """

    def __init__(self, bgra: NDArray[np.uint8], halves: Sequence[NDArray[np.uint8]] = ()) -> None:
        self._levels = [bgra, *halves]
        self._anchor = (0.5, 0.5)
        self._searches: dict[int, _Search] = {}

    def anchor(self, x: float, y: float) -> None:
        """Begin the next paths at ``x``, ``y``, picture pixels; points outside move to the picture's edge."""
        self._anchor = self._inside(x, y)
        self._searches.clear()

    def path_to(self, x: float, y: float) -> NDArray[np.float64]:
        """The points, (n, 2) x and y in picture pixels, from the anchor to the given one, n at least 2."""
        target = self._inside(x, y)
        level = self._level(target)
        if level not in self._searches:
            self._searches[level] = _Search(self._at(level), self._anchor, 1 << level)
        height, width = self._levels[0].shape[:2]
        between = np.clip(self._searches[level].path_to(target), 0.5, (width - 0.5, height - 0.5))
        return np.vstack((self._anchor, between, target))

    def _inside(self, x: float, y: float) -> tuple[float, float]:
        height, width = self._levels[0].shape[:2]
        return min(max(x, 0.5), width - 0.5), min(max(y, 0.5), height - 0.5)

    def _level(self, target: tuple[float, float]) -> int:
        """How often the picture is halved so that what is searched reaches the target."""
        far = max(abs(target[0] - self._anchor[0]), abs(target[1] - self._anchor[1])) + 2
        return max(0, math.ceil(math.log2(far / (_SIDE / 2 - 1))))

    def _at(self, level: int) -> NDArray[np.uint8]:
        while len(self._levels) <= level:
            finer = self._levels[-1]
            size = (-(-finer.shape[1] // 2), -(-finer.shape[0] // 2))
            self._levels.append(np.asarray(cv2.resize(finer, size, interpolation=cv2.INTER_AREA), np.uint8))
        return self._levels[level]


class _Search:
    """The cheapest paths from the anchor to every cell around it, ``scale`` pixels wide each."""

    def __init__(self, grid: NDArray[np.uint8], anchor: tuple[float, float], scale: int) -> None:
        height, width = grid.shape[:2]
        self._scale = scale
        half, column, row = _SIDE // 2, int(anchor[0] / scale), int(anchor[1] / scale)
        self._window = Rect(column - half, row - half, _SIDE, _SIDE).intersected(Rect(0, 0, width, height))
        self._tool: cv2.segmentation.IntelligentScissorsMB | None = None
        if min(self._window.width, self._window.height) >= _LEAST_SIDE:
            self._tool = cv2.segmentation.IntelligentScissorsMB()
            self._tool.setEdgeFeatureCannyParameters(*_EDGE_THRESHOLDS)
            self._tool.setGradientMagnitudeMaxLimit(_STRONG_GRADIENT)
            self._tool.applyImage(np.ascontiguousarray(grid[self._window.slices][..., :3]))
            self._tool.buildMap(self._cell(anchor))

    def path_to(self, target: tuple[float, float]) -> NDArray[np.float64]:
        """The centres of the cells between anchor and target, (n, 2); none in a sliver of a picture."""
        if self._tool is None:
            return np.zeros((0, 2))
        cells = np.asarray(self._tool.getContour(self._cell(target)), np.float64).reshape(-1, 2)
        return np.add(cells[1:-1], (self._window.x + 0.5, self._window.y + 0.5)) * self._scale

    def _cell(self, point: tuple[float, float]) -> tuple[int, int]:
        column = int(point[0] / self._scale) - self._window.x
        row = int(point[1] / self._scale) - self._window.y
        return min(max(column, 0), self._window.width - 1), min(max(row, 0), self._window.height - 1)
