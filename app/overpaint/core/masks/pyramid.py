"""Half-size copies of a picture or mask, each a quarter of the one before, for drawing it small and quickly.

Pixels are averaged two by two on whole machine words: four or eight bytes at once, in arrays that stay in the
processor's cache. numpy releases the interpreter's lock meanwhile.
"""

import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks.geometry import EMPTY, Rect

Pixels = NDArray[np.uint8]
Words = NDArray[np.uint16] | NDArray[np.uint32]
Word = np.uint16 | np.uint32

_BAND_BYTES = 256 * 1024


def half_sizes(base: Pixels) -> list[Pixels]:
    """``base`` itself and its half-size copies, until a side is 1 pixel: level k has sides of ⌈side / 2^k⌉.

    ``base`` is uint8 of shape (height, width) or (height, width, 4), C-contiguous.
    """
    levels = [base]
    while min(levels[-1].shape[:2]) > 1:
        levels.append(halved(levels[-1]))
    return levels


def halved(fine: Pixels) -> Pixels:
    """A copy of half the size: sides of ⌈side / 2⌉ pixels, each the mean of four to within one step of 255.

    ``fine`` is uint8 of shape (height, width) or (height, width, 4). At odd edges the last row and column
    count twice. A pixel's bytes keep their order: a colour that is at most its alpha stays so.
    """
    height, width = fine.shape[:2]
    coarse = np.empty((-(-height // 2), -(-width // 2), *fine.shape[2:]), np.uint8)
    halve_into(fine, coarse, Rect(0, 0, width, height))
    return coarse


def halve_into(fine: Pixels, coarse: Pixels, rect: Rect) -> Rect:
    """Renew ``coarse``, made by ``halved``, where ``rect`` of ``fine`` changed; returns the part renewed."""
    height, width = fine.shape[:2]
    rect = rect.intersected(Rect(0, 0, width, height))
    if rect.empty:
        return EMPTY
    renewed = Rect.spanning(rect.x // 2, rect.y // 2, -(-rect.right // 2), -(-rect.bottom // 2))
    rows = max(1, _BAND_BYTES // (4 * renewed.width * fine[0, 0].size))
    for band in renewed.bands(rows):
        source = fine[2 * band.y : 2 * band.bottom, 2 * band.x : 2 * band.right]
        _halve_block(source, coarse[band.slices])
    return renewed


def _halve_block(fine: Pixels, coarse: Pixels) -> None:
    """Average a block whose odd last row and column, if any, count twice."""
    height, width = fine.shape[:2]
    rows, columns = height // 2, width // 2
    whole = fine[: 2 * rows, : 2 * columns]
    if whole.size:
        _average_quads(whole, coarse[:rows, :columns])
    if width % 2:
        _average_slowly(fine[:, -1:], coarse[:, -1:])
    if height % 2:
        _average_slowly(fine[-1:], coarse[-1:])


def _average_quads(fine: Pixels, coarse: Pixels) -> None:
    """Even sides only. Rounds down over rows and up over columns, which evens out over the levels."""
    if fine.ndim == 3:
        words = fine.view(np.uint32)[..., 0]
        column = _mean_down(words[0::2], words[1::2], np.uint32(0xFEFEFEFE))
        left, right = column[:, 0::2], column[:, 1::2]
        coarse.view(np.uint32)[..., 0] = _mean_up(left, right, np.uint32(0xFEFEFEFE))
        return
    if fine.strides[0] % 2:
        fine = fine.copy()  # words that straddle even addresses are slow
    words = fine.view(np.uint16)
    pairs = _mean_down(words[0::2], words[1::2], np.uint16(0xFEFE))
    total = pairs >> np.uint16(8)
    pairs &= np.uint16(0xFF)
    total += pairs
    total += np.uint16(1)
    total >>= np.uint16(1)
    coarse[...] = total


def _mean_down(a: Words, b: Words, halves: Word) -> Words:
    """(a + b) / 2 rounded down in every byte of the words; ``halves`` masks what a shift would carry over."""
    mean = a ^ b
    mean &= halves
    mean >>= mean.dtype.type(1)
    mean += a & b
    return mean


def _mean_up(a: Words, b: Words, halves: Word) -> Words:
    """(a + b) / 2 rounded up in every byte of the words."""
    half = a ^ b
    half &= halves
    half >>= half.dtype.type(1)
    mean = a | b
    mean -= half
    return mean


def _average_slowly(fine: Pixels, coarse: Pixels) -> None:
    """An odd last row or column, with what would lie beyond the edge taken as equal to it."""
    upper, lower = fine[0::2].astype(np.uint16), fine[1::2].astype(np.uint16)
    if len(lower) < len(upper):
        lower = np.concatenate([lower, upper[-1:]])
    column = (upper + lower) >> 1
    left, right = column[:, 0::2], column[:, 1::2]
    if right.shape[1] < left.shape[1]:
        right = np.concatenate([right, left[:, -1:]], axis=1)
    coarse[...] = (left + right + 1) >> 1
