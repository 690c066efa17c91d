"""Enlarging without smoothing: every pixel a clear square, the same whichever part of it is drawn."""

import functools
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize

Pixel = TypeVar("Pixel", bound=np.generic)


def enlarged(
    pixels: NDArray[Pixel], place: QRect, room: QSize, corner: tuple[float, float], scale: tuple[float, float]
) -> NDArray[Pixel]:
    """What of ``pixels``, shape (height, width), shows in ``place``: an array of that size, C-contiguous.

    ``corner`` is where the pixels begin and ``scale`` how wide and high one of them is, in the units of
    ``place``, which lies in ``room``. Qt's own scaling rounds by the part that is drawn, so that parts drawn
    apart don't meet.
    """
    columns = _under(room.width(), corner[0], scale[0], pixels.shape[1])[place.left() : place.right() + 1]
    rows = _under(room.height(), corner[1], scale[1], pixels.shape[0])[place.top() : place.bottom() + 1]
    first = rows[0]
    wide: NDArray[Pixel] = pixels[first : rows[-1] + 1].take(columns, axis=1)
    tall: NDArray[Pixel] = wide.take(rows - first, axis=0)
    return tall


@functools.lru_cache(maxsize=8)
def _under(count: int, corner: float, scale: float, size: int) -> NDArray[np.intp]:
    """The index of the pixel under the middle of each of ``count`` places; the same for a whole stroke."""
    middles = np.arange(count) + (0.5 - corner)
    return np.clip((middles / scale).astype(np.intp), 0, size - 1)
