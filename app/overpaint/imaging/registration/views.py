"""Both pictures reduced to one grid, in which they are compared."""

import cv2
import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks.geometry import Rect
from overpaint.core.results.result_placement import Affine
from overpaint.imaging.compositing.mix import Pixels
from overpaint.imaging.compositing.warp import warped

Grey = NDArray[np.float32]
"""float32 of shape (height, width), 0 to 255."""

_LOCAL = 6.0
_EVEN = 4.0
_MIDDLE, _CONTRAST = 128.0, 42.0


class View:
    """The part ``window`` of a picture, and of a result in the same place, at ``scale`` view pixels for each
    picture pixel.

    ``before`` and ``after`` are grey; ``outside`` says which pixels lie outside of the mask. ``frame`` is
    where the result is taken to lie.
    """

    def __init__(
        self,
        picture: Pixels,
        result: Pixels,
        coverage: NDArray[np.uint8] | None,
        frame: Affine,
        window: Rect,
        longer_side: int,
    ) -> None:
        self.window = window
        self.scale = min(1.0, longer_side / max(window.width, window.height))
        self.width = max(1, round(window.width * self.scale))
        self.height = max(1, round(window.height * self.scale))
        self.before = grey(reduced(np.ascontiguousarray(picture[window.slices]), self.width, self.height))
        self.after = grey(self._seen(result, frame))
        self.outside = self._outside(coverage)
        self.frame = frame

    def onto_picture(self, found: Affine) -> Affine:
        """A map between places of this view (before to after) as one from picture to result pixels."""
        across, down = self.width / self.window.width, self.height / self.window.height
        into = Affine(across, 0.0, -self.window.x * across, 0.0, down, -self.window.y * down)
        return self.frame.after(into.inverse.after(found.after(into)))

    def _seen(self, result: Pixels, frame: Affine) -> Pixels:
        """The result in the view's grid: first reduced by areas as far as that goes, then warped."""
        across, down = self.window.width / self.width, self.window.height / self.height
        step = Affine(across, 0.0, self.window.x, 0.0, down, self.window.y)
        where = frame.after(step)
        shrink = max(1.0, where.scale)
        if shrink > 1.0:
            width = max(1, round(result.shape[1] / shrink))
            height = max(1, round(result.shape[0] / shrink))
            part = Affine(width / result.shape[1], 0.0, 0.0, 0.0, height / result.shape[0], 0.0)
            result, where = reduced(result, width, height), part.after(where)
        return warped(result, where, Rect(0, 0, self.width, self.height))

    def _outside(self, coverage: NDArray[np.uint8] | None) -> NDArray[np.bool_]:
        if coverage is None:
            return np.ones((self.height, self.width), np.bool_)
        part = np.ascontiguousarray(coverage[self.window.slices] > 0).view(np.uint8)
        covered = cv2.resize(part, (self.width, self.height), interpolation=cv2.INTER_AREA)
        if self.scale < 1.0:  # an area with but a little of the mask in it may round to none
            kernel = np.ones((3, 3), np.uint8)
            covered = cv2.dilate(covered, kernel)
        return np.asarray(covered == 0)


def grey(pixels: Pixels) -> Grey:
    """How bright each pixel is; what shines through is left out of account."""
    if pixels.ndim == 2 or pixels.shape[2] <= 2:
        plain = pixels if pixels.ndim == 2 else pixels[..., 0]
    else:
        plain = np.asarray(cv2.cvtColor(pixels[..., :3], cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    return plain.astype(np.float32)


def reduced(pixels: Pixels, width: int, height: int) -> Pixels:
    """The picture at a smaller size, by areas; itself where it has that size."""
    if pixels.shape[:2] == (height, width):
        return pixels
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def normalised(picture: Grey) -> NDArray[np.uint8]:
    """The picture with its brightness and contrast evened out around each place: what is left is the drawing,
    whatever the light and the colours. 0 to 255."""
    flat = picture - cv2.GaussianBlur(picture, (0, 0), _LOCAL)
    spread = np.sqrt(cv2.GaussianBlur(flat * flat, (0, 0), _LOCAL))
    even = _MIDDLE + _CONTRAST * flat / (spread + _EVEN)
    return np.asarray(np.clip(even, 0, 255), dtype=np.uint8)
