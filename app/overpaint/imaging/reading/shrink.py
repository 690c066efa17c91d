"""Pictures made small enough to be sent: by quality first, then by size."""

import io

from PIL import Image

from overpaint.core.errors import PictureError
from overpaint.core.request.params import MAX_PICTURE_BYTES
from overpaint.core.request.sizes import Size

QUALITY = 95
"""Of copies that only have to be of another kind."""

_QUALITIES = (95, 90, 85, 80)
_STEP = 0.8
_SMALLEST = 64
_WEBP_LARGEST = 16_383


def encoded(image: Image.Image, kind: str, quality: int = QUALITY) -> bytes:
    """A picture of mode ``RGB`` or ``RGBA`` as a ``png``, ``jpeg`` or ``webp`` file without metadata."""
    image.info.clear()  # the profile no longer fits the pixels, and the place of the shot is private
    buffer = io.BytesIO()
    match kind:
        case "jpeg":
            image.save(buffer, "JPEG", quality=quality, subsampling=0 if quality >= QUALITY else 2)
        case "webp":
            image.save(buffer, "WEBP", quality=quality, method=2)
        case _:
            image.save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


def shrunk(image: Image.Image, name: str, limit: int = MAX_PICTURE_BYTES) -> tuple[bytes, str, Size]:
    """A file of less than ``limit`` bytes, its kind and its size in pixels.

    JPEG, or WebP where something shows through; at lower quality and, where even 80 is too large, with fewer
    pixels. Raises :class:`PictureError` where nothing helps.
    """
    kind = "webp" if image.mode == "RGBA" else "jpeg"
    if kind == "webp" and max(image.size) > _WEBP_LARGEST:
        image = _scaled(image, _WEBP_LARGEST / max(image.size))
    while min(image.size) >= _SMALLEST:
        for quality in _QUALITIES:
            data = encoded(image, kind, quality)
            if len(data) < limit:
                return data, kind, Size(*image.size)
        image = _scaled(image, _STEP)
    raise PictureError(f"{name} couldn’t be made small enough to be sent.")


def _scaled(image: Image.Image, by: float) -> Image.Image:
    size = (max(1, round(image.width * by)), max(1, round(image.height * by)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
