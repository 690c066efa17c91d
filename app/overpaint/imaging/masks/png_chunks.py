"""The outside of a PNG: signature, header and chunks, and what deflates its rows quickly."""

import struct
import zlib
from typing import Protocol

COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
"""PNG's own numbers, by how many channels a pixel has."""


class Deflater(Protocol):
    """What deflates a stream of bytes piece by piece."""

    def compress(self, data: memoryview, /) -> bytes: ...
    def flush(self) -> bytes: ...


def fast_deflater(window_bits: int = 15) -> Deflater:
    """isal at its first level; zlib where there is no wheel for the processor, as good and more slowly."""
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib.compressobj(1)
    return isal_zlib.compressobj(1, zlib.DEFLATED, window_bits)


def signature() -> bytes:
    """How every PNG begins."""
    return b"\x89PNG\r\n\x1a\n"


def header(width: int, height: int, colour_type: int) -> bytes:
    """The IHDR chunk of 8 bits a channel."""
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0))


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk with its length and checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))
