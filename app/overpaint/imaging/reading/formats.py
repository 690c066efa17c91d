"""What a file is by its first bytes, whatever its name says, and how large PNG and WebP say they are."""

import os
import struct
from pathlib import Path
from typing import BinaryIO

HEAD_BYTES = 4096
"""How many first bytes of a file are enough for :func:`sniff` and :func:`claimed_size`."""

TAKEN = ("png", "jpeg", "webp")
"""The formats that travel as they are."""

CONVERTED = ("GIF", "BMP", "TIFF")
"""The formats of which a copy is made that can travel."""

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"8BPS", "Photoshop"),
    (b"%PDF", "PDF"),
    (b"%!PS", "PostScript"),
    (b"\xc5\xd0\xd3\xc6", "PostScript"),
    (b"gimp xcf", "GIMP"),
    (b"v/1\x01", "OpenEXR"),
    (b"\0\0\x01\0", "icon"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"qoif", "QOI"),
    (b"PK\x03\x04", "ZIP archive"),
)
_FRAME_STARTS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MOST_SEGMENTS = 1000
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_AVIF_BRANDS = (b"avif", b"avis")


def sniff(head: bytes) -> str:
    """``png``, ``jpeg`` or ``webp``; otherwise the name of the kind (``GIF``, ``text`` …) or ``""``."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[4:8] == b"ftyp":
        return _media_box(head[8:12])
    return _text_kind(head)


def claimed_size(head: bytes) -> tuple[int, int] | None:
    """Width and height in the header of a PNG or WebP file, before any decoder touches it.

    None for everything else and for headers too short to say. (PNG 3rd edition, 11.2.1; RFC 9649, 2.)
    """
    kind = sniff(head)
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
        if sniff(head) != "jpeg":
            return claimed_size(head)
        stream.seek(2)
        return _jpeg_size(stream)


def png_depth(head: bytes) -> int:
    """Bits a channel of a PNG file (1, 2, 4, 8 or 16); 0 when the header is too short."""
    return head[24] if len(head) > 24 and sniff(head) == "png" else 0


def _jpeg_size(stream: BinaryIO) -> tuple[int, int] | None:
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


def _media_box(brand: bytes) -> str:
    if brand in _HEIF_BRANDS:
        return "HEIC"
    return "AVIF" if brand in _AVIF_BRANDS else "video"


def _text_kind(head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1000].lower()
    if start.startswith(b"<svg") or (
        start.startswith((b"<?xml", b"<!doctype svg", b"<!--")) and b"<svg" in start
    ):
        return "SVG"
    if start.startswith((b"<!doctype html", b"<html")):
        return "web page"
    if not head or b"\0" in head:
        return ""
    printable = sum(byte >= 32 or byte in b"\t\r\n\f" for byte in head)
    return "text" if printable == len(head) else ""
