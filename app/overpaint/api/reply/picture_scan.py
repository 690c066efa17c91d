"""Finds the pictures in a body of any shape by what pictures look like, raw or in base64.

The last resort for a reply that has been paid for and that no reader understands: JSON in JSON, words before
it, a log, an error that quotes the stream it broke off. Only whole pictures are found, each to its own last
byte. Signatures: PNG 3rd edition 5.2, JFIF, RIFF/WebP, GIF89a, ISO/IEC 14496-12 4.3 (AVIF, HEIC).
"""

import mmap
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from overpaint.api.reply.base64_stream import Base64Stream
from overpaint.api.reply.picture_ends import whole_picture
from overpaint.api.sse import MAX_EVENT_BYTES
from overpaint.core.request.picture_formats import HEAD_BYTES, recognize

Body = bytes | mmap.mmap

_STARTS = rb"iVBORw0KGgo|\\*/9j\\*/|UklGR|R0lGOD|AAAA[A-Za-z0-9+/][GWm2]Z0eX"
"""How the base64 of a picture begins, by the signatures of its formats."""

_BEGINS = re.compile(rb"\s*(?:data:[^,]{0,80},)?\s*(?:" + _STARTS + rb")", re.IGNORECASE)
_DIGITS = rb"(?:[A-Za-z0-9+/_=-]|\\+/|\\+u00(?:2[bBfF]|3[dD])|%2[bBfF]|%3[dD])"
_BREAK = rb"(?:\r?\n|\\+n|\\+r\\+n| )"
_RUN_BEGINS = re.compile(rb"(?:(?<![A-Za-z0-9+/])|(?<=n))(?:" + _STARTS + rb")")
_RUN_GOES_ON = re.compile(_DIGITS + rb"*(?:" + _BREAK + _DIGITS + rb"{4,})*")
_MARKS = (b"iVBORw0KGgo", b"9j", b"UklGR", b"R0lGOD", b"AAAA")
"""One of these stands in every beginning, and is looked for much faster."""

_WINDOW_BYTES = 128 * 1024
"""What is looked through in one go: meanwhile no other thread of the program has its turn."""

_OVERLAP_BYTES = 64
"""More than a beginning, an escape or a break with its digits is long."""

_FORGOTTEN_BYTES = 16 * 2**20
_UNFINISHED_ESCAPE = re.compile(rb"(?:\\+[nru]?[0-9a-fA-F]{0,4}|%[0-9a-fA-F]?)\Z")
_PARTIAL = re.compile(rb"partial_?image", re.IGNORECASE)
_COMPLETED = re.compile(rb"completed|\"data\\*\"|\"images\\*\"")
_CONTEXT_BYTES = 2000
_MOST_PICTURES = 64


@dataclass(frozen=True, slots=True)
class ScannedPicture:
    """A whole picture's file, and whether the words around it call it one on its way."""

    data: bytes = field(repr=False)
    partial: bool


def begins_as_picture(text: bytes | bytearray) -> bool:
    """Whether a string, of which the first hundred letters are enough, begins as the base64 of a picture."""
    return _BEGINS.match(text) is not None


def scan(body: Body) -> Iterator[ScannedPicture]:
    """The whole pictures in a body, in their order. Takes time in proportion to its length."""
    raw = whole_picture(bytes(body[:MAX_EVENT_BYTES])) if _is_raw(body) else b""
    if raw:
        yield ScannedPicture(raw, partial=False)
        return
    before = 0
    for number, (start, end) in enumerate(_runs(body)):
        if number == _MOST_PICTURES:
            return
        data = whole_picture(_decoded(body, start, end))
        if data:
            yield ScannedPicture(data, partial=_is_partial(body, before, start, end))
        before = end


def _runs(body: Body) -> Iterator[tuple[int, int]]:
    """Where the base64 of pictures begins and ends."""
    at = forgotten = 0
    while at < len(body):
        stop = min(at + _WINDOW_BYTES, len(body))
        begun = _begun(body, at, stop)
        if begun is not None:
            at = _end_of_run(body, begun.end())
            yield begun.start(), at
        else:
            at = stop if stop == len(body) else stop - _OVERLAP_BYTES
        if at - forgotten > _FORGOTTEN_BYTES:
            forgotten = _forget(body, forgotten, at)


def _begun(body: Body, start: int, stop: int) -> re.Match[bytes] | None:
    window = bytes(body[start:stop])
    if not any(mark in window for mark in _MARKS):
        return None
    return _RUN_BEGINS.search(body, start, stop)


def _end_of_run(body: Body, at: int) -> int:
    while True:
        stop = at + _WINDOW_BYTES
        told = _RUN_GOES_ON.match(body, at, stop)
        end = told.end() if told is not None else at
        if end == at or end < stop - _OVERLAP_BYTES:
            return end
        at = end


def _forget(body: Body, start: int, stop: int) -> int:
    """Gives back the memory of a part of a file that has been looked through; what is needed of it after all
    is read again. Up to where it did."""
    stop -= stop % mmap.PAGESIZE
    if sys.platform != "win32" and isinstance(body, mmap.mmap):
        body.madvise(mmap.MADV_DONTNEED, start, stop - start)
    return stop


def _is_raw(body: Body) -> bool:
    row = recognize(bytes(body[:HEAD_BYTES]))
    return row is not None and row.may_be_result and row.name != "bmp"


def _decoded(body: Body, start: int, end: int) -> bytes:
    """What a run of base64 stands for; nothing where that is more than a picture may have."""
    plain, rest = bytearray(), b""
    for at in range(start, end, _WINDOW_BYTES):
        text = rest + bytes(body[at : min(at + _WINDOW_BYTES, end)])
        cut = _UNFINISHED_ESCAPE.search(text, max(0, len(text) - _OVERLAP_BYTES))
        here = cut.start() if cut is not None and at + _WINDOW_BYTES < end else len(text)
        text, rest = text[:here], text[here:]
        text = re.sub(rb"\\+u00([0-9a-fA-F]{2})|%([0-9a-fA-F]{2})", _letter, text)
        plain += re.sub(rb"\\+[nr]|\\+|\s", b"", text)
        if len(plain) > MAX_EVENT_BYTES:
            return b""
    stream = Base64Stream()
    padding = plain.find(b"=")
    _feed(stream, plain, len(plain) if padding < 0 else padding)
    return stream.finish() or _cut_to_digits(plain)


def _feed(stream: Base64Stream, plain: bytearray, length: int) -> None:
    for at in range(0, length, _WINDOW_BYTES):
        stream.feed(bytes(plain[at : min(at + _WINDOW_BYTES, length)]))


def _cut_to_digits(plain: bytearray) -> bytes:
    """Base64 with a letter too many, as of a word that follows it."""
    stream = Base64Stream()
    _feed(stream, plain, max(0, len(plain) - 1) & ~3)
    return stream.finish() or b""


def _letter(escape: re.Match[bytes]) -> bytes:
    return bytes([int(escape[1] or escape[2], 16)])


def _is_partial(body: Body, before: int, start: int, end: int) -> bool:
    """Whether the words next to a picture, in its own object, call it one on its way."""
    ahead = bytes(body[max(before, start - _CONTEXT_BYTES) : start])
    ahead = ahead[ahead.rfind(b"}") + 1 :]
    behind = bytes(body[end : end + _CONTEXT_BYTES])
    behind = behind[: behind.find(b"}") + 1]
    return bool(_PARTIAL.search(ahead) or _PARTIAL.search(behind)) and not _COMPLETED.search(ahead)
