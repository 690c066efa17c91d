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

from overpaint.core.errors import PictureError, PictureTooLarge
from overpaint.core.request.params import MAX_PICTURE_BYTES
from overpaint.core.request.picture_formats import HEAD_BYTES, PictureFormat, recognize, titles
from overpaint.core.request.sizes import Size
from overpaint.imaging.reading.colour_conversion import is_plain_srgb
from overpaint.imaging.reading.exif_location import has_location
from overpaint.imaging.reading.file_headers import claimed_size, png_depth

MAX_PIXELS = 100_000_000
"""Pictures with more pixels are refused before anything is decoded."""

_MAX_SHRUNK_PIXELS = 400_000_000
"""The same for JPEG files that are to be shrunk: they can be decoded at a fraction of their size."""

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
_TURNED = (5, 6, 7, 8)


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture's header says.

    ``format`` is the name of one that is taken; ``size`` in pixels as the picture is shown, ``orientation``
    the EXIF value 1-8 that turns the decoded pixels into that; ``bytes`` the file's length; ``conversion``
    says why the file cannot travel as it is (``"it is CMYK"``) or is ``""``; ``located`` is whether its
    metadata says where it was taken.
    """

    format: str
    size: Size
    orientation: int
    bytes: int
    conversion: str
    located: bool


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
            most = _MAX_SHRUNK_PIXELS if to_shrink and kind == "jpeg" else MAX_PIXELS
            _check_pixels(claimed_size(head), name, kind, most)
            with Image.open(stream, formats=(row.decoder,)) as image:
                _check_pixels(image.size, name, kind, most)
                yield image, _header(image, row, head, length)
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


def orientation(image: Image.Image) -> int:
    """The EXIF orientation 1-8 of an open picture; 1 where it says nothing sensible."""
    if image.format == "PNG" and "exif" not in image.info:
        return 1  # asking Pillow would decode the whole picture to look behind its pixels
    if image.format == "TIFF":
        return 1  # Pillow turns these itself
    value = image.getexif().get(_ORIENTATION_TAG, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _stream(source: Source) -> BinaryIO:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    if source.is_dir():  # Windows calls opening one a lack of permission
        raise IsADirectoryError(str(source))
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


def _header(image: Image.Image, row: PictureFormat, head: bytes, length: int) -> Header:
    turn = orientation(image)
    width, height = image.size
    shown = Size(height, width) if turn in _TURNED else Size(width, height)
    return Header(row.name, shown, turn, length, _conversion(image, row, head), has_location(image))


def _conversion(image: Image.Image, row: PictureFormat, head: bytes) -> str:
    if image.format == "MPO" or "mp" in image.info:
        return "it holds several pictures or an HDR gain map"
    if getattr(image, "is_animated", False):
        whole = "a document of several pages" if row.name == "tiff" else "an animation"
        return f"it is {whole}, of which the first picture is taken"
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
    if not is_plain_srgb(image.info.get("icc_profile")):
        return WIDE_COLOUR
    return ""
