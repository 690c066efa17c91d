"""Registration: where a result lies on its picture, and when that can't be told."""

import math
from collections.abc import Callable

import msgspec
import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks.geometry import Rect
from overpaint.core.results.result_placement import Affine, Bend, Framing, Placement, Way
from overpaint.imaging.compositing.framing import frame, framings
from overpaint.imaging.compositing.mix import Pixels
from overpaint.imaging.compositing.share import box_of
from overpaint.imaging.registration import ecc
from overpaint.imaging.registration.agreement import Agreement, agreement
from overpaint.imaging.registration.bend import bend_of
from overpaint.imaging.registration.tracks import Found, Tracks, similarity, track
from overpaint.imaging.registration.views import View

LEAST_INLIERS, LEAST_SECTORS = 24, 4
MOST_ZOOM, MOST_TURN = 1.25, 5.0
SURE_INLIERS = 100
"""With fewer the other way of aligning is tried as well."""

LEAST_AGREEMENT = 0.6
LEAST_ALIKE = 0.35
"""Share of the blocks that show the same in both once a result is aligned; of mirrored and other pictures
fewer do, however many of their places seem to be found."""

SURE_AGREEMENT = 0.8
"""What drawings without corners must come to."""

STILL = 0.25
"""Picture pixels at the mask's edge under which nothing has moved."""

_FRAME_SIDE, _WHOLE_SIDE, _NEAR_SIDE = 512, 1024, 1024
_AROUND = 0.35
_LEAST_AROUND = 96
_LEAST_SIDE = 16


class Interrupted(Exception):
    """Nobody waits for the answer any more."""


def register(
    picture: Pixels,
    result: Pixels,
    coverage: NDArray[np.uint8] | None = None,
    *,
    goes_on: Callable[[], bool] = lambda: True,
) -> Placement:
    """Where ``result`` lies on ``picture``, by what lies outside of ``coverage``, (height, width) of the
    picture.

    Both are uint8 (height, width, 1 to 4 channels). The same pictures make the same placement. It is refused
    ("not aligned", with the frame alone) when both show something else. Raises :class:`Interrupted` once
    ``goes_on`` says False.
    """
    size, other = _size(picture), _size(result)
    if min(*size, *other) < _LEAST_SIDE:
        return Placement(frame("stretch", size, other))
    sight = _Sight(picture, result, coverage, goes_on)
    framing, where, before = sight.framed()
    view = sight.view(where, _WHOLE_SIDE)
    tracks = track(view)
    best, found = _by_tracks(sight, view, tracks), similarity(view, tracks)
    if best is None or found is None or found.inliers < SURE_INLIERS:
        drawn = _by_brightness(sight, where, before)
        if drawn is not None and (best is None or drawn[1].median > best[1].median):
            best, found = drawn, None
    if best is None:
        way: Way = "as it came" if before.median >= LEAST_AGREEMENT else "not aligned"
        return Placement(where, way, framing, agreement=round(before.median, 4))
    place, score = best
    bend = None
    if found is not None:
        place, bend = sight.nearer(place, view, tracks)
    return _placement(place, bend, where, framing, coverage, size, found, score)


def _by_tracks(sight: "_Sight", view: View, tracks: Tracks) -> tuple[Affine, Agreement] | None:
    """Where most places are found again; None where they are too few, or the pictures don't agree then."""
    found = similarity(view, tracks)
    if found is None or not _is_believable(found):
        return None
    place = view.onto_picture(found.map)
    score = sight.agreement(place)
    return (place, score) if score.alike >= LEAST_ALIKE else None


def _by_brightness(sight: "_Sight", where: Affine, before: Agreement) -> tuple[Affine, Agreement] | None:
    """Where both agree as a whole, for drawings that have few corners."""
    view = sight.view(where, _FRAME_SIDE)
    found = ecc.align(view)
    if found is None or not _is_small(found):
        return None
    place = view.onto_picture(found)
    score = sight.agreement(place)
    return (place, score) if score.median >= max(SURE_AGREEMENT, before.median) else None


class _Sight:
    """Both pictures, and how they look when the result lies so or so."""

    def __init__(
        self,
        picture: Pixels,
        result: Pixels,
        coverage: NDArray[np.uint8] | None,
        goes_on: Callable[[], bool],
    ) -> None:
        self._pictures = picture, result, coverage
        self._goes_on = goes_on
        self._size = _size(picture)

    def view(self, where: Affine, longer_side: int, window: Rect | None = None) -> View:
        """What they look like, in a window of the picture or all of it."""
        if not self._goes_on():
            raise Interrupted
        return View(*self._pictures, where, window or Rect(0, 0, *self._size), longer_side)

    def agreement(self, where: Affine) -> Agreement:
        """How alike they are then."""
        view = self.view(where, _FRAME_SIDE)
        return agreement(view.before, view.after, view.outside)

    def framed(self) -> tuple[Framing, Affine, Agreement]:
        """The framing in which they agree best, with its map and how far they do."""
        other = _size(self._pictures[1])
        tried = [
            (framing, where, self.agreement(where))
            for framing in framings(self._size, other)
            for where in (frame(framing, self._size, other),)
        ]
        return max(tried, key=lambda one: one[2].median)

    def nearer(self, where: Affine, view: View, tracks: Tracks) -> tuple[Affine, Bend | None]:
        """The same once more from what lies around the mask, where it counts, with a bend if there is one; as
        it was where that tells little."""
        coverage = self._pictures[2]
        if coverage is None or (box := box_of(coverage)).empty:
            return where, bend_of(view, where, tracks)
        margin = max(_LEAST_AROUND, round(_AROUND * max(box.width, box.height)))
        window = box.grown(margin).intersected(Rect(0, 0, *self._size))
        near = self.view(where, _NEAR_SIDE, window)
        close = track(near)
        found = similarity(near, close)
        if found is None or not _is_believable(found):
            return where, bend_of(view, where, tracks)
        where = near.onto_picture(found.map)
        return where, bend_of(near, where, close) or bend_of(view, where, tracks)


def _placement(
    best: Affine,
    bend: Bend | None,
    where: Affine,
    framing: Framing,
    coverage: NDArray[np.uint8] | None,
    size: tuple[int, int],
    found: Found | None,
    score: Agreement,
) -> Placement:
    box = Rect(0, 0, *size)
    if coverage is not None and not (painted := box_of(coverage)).empty:
        box = painted
    ring = [(x, y) for x in (box.x, box.x + box.width / 2, box.right) for y in (box.y, box.bottom)]
    moved = float(np.mean([math.dist(best.at(*place), where.at(*place)) for place in ring])) / where.scale
    same_pixels = where == Affine()
    if moved < STILL and same_pixels and bend is None:
        best = where
    return Placement(
        msgspec.structs.replace(
            best, **{name: round(getattr(best, name), 9) for name in Affine.__struct_fields__}
        ),
        "aligned",
        framing,
        bend,
        moved=round(moved, 3),
        zoomed=round(best.scale / where.scale, 5),
        inliers=found.inliers if found is not None else 0,
        sectors=found.sectors if found is not None else 0,
        agreement=round(score.median, 4),
    )


def _is_believable(found: Found) -> bool:
    return found.inliers >= LEAST_INLIERS and found.sectors >= LEAST_SECTORS and _is_small(found.map)


def _is_small(map_: Affine) -> bool:
    return 1.0 / MOST_ZOOM <= map_.scale <= MOST_ZOOM and abs(map_.angle) <= MOST_TURN


def _size(pixels: Pixels) -> tuple[int, int]:
    return pixels.shape[1], pixels.shape[0]
