"""Encoded pictures as pixel arrays: upright, 8-bit, sRGB; for the screen or for computing."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from overpaint.imaging.colour import to_srgb, upright
from overpaint.imaging.opening import Header, Source, opened

_REDUCING_GAP = 2.0


def load_bgra(source: Source, max_edge: int | None = None) -> NDArray[np.uint8]:
    """Decodes a picture for the screen: (height, width, 4) uint8, BGRA premultiplied, upright, sRGB.

    This is the memory order of ``QImage.Format_ARGB32_Premultiplied`` on little-endian machines.
    ``max_edge`` shrinks the longer side to at most that many pixels (JPEG files are then decoded at a
    fraction of their size). Raises :class:`PictureError` for anything that cannot be decoded in full.
    """
    image, _ = load_image(source, max_edge)
    premultiplied = image.convert("RGBa") if image.mode == "RGBA" else image.convert("RGBA")
    packed = premultiplied.tobytes("raw", "BGRa" if premultiplied.mode == "RGBa" else "BGRA")
    width, height = premultiplied.size
    return np.frombuffer(bytearray(packed), dtype=np.uint8).reshape(height, width, 4)


def load_rgba(source: Source) -> NDArray[np.uint8]:
    """Decodes a picture for computing: (height, width, 4) uint8, RGBA straight, upright, sRGB.

    Raises :class:`PictureError` for anything that cannot be decoded in full.
    """
    image, _ = load_image(source)
    return np.array(image.convert("RGBA"))


def load_image(source: Source, max_edge: int | None = None) -> tuple[Image.Image, Header]:
    """Decodes a picture to a Pillow image of mode ``RGB`` or ``RGBA``, upright, with its header."""
    with opened(source) as (image, header):
        if max_edge is not None:
            image.draft(None, (max_edge, max_edge))
        image.load()
        plain = to_srgb(image)
        if max_edge is not None and max(plain.size) > max_edge:
            if plain is image:
                plain = image.copy()
            plain.thumbnail((max_edge, max_edge), Image.Resampling.BICUBIC, reducing_gap=_REDUCING_GAP)
        return upright(plain, header.orientation), header
