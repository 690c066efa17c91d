"""Where a picture's file ends by its own structure, so that a cut one never passes for whole.

Sources: PNG 3rd edition 5.3, ITU-T T.81 B.1 (JPEG), RIFF (WebP), GIF89a appendix A, ISO/IEC 14496-12 4.2
(AVIF, HEIC and JPEG 2000 in boxes), the header of BMP. Formats that do not tell their end are taken whole.
"""

from collections.abc import Callable

from overpaint.core.request.picture_formats import HEAD_BYTES, recognize

_LEAST_BYTES = 26


def whole_picture(data: bytes) -> bytes:
    """A picture's file to its own last byte, without what follows it; ``b""`` for one that was cut."""
    row = recognize(data[:HEAD_BYTES])
    if row is None or not row.may_be_result or len(data) < _LEAST_BYTES:
        return b""
    end = _ENDS.get(row.name, len)(data)
    return data[:end] if 0 < end <= len(data) else b""


def _png(data: bytes) -> int:
    at = 8
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4])
        if data[at + 4 : at + 8] == b"IEND":
            return end
        at = end
    return 0


def _jpeg(data: bytes) -> int:
    at = 2
    while at + 4 <= len(data):
        marker = data[at + 1]
        if data[at] != 0xFF:
            return 0
        if marker == 0xD9:
            return at + 2
        if marker == 0xFF or 0xD0 <= marker <= 0xD7 or marker == 0x01:  # fill, restart, TEM: no length
            at += 1 if marker == 0xFF else 2
            continue
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
        if marker == 0xDA:
            at = _behind_scan(data, at)
            if data[at : at + 2] == b"\xff\xd9":
                return at + 2
    return 0


def _behind_scan(data: bytes, at: int) -> int:
    """Where the next marker stands that ends a scan's coded data."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7 and data[at + 1] != 0xFF:
            return at
        at += 1 if data[at + 1] == 0xFF else 2


def _riff(data: bytes) -> int:
    return 8 + int.from_bytes(data[4:8], "little")


def _gif(data: bytes) -> int:
    at = 13 + _gif_table(data[10])
    while at < len(data):
        kind = data[at]
        if kind == 0x3B:
            return at + 1
        if kind == 0x21:
            at += 2
        elif kind == 0x2C and at + 10 <= len(data):
            at += 11 + _gif_table(data[at + 9])
        else:
            return 0
        while at < len(data) and data[at]:  # sub-blocks, each behind its length
            at += 1 + data[at]
        at += 1
    return 0


def _gif_table(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _boxes(data: bytes) -> int:
    at = 0
    while at + 8 <= len(data) and all(32 <= byte < 127 for byte in data[at + 4 : at + 8]):
        size = int.from_bytes(data[at : at + 4])
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16])
        if size == 0:
            return len(data)
        if size < 8:
            return at
        at += size
    return at


def _bmp(data: bytes) -> int:
    return int.from_bytes(data[2:6], "little")


_ENDS: dict[str, Callable[[bytes], int]] = {
    "png": _png,
    "jpeg": _jpeg,
    "webp": _riff,
    "gif": _gif,
    "avif": _boxes,
    "heic": _boxes,
    "jp2": _boxes,
    "bmp": _bmp,
}
