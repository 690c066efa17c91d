"""One reply in the framings that servers use: those of the standard, and others that browsers bear."""

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKS = b"Transfer-Encoding: chunked\r\n"


def in_chunks(body: bytes) -> bytes:
    """A body as one chunk, with the last one behind it."""
    return b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)


def framed(body: bytes) -> dict[str, bytes]:
    """A whole reply in each framing, by what is particular about it."""
    chunked = in_chunks(body)
    length = b"Content-Length: %d\r\n" % len(body)
    return {
        "by the standard, length": OK + length + b"\r\n" + body,
        "by the standard, chunks": OK + CHUNKS + b"\r\n" + chunked,
        "by the standard, to the end": OK + b"\r\n" + body,
        "chunked told twice": OK + CHUNKS * 2 + b"\r\n" + chunked,
        "chunked twice in a line": OK + b"Transfer-Encoding: chunked, chunked\r\n\r\n" + chunked,
        "chunked with a parameter": OK + b'Transfer-Encoding: "Chunked"; q=1\r\n\r\n' + chunked,
        "chunked and identity": OK + b"Transfer-Encoding: identity\r\n" + CHUNKS + b"\r\n" + chunked,
        "identity": OK + b"Transfer-Encoding: identity\r\n" + length + b"\r\n" + body,
        "chunked and a length": OK + CHUNKS + b"Content-Length: 7\r\n\r\n" + chunked,
        "chunked, but not in chunks": OK + CHUNKS + b"\r\n" + body,
        "unknown coding": OK + b"Transfer-Encoding: brief\r\n\r\n" + body,
        "blanks before the colon": OK + b"Transfer-Encoding : chunked\r\nServer\t: x\r\n\r\n" + chunked,
        "blanks before the length's colon": OK + b"Content-Length \t: %d\r\n\r\n" % len(body) + body,
        "folded": OK + b"Transfer-Encoding:\r\n\tchunked\r\nX-One: a\r\n   b\r\n\r\n" + chunked,
        "first field folded": OK + b"  X-One: a\r\n" + CHUNKS + b"\r\n" + chunked,
        "line feeds alone": (OK + CHUNKS + b"\r\n").replace(b"\r", b"") + chunked,
        "line feeds alone in chunks": OK + CHUNKS + b"\r\n" + b"%x\n%b\n0\n\n" % (len(body), body),
        "length twice": OK + length * 2 + b"\r\n" + body,
        "length twice in a line": OK + b"Content-Length: %d, %d\r\n\r\n" % (len(body), len(body)) + body,
        "two lengths": OK + length + b"Content-Length: 3\r\n\r\n" + body,
        "no number for a length": OK + b"Content-Length: -1\r\n\r\n" + body,
        "empty length": OK + b"Content-Length:\r\n\r\n" + body,
        "line without a colon": OK + b"no field at all\r\n" + length + b"\r\n" + body,
        "field without a name": OK + b": nobody\r\n" + length + b"\r\n" + body,
        "name with a blank": OK + b"X Powered By: y\r\n" + length + b"\r\n" + body,
        "name not in ASCII": OK + "Größe: 3\r\n".encode() + length + b"\r\n" + body,
        "NUL and returns in a value": OK + b"X-One: a\0b\rc\x0bd\r\n" + length + b"\r\n" + body,
        "no reason": b"HTTP/1.1 200\r\n" + length + b"\r\n" + body,
        "blanks in the status line": b"HTTP/1.1   200   OK\r\n" + length + b"\r\n" + body,
        "small letters": b"http/1.1 200 ok\r\n" + length + b"\r\n" + body,
        "another version": b"HTTP/2 200\r\n" + length + b"\r\n" + body,
        "no version": b"HTTP 200 OK\r\n" + length + b"\r\n" + body,
        "an old server's name": b"ICY 200 OK\r\n" + length + b"\r\n" + body,
        "the old version in chunks": b"HTTP/1.0 200 OK\r\n" + CHUNKS + b"\r\n" + chunked,
        "blank lines first": b"\r\n\r\n" + OK + length + b"\r\n" + body,
        "no head": body,
        "interim heads": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink : x\r\n\r\n" + OK + CHUNKS
        + b"\r\n" + chunked,
        "sizes with blanks and words": OK + CHUNKS
        + b"\r\n  0x%X  ; a=b\r\n%b\r\n0\r\n\r\n" % (len(body), body),
        "sizes with noughts": OK + CHUNKS + b"\r\n%016x\r\n%b\r\n000\r\n\r\n" % (len(body), body),
        "no blank line behind the chunks": OK + CHUNKS + b"\r\n%x\r\n%b\r\n0" % (len(body), body) + b"\r\n",
        "odd trailers": OK + CHUNKS + b"\r\n" + chunked[:-2] + b"no field\r\nX : y\r\n\r\n",
        "bytes behind the end": OK + CHUNKS + b"\r\n" + chunked + b"more",
    }  # fmt: skip
