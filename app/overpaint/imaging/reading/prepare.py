"""A dropped file as a picture that can be uploaded: itself where it fits, otherwise a converted copy."""

import errno
import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from overpaint.core.errors import FolderMissing, PictureTooLarge, StorageError
from overpaint.core.request.edit_request import LEFT_OUT, Picture
from overpaint.core.request.params import MAX_PICTURE_BYTES
from overpaint.core.request.picture_formats import named
from overpaint.core.request.sizes import Size
from overpaint.imaging.metadata.bare_png import without_hidden_data
from overpaint.imaging.reading.colour_conversion import to_srgb, upright
from overpaint.imaging.reading.decode import within
from overpaint.imaging.reading.opening import MAX_PIXELS, Header, opened
from overpaint.imaging.reading.shrink import encoded, shrunk

_NO_SYNC = {errno.EPERM, errno.EACCES, errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}

_PREVIEW_EDGE = 320
_LARGE_PREVIEW_EDGE = 1280
_LARGE_PIXELS = 12_000_000
"""From here on decoding in full takes so long that something is to be seen meanwhile."""

_DRAFT_EDGE = 256
_PNG_WORTH_PIXELS = 4_000_000
"""Converted JPEG photographs above this stay JPEG: as PNG they would be ten times as large."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture that can be sent.

    ``change`` says in words how it differs from its source and why, and what was left out (``""``: nothing);
    ``preview`` is a small version of mode ``RGB`` or ``RGBA``, as it is shown.
    """

    picture: Picture
    change: str
    preview: Image.Image


def prepare(path: Path, into: Path) -> Picture:
    """The picture of a file as it will be uploaded; see :func:`make_uploadable`."""
    return make_uploadable(path, into).picture


def make_uploadable(
    path: Path,
    into: Path,
    *,
    shrink: bool = False,
    keep_metadata: bool = False,
    formats: tuple[str, ...] = (),
    decoded: Callable[[], None] = lambda: None,
) -> Prepared:
    """A file as it will be uploaded, with what that changes and how it looks.

    The file itself when it is an upright 8-bit sRGB PNG, JPEG or WebP that holds nothing but its pixels.
    Otherwise a copy in the folder ``into``, named by its content, so that the same file gives the same copy:
    with the very same pixels, but without all else, where only that is in the way; encoded anew (PNG, or
    JPEG where the source was a large one) with orientation and colours baked in where it doesn't fit. A file
    whose name is no text, which no draft could keep, gives a copy as well. Every file is read to its end.
    With ``shrink`` a file that is too large gives a smaller copy; with ``keep_metadata`` one that fits goes
    as it is, whatever it holds. ``formats`` are those that will do, all where none is named: others give a
    PNG, which loses nothing, where that is one of them. ``decoded`` is called once the file is read.

    Raises :class:`PictureError` for files that are no picture or a damaged one, :class:`PictureTooLarge`
    where shrinking would help, :class:`StorageError` when the copy can't be written.
    """
    image, header = _decoded(path, formats, to_shrink=shrink)
    decoded()
    name = path.name.encode(errors="replace").decode()  # what is no text can be opened, but not kept
    large = header.format == "jpeg" and header.size.area >= _LARGE_PIXELS
    preview = within(image, _LARGE_PREVIEW_EDGE if large else _PREVIEW_EDGE)
    is_text = str(path).encode(errors="replace") == os.fsencode(path)
    fits = not header.conversion and header.orientation == 1 and not (shrink and _too_large(header))
    if fits and keep_metadata and is_text:
        return Prepared(_itself(path, name, header), "", preview)
    made = _made(image, header, path.name, formats, shrink=shrink)
    left_out = f"{LEFT_OUT}{', '.join(header.left_out)}" if header.left_out else ""
    change = ". ".join(filter(None, (made.change, left_out)))
    if is_text and not change and made.untouched:
        return Prepared(_itself(path, name, header), "", preview)
    copy = into / _copy_name(path, made.data, made.kind)
    if not copy.exists():
        _write(copy, made.data)
    return Prepared(Picture(copy, name, made.kind, made.size, len(made.data)), change, preview)


