"""JPEG files of nothing but tables, frame and scans (ITU-T T.81, annex B)."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from overpaint.imaging.metadata.bare_file import MOST_PARTS, BareFile, in_order
from overpaint.imaging.metadata.exif_tags import read_exif
from overpaint.imaging.metadata.notes import kinds_of_iptc, kinds_of_text, kinds_of_trailer

_JFIF = b"\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
"""With neither a density nor a thumbnail: it says that the colours are YCbCr."""

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ARITHMETIC = frozenset((0xC9, 0xCA, 0xCB))
_PROGRESSIVE = frozenset((0xC2, 0xC6, 0xCA, 0xCE))
_SOI, _EOI, _SOS, _DQT, _DHT, _DAC, _DNL, _DRI, _COM = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xCC, 0xDC, 0xDD, 0xFE
_APP0, _APP1, _APP2, _APP13, _APP14 = 0xE0, 0xE1, 0xE2, 0xED, 0xEE
_MARKER = re.compile(rb"\xff+([\x02-\xcf\xd8-\xfe])", re.DOTALL)
"""A marker with what fills the place before it; stuffed bytes and restarts are none."""

_XMP = (b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0")
_ICC = b"ICC_PROFILE\0"
_MOST_PROFILE = 4 << 20


@dataclass(eq=False, slots=True)
class _Table:
    """A table of quantities or codes; it is ``needed`` once a scan is decoded with it."""

    data: bytes
    needed: bool = False


Piece = bytes | memoryview | list[_Table]


@dataclass(slots=True)
class _Building:
    """The file so far: pieces to be joined, and what is known of it."""

    pieces: list[tuple[int, Piece]] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    tables: dict[tuple[int, int], _Table] = field(default_factory=dict)
    components: dict[int, int] = field(default_factory=dict)
    frame: int = 0
    shape: bytes = b""
    scans: int = 0
    orientation: int = 0
    jfif: bool = False
    profile: dict[int, bytes] = field(default_factory=dict)


def bare_jpeg(data: bytes) -> BareFile:
    """The file from its start to its end marker, without what its pixels don't need."""
    made = _Building()
    for code, body in _segments(data):
        _take(made, code, body)
    profile = b"".join(body for _, body in sorted(made.profile.items()))
    bare = b"".join((b"\xff\xd8", *_written(made)))
    return BareFile(
        bare,
        made.orientation or 1,
        profile or None,
        in_order(made.kinds),
        max(made.scans, 1),
        _coefficients(made),
        untouched=bare == data,
    )


def _coefficients(made: _Building) -> int:
    """Bytes that a progressive picture's coefficients take while it is decoded: two each."""
    shape = made.shape
    if made.frame not in _PROGRESSIVE or len(shape) < 6:
        return 0
    height, width = struct.unpack_from(">HH", shape, 1)
    factors = [(one >> 4, one & 15) for one in shape[7::3]]
    most = max((across * down for across, down in factors), default=1) or 1
    return int(sum(2 * width * height * across * down / most for across, down in factors))


def _segments(data: bytes) -> Iterator[tuple[int, memoryview]]:
    """Each marker with its segment, behind a scan its pixels under no marker (0); that of the end goes on to
    the end of the file."""
    view = memoryview(data)
    position = 2
    for _ in range(MOST_PARTS):
        found = _MARKER.search(data, position)
        if found is None:
            return
        code, start = found[1][0], found.end()
        if code == _EOI:
            yield code, view[start:]
            return
        if code == _SOI or start + 2 > len(data):
            return
        position = start + max(int(struct.unpack_from(">H", data, start)[0]), 2)
        yield code, view[start + 2 : position]
        if code == _SOS:
            after = _MARKER.search(data, position)
            end = after.start() if after is not None else len(data)
            yield 0, view[position:end]
            position = end


