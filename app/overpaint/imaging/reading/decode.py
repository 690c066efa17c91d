"""Encoded pictures as pixels: upright, 8-bit, sRGB; for the screen or for computing.

numpy is imported by those who ask for arrays: the process that reads the tray's files writes pixels into
memory without it, and so starts in half the time.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PIL import Image

from overpaint.imaging.reading.colour_conversion import to_srgb, upright
from overpaint.imaging.reading.opening import Header, Source, opened

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_REDUCING_GAP = 2.0
_BAND_BYTES = 1 << 20


def load_bgra(source: Source, max_edge: int | None = None) -> "NDArray[np.uint8]":
    """Decodes a picture for the screen: (height, width, 4) uint8, BGRA premultiplied, upright, sRGB.

    This is the memory order of ``QImage.Format_ARGB32_Premultiplied`` on little-endian machines.
    ``max_edge`` shrinks the longer side to at most that many pixels (JPEG files are then decoded at a
    fraction of their size). Raises :class:`PictureError` for anything that cannot be decoded in full.
    """
    import numpy as np

    image, _ = load_image(source, max_edge)
    pixels = np.empty((image.height, image.width, 4), np.uint8)
    flat = pixels.reshape(-1)
    start = 0
    for band in bgra_bands(image):
        flat[start : start + len(band)] = np.frombuffer(band, np.uint8)
        start += len(band)
    return pixels


def load_image(source: Source, max_edge: int | None = None) -> tuple[Image.Image, Header]:
    """Decodes a picture to a Pillow image of mode ``RGB`` or ``RGBA``, upright, with its header."""
    with opened(source) as (image, header):
        if max_edge is not None:
            image.draft(None, (max_edge, max_edge))
        image.load()
        plain = to_srgb(image)
        if max_edge is not None:
            plain = within(plain, max_edge)
        return upright(plain, header.orientation), header


def within(image: Image.Image, edge: int) -> Image.Image:
    """The picture with its longer side at most ``edge`` pixels: itself, or a smaller copy."""
    if max(image.size) <= edge:
        return image
    scale = edge / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=_REDUCING_GAP)


def bgra_bands(image: Image.Image) -> Iterator[bytes]:
    """The rows of an ``RGB`` or ``RGBA`` image from the top, some at a time, as premultiplied BGRA bytes."""
    mode, packed = ("RGBa", "BGRa") if image.mode == "RGBA" else ("RGBA", "BGRA")
    rows = max(1, _BAND_BYTES // (4 * image.width))
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        yield band.convert(mode).tobytes("raw", packed)
