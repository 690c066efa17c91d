"""How large and how deep the headers of pictures say they are, before any decoder touches them."""

import io
import os
import struct
from pathlib import Path
from typing import BinaryIO

from overpaint.core.request.picture_formats import HEAD_BYTES, recognize

_FRAME_STARTS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MOST_SEGMENTS = 1000


def claimed_size(head: bytes) -> tuple[int, int] | None:
    """Width and height in the header of a PNG or WebP file, before any decoder touches it.

    None for everything else and for headers too short to say. (PNG 3rd edition, 11.2.1; RFC 9649, 2.)
    """
    kind = _name(head)
    if kind == "png" and len(head) >= 24:
        width, height = struct.unpack(">II", head[16:24])
        return width, height
    if kind == "webp" and len(head) >= 30:
        return _webp_size(head)
    return None


def stored_size(file: Path) -> tuple[int, int] | None:
    """Width and height that the header of a PNG, JPEG or WebP file claims, without a decoder.

    Upright files such as those that are sent are shown in this size. None for everything else. Raises
    OSError. (JPEG: ITU-T T.81, B.2.2.)
    """
    with file.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
        if _name(head) != "jpeg":
            return claimed_size(head)
        return _jpeg_size(stream)


def jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in the header of a whole JPEG file; None where there is none."""
    return _jpeg_size(io.BytesIO(data))


def png_depth(head: bytes) -> int:
    """Bits a channel of a PNG file (1, 2, 4, 8 or 16); 0 when the header is too short."""
    return head[24] if len(head) > 24 and _name(head) == "png" else 0


def _name(head: bytes) -> str:
    row = recognize(head)
    return row.name if row is not None else ""


def _jpeg_size(stream: BinaryIO) -> tuple[int, int] | None:
    stream.seek(2)
    for _ in range(_MOST_SEGMENTS):
        marker, code, length = struct.unpack(">BBH", stream.read(4).ljust(4, b"\0"))
        if marker != 0xFF or length < 2:
            return None
        if code in _FRAME_STARTS:
            fields = stream.read(5)
            if len(fields) < 5:
                return None
            height, width = struct.unpack(">HH", fields[1:])
            return width, height
        stream.seek(length - 2, os.SEEK_CUR)
    return None


def _webp_size(head: bytes) -> tuple[int, int] | None:
    match head[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
        case b"VP8L":
            bits = int.from_bytes(head[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            width, height = struct.unpack("<HH", head[26:30])
            return width & 0x3FFF, height & 0x3FFF
    return None
