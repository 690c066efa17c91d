"""Masks as PNG files: the transparent one that the service reads, and the grey one kept beside a result.

Written row by row in numpy and deflated in bands, so that an 8-megapixel mask takes some ten milliseconds and
a few megabytes. Format: PNG (Portable Network Graphics) specification, third edition, W3C 2025.
"""

import io
import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from overpaint.core.errors import PictureError
from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask import SENT_FROM
from overpaint.core.request.params import MAX_PICTURE_BYTES
from overpaint.imaging.masks.png_chunks import (
    COLOUR_TYPES,
    Deflater,
    chunk,
    fast_deflater,
    header,
    signature,
)

UPLOAD_LIMIT = 4 * 1024 * 1024
"""Bytes below which the service asks a mask to stay."""

MAX_PIXELS = 268_435_456
"""The largest mask that is decoded."""

_GREY, _RGBA = COLOUR_TYPES[1], COLOUR_TYPES[4]
_NO_FILTER, _UP_FILTER = 0, 2
_EDITED, _KEPT = np.uint32(0x00FFFFFF), np.uint32(0xFF000000)
"""Pixels of the mask that is sent, alpha in the highest byte: white and transparent, black and opaque."""
_BEGINS, _ENDS = np.uint32(0x01FFFFFF), np.uint32(0xFF010101)
"""An edited pixel less a kept one above it, and a kept one less an edited one: each byte modulo 256."""
_MANY_EDGES = 0.1
"""The share of pixels that differ from the one above."""

_NEAR = 10
"""Window bits: isal takes the last repeat that it noted, and far ones cost bits; a third off a usual mask."""

_BAND_BYTES = 1024 * 1024
_NEXT_STEP = "Choose a PNG picture of the same size as the one it masks."

Coverage = NDArray[np.uint8]


def encode_mask(coverage: Coverage, threshold: int = SENT_FROM) -> bytes:
    """The RGBA PNG that goes to the service: white and transparent where the picture is to be edited, else
    black and opaque. So whoever reads a mask by its alpha and whoever reads it as grey see the same one.

    ``coverage`` is uint8 (height, width); pixels of at least ``threshold`` (1 to 255) are edited. Alpha is 0
    or 255, nothing between. What fast compression leaves above ``UPLOAD_LIMIT`` (noise, in pictures over 8
    megapixels) is compressed again, harder. Raises ValueError for another shape or threshold.
    """
    _check(coverage)
    if not 1 <= threshold <= 255:
        raise ValueError(f"The threshold of a mask goes from 1 to 255, not {threshold}.")
    encoded = _png(coverage.shape, _RGBA, _mask_rows(coverage, threshold), fast_deflater(_NEAR))
    if len(encoded) < UPLOAD_LIMIT:
        return encoded
    small = _png(coverage.shape, _RGBA, _mask_rows(coverage, threshold), zlib.compressobj(6))
    return min(encoded, small, key=len)


def encode_grey(coverage: Coverage) -> bytes:
    """An 8-bit grey PNG of exactly these bytes, uint8 (height, width): white is edited, black is kept."""
    _check(coverage)
    return _png(coverage.shape, _GREY, _grey_rows(coverage), fast_deflater(_NEAR))


def decode_grey(data: bytes) -> Coverage:
    """The coverage in an 8-bit grey PNG as ``encode_grey`` writes it, a new array (height, width).

    Raises PictureError when it is anything else.
    """
    image = _open(data)
    if image.mode != "L" or "transparency" in image.info:
        raise PictureError("That file is not a mask saved by Overpaint.", next_step=_NEXT_STEP)
    return _bytes_of(image)


def decode_mask(data: bytes) -> Coverage:
    """The coverage, a new uint8 array (height, width), in a PNG mask of any kind.

    With transparency, transparent is edited and colours don't count; without, white is edited. Raises
    PictureError when it is no readable PNG.
    """
    image = _open(data)
    if "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode in {"RGBA", "LA", "PA"}:
        return np.invert(_bytes_of(image.getchannel("A")))
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")
    return _bytes_of(image.convert("L"))


