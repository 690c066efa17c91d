"""A dropped file as a picture that can be uploaded: itself where it fits, otherwise a converted copy."""

import hashlib
import io
import os
import tempfile
from pathlib import Path

from PIL import Image

from overpaint.core.errors import FolderMissing, PictureError, StorageError
from overpaint.core.params import MAX_PICTURE_BYTES
from overpaint.core.request import EXTENSION_OF_FORMAT, Picture
from overpaint.core.sizes import Size
from overpaint.imaging.decode import load_image
from overpaint.imaging.location import without_location
from overpaint.imaging.opening import Header

_JPEG_QUALITY = 95
_PNG_WORTH_PIXELS = 4_000_000
"""Converted JPEG photographs above this stay JPEG: as PNG they would be ten times as large."""


def prepare(path: Path, into: Path) -> Picture:
    """The picture of a file as it will be uploaded.

    The file itself when it is an upright 8-bit sRGB PNG, JPEG or WebP; otherwise a copy in the folder
    ``into`` (PNG, or JPEG where the source was a large one), with orientation and colours baked in and
    named by its content, so that the same file gives the same copy. A file that fits but says where it was
    taken gives a copy without its EXIF and XMP, all else byte for byte. Everything is decoded once in full.

    Raises :class:`PictureError` for files that are no picture or a damaged one, :class:`StorageError`
    when the copy can't be written.
    """
    image, header = load_image(path)
    if header.conversion or header.orientation != 1:
        data, kind = _encode(image, header, path.name)
    elif header.located:
        data, kind = _unlocated(path, header), header.format
    else:
        return Picture(path, path.name, header.format, header.size, header.bytes)
    stem = (
        "".join(one if one.isalnum() or one in "-_" else "-" for one in path.stem)[:40].strip("-")
        or "picture"
    )
    copy = into / f"{stem}-{hashlib.blake2b(data, digest_size=6).hexdigest()}{EXTENSION_OF_FORMAT[kind]}"
    if not copy.exists():
        _write(copy, data)
    return Picture(copy, path.name, kind, Size(*image.size), len(data))


def _unlocated(path: Path, header: Header) -> bytes:
    try:
        return without_location(path.read_bytes(), header.format)
    except (OSError, ValueError) as fault:
        raise PictureError(f"{path.name} can’t be read any more.", cause=str(fault)) from fault


def _encode(image: Image.Image, header: Header, name: str) -> tuple[bytes, str]:
    opaque = image.mode == "RGB"
    tries = ["png"]
    if opaque:
        large = header.format == "jpeg" and image.width * image.height > _PNG_WORTH_PIXELS
        tries = ["jpeg"] if large else ["png", "jpeg"]
    for kind in tries:
        data = _encoded(image, kind)
        if len(data) < MAX_PICTURE_BYTES:
            return data, kind
    raise PictureError(
        f"{name} is larger than {MAX_PICTURE_BYTES / 1e6:.0f} MB once converted.",
        next_step="Save it smaller.",
    )


def _encoded(image: Image.Image, kind: str) -> bytes:
    image.info.clear()  # the profile no longer fits the pixels, and the place of the shot is private
    buffer = io.BytesIO()
    if kind == "jpeg":
        image.save(buffer, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    else:
        image.save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


def _write(file: Path, data: bytes) -> None:
    """Writes a file whole or not at all."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".prepare-")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(file)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except FileNotFoundError as fault:
        raise FolderMissing(f"The folder {file.parent} is not there.", cause=str(fault)) from fault
    except OSError as fault:
        raise StorageError(f"Couldn’t write into {file.parent}.", cause=str(fault)) from fault
