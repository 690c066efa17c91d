"""Undoes what gateways put around a body that was asked for as it is: gzip, deflate, Brotli and Zstandard.

The bytes decide; a label only where they say nothing. A coding that nobody knows is passed through, as the
Fetch standard has it. What comes out is bounded piece by piece, so that a few bytes can't become gigabytes.
"""

import zlib
from collections.abc import Iterator
from typing import Protocol

PIECE_BYTES = 64 * 1024
"""About as much as one piece of what comes out has at most."""

_GZIP, _ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
_HEAD_BYTES = 16
_MOST_LAYERS = 4
_NAMES = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate", "br": "br", "zstd": "zstd"}


class CodingError(Exception):
    """The body is broken somewhere behind its beginning; what came out before stands."""


class ContentDecoder:
    """The body of one reply, layer by layer; ``label`` is the value of its Content-Encoding, or ``""``."""

    def __init__(self, label: str = "", *, layer: int = 0) -> None:
        names = [_NAMES.get(one.strip().lower(), "") for one in label.split(",")]
        self._names = [name for name in names if name]
        self._layer = layer
        self._head: bytes | None = b""
        self._coder: _Coder | None = None
        self._inner: ContentDecoder | None = None
        self._produced = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """What these further bytes become. Raises :class:`CodingError`."""
        if self._head is not None:
            chunk = self._head = self._head + chunk
            if len(chunk) < _HEAD_BYTES and (self._names or _may_be_packed(chunk)):
                return
            self._begin(chunk)
        yield from self._decoded(chunk)

    def close(self) -> Iterator[bytes]:
        """What is left at the end of the body."""
        if self._head is not None:
            chunk = self._head
            self._begin(chunk)
            yield from self._decoded(chunk)
        if self._inner is not None:
            yield from self._inner.close()

    def _begin(self, head: bytes) -> None:
        self._head = None
        name = self._names.pop() if self._names else ""
        self._coder = _coder(head, name) if self._layer < _MOST_LAYERS else None
        if self._coder is not None:
            self._inner = ContentDecoder(",".join(self._names), layer=self._layer + 1)

    def _decoded(self, chunk: bytes) -> Iterator[bytes]:
        if self._coder is None or self._inner is None:
            yield from _pieces(chunk)
            return
        try:
            for piece in self._coder.feed(chunk):
                self._produced = True
                yield from self._inner.feed(piece)
        except CodingError:
            if self._produced:
                raise
            self._coder = self._inner = None  # the label lied
            yield from _pieces(chunk)


class _Coder(Protocol):
    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """What these further bytes become, in pieces. Raises :class:`CodingError`."""


def _coder(head: bytes, name: str) -> _Coder | None:
    if head.startswith(_GZIP):
        return _Zlib(zlib.MAX_WBITS | 16)
    if head.startswith(_ZSTD):
        return _Zstandard()
    if name in ("deflate", "gzip") and _is_zlib(head):
        return _Zlib(zlib.MAX_WBITS)
    if _is_plain(head):
        return None
    if name == "deflate":
        return _Zlib(-zlib.MAX_WBITS)
    return _Brotli() if name == "br" else None


def _may_be_packed(head: bytes) -> bool:
    """Whether the first bytes may still become a signature, where no label says anything."""
    return any(head[: len(magic)] == magic[: len(head)] for magic in (_GZIP, _ZSTD))


def _is_zlib(head: bytes) -> bool:
    return len(head) > 1 and head[0] & 0x0F == 8 and head[0] >> 4 <= 7 and (head[0] << 8 | head[1]) % 31 == 0


def _is_plain(head: bytes) -> bool:
    """Whether a body begins with text: packed bytes hardly ever are all printable."""
    return all(32 <= byte < 127 or byte in b"\t\r\n" for byte in head.removeprefix(b"\xef\xbb\xbf"))


def _pieces(chunk: bytes) -> Iterator[bytes]:
    for start in range(0, len(chunk), PIECE_BYTES):
        yield chunk[start : start + PIECE_BYTES]


class _Zlib:
    """gzip, one member after the other, zlib or bare deflate."""

    def __init__(self, bits: int) -> None:
        self._bits = bits
        self._coder = zlib.decompressobj(bits)

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        while chunk:
            if self._coder.eof:
                if not chunk.startswith(_GZIP[:1]):
                    return  # padding behind the last member
                self._coder = zlib.decompressobj(self._bits)
            try:
                piece = self._coder.decompress(chunk, PIECE_BYTES)
            except zlib.error as error:
                raise CodingError(str(error)) from error
            if piece:
                yield piece
            chunk = self._coder.unused_data if self._coder.eof else self._coder.unconsumed_tail


class _Brotli:
    def __init__(self) -> None:
        import brotli  # loads here: hardly any reply needs it

        self._error = brotli.error
        self._coder = brotli.Decompressor()

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        try:
            piece = self._coder.process(chunk, output_buffer_limit=PIECE_BYTES)
            while piece or not self._coder.can_accept_more_data():
                yield from _pieces(piece)
                piece = self._coder.process(b"", output_buffer_limit=PIECE_BYTES)
        except self._error as error:
            raise CodingError(str(error)) from error


class _Zstandard:
    """Frame by frame; the library gives all that a block holds, which is at most 128 KiB."""

    _INPUT_BYTES = 256

    def __init__(self) -> None:
        import zstandard  # loads here: hardly any reply needs it

        self._error = zstandard.ZstdError
        self._library = zstandard.ZstdDecompressor(max_window_size=2**27)
        self._coder = self._library.decompressobj()

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        for start in range(0, len(chunk), self._INPUT_BYTES):
            piece = chunk[start : start + self._INPUT_BYTES]
            while piece:
                if self._coder.eof:
                    if not piece.startswith(_ZSTD[:1]):
                        return
                    self._coder = self._library.decompressobj()
                try:
                    out = self._coder.decompress(piece)
                except self._error as error:
                    raise CodingError(str(error)) from error
                yield from _pieces(out)
                piece = self._coder.unused_data if self._coder.eof else b""
