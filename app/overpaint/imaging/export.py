"""A finished picture in the format that somebody wants to have it in."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from overpaint.core.errors import PictureError
from overpaint.core.request.picture_formats import named
from overpaint.imaging.compositing.png_rows import encode_png
from overpaint.imaging.reading.decode import load_image

EXPORTED = ("png", "jpeg", "webp", "tiff")
"""Names of the formats, the usual one first."""

_QUALITY = 95


def exported(source: Path, format_name: str) -> tuple[bytes, str]:
    """The picture in ``source`` in a format of :data:`EXPORTED`, without any metadata, and in words what was
    lost by that, ``""`` for nothing.

    PNG, WebP and TIFF hold every pixel as it is; JPEG encodes all of them anew and knows no transparency.
    Raises PictureError. Blocks.
    """
    if format_name not in EXPORTED:
        raise PictureError("A picture is exported as PNG, JPEG, WebP or TIFF.")
    image, _ = load_image(source)
    if format_name == "png":
        return encode_png(np.asarray(image)), ""
    lost = ""
    file = io.BytesIO()
    if format_name == "jpeg":
        lost = "JPEG encodes every pixel anew."
        if image.mode == "RGBA":
            lost = f"{lost} It has no transparency: that is white now."
            white = Image.new("RGBA", image.size, (255, 255, 255, 255))
            image = Image.alpha_composite(white, image).convert("RGB")
        image.save(file, "JPEG", quality=_QUALITY, subsampling=0, optimize=True)
    elif format_name == "webp":
        image.save(file, "WEBP", lossless=True, quality=60, method=3, exact=True)
    else:
        image.save(file, "TIFF", compression="tiff_adobe_deflate")
    return file.getvalue(), lost


def format_of(place: Path) -> str:
    """The name of the format that a file's ending stands for. Raises PictureError for another ending."""
    ending = place.suffix.lower()
    for name in EXPORTED:
        if ending in named(name).suffixes:
            return name
    raise PictureError(
        f"“{place.name}” ends in none of the formats that are exported: PNG, JPEG, WebP, TIFF."
    )
