"""What EXIF says: which way a picture is turned, and of what kinds the rest is (CIPA DC-008, 4.5 and 4.6)."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_ORIENTATION = 0x0112
_CAMERA_IFD, _PLACE_IFD = 0x8769, 0x8825
_HARMLESS = frozenset(
    (
        _ORIENTATION,
        _CAMERA_IFD,
        0x011A,
        0x011B,
        0x0128,
        0x0213,
        0x9000,
        0x9101,
        0xA000,
        0xA001,
        0xA002,
        0xA003,
    )
)
_KINDS = {
    _PLACE_IFD: "place",
    **dict.fromkeys((0x0132, 0x9003, 0x9004, 0x9010, 0x9011, 0x9012), "date"),
    **dict.fromkeys((0x013B, 0x8298, 0xA430, 0x9C9D), "author"),
    **dict.fromkeys((0x010D, 0x010E, 0x0131, 0x9286, 0x9C9B, 0x9C9C, 0x9C9E, 0x9C9F, 0x02BC, 0x83BB), "text"),
}
_TIFF_BODY = frozenset(
    (*range(0x00FE, 0x0120), *range(0x0140, 0x0160), *range(0x0200, 0x0215), 0x013D, 0x0152, 0x0153, 0x8773)
) - {
    0x010D,
    0x010E,
    0x010F,
    0x0110,
}
_SHORT = 3
_MOST_TAGS = 1000


@dataclass(frozen=True, slots=True)
class ExifTags:
    """``orientation`` is 1-8, 1 where nothing sensible is said; ``kinds`` name what else there is."""

    orientation: int = 1
    kinds: frozenset[str] = frozenset()


def read_exif(block: bytes) -> ExifTags:
    """A block of EXIF, with or without its ``Exif`` head. What can't be read counts as something other."""
    body = block.removeprefix(b"Exif\0\0")
    if not body.strip(b"\0"):
        return ExifTags()
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(body[:4])
    if order is None:
        return ExifTags(1, frozenset(("other data",)))
    return _read(body, order)


def kinds_of_tags(tags: Iterable[int]) -> set[str]:
    """What the tags of a TIFF file say besides its pixels."""
    return {_kind(tag) for tag in tags if tag not in _TIFF_BODY} - {""}


def _read(body: bytes, order: str) -> ExifTags:
    kinds: set[str] = set()
    orientation = 1
    try:
        first = int(struct.unpack_from(order + "I", body, 4)[0])
        follows, entries = _entries(body, order, first)
        camera = next((value for tag, _, value in entries if tag == _CAMERA_IFD), 0)
        for tag, kind, value in entries:
            if tag == _ORIENTATION and kind == _SHORT:
                orientation = value if 1 <= value <= 8 else 1
            kinds.add(_kind(tag))
        if camera:
            kinds.update(_kind(tag) for tag, _, _ in _entries(body, order, camera)[1])
        if follows:
            kinds.add("thumbnail")
    except struct.error:
        kinds.add("other data")
    return ExifTags(orientation, frozenset(kinds - {""}))


def _kind(tag: int) -> str:
    return "" if tag in _HARMLESS else _KINDS.get(tag, "camera")


def _entries(body: bytes, order: str, at: int) -> tuple[int, list[tuple[int, int, int]]]:
    """Where the next directory stands, and the tags of one: number, type, and the value where it is short.

    Raises struct.error where the block ends before.
    """
    count = min(int(struct.unpack_from(order + "H", body, at)[0]), _MOST_TAGS)
    found = list(_each(body, order, at + 2, count))
    try:
        (follows,) = struct.unpack_from(order + "I", body, at + 2 + 12 * count)
    except struct.error:
        follows = 0
    return int(follows), found


def _each(body: bytes, order: str, at: int, count: int) -> Iterator[tuple[int, int, int]]:
    for place in range(at, at + 12 * count, 12):
        tag, kind = struct.unpack_from(order + "HH", body, place)
        (value,) = struct.unpack_from(order + ("H" if kind == _SHORT else "I"), body, place + 8)
        yield tag, kind, value
