"""Where a photograph was taken, taken out of its file: only metadata goes, every pixel's bytes stay.

JPEG: APP1 segments (CIPA DC-008, ITU-T T.81 B.1). PNG: eXIf and text chunks (3rd edition, 11.3). WebP: EXIF
and XMP chunks (RFC 9649).
"""

import struct
from collections.abc import Iterator

from PIL import Image

_GPS = 0x8825
_XMP_KEYS = ("xmp", "XML:com.adobe.xmp")
_JPEG_METADATA = (b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0")
_PNG_METADATA = (b"XML:com.adobe.xmp\0", b"Raw profile type exif\0", b"Raw profile type APP1\0")
_WEBP_FLAGS = 0x08 | 0x04
_STANDALONE = frozenset((0x01, *range(0xD0, 0xD8)))


def has_location(image: Image.Image) -> bool:
    """Whether an open picture's EXIF or XMP says where it was taken; nothing is decoded for it."""
    if image.format != "PNG" or "exif" in image.info:
        try:
            if image.getexif().get_ifd(_GPS):
                return True
        except (SyntaxError, struct.error, KeyError, TypeError):
            return True  # metadata that can't be read is not sent on trust
    notes = (image.info.get(key, b"") for key in _XMP_KEYS)
    return any(b"GPSL" in (note if isinstance(note, bytes) else note.encode()) for note in notes)


def without_location(data: bytes, kind: str) -> bytes:
    """The ``png``, ``jpeg`` or ``webp`` file without EXIF and XMP. Raises ValueError for a broken one."""
    strip = {"jpeg": _jpeg, "png": _png, "webp": _webp}[kind]
    try:
        return strip(data)
    except (struct.error, IndexError) as fault:
        raise ValueError("the file ends in the middle of a part") from fault


def _jpeg(data: bytes) -> bytes:
    kept, position = [data[:2]], 2
    while data[position] == 0xFF and data[position + 1] != 0xDA:
        marker = data[position + 1]
        if marker in _STANDALONE or marker == 0xFF:
            end = position + (1 if marker == 0xFF else 2)
            segment = b""
        else:
            end = position + 2 + int(struct.unpack_from(">H", data, position + 2)[0])
            segment = data[position + 4 : end]
        if marker != 0xE1 or not segment.startswith(_JPEG_METADATA):
            kept.append(data[position:end])
        position = end
    return b"".join((*kept, data[position:]))


def _png(data: bytes) -> bytes:
    kept, position = [data[:8]], 8
    while position < len(data):
        length, name = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        body = data[position + 8 : position + 40]
        if name != b"eXIf" and not (name in (b"iTXt", b"zTXt", b"tEXt") and body.startswith(_PNG_METADATA)):
            kept.append(data[position:end])
        position = end
    return b"".join(kept)


def _webp(data: bytes) -> bytes:
    kept = []
    for name, chunk in _riff_chunks(data):
        if name == b"VP8X":
            kept.append(chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS]) + chunk[9:])
        elif name not in (b"EXIF", b"XMP "):
            kept.append(chunk)
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 12
    while position + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, position)
        end = position + 8 + length + length % 2
        yield name, data[position:end]
        position = end
