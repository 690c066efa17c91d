"""What a reply holds: pictures on their way, finished ones, links to finished ones, or an error.

Reads both shapes, one JSON document or a stream of events, by what the reply is and not by what was asked
for. Plain and synchronous, so that a recorded reply is read by the same code as one that is arriving.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from overpaint.api.errors.error_body import ServiceError, error_of
from overpaint.api.errors.http_errors import bad_reply, refusal_in_reply
from overpaint.api.errors.request_context import RequestContext
from overpaint.api.errors.transport_errors import cut
from overpaint.api.reply.picture_json import Document, PictureJson, decode_base64
from overpaint.api.reply.reply_pictures import FoundPicture, format_of, no_picture
from overpaint.api.sse import MAX_EVENT_BYTES, MAX_RESPONSE_BYTES, EventEnd, EventScanner
from overpaint.core.errors import EditError
from overpaint.core.results.usage import Usage

_DONE = b"[DONE]"
_PARTIAL, _COMPLETED = "partial_image", "completed"
_FACTS = (
    "size",
    "quality",
    "background",
    "output_format",
    "revised_prompt",
    "created",
    "created_at",
    "model",
)
_LONGEST_FACT = 40_000


class Reader(Protocol):
    """Reads a reply in chunks of any length. Raises ``EditError`` where the reply holds one."""

    @property
    def ended(self) -> bool:
        """Whether the reply has said that nothing more comes."""

    def feed(self, chunk: bytes) -> Iterator[FoundPicture]:
        """What these further bytes complete."""

    def close(self) -> Iterator[FoundPicture]:
        """What is complete at the end, also of a reply that was cut."""

    def missing(self) -> EditError:
        """The error for a reply that ended in order but brought no finished picture."""


def reader(origin: RequestContext, content_type: str) -> Reader:
    """The reader for a reply of that media type; one without a telling type is judged by its first byte."""
    media = content_type.split(";")[0].strip().lower()
    if media == "text/event-stream":
        return StreamReader(origin)
    if media == "application/json" or media.endswith("+json"):
        return JsonReader(origin)
    return _Judge(origin, media)


class StreamReader:
    """Reads an event stream; each picture is decoded while its event arrives."""

    def __init__(self, origin: RequestContext) -> None:
        self.ended = False
        self._origin = origin
        self._scanner = EventScanner(MAX_EVENT_BYTES, MAX_RESPONSE_BYTES)
        self._event = PictureJson()
        self._worked = False

    def feed(self, chunk: bytes) -> Iterator[FoundPicture]:
        """The pictures of the events that these bytes complete."""
        for token in self._scanner.feed(chunk):
            if isinstance(token, EventEnd):
                event, self._event = self._event, PictureJson()
                yield from self._read(event, token.event)
            else:
                self._event.feed(token)

    def close(self) -> Iterator[FoundPicture]:
        """The last event, when all its JSON came and only the blank line behind it is missing."""
        event, self._event = self._event, PictureJson()
        if not event.is_empty:
            yield from self._read(event, self._scanner.event)

    def missing(self) -> EditError:
        """A stream without its last event was cut, whatever its framing says."""
        return cut(self._origin, "the stream ended without a completed event")

    def _read(self, event: PictureJson, name: str) -> Iterator[FoundPicture]:
        if event.kept.strip() == _DONE:
            self.ended = True
            return
        document = event.finish()
        if document is not None:
            for found in _found(document, name, self._origin, worked=self._worked):
                self._worked = True
                yield found
        elif name == "error":
            told = ServiceError(event.kept.decode(errors="replace")[:400])
            raise refusal_in_reply(self._origin, told, worked=self._worked)


class JsonReader:
    """Reads a reply that is one JSON document; its pictures are decoded while it arrives."""

    def __init__(self, origin: RequestContext) -> None:
        self.ended = False
        self._origin = origin
        self._document = PictureJson()
        self._size = 0

    def feed(self, chunk: bytes) -> Iterator[FoundPicture]:
        """Nothing yet: a document can be read only at its end."""
        self._size += len(chunk)
        if self._size > MAX_RESPONSE_BYTES:
            limit = MAX_RESPONSE_BYTES // 2**20
            raise bad_reply(self._origin, f"more than {limit} MiB, which Overpaint doesn't read")
        self._document.feed(chunk)
        return iter(())

    def close(self) -> Iterator[FoundPicture]:
        """The document's pictures; none where it was cut."""
        document = self._document.finish()
        self.ended = document is not None
        if document is not None:
            yield from _found(document, "", self._origin)

    def missing(self) -> EditError:
        """The document was no JSON, or held no picture."""
        what = "no picture in it" if self.ended else "broken JSON"
        return bad_reply(self._origin, what, self._document.kept[:200].decode(errors="replace"))


