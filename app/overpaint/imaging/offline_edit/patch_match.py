"""Which known patch each patch of a hole resembles most, and the hole's colours voted from them.

The search is PatchMatch (Barnes, Shechtman, Finkelstein, Goldman 2009) with all patches moving at once, the
vote that of Wexler, Shechtman, Irani: Space-Time Completion of Video, 2007. All of it is numpy over flat
indices: a candidate for 100,000 patches costs some 15 ms.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

RADIUS = 3
"""Patches span 7 x 7 pixels."""

_FALLOFF = 1.25
_FARTHEST = 24.0
_LEAST_SIGMA = 3.0

Index = NDArray[np.int32]


class PatchField:
    """One level of a fill: pixels, hole, and for every patch that touches the hole where it comes from.

    ``pixels`` is (h, w, 3) uint8 with the hole's present guess in it, ``hole`` (h, w) bool. Both sides must
    be larger than a patch. ``usable`` is false where no known patch fits in: nothing can be searched then.
    """

    def __init__(self, pixels: NDArray[np.uint8], hole: NDArray[np.bool_], seed: int = 0) -> None:
        self.pixels = pixels.copy()
        self._random = np.random.default_rng(seed)
        self._height, self._width = hole.shape
        self.hole = hole
        near = dilated(hole, RADIUS)
        inner = np.zeros_like(hole)
        inner[RADIUS : self._height - RADIUS, RADIUS : self._width - RADIUS] = True
        self._is_source = (inner & ~near).ravel()
        self._sources = np.flatnonzero(self._is_source).astype(np.int32)
        self._is_target = near & inner
        self._targets = np.flatnonzero(self._is_target).astype(np.int32)
        self._confidence = self._confidences()
        self.usable = bool(len(self._sources)) and bool(len(self._targets))
        self._found: Index = np.empty(0, np.int32)
        self._cost = np.empty(0, np.uint16)

    @property
    def patch_count(self) -> int:
        """How many patches touch the hole."""
        return len(self._targets)

    def start_anywhere(self) -> None:
        """Gives every patch a source at random."""
        self._found = self._random.choice(self._sources, len(self._targets)).astype(np.int32)

    def start_from(self, coarser: "PatchField") -> None:
        """Gives every patch the source that the coarser level (half the size) found for it."""
        height, width = self._height, self._width
        rows, columns = np.divmod(self._targets, width)
        coarse_height, coarse_width = coarser.hole.shape
        map_rows = np.minimum(rows * coarse_height // height, coarse_height - 1)
        map_columns = np.minimum(columns * coarse_width // width, coarse_width - 1)
        nearest = coarser.source_map()[map_rows, map_columns]
        source_rows, source_columns = np.divmod(nearest, coarse_width)
        source_rows = _scaled(source_rows, map_rows, rows, height / coarse_height)
        source_columns = _scaled(source_columns, map_columns, columns, width / coarse_width)
        found = (
            source_rows.clip(RADIUS, height - 1 - RADIUS) * width
            + source_columns.clip(RADIUS, width - 1 - RADIUS)
        ).astype(np.int32)
        strays = ~self._is_source[found]
        found[strays] = self._random.choice(self._sources, int(strays.sum()))
        self._found = found

    def search(self, jumps: tuple[int, ...], reach: int) -> None:
        """Moves every patch's source to a better one: those of its neighbours, and ones drawn around its own.

        ``jumps`` are the distances of the neighbours asked, ``reach`` the largest distance drawn (pixels).
        """
        seen = self._samples(self._targets)
        self._cost = self._costs(self._found, seen)
        for jump in jumps:
            for step in (jump, -jump, jump * self._width, -jump * self._width):
                self._try(self._neighbours(step), seen)
        while reach >= 1:
            draw = self._random.integers(-reach, reach + 1, (2, len(self._found)))
            self._try((self._found + draw[0] * self._width + draw[1]).astype(np.int32), seen)
            reach //= 2

    def carry(self) -> None:
        """Takes the sources as they are, all equally good, and colours the hole from their middles.

        For levels with more patches than there is time to search.
        """
        self._cost = np.zeros(len(self._found), np.uint16)
        self.vote(radius=1)

    def vote(self, sharpness: float = 1.0, radius: int = RADIUS) -> None:
        """Colours the hole with what its patches' sources say.

        The better a source and the nearer it lies to the edge, the more it weighs. Of each patch
        the pixels within ``radius`` of its middle count.
        """
        colours, weights = self._ballot(sharpness, radius)
        heard = (weights > 0) & self.hole.ravel()
        flat = self.pixels.reshape(-1, 3)
        flat[heard] = (colours[heard] / weights[heard, None] + 0.5).clip(0, 255).astype(np.uint8)

    def seam(self) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """By how much known pixels about the hole differ from what the vote would make of them.

        (h, w, 3) float32, and (h, w) bool where there was a vote outside the hole.
        """
        colours, weights = self._ballot(1.0, 1)
        heard = (weights > 0) & ~self.hole.ravel()
        differs = np.zeros((self._height * self._width, 3), np.float32)
        differs[heard] = self.pixels.reshape(-1, 3)[heard] - colours[heard] / weights[heard, None]
        shape = self.hole.shape
        return differs.reshape(*shape, 3), heard.reshape(shape)

    def rim(self) -> NDArray[np.bool_]:
        """(h, w) bool: the known pixels that touch the hole."""
        return dilated(self.hole, 1) & ~self.hole

    def _confidences(self) -> NDArray[np.float32]:
        depth = cv2.distanceTransform(self.hole.astype(np.uint8), cv2.DIST_L2, 3)
        near = np.minimum(np.asarray(depth).ravel()[self._targets], _FARTHEST)
        return np.asarray(_FALLOFF**-near, dtype=np.float32)

    def source_map(self) -> Index:
        """(h, w) flat source of the nearest patch, for every pixel."""
        known = np.ones((self._height, self._width), np.uint8)
        known[self._is_target] = 0
        _, labels = cv2.distanceTransformWithLabels(known, cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL)
        labels = np.asarray(labels)
        by_label = np.zeros(int(labels.max()) + 1, np.int32)
        by_label[labels.ravel()[self._targets]] = self._found - self._targets
        offsets = by_label[labels]
        here = np.arange(self._height * self._width, dtype=np.int32).reshape(self._height, self._width)
        return np.asarray((here + offsets).clip(0, here[-1, -1]), dtype=np.int32)

    def _neighbours(self, step: int) -> Index:
        """What each patch's source would be if it lay beside that of the neighbour ``step`` away."""
        everywhere = np.full(self._height * self._width, -1, np.int32)
        everywhere[self._targets] = self._found
        beside = everywhere.take(self._targets + step, mode="clip")
        return np.where(beside >= 0, beside - step, self._found).astype(np.int32)

    def _try(self, candidates: Index, seen: list[NDArray[np.uint8]]) -> None:
        possible = self._is_source.take(candidates, mode="clip")
        possible &= (candidates >= 0) & (candidates != self._found) & (candidates < self._is_source.size)
        which = np.flatnonzero(possible)
        if not len(which):
            return
        tried = candidates[which]
        costs = self._costs(tried, [one[which] for one in seen] if len(which) < len(candidates) else seen)
        better = costs < self._cost[which]
        improved = which[better]
        self._found[improved] = tried[better]
        self._cost[improved] = costs[better]

    def _costs(self, sources: Index, seen: list[NDArray[np.uint8]]) -> NDArray[np.uint16]:
        """Sum of absolute differences over a chequered half of the patch, three channels."""
        total = np.zeros((len(sources), 4), np.uint16)
        for sample, wanted in zip(self._samples(sources), seen, strict=True):
            total += np.asarray(cv2.absdiff(sample, wanted))
        return np.asarray(total.sum(axis=1, dtype=np.uint16))

    def _samples(self, centres: Index) -> list[NDArray[np.uint8]]:
        packed = np.dstack((self.pixels, np.zeros_like(self.pixels[..., 0]))).reshape(-1, 4).view(np.uint32)
        flat = packed.ravel()
        return [
            flat.take(centres + (row * self._width + column)).view(np.uint8).reshape(-1, 4)
            for row in range(-RADIUS, RADIUS + 1)
            for column in range(-RADIUS, RADIUS + 1)
            if (row + column) % 2 == 0
        ]

    def _ballot(self, sharpness: float, radius: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        cost = self._cost.astype(np.float32) / 75
        sigma = max(_LEAST_SIGMA, float(np.percentile(cost, 65))) / sharpness
        loudness = self._confidence * np.exp(-(cost**2) / (2 * sigma * sigma)) + np.float32(1e-6)
        flat = self.pixels.reshape(-1, 3).astype(np.float32)
        colours = np.zeros((self._height * self._width, 3), np.float32)
        weights = np.zeros(self._height * self._width, np.float32)
        for row in range(-radius, radius + 1):
            for column in range(-radius, radius + 1):
                step = row * self._width + column
                colours[self._targets + step] += loudness[:, None] * flat[self._found + step]
                weights[self._targets + step] += loudness
        return colours, weights


def _scaled(
    source: NDArray[np.integer], target: NDArray[np.integer], finer: NDArray[np.integer], scale: float
) -> NDArray[np.integer]:
    """A coordinate of the source at a finer level: the finer target plus the scaled offset."""
    return finer + np.rint((source - target) * scale).astype(np.int64)


def dilated(hole: NDArray[np.bool_], radius: int) -> NDArray[np.bool_]:
    """A mask grown by a square of ``radius`` pixels about each of its own."""
    kernel = np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
    return np.asarray(cv2.dilate(hole.astype(np.uint8), kernel)) > 0
