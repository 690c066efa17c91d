"""PNG files of nothing but their pixels and what stands for them (PNG 3rd edition, 5 and 11)."""

import struct
import zlib
from collections.abc import Sequence

from overpaint.imaging.metadata.bare_file import MOST_PARTS, BareFile, in_order
from overpaint.imaging.metadata.exif_tags import read_exif
from overpaint.imaging.metadata.icc_profile import profile_of_code_points, profile_of_gamma
from overpaint.imaging.metadata.notes import kinds_of_text, kinds_of_trailer

_MAGIC = b"\x89PNG\r\n\x1a\n"
_COLOUR = frozenset(
    (b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"cICP", b"mDCV", b"cLLI", b"pHYs", b"sBIT", b"bKGD")
)
"""What is read, or says nothing about anybody."""

_ANIMATION = frozenset((b"acTL", b"fcTL", b"fdAT"))
_TEXT = frozenset((b"tEXt", b"zTXt", b"iTXt"))
_PALETTE = 3
_TRANSPARENT = {0: 2, 2: 6, 3: 256}
_MOST_PROFILE = 4 << 20
_LOOKED_AT = 4096
_BLOCK = 1 << 20
_HEADER = 13
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}

Chunk = tuple[bytes, memoryview, bytes]
"""Name, body, and all of its bytes."""


def bare_png(data: bytes) -> BareFile:
    """The file from its head to its end, without what its pixels don't need: of an animation the picture
    that is shown by those who don't know of any."""
    chunks, rest = _chunks(data)
    colour = data[25] if len(data) > 25 else 0
    kinds = kinds_of_trailer(rest)
    kept = [data[:8]]
    once: dict[bytes, bytes] = {}
    for name, body, whole in chunks:
        if name == b"IDAT":
            kept.append(_chunk(name, body) if _is_whole(body, whole) else whole)
        elif name in once:
            kinds.add("other data")
        elif _is_needed(name, colour):
            kept.append(_rewritten(name, body, whole, colour))
            once[name] = b""
        elif name in _COLOUR or name == b"eXIf":
            once[name] = bytes(body)
        elif name != b"IEND":
            kinds |= _kinds(name, body)
    tags = read_exif(once.get(b"eXIf", b""))
    kinds |= tags.kinds | ({"colour profile"} if b"iCCP" in once else set())
    pixels = [one for one in chunks if one[0] == b"IDAT"]
    if pixels and _is_whole(*pixels[-1][1:]):
        kept.append(_chunk(b"IEND", b""))
    bare = b"".join(kept)
    return BareFile(bare, tags.orientation, _profile(once), in_order(kinds), untouched=bare == data)


def without_hidden_data(data: bytes) -> bytes | None:
    """A bare PNG without what stands behind the end of its compressed pixels; None where more pixels are
    compressed than the picture has, so that it has to be compressed anew. One that is broken stays as it is.
    """
    chunks, _ = _chunks(data)
    bodies = [body for name, body, _ in chunks if name == b"IDAT"]
    try:
        length, used = _inflated(bodies, _pixel_bytes(data))
    except (zlib.error, struct.error, KeyError, ZeroDivisionError):
        return data
    if length is None:
        return None
    if used == sum(map(len, bodies)):
        return data
    head = [whole for name, _, whole in chunks if name not in (b"IDAT", b"IEND")]
    return b"".join((_MAGIC, *head, _chunk(b"IDAT", b"".join(bodies)[:used]), _chunk(b"IEND", b"")))


def _chunks(data: bytes) -> tuple[list[Chunk], bytes]:
    """The chunks up to the end, also the last one where it is cut, and what stands behind the end."""
    view = memoryview(data)
    found: list[Chunk] = []
    position = 8
    while position + 8 <= len(data) and len(found) < MOST_PARTS:
        length, name = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        found.append((name, view[position + 8 : position + 8 + length], bytes(view[position:end])))
        position = end
        if name == b"IEND":
            return found, data[end:]
    return found, b""


