"""The one place where picture files are opened with Pillow: limits first, known formats, errors in words."""

import io
import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from overpaint.core.errors import PictureError, PictureTooLarge
from overpaint.core.request.params import MAX_PICTURE_BYTES
from overpaint.core.request.picture_formats import HEAD_BYTES, PictureFormat, recognize, titles
from overpaint.core.request.sizes import Size
from overpaint.imaging.metadata.bare_file import COLOUR_PROFILE, BareFile, in_order
from overpaint.imaging.metadata.bare_jpeg import bare_jpeg
from overpaint.imaging.metadata.bare_png import bare_png
from overpaint.imaging.metadata.bare_webp import bare_webp
from overpaint.imaging.metadata.exif_tags import kinds_of_tags
from overpaint.imaging.reading.colour_conversion import is_plain_srgb
from overpaint.imaging.reading.file_headers import claimed_size, jpeg_size, png_depth

MAX_PIXELS = 100_000_000
"""Pictures with more pixels are refused before anything is decoded."""

_MAX_SHRUNK_PIXELS = 400_000_000
"""The same for JPEG files that are to be shrunk: they can be decoded at a fraction of their size."""

_MAX_WEBP_PIXELS = 50_000_000
"""The same for WebP, whose decoder takes four times the memory."""

_MAX_SHRUNK_BYTES = 2_000_000_000

WIDE_COLOUR = "its colours are not sRGB"
"""The one reason to convert that is about looks alone: services take such files and misread their colours."""

Source = Path | bytes
"""A picture: where its file lies, or the encoded file itself."""

Image.MAX_IMAGE_PIXELS = None  # the limit below is lower, names the picture, and comes before the decoder

_BROKEN = (
    OSError,
    SyntaxError,  # Pillow's word for a broken PNG
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
)
_ORIENTATION_TAG = 0x0112
_BARE = {"png": bare_png, "jpeg": bare_jpeg, "webp": bare_webp}
_ANIMATION = "it is an animation, of which the first picture is taken"
_DOCUMENT = "it is a document of several pages, of which the first is taken"
_MOST_MEMORY = 900_000_000
"""Bytes for a picture's pixels and for what has to be kept while they are decoded."""

_MOST_SCANNED = 2_000_000_000
"""Pixels times scans of a JPEG: the largest picture in ten of them takes seconds, a hostile one minutes."""

_TURNED = (5, 6, 7, 8)


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture's header says.

    ``format`` is the name of one that is taken; ``size`` in pixels as the picture is shown, ``orientation``
    the EXIF value 1-8 that turns the decoded pixels into that; ``length`` the file's bytes; ``conversion``
    says why the pixels cannot travel as they are (``"it is CMYK"``) or is ``""``; ``bare`` is the file
    without its metadata, None where it can't travel anyway; ``left_out`` names what the file holds besides;
    ``profile`` is the ICC profile of its colours, None for sRGB.
    """

    format: str
    size: Size
    orientation: int
    length: int
    conversion: str
    bare: BareFile | None
    left_out: tuple[str, ...]
    profile: bytes | None


def examine(source: Source) -> Header:
    """Reads a picture's header without decoding its pixels.

    Raises :class:`PictureError`, naming what is wrong, for everything that is no picture of a format that is
    taken, of less than 50 MB and at most 100 megapixels; :class:`PictureTooLarge` for those that a smaller
    copy can be made of.
    """
    with opened(source) as (_, header):
        return header


@contextmanager
def opened(source: Source, *, to_shrink: bool = False) -> Iterator[tuple[Image.Image, Header]]:
    """The picture, open but not yet decoded, with its header.

    ``to_shrink`` lets in files that are too large to be sent. What fails while the body of the ``with``
    decodes raises :class:`PictureError` too; so do nothing but decode there.
    """
    name = source.name if isinstance(source, Path) else "The picture"
    try:
        with _stream(source) as stream:
            length = _checked_length(stream, name, _MAX_SHRUNK_BYTES if to_shrink else MAX_PICTURE_BYTES)
            head = stream.read(HEAD_BYTES)
            stream.seek(0)
            row = _checked_format(head, name)
            kind = row.name
            most = _most_pixels(kind, to_shrink=to_shrink)
            _check_pixels(claimed_size(head), name, kind, most)
            bare = _bare(stream, row, length)
            if bare is not None:
                _check_scans(bare, name, to_shrink=to_shrink)
            pixels = io.BytesIO(bare.data) if bare is not None else stream
            with Image.open(pixels, formats=(row.decoder,)) as image:
                _check_pixels(image.size, name, kind, most)
                yield image, _header(image, row, head, length, bare)
    except (FileNotFoundError, NotADirectoryError) as fault:
        raise PictureError(f"{name} is not there.", cause=str(fault)) from fault
    except IsADirectoryError as fault:
        raise PictureError(f"{name} is a folder, not a picture.", cause=str(fault)) from fault
    except PermissionError as fault:
        raise PictureError(
            f"{name} may not be read.", cause=str(fault), next_step="Check the file's permissions."
        ) from fault
    except MemoryError as fault:
        raise PictureError(
            f"{name} needs more memory than Overpaint gives to one picture.", next_step="Save it smaller."
        ) from fault
    except _BROKEN as fault:
        raise PictureError(
            f"{name} is damaged or incomplete.",
            cause=str(fault),
            next_step="Open and save it again elsewhere.",
        ) from fault


def _bare(stream: BinaryIO, row: PictureFormat, length: int) -> BareFile | None:
    """The file without what its pixels don't need, so that no metadata can keep the decoder from them; None
    for kinds that are never sent, and for files so large that only a copy can be."""
    build = _BARE.get(row.name)
    if build is None or length >= MAX_PICTURE_BYTES:
        return None
    return build(stream.read())


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation 1-8 of a picture whose metadata only Pillow has seen."""
    if image.format == "TIFF":
        return 1  # Pillow turns these itself
    try:
        value = image.getexif().get(_ORIENTATION_TAG, 1)
    except _BROKEN:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _stream(source: Source) -> BinaryIO:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    if source.is_dir():  # Windows calls opening one a lack of permission
        raise IsADirectoryError(str(source))
    if source.exists() and not source.is_file():  # opening a pipe waits for somebody to write into it
        raise PictureError(f"{source.name} is no file.")
    return source.open("rb")


