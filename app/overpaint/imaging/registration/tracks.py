"""Places of a picture that are found again in a result: by Lucas and Kanade's method on normalised
brightness, there and back, and the similarity that most of them follow."""

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from overpaint.core.results.result_placement import Affine
from overpaint.imaging.registration.views import View, normalised

Points = NDArray[np.float32]
"""float32 of shape (count, 2), x and y, in view pixels from the corner."""

_CORNERS = 1500
_APART = 7
_QUALITY = 0.01
_WINDOW = (21, 21)
_LEVELS = 4
_THERE_AND_BACK = 0.5
_NEAR_ENOUGH = 1.5
_SECTORS = (6, 4)
_FEWEST = 3


class Tracks(msgspec.Struct, frozen=True):
    """Places ``before`` and ``after``, one for one."""

    before: Points
    after: Points


class Found(msgspec.Struct, frozen=True):
    """The similarity of a view, the tracks that follow it, and in how many of 24 sectors those lie."""

    map: Affine
    tracks: Tracks
    sectors: int

    @property
    def inliers(self) -> int:
        """How many tracks follow it."""
        return len(self.tracks.before)


def track(view: View, guess: Affine | None = None) -> Tracks:
    """The places found again; ``guess`` is where they are looked for first."""
    before, after = normalised(view.before), normalised(view.after)
    outside = view.outside.view(np.uint8)
    corners = cv2.goodFeaturesToTrack(before, _CORNERS, _QUALITY, _APART, mask=outside)
    if corners is None:
        return _none()
    start = np.asarray(corners, dtype=np.float32).reshape(-1, 2)
    first = start.copy() if guess is None else _mapped(guess, start + 0.5) - 0.5
    found, good = _follow(before, after, start, first)
    back, also = _follow(after, before, found, start.copy())
    kept = good & also & (np.abs(back - start).max(axis=1) < _THERE_AND_BACK)
    return Tracks(start[kept] + 0.5, found[kept] + 0.5)


def similarity(view: View, tracks: Tracks, near: float = _NEAR_ENOUGH) -> Found | None:
    """The move, turn and zoom that most tracks follow within ``near`` view pixels; None for too few of
    them."""
    if len(tracks.before) < _FEWEST:
        return None
    matrix, inliers = cv2.estimateAffinePartial2D(
        tracks.before,
        tracks.after,
        method=cv2.RANSAC,
        ransacReprojThreshold=near,
        maxIters=2000,
        confidence=0.999,
    )
    if matrix is None:
        return None
    kept = np.asarray(inliers).reshape(-1) > 0
    if kept.sum() < _FEWEST:
        return None
    followed = Tracks(tracks.before[kept], tracks.after[kept])
    return Found(_least_squares(followed), followed, _sectors(view, followed.before))


def _follow(
    one: NDArray[np.uint8], other: NDArray[np.uint8], start: Points, guess: Points
) -> tuple[Points, NDArray[np.bool_]]:
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 0.005)
    found, status, _ = cv2.calcOpticalFlowPyrLK(
        one,
        other,
        start,
        guess.astype(np.float32),
        winSize=_WINDOW,
        maxLevel=_LEVELS,
        criteria=criteria,
        flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
        minEigThreshold=1e-4,
    )
    return np.asarray(found, dtype=np.float32), np.asarray(status).reshape(-1) > 0


def _mapped(where: Affine, points: Points) -> Points:
    x, y = points[:, 0], points[:, 1]
    moved = (where.a * x + where.b * y + where.tx, where.c * x + where.d * y + where.ty)
    return np.stack(moved, axis=1).astype(np.float32)


def _least_squares(tracks: Tracks) -> Affine:
    """The similarity with the least squares of what is left, worked out in doubles."""
    one, other = tracks.before.astype(float), tracks.after.astype(float)
    middle, goal = one.mean(axis=0), other.mean(axis=0)
    x, y = (one - middle).T
    u, v = (other - goal).T
    size = float((x * x + y * y).sum()) or 1.0
    cosine, sine = float((x * u + y * v).sum()) / size, float((x * v - y * u).sum()) / size
    tx = float(goal[0] - cosine * middle[0] + sine * middle[1])
    ty = float(goal[1] - sine * middle[0] - cosine * middle[1])
    return Affine(cosine, -sine, tx, sine, cosine, ty)


def _sectors(view: View, places: Points) -> int:
    columns = np.clip(places[:, 0] * _SECTORS[0] // view.width, 0, _SECTORS[0] - 1)
    rows = np.clip(places[:, 1] * _SECTORS[1] // view.height, 0, _SECTORS[1] - 1)
    return len(np.unique(rows * _SECTORS[0] + columns))


def _none() -> Tracks:
    empty = np.zeros((0, 2), np.float32)
    return Tracks(empty, empty)