class _Judge:
    """Chooses the reader by the reply's first character, where its media type says nothing."""

    def __init__(self, origin: RequestContext, media: str) -> None:
        self._origin = origin
        self._media = media
        self._head = b""
        self._reader: Reader | None = None

    @property
    def ended(self) -> bool:
        return self._reader is not None and self._reader.ended

    def feed(self, chunk: bytes) -> Iterator[FoundPicture]:
        if self._reader is None:
            chunk = self._head = self._head + chunk
            start = chunk.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
            if not start:
                return
            self._reader = self._choose(start)
        yield from self._reader.feed(chunk)

    def close(self) -> Iterator[FoundPicture]:
        if self._reader is not None:
            yield from self._reader.close()

    def missing(self) -> EditError:
        return (
            self._reader.missing() if self._reader is not None else bad_reply(self._origin, "nothing at all")
        )

    def _choose(self, start: bytes) -> Reader:
        if start in (b"{", b"["):
            return JsonReader(self._origin)
        if start in (b"e", b"d", b":", b"i", b"r"):  # event, data, a comment, id, retry
            return StreamReader(self._origin)
        what = (
            "a web page"
            if start == b"<" or "html" in self._media
            else f"“{self._media or 'something unnamed'}”"
        )
        raise bad_reply(self._origin, f"{what} and no picture", self._head[:200].decode(errors="replace"))


def _found(
    document: Document, event: str, origin: RequestContext, *, worked: bool = False
) -> Iterator[FoundPicture]:
    payload = document.value
    if not isinstance(payload, dict):
        return
    kind = payload.get("type")
    kind = kind if isinstance(kind, str) and "." in kind else event
    if kind == "error" or payload.get("error") or payload.get("type") == "error":
        told = error_of(payload) or ServiceError("the service gave no reason")
        raise refusal_in_reply(origin, told, worked=worked)
    listed = payload.get("data")
    entries = listed if isinstance(listed, list) else [payload]
    usage = Usage.from_wire(payload.get("usage"))
    for entry in entries:
        if isinstance(entry, dict):
            yield from _picture(document, entry, kind, _Sides(origin, usage, _facts(payload) | _facts(entry)))


@dataclass(frozen=True, slots=True)
class _Sides:
    """What a reply says beside its pictures."""

    origin: RequestContext
    usage: Usage | None
    facts: dict[str, str]


def _picture(
    document: Document, entry: dict[str, object], kind: str, sides: _Sides
) -> Iterator[FoundPicture]:
    text, link = entry.get("b64_json"), entry.get("url")
    number = entry.get("partial_image_index")
    index = number if isinstance(number, int) and number >= 0 else -1
    final = kind.endswith(_COMPLETED) or (not kind.endswith(_PARTIAL) and index < 0)
    data = document.picture(text)
    if data is None and isinstance(link, str) and link.startswith("data:"):
        data = decode_base64(link)
    if data:
        if final or format_of(data):  # a broken preview must not cost the picture that is paid for
            yield FoundPicture(final, data, index, usage=sides.usage, facts=sides.facts)
    elif isinstance(link, str) and link and not link.startswith("data:"):
        if final:
            yield FoundPicture(True, b"", index, link, sides.usage, sides.facts)
    elif final and (text or link):
        raise no_picture(sides.origin)


def _facts(payload: dict[str, object]) -> dict[str, str]:
    told = {name: payload[name] for name in _FACTS if name in payload}
    return {
        name: str(value)[:_LONGEST_FACT]
        for name, value in told.items()
        if isinstance(value, str | int | float) and not isinstance(value, bool) and value != ""
    }
