"""What a reply holds: pictures on their way, finished ones, links to finished ones, or an error.

Reads both shapes, one JSON document or a stream of events, by what the reply is and not by what was asked
for. Plain and synchronous, so that a recorded reply is read by the same code as one that is arriving.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from overpaint.api.errors.error_body import ServiceError
from overpaint.api.errors.http_errors import bad_reply, refusal_in_reply, web_page
from overpaint.api.errors.request_context import RequestContext
from overpaint.api.errors.transport_errors import cut
from overpaint.api.reply.document_pictures import pictures_in
from overpaint.api.reply.picture_ends import whole_picture
from overpaint.api.reply.picture_json import PictureJson
from overpaint.api.reply.reply_pictures import FoundPicture
from overpaint.api.sse import MAX_EVENT_BYTES, MAX_RESPONSE_BYTES, EventEnd, EventScanner
from overpaint.core.errors import EditError
from overpaint.core.request.picture_formats import recognize

_DONE = b"[DONE]"
_STREAM = "text/event-stream"
_BOM = b"\xef\xbb\xbf"
_FIELD = re.compile(rb"(data|event|id|retry|error|message):")
_TELLING_BYTES = 16
_LONGEST_LEAD = 64 * 1024
"""The most blanks and comments before the first word; a stream that begins with more is a stream."""


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
    """The reader for a reply, which is chosen by its first bytes; its media type is only told of."""
    return _Judge(origin, content_type.split(";")[0].strip().lower())


class StreamReader:
    """Reads an event stream; each picture is decoded while its event arrives."""

    def __init__(self, origin: RequestContext) -> None:
        self.ended = False
        self._origin = origin
        self._scanner = EventScanner(MAX_EVENT_BYTES, MAX_RESPONSE_BYTES)
        self._event = PictureJson()
        self._worked = False
        self._finished = False
        self._last: FoundPicture | None = None  # the newest picture, while none was called finished

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
        if self.ended and self._last is not None:  # some number the pictures and call none of them finished
            yield replace(self._last, final=True)

    def missing(self) -> EditError:
        """A stream without its last event was cut, whatever its framing says."""
        return cut(self._origin, "the stream ended without a completed event")

    def _read(self, event: PictureJson, name: str) -> Iterator[FoundPicture]:
        text = event.kept.strip()
        if text == _DONE:
            self.ended = True
            return
        whole = event.finish()
        documents = [whole] if whole is not None else list(event.parts())
        for document in documents:
            for found in pictures_in(document, name, self._origin, worked=self._worked):
                self._last = None if found.final or self._finished else found
                self._finished = self._finished or found.final
                self._worked = True
                yield found
        if not documents and name == "error":
            told = ServiceError(text.decode(errors="replace")[:400])
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
            raise _too_long(self._origin, MAX_RESPONSE_BYTES)
        self._document.feed(chunk)
        return iter(())

    def close(self) -> Iterator[FoundPicture]:
        """The document's pictures, or those of every value that stands whole in it."""
        document = self._document.finish()
        self.ended = document is not None
        refused: EditError | None = None
        found = False
        for one in [document] if document is not None else self._document.parts():
            try:
                for picture in pictures_in(one, "", self._origin):
                    found = True
                    yield picture
            except EditError as error:
                refused = refused or error
        if refused is not None and not found:
            raise refused

    def missing(self) -> EditError:
        """The document was no JSON, or held no picture."""
        return bad_reply(self._origin, "no picture in it" if self.ended else "broken JSON", self.start)

    @property
    def start(self) -> str:
        """The first words of the document."""
        return self._document.kept[:200].decode(errors="replace").strip()


class _RawPictureReader:
    """Reads a reply that is the picture's file itself."""

    def __init__(self, origin: RequestContext) -> None:
        self.ended = False
        self._origin = origin
        self._file = bytearray()

    def feed(self, chunk: bytes) -> Iterator[FoundPicture]:
        """Nothing yet: a file is whole only at its end."""
        self._file += chunk
        if len(self._file) > MAX_EVENT_BYTES:
            raise _too_long(self._origin, MAX_EVENT_BYTES)
        return iter(())

    def close(self) -> Iterator[FoundPicture]:
        """The picture; none where it was cut."""
        data = whole_picture(bytes(self._file))
        self.ended = bool(data)
        if data:
            yield FoundPicture(True, data)

    def missing(self) -> EditError:
        """The file ended before the picture did."""
        return cut(self._origin, "the picture's file is incomplete")


class _WordsReader:
    """Reads a reply that begins with none of this: a page, or words before the document."""

    def __init__(self, origin: RequestContext, media: str) -> None:
        self._media = media
        self._origin = origin
        self._json = JsonReader(origin)

    @property
    def ended(self) -> bool:
        return self._json.ended

    def feed(self, chunk: bytes) -> Iterator[FoundPicture]:
        """Nothing yet."""
        return self._json.feed(chunk)

    def close(self) -> Iterator[FoundPicture]:
        """The pictures of the documents in it."""
        yield from self._json.close()

    def missing(self) -> EditError:
        """What it was instead."""
        start = self._json.start
        if start[:1] == "<" or "html" in self._media:
            return web_page(self._origin, start)
        if self._media == _STREAM:  # cut before the name of its first field
            return cut(self._origin, "the stream ended without a completed event")
        return bad_reply(self._origin, f"“{self._media or 'something unnamed'}” and no picture", start)


class _Judge:
    """Chooses the reader by the reply's first character that isn't blank, a byte order mark or a comment."""

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
            self._head += chunk
            start = _first_words(self._head)
            if len(start) < _TELLING_BYTES and len(self._head) < _LONGEST_LEAD:
                return
            chunk = self._begin(start)
        assert self._reader is not None
        yield from self._reader.feed(chunk)

    def close(self) -> Iterator[FoundPicture]:
        if self._reader is None and (start := _first_words(self._head)):
            head = self._begin(start)
            assert self._reader is not None
            yield from self._reader.feed(head)
        if self._reader is not None:
            yield from self._reader.close()

    def missing(self) -> EditError:
        if self._reader is not None:
            return self._reader.missing()
        if self._media == _STREAM:
            return cut(self._origin, "the stream ended without an event")
        return bad_reply(self._origin, "nothing at all")

    def _begin(self, start: bytes) -> bytes:
        """Chooses the reader; returns what it has to read first."""
        head, self._head = self._head, b""
        self._reader = self._choose(start)
        return head if isinstance(self._reader, StreamReader) or not start else start

    def _choose(self, start: bytes) -> Reader:
        if not start:  # blanks and comments for far too long
            return StreamReader(self._origin) if self._media == _STREAM else JsonReader(self._origin)
        if start[:1] in (b"{", b"[", b'"'):
            return JsonReader(self._origin)
        if _FIELD.match(start) or start[:1] == b":":
            return StreamReader(self._origin)
        row = recognize(start)
        if row is not None and row.may_be_result:
            return _RawPictureReader(self._origin)
        return _WordsReader(self._origin, self._media)


def _first_words(head: bytes) -> bytes:
    """What follows the blanks and the comments that keep a connection alive."""
    start = head.removeprefix(_BOM).lstrip()
    while start.startswith(b":"):
        line_end = re.search(rb"[\r\n]", start)
        if line_end is None:
            return b""
        start = start[line_end.end() :].lstrip()
    return start


def _too_long(origin: RequestContext, limit: int) -> EditError:
    return bad_reply(origin, f"more than {limit // 2**20} MiB, which Overpaint doesn't read")
