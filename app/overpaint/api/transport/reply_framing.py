"""Makes a reply's framing what the HTTP library takes, since servers differ from the standard.

What the library refuses would be a lost connection in the user's eyes, although the whole picture came. So
heads are read as browsers read them, and bodies in chunks are cut into chunks anew. Nothing of a body is
changed or left out. Sources: RFC 9112, the Fetch standard, and what curl and Chromium bear.
"""

import re
from collections.abc import Iterator

MAX_HEAD_BYTES = 2**20
"""A head that is longer is passed on as it is."""

_STATUS_LINE = re.compile(rb"(?:HTTP(?:/(\d+)(?:\.(\d+))?)?|ICY)[ \t]*(\d{3})(?!\d)[ \t]*(.*)", re.IGNORECASE)
_HEAD_END = re.compile(rb"\n\r?\n")
_NAME = re.compile(rb"[-!#$%&'*+.^_`|~0-9A-Za-z]+")
_LENGTH = re.compile(rb"\d{1,18}")
_UNWANTED = bytes.maketrans(b"\0\r\v\f", b"    ")
_MARKS = (b"http", b"icy")
_BARE_BODY = re.compile(rb"[{\[]|(?:data|event|id|retry):")

_CHUNK_SIZE = re.compile(rb"\s*(?:0x)?([0-9a-f]{1,16})[ \t]*(?:;[^\n]*)?\r?\n", re.IGNORECASE)
_CHUNK_BEGUN = re.compile(rb"\s*(?:0x?)?[0-9a-f]{0,16}[ \t]*(?:;[^\n]*)?\r?", re.IGNORECASE)
_LAST_CHUNK = b"0\r\n\r\n"


class ReplyFraming:
    """The bytes of one connection on their way from the server to the HTTP library, in pieces of any size."""

    def __init__(self) -> None:
        self._head: bytes | None = b""
        self._chunks: _Chunks | None = None

    def feed(self, data: bytes) -> bytes:
        """What the library gets for further bytes; nothing while a head isn't whole."""
        if self._head is None:
            return self._chunks.feed(data) if self._chunks is not None else data
        self._head += data
        return b"".join(self._heads())

    def end(self) -> bytes:
        """What is still to be handed on when the connection has ended."""
        if self._head is not None:
            rest, self._head = self._head, None
            return rest
        return self._chunks.end() if self._chunks is not None else b""

    def _heads(self) -> Iterator[bytes]:
        """The heads that are whole: that of the reply, and interim ones before it."""
        while self._head is not None:
            head = self._head.lstrip(b"\r\n\t ")
            if _BARE_BODY.match(head):
                yield b"HTTP/1.0 200 OK\r\n\r\n"  # a body without a head, as HTTP 0.9 had it
                yield self._body(head, chunked=False)
            elif not _may_be_a_head(head):
                yield self._body(self._head, chunked=False)
            else:
                end = _HEAD_END.search(head)
                if end is None:
                    return
                cleaned = _Head(head[: end.start()])
                yield cleaned.encoded()
                if cleaned.is_interim:
                    self._head = head[end.end() :]
                else:
                    yield self._body(head[end.end() :], chunked=cleaned.chunked)

    def _body(self, beginning: bytes, *, chunked: bool) -> bytes:
        self._head, self._chunks = None, _Chunks() if chunked else None
        return self.feed(beginning)