def _is_whole(body: memoryview, whole: bytes) -> bool:
    return len(body) == int.from_bytes(whole[:4], "big")


def _is_needed(name: bytes, colour: int) -> bool:
    if name == b"IHDR":
        return True
    return (name == b"PLTE" and colour == _PALETTE) or (name == b"tRNS" and colour in _TRANSPARENT)


def _rewritten(name: bytes, body: memoryview, whole: bytes, colour: int) -> bytes:
    """A chunk without what stands behind its fields."""
    most = {b"IHDR": _HEADER, b"tRNS": _TRANSPARENT.get(colour, 0)}.get(name, len(body))
    return whole if len(body) <= most else _chunk(name, body[:most])


def _kinds(name: bytes, body: memoryview) -> set[str]:
    if name == b"tIME":
        return {"date"}
    if name in _ANIMATION:
        return {"further frames"}
    if name not in _TEXT:
        return set() if name in (b"PLTE", b"tRNS", b"hIST") else {"other data"}
    key, _, rest = bytes(body).partition(b"\0")
    if key.lower().startswith((b"raw profile type exif", b"raw profile type app1", b"exif:gps")):
        return {"text", "place"}
    if key in (b"Author", b"Copyright"):
        return {"author"}
    if name == b"zTXt":
        rest = _decompressed(rest[1:], _LOOKED_AT) or b""
    return kinds_of_text(rest)


def _profile(side: dict[bytes, bytes]) -> bytes | None:
    """The colours, by what ranks first (11.3.2): code points, a profile, sRGB, gamma with primaries."""
    if len(points := side.get(b"cICP", b"")) >= 4:
        return profile_of_code_points(points[0], points[1])
    if b"iCCP" in side and (profile := _decompressed(side[b"iCCP"].partition(b"\0")[2][1:], _MOST_PROFILE)):
        return profile
    if b"sRGB" in side or len(gamma := side.get(b"gAMA", b"")) != 4:
        return None
    primaries = side.get(b"cHRM", b"")
    numbers: Sequence[int] = struct.unpack(">8I", primaries) if len(primaries) == 32 else ()
    return profile_of_gamma(int.from_bytes(gamma, "big") / 100_000, [one / 100_000 for one in numbers])


def _decompressed(data: bytes, most: int) -> bytes | None:
    """The first bytes of a text or a profile; None where it is broken."""
    try:
        return zlib.decompressobj().decompress(data, most)
    except zlib.error:
        return None


def _pixel_bytes(data: bytes) -> int:
    """Bytes of the pixels with the filter of each row, before they were compressed."""
    width, height, depth, colour, _, _, interlaced = struct.unpack_from(">IIBBBBB", data, 16)
    bits = depth * _CHANNELS[colour]
    grid = _PASSES if interlaced else ((0, 0, 1, 1),)
    total = 0
    for left, top, across, down in grid:
        columns, rows = -((left - width) // across), -((top - height) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + (columns * bits + 7) // 8)
    return total


def _inflated(bodies: Sequence[memoryview], expected: int) -> tuple[int | None, int]:
    """How much comes out of the compressed pixels, None where it is more than expected, and how much of
    them was needed for it. Raises zlib.error."""
    inflater = zlib.decompressobj()
    length = used = 0
    for body in bodies:
        data: bytes | memoryview = body
        while len(data) and not inflater.eof:
            length += len(inflater.decompress(data, _BLOCK))
            if length > expected:
                return None, used
            data = inflater.unconsumed_tail
        used += len(body) - len(inflater.unused_data)
        if inflater.eof:
            break
    return length, used


def _chunk(name: bytes, body: bytes | memoryview) -> bytes:
    return b"".join(
        (struct.pack(">I", len(body)), name, body, struct.pack(">I", zlib.crc32(body, zlib.crc32(name))))
    )
