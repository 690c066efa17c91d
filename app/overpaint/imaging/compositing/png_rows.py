"""Pictures as PNG without loss, quickly: each row as its difference to the one above, deflated in bands.

Format: PNG (Portable Network Graphics) specification, third edition, W3C 2025.
"""

import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks.geometry import Rect
from overpaint.imaging.compositing.mix import Pixels
from overpaint.imaging.masks.png_chunks import COLOUR_TYPES, chunk, fast_deflater, header, signature

_UP_FILTER = 2
_BAND_BYTES = 1024 * 1024


def encode_png(pixels: Pixels, profile: bytes | None = None) -> bytes:
    """``pixels``, uint8 (height, width) or (height, width, 2, 3 or 4 channels), as a PNG with a colour
    ``profile`` (ICC), or as sRGB without a word of it where there is none. The same pixels make the same
    bytes.
    """
    height, width = pixels.shape[:2]
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    deflater = fast_deflater()
    rows = pixels.reshape(height, width * channels)
    body = [deflater.compress(band) for band in _filtered(rows)]
    body.append(deflater.flush())
    parts = [signature(), header(width, height, COLOUR_TYPES[channels])]
    if profile:
        parts.append(chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(profile, 6)))
    return b"".join([*parts, chunk(b"IDAT", b"".join(body)), chunk(b"IEND", b"")])


def _filtered(rows: NDArray[np.uint8]) -> Iterator[memoryview]:
    height, length = rows.shape
    most = max(1, _BAND_BYTES // (length + 1))
    room = np.zeros((min(most, height), length + 1), np.uint8)
    room[:, 0] = _UP_FILTER
    for band in Rect(0, 0, 1, height).bands(most):
        part = room[: band.height]
        above = rows[max(band.y - 1, 0) : band.bottom - 1]
        part[:, 1:] = rows[band.y : band.bottom]
        part[band.height - len(above) :, 1:] -= above
        yield part.reshape(-1).data
