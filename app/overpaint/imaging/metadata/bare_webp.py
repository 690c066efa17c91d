"""WebP files of nothing but their bitstream and its alpha (RFC 9649, 2)."""

import struct
from collections.abc import Iterator

from overpaint.imaging.metadata.bare_file import MOST_PARTS, BareFile, in_order
from overpaint.imaging.metadata.exif_tags import read_exif
from overpaint.imaging.metadata.notes import kinds_of_text, kinds_of_trailer

_ANIMATION, _ALPHA = 0x02, 0x10
_BITSTREAMS = (b"VP8 ", b"VP8L")


def bare_webp(data: bytes) -> BareFile:
    """The file without what its pixels don't need. Animations, which are never sent, stay as they are."""
    chunks, rest = _chunks(data)
    parts = dict(reversed(chunks))  # of chunks of one name the first is the one that counts
    canvas = parts.get(b"VP8X", b"")
    tags = read_exif(parts.get(b"EXIF", b""))
    kinds = set(tags.kinds) | kinds_of_trailer(rest)
    for name, body in chunks:
        kinds |= _kinds(name, body)
    stream = next((name for name, _ in chunks if name in _BITSTREAMS), b"")
    is_one = bool(stream) and not (canvas and canvas[0] & _ANIMATION)
    bare = _written(stream, parts, canvas) if is_one else data
    return BareFile(
        bare,
        tags.orientation,
        parts.get(b"ICCP"),
        in_order(kinds),
        untouched=bare == data,
        is_bare=is_one,
    )


def _chunks(data: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Names and bodies of the chunks, and what stands behind the file's end."""
    (length,) = struct.unpack_from("<I", data, 4)
    end = min(8 + int(length), len(data))
    return list(_each(data[:end])), data[end + (end % 2 if end < len(data) else 0) :]


def _each(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 12
    for _ in range(MOST_PARTS):
        if position + 8 > len(data):
            return
        name, length = struct.unpack_from("<4sI", data, position)
        if position + 8 + length > len(data):
            return  # cut: for the decoder as good as missing
        yield name, data[position + 8 : position + 8 + length]
        position += 8 + length + length % 2


def _kinds(name: bytes, body: bytes) -> set[str]:
    match name:
        case b"XMP ":
            return kinds_of_text(body)
        case b"ICCP":
            return {"colour profile"}
        case b"VP8 " | b"VP8L" | b"VP8X" | b"ALPH" | b"EXIF" | b"ANIM" | b"ANMF":
            return set()
    return {"other data"}


def _written(stream: bytes, parts: dict[bytes, bytes], canvas: bytes) -> bytes:
    body = b"WEBP"
    if stream == b"VP8 " and b"ALPH" in parts and len(canvas) >= 10:
        body += _chunk(b"VP8X", bytes((_ALPHA, 0, 0, 0)) + canvas[4:10])
        body += _chunk(b"ALPH", parts[b"ALPH"])
    body += _chunk(stream, parts[stream])
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
