"""Encoded pictures as pixels: upright, 8-bit, sRGB; for the screen or for computing.

Nothing here needs numpy: the process that reads the tray's files writes pixels into memory without it, and so
starts in half the time.
"""

from collections.abc import Iterator

from PIL import Image

from overpaint.imaging.reading.colour_conversion import to_srgb, upright
from overpaint.imaging.reading.opening import Header, Source, opened

_REDUCING_GAP = 2.0
_BAND_BYTES = 1 << 20


def load_image(source: Source, max_edge: int | None = None) -> tuple[Image.Image, Header]:
    """Decodes a picture to a Pillow image of mode ``RGB`` or ``RGBA``, upright, with its header.

    ``max_edge`` shrinks the longer side to at most that many pixels (JPEG files are then decoded at a
    fraction of their size). Raises :class:`PictureError` for anything that cannot be decoded in full.
    """
    with opened(source) as (image, header):
        if max_edge is not None:
            image.draft(None, (max_edge, max_edge))
        image.load()
        plain = to_srgb(image, header.profile)
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
    """The rows of an ``RGB`` or ``RGBA`` image from the top, some at a time, as premultiplied BGRA bytes.

    This is the memory order of ``QImage.Format_ARGB32_Premultiplied`` on little-endian machines.
    """
    mode, packed = ("RGBa", "BGRa") if image.mode == "RGBA" else ("RGBA", "BGRA")
    rows = max(1, _BAND_BYTES // (4 * image.width))
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        yield band.convert(mode).tobytes("raw", packed)
