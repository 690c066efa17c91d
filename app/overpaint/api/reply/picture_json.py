"""JSON whose pictures are taken out while it arrives: their base64 never becomes text.

Taken out are the strings under ``b64_json``, and under any other key those that begin as a picture does. The
rest of the document, which is small, is kept and parsed at its end. So keys may come in any order and
pictures may lie at any depth. A rest that isn't small is no answer of this API: it is dropped, so that memory
and time stay bounded, and whoever kept the reply can look for pictures in it (``picture_scan``).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from overpaint.api.reply.base64_stream import Base64Stream
from overpaint.api.reply.picture_scan import begins_as_picture

MAX_TEXT_BYTES = 2**20
"""The most bytes that a document may have besides its pictures; its longest text has some 32,000 letters."""

_KEY = b"b64_json"
_MARK = "\uf8ea"  # a private character, so that no text means it
_LONGEST_KEY = 16
_TELLING_BYTES = 96  # of a string: enough for a ``data:`` prefix and the first bytes of a picture
_MOST_TRIES = 100
_MOST_STRINGS = 20_000
_TRIED_BYTES = 2**18
"""How much may be read in vain in search of a whole value."""
_RAW_BYTES = 4096
_STRING_END = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
_OPENING = re.compile(r"[\[{]")


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document and its pictures: decoded bytes, or None where the base64 was broken."""

    value: object
    pictures: tuple[bytes | None, ...]

    def picture(self, text: object) -> bytes | None:
        """The bytes that belong to a value of ``b64_json`` in :attr:`value`; None for what is no picture."""
        if not isinstance(text, str) or not text:
            return None
        return self.taken_out(text) or decode_base64(text)

    def taken_out(self, text: str) -> bytes | None:
        """The bytes for which ``text`` stands in :attr:`value`; None for a text that stands for itself."""
        number = text.removeprefix(_MARK)
        if number != text and number.isdecimal() and int(number) < len(self.pictures):
            return self.pictures[int(number)]
        return None


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
        self._raw = bytearray()  # the start of the string that is taken out, should it be no picture
        self._undecided = False  # whether the string that is read may still turn out to be a picture
        self._strings = 0
        self._too_long = False

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
        while start < len(piece) and not self._too_long:
            start = self._string(piece, start) if self._in_string else self._structure(piece, start)
            self._too_long = len(self._kept) > MAX_TEXT_BYTES or self._strings > _MOST_STRINGS

    def finish(self) -> Document | None:
        """The document, None where what came is no whole JSON document, or a far too long one."""
        if self._too_long:
            return None
        try:
            value = msgspec.json.decode(self._kept.decode(errors="replace"))
        except (ValueError, RecursionError):
            return None
        return Document(value, tuple(self._pictures))

    def parts(self) -> Iterator[Document]:
        """Each JSON value that stands whole in what came: several documents, one behind other words, or
        what is complete of one that was cut."""
        if self._too_long:
            return
        text = self._kept.decode(errors="replace")
        decoder = json.JSONDecoder(strict=False)
        start, in_vain = 0, 0
        for _ in range(_MOST_TRIES):
            opening = _OPENING.search(text, start)
            if opening is None or in_vain > _TRIED_BYTES:
                return
            try:
                value, start = decoder.raw_decode(text, opening.start())
            except (ValueError, RecursionError) as error:
                start = opening.start() + 1
                in_vain += getattr(error, "pos", len(text)) - opening.start()
                continue
            yield Document(value, tuple(self._pictures))

    def _structure(self, piece: bytes, start: int) -> int:
        quote = piece.find(b'"', start)
        if quote < 0:
            self._kept += piece[start:]
            return len(piece)
        self._kept += piece[start:quote]
        self._in_string = True
        if self._last_string == _KEY and self._kept[self._gap_start :].strip() == b":":
            self._picture = Base64Stream()
        self._undecided = self._picture is None
        self._strings += 1
        self._kept += b'"'
        self._string_start = len(self._kept)
        return quote + 1

    def _string(self, piece: bytes, start: int) -> int:
        end = self._string_end(piece, start)
        text = piece[start : len(piece) if end < 0 else end]
        if self._undecided:
            text = self._decide(text)
        if self._picture is None:
            self._kept += text
        else:
            self._raw += text[: _RAW_BYTES - len(self._raw)]
            self._picture.feed(text)
        if end < 0:
            return len(piece)
        self._close_string()
        return end + 1

    def _decide(self, text: bytes) -> bytes:
        """Looks whether the string that is read begins as a picture; what of it is still to be taken in."""
        begun = self._kept[self._string_start :] + text[:_TELLING_BYTES]
        if len(begun) < _TELLING_BYTES:
            return text  # a short one stays text, and is looked at when the document is read
        self._undecided = False
        if begins_as_picture(begun):
            self._picture = Base64Stream()
            self._raw += self._kept[self._string_start :]
            self._picture.feed(bytes(self._raw))
            del self._kept[self._string_start :]
        return text

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
            data = self._picture.finish()
            if data is None and len(self._raw) < _RAW_BYTES:
                self._kept += self._raw  # a link, or words: it is read with the rest
            else:
                self._kept += f"{_MARK}{len(self._pictures)}".encode()
                self._pictures.append(data)
            self._picture = None
        self._raw.clear()
        length = len(self._kept) - self._string_start
        self._last_string = bytes(self._kept[self._string_start :]) if length <= _LONGEST_KEY else b""
        self._kept += b'"'
        self._gap_start = len(self._kept)
        self._in_string = False