class _Head:
    """The head of a reply, read leniently; ``chunked`` is how its body is framed."""

    def __init__(self, raw: bytes) -> None:
        line, *lines = raw.split(b"\n")
        told = _STATUS_LINE.match(line.rstrip(b"\r"))
        self._raw = raw
        self._status = int(told[3]) if told else 0
        self._status_line = b""
        if told:
            version = b"1.0" if told[1] == b"1" and told[2] == b"0" else b"1.1"
            reason = told[4].translate(_UNWANTED).strip()
            self._status_line = b"HTTP/%b %b %b" % (version, told[3], reason)
        fields = list(_fields(lines))
        codings = [one for one in _listed(fields, b"transfer-encoding") if one != b"identity"]
        self.chunked = b"chunked" in codings
        self._fields = [
            one for one in fields if one[0].lower() not in (b"transfer-encoding", b"content-length")
        ]
        self._fields += _framing(fields, codings)

    @property
    def is_interim(self) -> bool:
        """Whether another head follows."""
        return 100 <= self._status < 200 and self._status != 101

    def encoded(self) -> bytes:
        """The head as the standard has it, with the blank line at its end; untouched if it is no HTTP."""
        if not self._status_line:
            return self._raw + b"\r\n\r\n"
        lines = [self._status_line, *(b"%b: %b" % one for one in self._fields), b"", b""]
        return b"\r\n".join(lines)


def _may_be_a_head(data: bytes) -> bool:
    if len(data) > MAX_HEAD_BYTES and not _HEAD_END.search(data):
        return False
    beginning = data[:4].lower()
    return any(mark.startswith(beginning) or beginning.startswith(mark) for mark in _MARKS)


def _fields(lines: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The header fields: folded lines joined, blanks around names left out, and lines that are no field."""
    joined: list[bytes] = []
    for line in lines:
        if line[:1] in (b" ", b"\t") and joined:
            joined[-1] += b" " + line.strip()
        else:
            joined.append(line)
    for line in joined:
        name, colon, value = line.partition(b":")
        if colon and _NAME.fullmatch(name.strip()):
            yield name.strip(), value.translate(_UNWANTED).strip()


def _framing(fields: list[tuple[bytes, bytes]], codings: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The fields that say where the body ends: one for each fact; none where they contradict one another.

    A transfer coding goes before any length. One that packs the bytes is told as what it does to them.
    """
    packed = [one for one in codings if one != b"chunked"]
    if packed:
        yield b"Content-Encoding", b", ".join(packed)
    if b"chunked" in codings:
        yield b"Transfer-Encoding", b"chunked"
    lengths = set(_listed(fields, b"content-length"))
    if not codings and len(lengths) == 1 and _LENGTH.fullmatch(length := lengths.pop()):
        yield b"Content-Length", length


def _listed(fields: list[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    """The members of a field that is a list, in lower case and without parameters, over all its lines."""
    whole = b",".join(value for key, value in fields if key.lower() == name)
    members = (one.partition(b";")[0].strip(b" \t\"'").lower() for one in whole.split(b","))
    return [one for one in members if one]


class _Chunks:
    """A body that was announced in chunks, cut into chunks by the standard.

    One that isn't in chunks after all is taken whole. Where a chunk's head can't be read, all that follows is
    handed on as content, and the library is left to find that the last chunk is missing.
    """

    def __init__(self) -> None:
        self._size_line = b""
        self._left = 0
        self._begun = False
        self._is_plain = False
        self._ended = False

    def feed(self, data: bytes) -> bytes:
        return b"".join(self._rechunked(data))

    def end(self) -> bytes:
        if self._ended:
            return b""
        if self._size_line.strip():
            return _chunk(self._size_line)
        return _LAST_CHUNK if self._is_plain and not self._begun else b""

    def _rechunked(self, data: bytes) -> Iterator[bytes]:
        while data and not self._ended:
            if self._is_plain:
                yield _chunk(data)
                return
            if self._left:
                piece, data = data[: self._left], data[self._left :]
                self._left -= len(piece)
                yield _chunk(piece)
                continue
            data = self._sized(self._size_line + data)
            if self._ended:
                yield _LAST_CHUNK

    def _sized(self, data: bytes) -> bytes:
        """Reads the head of a chunk; what follows it."""
        self._size_line = b""
        told = _CHUNK_SIZE.match(data)
        if told is not None:
            self._left = int(told[1], 16)
            self._ended = not self._left
            self._begun = True
            return data[told.end() :]
        if _CHUNK_BEGUN.fullmatch(data):
            self._size_line = data
            return b""
        self._is_plain = True
        return data


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)
