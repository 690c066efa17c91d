"""The history as it lies beside the draft: chapters, each of which says what changed since the one before.

Only the length that the draft names counts, so that history, masks and tray are of one moment whenever the
power goes: what was written after it is overwritten by the next chapter. Entries are packed as in memory.
"""

import struct
import zlib
from collections.abc import Iterator

import msgspec

from overpaint.library.journal.stored_job import PictureFacts

Place = tuple[int, int, int, int]
"""Left edge, upper edge, width and height of a tile in picture pixels."""

_HEAD = struct.Struct("<II")


class MaskStep(msgspec.Struct, frozen=True, tag="mask"):
    """A change of the mask with the number ``mask``: tiles that flip the same bits in every pixel, and
    deflated streams of the bits of many tiles."""

    name: str
    mask: int
    even: tuple[tuple[Place, int], ...] = ()
    streams: tuple[tuple[tuple[Place, ...], bytes], ...] = ()


class TrayPlace(msgspec.Struct, frozen=True):
    """A picture in the tray; ``mask`` is its mask's number."""

    mask: int
    facts: PictureFacts
    source: str
    note: str = ""
    sent: bool = True


class TrayStep(msgspec.Struct, frozen=True, tag="tray"):
    """A change of the tray: its pictures before and after."""

    name: str
    before: tuple[TrayPlace, ...] = ()
    after: tuple[TrayPlace, ...] = ()


class ShelvedMask(msgspec.Struct, frozen=True):
    """A saved mask with its coverage as a grey PNG."""

    name: str
    file: str
    fraction: float
    png: bytes


class ShelfStep(msgspec.Struct, frozen=True, tag="shelf"):
    """A change of the masks saved beside the mask with the number ``mask``, at place ``at`` among them."""

    name: str
    mask: int
    at: int
    before: ShelvedMask | None = None
    after: ShelvedMask | None = None


class OtherStep(msgspec.Struct, frozen=True, tag="other"):
    """Something that is not kept beyond the end of the program."""

    name: str


Step = MaskStep | TrayStep | ShelfStep | OtherStep


class Chapter(msgspec.Struct, frozen=True):
    """How the history changed: the oldest ``dropped`` steps went, ``kept`` of the others stayed, ``added``
    came after these, and ``done`` of them all are done."""

    dropped: int
    kept: int
    done: int
    added: tuple[Step, ...] = ()


def encode_chapter(chapter: Chapter) -> bytes:
    """A chapter with its frame."""
    body = msgspec.msgpack.encode(chapter)
    return _HEAD.pack(len(body), zlib.crc32(body)) + body


def replay(data: bytes) -> tuple[list[Step], int] | None:
    """All steps, oldest first, and how many of them are done; None when a single byte isn't as it was
    written."""
    steps: list[Step] = []
    done = 0
    try:
        for chapter in _chapters(data):
            if not (0 <= chapter.dropped <= len(steps) and 0 <= chapter.kept <= len(steps) - chapter.dropped):
                return None
            steps = [*steps[chapter.dropped :][: chapter.kept], *chapter.added]
            done = chapter.done
            if not 0 <= done <= len(steps):
                return None
    except (msgspec.MsgspecError, struct.error, ValueError, RecursionError):
        return None
    return steps, done


def _chapters(data: bytes) -> Iterator[Chapter]:
    """Raises ValueError, struct.error or msgspec's errors for anything that is no chapter."""
    decoder = msgspec.msgpack.Decoder(Chapter)
    at = 0
    while at < len(data):
        length, checksum = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        body = data[at : at + length]
        if len(body) != length or zlib.crc32(body) != checksum:
            raise ValueError("The history's file is torn.")
        yield decoder.decode(body)
        at += length
