"""Aligns pictures without corners, such as flat drawings, by their brightness as a whole: phase correlation
for the beginning, then Evangelidis and Psarakis' enhanced correlation coefficient."""

import cv2
import numpy as np

from overpaint.core.results.result_placement import Affine
from overpaint.imaging.registration.views import View

_ROUNDS = 60
_CLOSE = 1e-5
_BLUR = 5


def align(view: View) -> Affine | None:
    """Where places of the view lie in the result as it is seen there; None where it can't be told. A view of
    some 512 pixels is enough."""
    outside = view.outside.astype(np.float32)
    if outside.mean() < 0.05:
        return None
    window = cv2.createHanningWindow((view.width, view.height), cv2.CV_32F) * outside
    one, other = (picture - picture[view.outside].mean() for picture in (view.before, view.after))
    (dx, dy), _ = cv2.phaseCorrelate(one, other, window)
    best: Affine | None = None
    score = -1.0
    for tx, ty in ((float(dx), float(dy)), (0.0, 0.0)):
        matrix = np.array([[1.0, 0.0, tx], [0.0, 1.0, ty]], np.float32)
        criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, _ROUNDS, _CLOSE)
        try:
            found, moved = cv2.findTransformECC(
                view.before,
                view.after,
                matrix,
                cv2.MOTION_AFFINE,
                criteria,
                view.outside.view(np.uint8) * np.uint8(255),
                _BLUR,
            )
        except cv2.error:
            continue  # it doesn't converge from there
        if found > score:
            score, best = found, _from_corner(np.asarray(moved, dtype=float))
    return best


def _from_corner(matrix: np.ndarray) -> Affine:
    """OpenCV counts from the centre of the first pixel, and we from its corner."""
    a, b, tx, c, d, ty = (float(value) for value in matrix.reshape(-1))
    return Affine(a, b, tx + 0.5 - 0.5 * (a + b), c, d, ty + 0.5 - 0.5 * (c + d))