def read_mask_file(file: Path) -> Coverage:
    """The coverage in a mask's file, as :func:`decode_mask` has it. Raises PictureError in words."""
    try:
        if file.stat().st_size > MAX_PICTURE_BYTES:
            raise PictureError(f"The mask {file.name} is larger than {MAX_PICTURE_BYTES // 10**6} MB.")
        return decode_mask(file.read_bytes())
    except OSError as fault:
        raise PictureError(
            f"The mask {file.name} can't be opened: {fault.strerror}.", cause=str(fault)
        ) from fault


def _mask_rows(coverage: Coverage, threshold: int) -> Iterator[memoryview]:
    """The rows of the RGBA picture, each as its difference to the row above: nothing but at the edges. Bands
    that are little else go unfiltered, since two kinds of pixel are packed better than four."""
    height, width = coverage.shape
    above = np.zeros(width, np.bool_)
    for band, rows in _bands(height, 4 * width, _UP_FILTER):
        edited = coverage[band] >= threshold
        changed = edited.copy()
        changed[1:] ^= edited[:-1]
        changed[0] ^= above
        above = edited[-1]
        pixels = rows[:, 1:].view("<u4")
        if not band.start or np.count_nonzero(changed) > _MANY_EDGES * changed.size:
            rows[:, 0] = _NO_FILTER  # nothing is above the first row
            pixels[:] = np.where(edited, _EDITED, _KEPT)
        else:
            rows[:, 0] = _UP_FILTER
            pixels[:] = 0
            pixels[changed] = np.where(edited[changed], _BEGINS, _ENDS)
        yield rows.reshape(-1).data


def _grey_rows(coverage: Coverage) -> Iterator[memoryview]:
    """The rows of the grey picture, each as its difference to the row above."""
    height, width = coverage.shape
    for band, rows in _bands(height, width, _UP_FILTER):
        above = coverage[max(band.start - 1, 0) : band.stop - 1]
        rows[:, 1:] = coverage[band]
        rows[len(rows) - len(above) :, 1:] -= above
        yield rows.reshape(-1).data


def _bands(height: int, row_bytes: int, filter_type: int) -> Iterator[tuple[slice, NDArray[np.uint8]]]:
    """Rows of the picture and room for them: uint8 (rows, 1 + row_bytes), used again for the next band."""
    most = max(1, _BAND_BYTES // (row_bytes + 1))
    room = np.zeros((min(most, height), row_bytes + 1), np.uint8)
    room[:, 0] = filter_type
    for band in Rect(0, 0, 1, height).bands(most):
        yield slice(band.y, band.bottom), room[: band.height]


def _png(shape: tuple[int, ...], colour_type: int, rows: Iterable[memoryview], deflater: Deflater) -> bytes:
    height, width = shape
    deflated = [deflater.compress(band) for band in rows]
    deflated.append(deflater.flush())
    return b"".join(
        [
            signature(),
            header(width, height, colour_type),
            chunk(b"IDAT", b"".join(deflated)),
            chunk(b"IEND", b""),
        ]
    )


def _open(data: bytes) -> Image.Image:
    try:
        # Not Image.open: its limit is a warning for the whole process, ours is an error for this file.
        image = PngImagePlugin.PngImageFile(io.BytesIO(data))
        if image.width * image.height > MAX_PIXELS:
            raise PictureError(
                f"That mask is too large: {image.width} × {image.height} pixels.", next_step=_NEXT_STEP
            )
        image.load()
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error) as error:
        raise PictureError(
            "That file is not a readable PNG picture.", cause=str(error), next_step=_NEXT_STEP
        ) from error
    return image


def _bytes_of(image: Image.Image) -> Coverage:
    return np.array(image, np.uint8)


def _check(coverage: Coverage) -> None:
    if coverage.ndim != 2 or coverage.dtype != np.uint8 or not coverage.size:
        raise ValueError(
            "Coverage is one byte a pixel, in an array of height x width with at least one pixel."
        )