def _take(made: _Building, code: int, body: memoryview) -> None:
    if code in _FRAMES:
        _frame(made, code, bytes(body))
    elif code in (_DQT, _DHT):
        _tables(made, code, bytes(body))
    elif code == _SOS:
        _scan(made, bytes(body))
    elif code == 0:
        made.pieces.append((0, body))
    elif code in (_DRI, _DNL):
        made.pieces.append((code, bytes(body[:2])))
    elif code == _DAC:
        made.pieces.append((code, bytes(body)))
    elif code == _EOI:
        made.kinds |= kinds_of_trailer(bytes(body))
        made.pieces.append((code, b""))
    else:
        _note(made, code, bytes(body))


def _frame(made: _Building, code: int, body: bytes) -> None:
    count = body[5] if len(body) > 5 else 0
    body = body[: 6 + 3 * count]
    made.frame, made.shape = code, body
    made.components = {body[at]: body[at + 2] for at in range(6, len(body) - 2, 3)}
    made.pieces.append((code, body))


def _tables(made: _Building, code: int, body: bytes) -> None:
    segment: list[_Table] = []
    while body:
        slot = body[0]
        length = (129 if slot >> 4 else 65) if code == _DQT else 17 + sum(body[1:17])
        table = _Table(body[:length])
        segment.append(table)
        made.tables[code, slot & 15 if code == _DQT else slot] = table
        body = body[length:]
    made.pieces.append((code, segment))


def _scan(made: _Building, body: bytes) -> None:
    head = body[: 4 + 2 * body[0]] if body else b""
    made.scans += 1
    if len(head) > 3:
        start, refines = head[-3], bool(head[-1] >> 4)
        for at in range(1, len(head) - 4, 2):
            _need(made, head[at], head[at + 1], start=start, refines=refines)
    made.pieces.append((_SOS, head))


def _need(made: _Building, component: int, slots: int, *, start: int, refines: bool) -> None:
    progressive = made.frame in _PROGRESSIVE
    wanted = [(_DQT, made.components.get(component, -1))]
    if not start and not (progressive and refines):
        wanted.append((_DHT, slots >> 4))
    if start or not progressive:
        wanted.append((_DHT, 0x10 | slots & 15))
    for key in wanted:
        if key in made.tables:
            made.tables[key].needed = True


def _note(made: _Building, code: int, body: bytes) -> None:
    """Segments that no decoder needs for the pixels, or only a byte of."""
    if code == _APP0 and body.startswith(b"JFIF\0"):
        made.jfif = True
        made.kinds |= {"thumbnail"} if len(body) > 14 else set()
    elif code == _APP14 and body.startswith(b"Adobe") and len(body) >= 12:
        made.pieces.append((code, b"Adobe\0\x64\0\0\0\0" + body[11:12]))
    elif code == _APP1 and body.startswith(b"Exif\0\0"):
        tags = read_exif(body)
        made.orientation = made.orientation or tags.orientation
        made.kinds |= tags.kinds
    elif code == _APP2 and body.startswith(_ICC) and len(body) > 14:
        if sum(map(len, made.profile.values())) < _MOST_PROFILE:
            made.profile[body[12]] = body[14:]
        made.kinds.add("colour profile")
    else:
        made.kinds |= _kinds(code, body)


def _kinds(code: int, body: bytes) -> set[str]:
    if code == _COM or (code == _APP1 and body.startswith(_XMP)):
        return kinds_of_text(body)
    if code == _APP13:
        return kinds_of_iptc(body)
    if code == _APP0 and body.startswith(b"JFXX\0"):
        return {"thumbnail"}
    if code == _APP2 and body.startswith(b"MPF\0"):
        return {"second picture"}
    return {"other data"}


def _written(made: _Building) -> Iterator[bytes | memoryview]:
    if made.jfif:
        yield _JFIF
    for code, piece in made.pieces:
        if isinstance(piece, list):
            piece = b"".join(table.data for table in piece if table.needed)
            if not piece:
                continue
        elif code == 0:
            yield piece
            continue
        elif code == _EOI:
            yield b"\xff\xd9"
            continue
        elif code == _DAC and made.frame not in _ARITHMETIC:
            continue
        yield struct.pack(">BBH", 0xFF, code, len(piece) + 2)
        yield piece
