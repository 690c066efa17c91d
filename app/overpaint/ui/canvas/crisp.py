"""Enlarging without smoothing: every pixel a clear square, the same whichever part of it is drawn."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect


def enlarged(
    pixels: NDArray[np.generic], place: QRect, corner: tuple[float, float], scale: tuple[float, float]
) -> NDArray[np.generic]:
    """What of ``pixels``, shape (height, width), shows in ``place``: an array of that size, C-contiguous.

    ``corner`` is where the pixels begin and ``scale`` how wide and high one of them is, in the units of
    ``place``. Qt's own scaling rounds by the part that is drawn, so that parts drawn apart don't meet.
    """
    columns = _under(place.x(), place.width(), corner[0], scale[0], pixels.shape[1])
    rows = _under(place.y(), place.height(), corner[1], scale[1], pixels.shape[0])
    first = int(rows[0])
    wide = pixels[first : int(rows[-1]) + 1].take(columns, axis=1)
    return wide.take(rows - first, axis=0)


def _under(start: int, count: int, corner: float, scale: float, size: int) -> NDArray[np.intp]:
    """The index of the pixel under the middle of each of ``count`` places from ``start`` on."""
    middles = np.arange(start, start + count) + (0.5 - corner)
    return np.clip((middles / scale).astype(np.intp), 0, size - 1)