def _checked_length(stream: BinaryIO, name: str, limit: int) -> int:
    length = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    if not length:
        raise PictureError(f"{name} is empty.")
    if length >= limit:
        raise PictureTooLarge(
            f"{name} has {length / 1e6:.0f} MB; a picture must stay under {limit / 1e6:.0f} MB.",
            next_step="Save it smaller, or as JPEG.",
        )
    return length


def _checked_format(head: bytes, name: str) -> PictureFormat:
    row = recognize(head)
    if row is None:
        raise PictureError(f"{name} is no picture that Overpaint knows; it takes {titles()}.")
    if row.taken:
        return row
    mend = "Save it as PNG and add that." if row.becomes == "refused" else ""
    raise PictureError(f"{name} {row.refusal}", next_step=mend)


def _most_pixels(kind: str, *, to_shrink: bool) -> int:
    if kind == "webp":
        return _MAX_WEBP_PIXELS
    return _MAX_SHRUNK_PIXELS if to_shrink and kind == "jpeg" else MAX_PIXELS


def _check_pixels(size: tuple[int, int] | None, name: str, kind: str, most: int) -> None:
    if size is None:
        return
    width, height = size
    if width * height > most:
        can_shrink = kind == "jpeg" and most < width * height <= _MAX_SHRUNK_PIXELS
        fault = PictureTooLarge if can_shrink else PictureError
        raise fault(
            f"{name} has {width} × {height} pixels; at most {most // 1_000_000} megapixels are taken.",
            next_step="Save it smaller.",
        )
    if not width or not height:
        raise PictureError(f"{name} has no pixels.")


def _check_scans(bare: BareFile, name: str, *, to_shrink: bool) -> None:
    size = jpeg_size(bare.data) if bare.scans > 1 else None
    if size is None:
        return
    pixels = size[0] * size[1]
    if not to_shrink and bare.coefficients + 4 * pixels > _MOST_MEMORY:
        raise PictureTooLarge(
            f"{name} needs more memory than Overpaint gives to one picture.",
            next_step="Save it smaller, or not as a progressive JPEG.",
        )
    if pixels * bare.scans > _MOST_SCANNED:
        raise PictureError(
            f"{name} goes over its pixels {bare.scans} times, which takes too long to decode.",
            next_step="Open and save it again elsewhere.",
        )


def _header(
    image: Image.Image, row: PictureFormat, head: bytes, length: int, bare: BareFile | None
) -> Header:
    turn = bare.orientation if bare is not None else _orientation(image)
    width, height = image.size
    shown = Size(height, width) if turn in _TURNED else Size(width, height)
    profile = bare.profile if bare is not None else image.info.get("icc_profile")
    if is_plain_srgb(profile, image.mode):
        profile = None
    conversion = _conversion(image, row, head)
    if not conversion and profile is not None:
        conversion = WIDE_COLOUR
    if not conversion and bare is not None and not bare.is_bare:
        conversion = _ANIMATION
    left_out = bare.left_out if bare is not None else _kinds(image)
    if profile is not None:  # its colours aren't left out, they are in the pixels
        left_out = tuple(kind for kind in left_out if kind != COLOUR_PROFILE)
    return Header(row.name, shown, turn, length, conversion, bare, left_out, profile)


def _kinds(image: Image.Image) -> tuple[str, ...]:
    """What else a picture holds that is only ever sent as a copy."""
    kinds = {"text"} if image.info.get("comment") else set()
    if isinstance(image, TiffImageFile):
        kinds |= kinds_of_tags(image.tag_v2)
    return in_order(kinds)


def _conversion(image: Image.Image, row: PictureFormat, head: bytes) -> str:
    if image.format == "MPO" or "mp" in image.info:
        return "it holds several pictures or an HDR gain map"
    if getattr(image, "is_animated", False):
        return _DOCUMENT if row.name == "tiff" else _ANIMATION
    if png_depth(head) == 16 or image.mode.startswith(("I;16", "I", "F")):
        return "it has 16 bits a channel" if image.mode != "F" else "its pixels are fractions"
    if image.mode == "CMYK":
        return "it is CMYK"
    return _conversion_of_plain(image, row, head)


def _conversion_of_plain(image: Image.Image, row: PictureFormat, head: bytes) -> str:
    if row.becomes != "sent":
        return f"it is {row.spoken or f'a {row.title}'}"
    if image.mode not in ("RGB", "RGBA", "L", "LA") or png_depth(head) not in (0, 8):
        return "it has a palette"
    return ""
