"""Finds the pictures in a body of any shape by what pictures look like, raw or in base64.

The last resort for a reply that has been paid for and that no reader understands: JSON in JSON, words before
it, a log, an error that quotes the stream it broke off. Only whole pictures are found, each to its own last
byte. Signatures: PNG 3rd edition 5.2, JFIF, RIFF/WebP, GIF89a, ISO/IEC 14496-12 4.3 (AVIF, HEIC).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from mmap import mmap

from overpaint.api.reply.base64_stream import Base64Stream
from overpaint.api.reply.picture_ends import whole_picture
from overpaint.core.request.picture_formats import HEAD_BYTES, recognize

Body = bytes | mmap

_STARTS = rb"iVBORw0KGgo|\\*/9j\\*/|UklGR|R0lGOD|AAAA[A-Za-z0-9+/][GWm2]Z0eX"
"""How the base64 of a picture begins, by the signatures of its formats."""

_BEGINS = re.compile(rb"\s*(?:data:[^,]{0,80},)?\s*(?:" + _STARTS + rb")", re.IGNORECASE)
_DIGITS = rb"(?:[A-Za-z0-9+/_=-]|\\+/|\\+u00(?:2[bBfF]|3[dD])|%2[bBfF]|%3[dD])"
_BREAK = rb"(?:\r?\n|\\+n|\\+r\\+n| )"
_RUN = re.compile(
    rb"(?:(?<![A-Za-z0-9+/])|(?<=n))(?:"
    + _STARTS
    + rb")"
    + _DIGITS
    + rb"*(?:"
    + _BREAK
    + _DIGITS
    + rb"{4,})*"
)
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
    raw = whole_picture(bytes(body[:])) if _is_raw(body) else b""
    if raw:
        yield ScannedPicture(raw, partial=False)
        return
    before = 0
    for number, run in enumerate(_RUN.finditer(body)):
        if number == _MOST_PICTURES:
            return
        data = whole_picture(_decoded(run[0]))
        if data:
            yield ScannedPicture(data, partial=_is_partial(body, before, run.start(), run.end()))
        before = run.end()


def _is_raw(body: Body) -> bool:
    row = recognize(bytes(body[:HEAD_BYTES]))
    return row is not None and row.may_be_result and row.name != "bmp"


def _decoded(text: bytes) -> bytes:
    plain = re.sub(rb"\\+u00([0-9a-fA-F]{2})|%([0-9a-fA-F]{2})", _letter, text)
    plain = re.sub(rb"\\+[nr]|\\+|\s", b"", plain)
    stream = Base64Stream()
    padding = plain.find(b"=")
    stream.feed(plain if padding < 0 else plain[:padding])
    return stream.finish() or _cut_to_digits(plain)


def _cut_to_digits(plain: bytes) -> bytes:
    """Base64 with a letter too many, as of a word that follows it."""
    stream = Base64Stream()
    stream.feed(plain[: (len(plain) - 1) & ~3])
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