@dataclass(frozen=True, slots=True)
class _Made:
    """A file to be sent; ``change`` says how its pixels differ from those that were given,
    ``untouched`` that it is the given file itself."""

    data: bytes
    kind: str
    size: Size
    change: str = ""
    untouched: bool = False


def _made(image: Image.Image, header: Header, name: str, formats: tuple[str, ...], *, shrink: bool) -> _Made:
    if shrink and _too_large(header):
        data, kind, size = shrunk(image, name)
        return _Made(data, kind, size, f"Shrunk to fit: {kind.upper()} of {size.width} × {size.height}")
    if header.conversion or header.orientation != 1 or header.bare is None:
        data, kind, size = _encode(image, header, name, formats, shrink=shrink)
        why = header.conversion or "its pixels are stored turned"
        return _Made(data, kind, size, f"Converted to {kind.upper()} for upload: {why}")
    bare = header.bare.data
    whole = without_hidden_data(bare) if header.format == "png" else bare
    if whole is None:
        return _Made(*_encode(image, header, name, formats, shrink=shrink))
    untouched = header.bare.untouched and whole is bare
    return _Made(whole, header.format, header.size, untouched=untouched)


def _itself(path: Path, name: str, header: Header) -> Picture:
    return Picture(path, name, header.format, header.size, header.length)


def _decoded(path: Path, formats: tuple[str, ...], *, to_shrink: bool) -> tuple[Image.Image, Header]:
    """The picture as it is shown: in full, save for JPEG files that go up as they are or must get smaller."""
    with opened(path, to_shrink=to_shrink) as (image, header):
        if formats and header.format not in formats and not header.conversion:
            header = replace(header, conversion=f"it is a {named(header.format).title}")
        if to_shrink and _too_large(header):
            image.draft(None, _largest(image.size))
        elif header.format == "jpeg" and not header.conversion and header.orientation == 1:
            # An eighth of the size takes a fraction of the time, yet the file is read to its last byte.
            image.draft(None, (_DRAFT_EDGE, _DRAFT_EDGE))
        image.load()
        return upright(to_srgb(image, header.profile), header.orientation), header


def _too_large(header: Header) -> bool:
    return header.length >= MAX_PICTURE_BYTES or header.size.area > MAX_PIXELS


def _largest(size: tuple[int, int]) -> tuple[int, int]:
    """The least size that a picture must be decoded at when it has more pixels than may be."""
    if size[0] * size[1] <= MAX_PIXELS:
        return size
    return size[0] // 2, size[1] // 2


def _copy_name(path: Path, data: bytes, kind: str) -> str:
    plain = "".join(one if one.isalnum() or one in "-_" else "-" for one in path.stem)[:40].strip("-")
    digest = hashlib.blake2b(data, digest_size=6).hexdigest()
    return f"{plain or 'picture'}-{digest}{named(kind).suffix}"


def _encode(
    image: Image.Image, header: Header, name: str, formats: tuple[str, ...], *, shrink: bool
) -> tuple[bytes, str, Size]:
    opaque = image.mode == "RGB"
    tries = ["png"]
    if opaque:
        large = header.format == "jpeg" and image.width * image.height > _PNG_WORTH_PIXELS
        tries = ["jpeg"] if large else ["png", "jpeg"]
    if formats:
        tries = [one for one in ("png", *tries) if one in formats] or list(formats)
    for kind in tries:
        data = encoded(image, kind)
        if len(data) < MAX_PICTURE_BYTES:
            return data, kind, Size(*image.size)
    if shrink:
        return shrunk(image, name)
    raise PictureTooLarge(
        f"{name} is larger than {MAX_PICTURE_BYTES / 1e6:.0f} MB once converted.",
        next_step="Save it smaller.",
    )


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
                _sync(stream.fileno())
            temporary.replace(file)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except FileNotFoundError as fault:
        raise FolderMissing(f"The folder {file.parent} is not there.", cause=str(fault)) from fault
    except OSError as fault:
        raise StorageError(f"Couldn’t write into {file.parent}.", cause=str(fault)) from fault


def _sync(handle: int) -> None:
    """Forces a file to the disk where that can be asked for: some sandboxes don't allow it."""
    try:
        os.fsync(handle)
    except OSError as fault:
        if fault.errno not in _NO_SYNC:
            raise
