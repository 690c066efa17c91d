"""Whole events out of an event stream's bytes, as the scanner of the app finds them."""

from typing import NamedTuple

from overpaint.api.reply.sse import EventEnd, EventScanner


class SseEvent(NamedTuple):
    """One dispatched event: its type, its data, and the last id seen."""

    event: str
    data: str
    id: str = ""


def decoded(*chunks: bytes) -> list[SseEvent]:
    """The events of a stream that comes in these chunks; one without its blank line is dropped."""
    scanner, data, events = EventScanner(), bytearray(), []
    for chunk in chunks:
        for token in scanner.feed(chunk):
            if isinstance(token, EventEnd):
                events.append(SseEvent(token.event, data.decode(errors="replace"), token.id))
                data.clear()
            else:
                data += token
    return events
