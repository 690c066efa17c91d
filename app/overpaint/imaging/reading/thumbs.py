"""Small versions of pictures for the tray, the runs and the gallery."""

import io
from typing import TYPE_CHECKING

from PIL import Image

from overpaint.imaging.reading.decode import load_bgra, load_image
from overpaint.imaging.reading.opening import Source

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_JPEG_QUALITY = 85
_GROUND = (64, 64, 64)


def thumbnail(source: Source, edge: int) -> "NDArray[np.uint8]":
    """A picture whose longer side has at most ``edge`` pixels: (height, width, 4) uint8, BGRA premultiplied.

    Upright and sRGB; never magnified. Raises :class:`PictureError`.
    """
    return load_bgra(source, max_edge=edge)


def thumbnail_jpeg(source: Source, edge: int) -> bytes:
    """The same as a small JPEG file, to be kept beside a result; transparency is laid on dark grey.

    Raises :class:`PictureError`.
    """
    image, _ = load_image(source, max_edge=edge)
    if image.mode == "RGBA":
        ground = Image.new("RGBA", image.size, (*_GROUND, 255))
        image = Image.alpha_composite(ground, image).convert("RGB")
    image.info.clear()
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return buffer.getvalue()
