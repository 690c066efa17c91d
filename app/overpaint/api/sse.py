"""Event streams to the letter of the WHATWG rules: bytes in, in any chunks, events out.

Source: HTML Living Standard, 9.2.5 "Parsing an event stream" and 9.2.6 "Interpreting an event stream".
"""

from collections.abc import Iterator
from dataclasses import dataclass

from overpaint.core.errors import BadReply

MAX_EVENT_BYTES = 96 * 2**20
"""The most data that one event may carry: four times the largest picture the API makes."""

MAX_RESPONSE_BYTES = 512 * 2**20
"""The most bytes that one response may have."""

_BOM = b"\xef\xbb\xbf"
_CR, _LF = 13, 10
_LONGEST_FIELD_NAME = 5
_DEFAULT_EVENT = "message"


@dataclass(frozen=True, slots=True)
class SseEvent:
    """One dispatched event: its type (``message`` when none was given), its data, and the last id seen."""

    event: str
    data: str
    id: str = ""


class SseDecoder:
    """Turns the bytes of an event stream into events, whatever the chunking, in linear time.

    ``feed`` raises :class:`BadReply` for an event over 96 MiB or a stream over 512 MiB.
    """

    def __init__(self, max_event: int = MAX_EVENT_BYTES, max_response: int = MAX_RESPONSE_BYTES) -> None:
        self._scanner = EventScanner(max_event, max_response)
        self._data = bytearray()

    def feed(self, chunk: bytes) -> list[SseEvent]:
        """The events that these further bytes complete, in order."""
        events = []
        for token in self._scanner.feed(chunk):
            if isinstance(token, EventEnd):
                data, self._data = self._data, bytearray()
                events.append(SseEvent(token.event, data.decode(errors="replace"), token.id))
            else:
                self._data += token
        return events

    def close(self) -> list[SseEvent]:
        """The end of the stream: an event without its blank line is dropped, as the standard says."""
        self._data.clear()
        return []


@dataclass(frozen=True, slots=True)
class EventEnd:
    """The blank line that dispatches an event whose data has come before."""

    event: str
    id: str


class EventScanner:
    """Finds the data of events without keeping it: pieces of data as they come, then their end.

    The pieces of one event, joined, are its data before UTF-8 decoding. Lines may end in CR, LF or CRLF,
    split anywhere.
    """

    def __init__(self, max_event: int = MAX_EVENT_BYTES, max_response: int = MAX_RESPONSE_BYTES) -> None:
        self._max_event = max_event
        self._max_response = max_response
        self._received = 0
        self._head = b""  # the first bytes, while they may still be a byte order mark
        self._at_start = True
        self._skip_lf = False
        self._line = _Line()
        self._event = b""
        self._id = ""
        self._data_lines = 0
        self._size = 0

    @property
    def event(self) -> str:
        """The type of the event that is being read."""
        return self._event.decode(errors="replace") or _DEFAULT_EVENT

    def feed(self, chunk: bytes) -> Iterator[bytes | EventEnd]:
        """Pieces of data and ends of events in these further bytes; raises :class:`BadReply` over a cap."""
        self._received += len(chunk)
        if self._received > self._max_response:
            raise _too_much(self._max_response, "in one reply")
        chunk = self._without_mark(chunk) if self._at_start else chunk
        ends = _LineEnds(chunk)
        start = 0
        while start < len(chunk):
            if self._skip_lf:
                self._skip_lf = False
                if chunk[start] == _LF:
                    start += 1
                    continue
            end = ends.next(start)
            yield from self._text(chunk[start : len(chunk) if end < 0 else end])
            if end < 0:
                return
            yield from self._line_end()
            self._skip_lf = chunk[end] == _CR
            start = end + 1

    def _without_mark(self, chunk: bytes) -> bytes:
        chunk = self._head + chunk
        if len(chunk) < len(_BOM) and _BOM.startswith(chunk):
            self._head = chunk
            return b""
        self._at_start = False
        return chunk.removeprefix(_BOM)

    def _text(self, text: bytes) -> Iterator[bytes]:
        line = self._line
        if line.field is None:
            text = line.read_name(text)
            if line.field == b"data":
                yield from self._data_line()
        if text and line.after_colon:
            line.after_colon = False
            text = text.removeprefix(b" ")
        if not text or line.field not in _KEPT:
            return
        self._grow(len(text))
        if line.field == b"data":
            yield text
        else:
            line.value += text

    def _data_line(self) -> Iterator[bytes]:
        self._data_lines += 1
        if self._data_lines > 1:
            self._grow(1)
            yield b"\n"

    def _grow(self, count: int) -> None:
        self._size += count
        if self._size > self._max_event:
            raise _too_much(self._max_event, "in one event")

    def _line_end(self) -> Iterator[bytes | EventEnd]:
        line, self._line = self._line, _Line()
        if line.is_empty:
            yield from self._dispatch()
            return
        if line.field is None:  # a name without a colon: a field with an empty value
            line.field = line.name
            if line.field == b"data":
                yield from self._data_line()
        if line.field == b"event":
            self._event = bytes(line.value)
        elif line.field == b"id" and b"\0" not in line.value:
            self._id = line.value.decode(errors="replace")

    def _dispatch(self) -> Iterator[EventEnd]:
        if self._data_lines:
            yield EventEnd(self.event, self._id)
        self._event = b""
        self._data_lines = 0
        self._size = 0


_KEPT = (b"data", b"event", b"id")
_IGNORED = b""


class _Line:
    """What is known of a line so far: its field once the colon has come, ``_IGNORED`` for all others."""

    __slots__ = ("after_colon", "field", "is_empty", "name", "value")

    def __init__(self) -> None:
        self.name = b""
        self.field: bytes | None = None
        self.value = bytearray()
        self.after_colon = False
        self.is_empty = True

    def read_name(self, text: bytes) -> bytes:
        """Takes the field's name from the front of ``text`` and returns what follows the colon."""
        if not text:
            return text
        self.is_empty = False
        colon = text.find(b":", 0, _LONGEST_FIELD_NAME + 1)
        name = self.name + text[: min(len(text), _LONGEST_FIELD_NAME + 1) if colon < 0 else colon]
        if colon < 0 and len(name) <= _LONGEST_FIELD_NAME:
            self.name = name
            return b""
        self.field = name if colon >= 0 and name in _KEPT else _IGNORED
        self.after_colon = True
        return text[colon + 1 :] if colon >= 0 else b""


class _LineEnds:
    """Positions of CR and LF in a chunk; each is looked for once, so that many lines cost no more."""

    def __init__(self, chunk: bytes) -> None:
        self._chunk = chunk
        self._cr = chunk.find(b"\r")
        self._lf = chunk.find(b"\n")

    def next(self, start: int) -> int:
        """The first line end at or after ``start``, -1 when there is none."""
        if 0 <= self._cr < start:
            self._cr = self._chunk.find(b"\r", start)
        if 0 <= self._lf < start:
            self._lf = self._chunk.find(b"\n", start)
        if self._cr < 0 or self._lf < 0:
            return max(self._cr, self._lf)
        return min(self._cr, self._lf)


def _too_much(limit: int, where: str) -> BadReply:
    return BadReply(
        f"The service sent more than {limit // 2**20} MiB {where}.",
        cause="Overpaint stops reading there, to keep this computer's memory.",
        next_step="Look in the service's own history for the picture before you try again.",
        may_have_been_billed=True,
    )
