"""The event-stream decoder against the cases of the public EventSource ``format-*`` conformance tests."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.api.sse import EventEnd, EventScanner, SseDecoder, SseEvent
from overpaint.core.errors import BadReply

MESSAGE = "message"
CASES: dict[str, tuple[bytes, list[SseEvent]]] = {
    "bom": (b"\xef\xbb\xbfdata:1\n\ndata:2\n\n", [SseEvent(MESSAGE, "1"), SseEvent(MESSAGE, "2")]),
    "bom-2 (only the first mark is dropped)": (b"\xef\xbb\xbf\xef\xbb\xbfdata:1\n\ndata:2\n\ndata:3\n\n", [
        SseEvent(MESSAGE, "2"), SseEvent(MESSAGE, "3"),
    ]),
    "half a bom": (b"\xef\xbbdata:1\n\ndata:2\n\n", [SseEvent(MESSAGE, "2")]),
    "comments": (
        b"data:1\r:\0\n:" + b"\r:" * 2048 + b"x" * 2048 + b"\rdata:2\n:" + b"x" * 2048 + b"\rdata:3\n:\n:\n\n"
        + b"data:4\n\n",
        [SseEvent(MESSAGE, "1\n2\n3"), SseEvent(MESSAGE, "4")],
    ),
    "data before the final empty line": (b"retry:1000\ndata:test1\n\nid:test\ndata:test2", [
        SseEvent(MESSAGE, "test1"),
    ]),
    "field data": (b"data:\n\ndata\ndata\n\ndata:test\n\n", [
        SseEvent(MESSAGE, ""), SseEvent(MESSAGE, "\n"), SseEvent(MESSAGE, "test"),
    ]),
    "field event": (b"event:test\ndata:x\n\ndata:x\n\n", [SseEvent("test", "x"), SseEvent(MESSAGE, "x")]),
    "field event empty": (b"event: \ndata:data\n\n", [SseEvent(MESSAGE, "data")]),
    "event without data": (b"event:lost\n\ndata:x\n\n", [SseEvent(MESSAGE, "x")]),
    "field id": (b"id: 1\ndata: hello\n\ndata: again\n\n", [
        SseEvent(MESSAGE, "hello", "1"), SseEvent(MESSAGE, "again", "1"),
    ]),
    "field id empty": (b"id: 1\ndata: a\n\nid\ndata: b\n\n", [
        SseEvent(MESSAGE, "a", "1"), SseEvent(MESSAGE, "b"),
    ]),
    "field id null": (b"id: one\ndata: a\n\nid: tw\0o\ndata: b\n\n", [
        SseEvent(MESSAGE, "a", "one"), SseEvent(MESSAGE, "b", "one"),
    ]),
    "id survives an event without data": (b"id: 9\n\ndata: x\n\n", [SseEvent(MESSAGE, "x", "9")]),
    "field parsing": (
        b"data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\n"
        b"data:4\n\n",
        [SseEvent(MESSAGE, "\0\n 2\n1\n3\n\n4")],
    ),
    "field retry": (b"retry:03000\ndata:x\n\n", [SseEvent(MESSAGE, "x")]),
    "field retry bogus": (b"retry:3000\nretry:1000x\ndata:x\n\n", [SseEvent(MESSAGE, "x")]),
    "field unknown": (b"data:test\n data\ndata\nfoobar:xxx\njustsometext\n:yay\ndata:test\n\n", [
        SseEvent(MESSAGE, "test\n\ntest"),
    ]),
    "leading space": (b"data:\ttest\rdata: \ndata:test\n\n", [SseEvent(MESSAGE, "\ttest\n\ntest")]),
    "two leading spaces": (b"data:  x\n\n", [SseEvent(MESSAGE, " x")]),
    "newlines": (b"data:test\r\ndata\ndata:test\r\n\r", [SseEvent(MESSAGE, "test\n\ntest")]),
    "only carriage returns": (b"data:a\r\rdata:b\r\r", [SseEvent(MESSAGE, "a"), SseEvent(MESSAGE, "b")]),
    "only crlf": (b"data:a\r\n\r\ndata:b\r\n\r\n", [SseEvent(MESSAGE, "a"), SseEvent(MESSAGE, "b")]),
    "null character": (b"data:\0\n\n\n\n", [SseEvent(MESSAGE, "\0")]),
    "utf-8": ("data:ok…\n\n".encode(), [SseEvent(MESSAGE, "ok…")]),
    "utf-8 invalid": (b"data:a\xffb\xc3\n\n", [SseEvent(MESSAGE, "a\ufffdb\ufffd")]),
    "multi-line data": (b"data: 1\ndata: 2\ndata:\ndata: 4\n\n", [SseEvent(MESSAGE, "1\n2\n\n4")]),
    "name of more than five letters with data in it": (b"datadata:x\ndata:y\n\n", [SseEvent(MESSAGE, "y")]),
    "colon first": (b":data:x\ndata::y:\n\n", [SseEvent(MESSAGE, ":y:")]),
    "nothing": (b"", []),
    "only blank lines": (b"\n\r\n\r\n\n", []),
}  # fmt: skip


def decoded(*chunks: bytes) -> list[SseEvent]:
    decoder = SseDecoder()
    return [event for chunk in chunks for event in decoder.feed(chunk)] + decoder.close()


@pytest.mark.parametrize("name", CASES)
def test_decoding_when_the_stream_comes_whole_then_gives_the_standards_events(name: str) -> None:
    stream, events = CASES[name]

    assert decoded(stream) == events


@pytest.mark.parametrize("name", CASES)
def test_decoding_when_the_stream_comes_byte_by_byte_then_gives_the_standards_events(name: str) -> None:
    stream, events = CASES[name]

    assert decoded(*(stream[at : at + 1] for at in range(len(stream)))) == events


LINES = st.sampled_from((
    b"data", b"data:", b"data: x", b"data:y\0", b"event: e", b"id: 1", b"id:\0", b":c", b"retry: 5",
    b"", b"", b"zz: 1", b"data:\xc3\xa9", b"data:\xff", b"\xef\xbb\xbf", b" data: 1",
))  # fmt: skip
STREAMS = st.lists(st.tuples(LINES, st.sampled_from([b"\n", b"\r", b"\r\n"]))).map(
    lambda pairs: b"".join(line + end for line, end in pairs)
)


@given(STREAMS, st.lists(st.integers(0, 200)))
def test_decoding_when_the_stream_is_cut_anywhere_into_chunks_then_gives_the_same_events(
    stream: bytes, cuts: list[int]
) -> None:
    marks = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    chunks = [stream[start:end] for start, end in pairwise(marks)]

    assert decoded(*chunks) == decoded(stream)


@given(STREAMS)
def test_decoding_then_agrees_with_the_standard_read_line_by_line(stream: bytes) -> None:
    assert decoded(stream) == by_the_book(stream)


def by_the_book(stream: bytes) -> list[SseEvent]:
    """The standard's algorithm as it is written, on the whole text."""
    text = stream.decode(errors="replace").removeprefix("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:-1]
    events, data, kind, last_id = [], "", "", ""
    for line in lines:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                events.append(SseEvent(kind or MESSAGE, data.removesuffix("\n"), last_id))
            data = kind = ""
        elif name == "data":
            data += value + "\n"
        elif name == "event":
            kind = value
        elif name == "id" and "\0" not in value:
            last_id = value
    return events


def test_an_event_when_it_is_over_the_cap_then_is_refused_in_words() -> None:
    decoder = SseDecoder(max_event=2**20)
    decoder.feed(b"data: " + b"x" * 2**20 + b"\n")

    with pytest.raises(BadReply, match="more than 1 MiB in one event") as caught:
        decoder.feed(b"data: y\n")

    assert caught.value.may_have_been_billed


def test_a_response_when_it_is_over_the_cap_then_is_refused_in_words() -> None:
    decoder = SseDecoder(max_response=3 * 2**20 + 3)

    for _ in range(3):
        decoder.feed(b":" + b"x" * 2**20)

    with pytest.raises(BadReply, match="more than 3 MiB in one reply"):
        decoder.feed(b"\n")


def test_a_line_without_end_when_its_field_is_unknown_then_is_not_kept() -> None:
    scanner = EventScanner()

    for _ in range(100):
        assert list(scanner.feed(b"unknown:" + b"x" * 100_000)) == []

    assert scanner._line.value == b""


def test_the_scanner_when_data_comes_in_pieces_then_hands_each_on_without_joining() -> None:
    scanner = EventScanner()

    tokens = [*scanner.feed(b"event: e\ndata: ab"), *scanner.feed(b"cd"), *scanner.feed(b"ef\n\n")]

    assert tokens == [b"ab", b"cd", b"ef", EventEnd("e", "")]
