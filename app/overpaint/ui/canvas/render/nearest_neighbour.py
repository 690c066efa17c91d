"""Enlarging without smoothing: every pixel a clear square, the same whichever part of it is drawn."""

import functools
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QTransform

Pixel = TypeVar("Pixel", bound=np.generic)

_BITS = 14


def enlarged(
    pixels: NDArray[Pixel], place: QRect, room: QSize, corner: tuple[float, float], scale: tuple[float, float]
) -> NDArray[Pixel]:
    """What of ``pixels``, shape (height, width), shows in ``place``: an array of that size, C-contiguous.

    ``corner`` is where the pixels begin and ``scale`` how wide and high one of them is, in the units of
    ``place``, which lies in ``room``. Qt's own scaling rounds by the part that is drawn, so that parts drawn
    apart don't meet.
    """
    wide, rows = _widened(pixels, place, room, corner, scale)
    tall: NDArray[Pixel] = wide.take(rows, axis=0)
    return tall


def enlarged_words(
    pixels: NDArray[np.uint8],
    place: QRect,
    room: QSize,
    corner: tuple[float, float],
    scale: tuple[float, float],
) -> NDArray[np.uint32]:
    """The same with a word for each byte."""
    wide, rows = _widened(pixels, place, room, corner, scale)
    return wide.astype(np.uint32).take(rows, axis=0)


def slanted(pixels: NDArray[np.uint8], place: QRect, onto: QTransform) -> NDArray[np.uint8]:
    """What of ``pixels``, C-contiguous, shows in ``place`` when they lie ``onto`` its grid: 0 beyond them.

    Whole numbers make every pixel of the place the same, whichever part of it is asked for.
    """
    back, _ = onto.inverted()
    xs = np.arange(place.left(), place.right() + 1)
    ys = np.arange(place.top(), place.bottom() + 1)
    columns = np.add.outer(_fixed(ys, back.m21(), 0.0), _fixed(xs, back.m11(), back.dx()))
    rows = np.add.outer(_fixed(ys, back.m22(), 0.0), _fixed(xs, back.m12(), back.dy()))
    columns >>= _BITS
    rows >>= _BITS
    height, width = pixels.shape
    beyond = _beyond(columns, width) | _beyond(rows, height) if _leaves(columns, rows, pixels.shape) else None
    rows *= width
    rows += columns
    found: NDArray[np.uint8] = pixels.reshape(-1).take(rows, mode="clip")
    if beyond is not None:
        found[beyond] = 0
    return found


def _widened(
    pixels: NDArray[Pixel], place: QRect, room: QSize, corner: tuple[float, float], scale: tuple[float, float]
) -> tuple[NDArray[Pixel], NDArray[np.intp]]:
    """The rows of ``pixels`` that show in ``place``, enlarged across, and which of them is where."""
    columns = _under(room.width(), corner[0], scale[0], pixels.shape[1])[place.left() : place.right() + 1]
    rows = _under(room.height(), corner[1], scale[1], pixels.shape[0])[place.top() : place.bottom() + 1]
    first = rows[0]
    wide: NDArray[Pixel] = pixels[first : rows[-1] + 1].take(columns, axis=1)
    return wide, rows - first


def _fixed(places: NDArray[np.intp], step: float, start: float) -> NDArray[np.int32]:
    """How far along it is to the middle of each place, in whole parts of a pixel."""
    middles = places.astype(np.float64) + 0.5
    return np.rint((middles * step + start) * 2.0**_BITS).astype(np.int32)


def _leaves(columns: NDArray[np.int32], rows: NDArray[np.int32], shape: tuple[int, int]) -> bool:
    """True when a corner, and so perhaps any place, is beyond the pixels."""
    ends = (0, 0, -1, -1), (0, -1, 0, -1)
    found = _beyond(columns[ends], shape[1]) | _beyond(rows[ends], shape[0])
    return bool(found.any())


def _beyond(indices: NDArray[np.int32], size: int) -> NDArray[np.bool_]:
    return (indices < 0) | (indices >= size)


@functools.lru_cache(maxsize=8)
def _under(count: int, corner: float, scale: float, size: int) -> NDArray[np.intp]:
    """The index of the pixel under the middle of each of ``count`` places; the same for a whole stroke."""
    middles = np.arange(count) + (0.5 - corner)
    return np.clip((middles / scale).astype(np.intp), 0, size - 1)
