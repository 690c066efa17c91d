"""Replies framed in other ways than the standard's: what the HTTP library makes of them."""

from itertools import pairwise

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.api.transport.framings import CHUNKS, OK, framed, in_chunks

from overpaint.api.transport.reply_framing import ReplyFraming

BODY = b'{"data": [{"b64_json": "' + bytes(range(48, 58)) * 40 + b'"}]}'
ODD = framed(BODY)

CUT: dict[str, bytes] = {
    "shorter than its length": OK + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY[:99],
    "within a chunk": OK + CHUNKS + b"\r\n" + in_chunks(BODY)[:99],
    "between chunks": OK + CHUNKS + b"\r\n" + in_chunks(BODY)[:-5],
    "no chunk where one belongs": OK + CHUNKS + b"\r\n" + in_chunks(BODY)[:-5] + b"oops",
}


def read(pieces: list[bytes]) -> tuple[bytes, bool, h11.Response]:
    """The body of a reply that comes in these pieces, whether it has an end, and its head."""
    framing = ReplyFraming()
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method="POST", target="/", headers=[("Host", "x"), ("Content-Length", "0")]))
    client.send(h11.EndOfMessage())
    head, body = None, b""
    for handed_on in (*map(framing.feed, pieces), framing.end()):
        if handed_on:
            client.receive_data(handed_on)
    client.receive_data(b"")  # the connection's end
    try:
        while not isinstance(event := client.next_event(), h11.EndOfMessage | h11.ConnectionClosed):
            if isinstance(event, h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
    except h11.RemoteProtocolError:
        assert head is not None
        return body, False, head
    assert head is not None
    return body, True, head


@pytest.mark.parametrize("name", ODD)
@given(cuts=st.sets(st.integers(1, 700)))
def test_reply_in_any_framing_and_any_pieces_is_read_byte_for_byte(name: str, cuts: set[int]) -> None:
    raw = ODD[name]
    stops = [0, *sorted(cut for cut in cuts if cut < len(raw)), len(raw)]
    pieces = [raw[start:stop] for start, stop in pairwise(stops)]

    body, ended, head = read(pieces)

    assert (body, ended, head.status_code) == (BODY, True, 200)


@pytest.mark.parametrize("name", CUT)
def test_reply_that_is_cut_is_handed_on_without_an_end(name: str) -> None:
    body, ended, _ = read([CUT[name]])

    assert not ended
    assert BODY.startswith(body.removesuffix(b"\r\noops"))
    assert len(body) > 50


def test_coding_of_the_transfer_is_told_as_that_of_the_content() -> None:
    raw = OK + b"Content-Encoding: br\r\nTransfer-Encoding: gzip, chunked\r\n\r\n" + in_chunks(BODY)

    _, _, head = read([raw])

    assert [value for name, value in head.headers if name == b"content-encoding"] == [b"br", b"gzip"]
    assert [value for name, value in head.headers if name == b"transfer-encoding"] == [b"chunked"]


@given(st.binary(max_size=400))
def test_anything_but_http_is_handed_on_as_it_is(raw: bytes) -> None:
    framing = ReplyFraming()
    begun = b"\xff" + raw

    assert framing.feed(begun) + framing.end() == begun


@given(st.binary(max_size=2000), st.lists(st.integers(1, 300), max_size=8))
def test_body_in_chunks_of_any_size_keeps_every_byte(content: bytes, sizes: list[int]) -> None:
    raw, rest = OK + CHUNKS + b"\r\n", content
    for size in [*sizes, 10**6]:
        piece, rest = rest[:size], rest[size:]
        raw += b"%x\r\n%b\r\n" % (len(piece), piece) if piece else b""
    raw += b"0\r\n\r\n"

    assert read([raw])[:2] == (content, True)
