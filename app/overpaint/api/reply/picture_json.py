"""JSON whose pictures are taken out while it arrives: the base64 of ``b64_json`` never becomes text.

Only the strings under that key are treated so; the rest of the document, which is small, is kept and
parsed as a whole at its end. So keys may come in any order and pictures may lie at any depth.
"""

import re
from dataclasses import dataclass

import msgspec

from overpaint.api.reply.base64_stream import Base64Stream

_KEY = b"b64_json"
_MARK = "*"  # no base64 digit, so it can't be meant as one
_LONGEST_KEY = 16
_STRING_END = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document and its pictures: decoded bytes, or None where the base64 was broken."""

    value: object
    pictures: tuple[bytes | None, ...]

    def picture(self, text: object) -> bytes | None:
        """The bytes that belong to a value of ``b64_json`` in :attr:`value`; None for what is no picture."""
        if not isinstance(text, str) or not text:
            return None
        number = text.removeprefix(_MARK)
        if number != text and number.isdecimal() and int(number) < len(self.pictures):
            return self.pictures[int(number)]
        return decode_base64(text)


def decode_base64(text: str) -> bytes | None:
    """Base64 that came as text, with or without a ``data:`` prefix; None where it is none."""
    stream = Base64Stream()
    stream.feed(
        text.replace("\\", "!").encode(errors="replace")
    )  # escapes are read already: neither is base64
    return stream.finish()


class PictureJson:
    """Reads one JSON document in pieces of any length, in linear time."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._pictures: list[bytes | None] = []
        self._picture: Base64Stream | None = None
        self._in_string = False
        self._escaped = False  # the piece before ended in a backslash
        self._string_start = 0  # in _kept
        self._gap_start = 0  # in _kept: behind the last string's closing quote
        self._last_string = b""

    @property
    def is_empty(self) -> bool:
        """Whether nothing has come yet."""
        return not self._kept

    @property
    def kept(self) -> bytes:
        """What was kept, for a document that turns out to be no JSON."""
        return bytes(self._kept)

    def feed(self, piece: bytes) -> None:
        """More of the document."""
        start = 0
        while start < len(piece):
            start = self._string(piece, start) if self._in_string else self._structure(piece, start)

    def finish(self) -> Document | None:
        """The document, None where what came is no whole JSON document."""
        try:
            value = msgspec.json.decode(self._kept.decode(errors="replace"))
        except (ValueError, RecursionError):
            return None
        return Document(value, tuple(self._pictures))

    def _structure(self, piece: bytes, start: int) -> int:
        quote = piece.find(b'"', start)
        if quote < 0:
            self._kept += piece[start:]
            return len(piece)
        self._kept += piece[start:quote]
        self._in_string = True
        if self._last_string == _KEY and self._kept[self._gap_start :].strip() == b":":
            self._picture = Base64Stream()
        self._kept += b'"'
        self._string_start = len(self._kept)
        return quote + 1

    def _string(self, piece: bytes, start: int) -> int:
        end = self._string_end(piece, start)
        text = piece[start : len(piece) if end < 0 else end]
        if self._picture is None:
            self._kept += text
        else:
            self._picture.feed(text)
        if end < 0:
            return len(piece)
        self._close_string()
        return end + 1

    def _string_end(self, piece: bytes, start: int) -> int:
        """Where the closing quote stands; -1 when it isn't in this piece."""
        if self._escaped:
            self._escaped = False
            start += 1
        quote = piece.find(b'"', start)
        if piece.find(b"\\", start, len(piece) if quote < 0 else quote) < 0:
            return quote
        match = _STRING_END.match(piece, start)
        end = match.end() if match else start
        if end == len(piece):
            return -1
        if piece[end : end + 1] == b'"':
            return end
        self._escaped = True  # a backslash at the very end
        return -1

    def _close_string(self) -> None:
        if self._picture is not None:
            self._kept += f"{_MARK}{len(self._pictures)}".encode()
            self._pictures.append(self._picture.finish())
            self._picture = None
        length = len(self._kept) - self._string_start
        self._last_string = bytes(self._kept[self._string_start :]) if length <= _LONGEST_KEY else b""
        self._kept += b'"'
        self._gap_start = len(self._kept)
        self._in_string = False
