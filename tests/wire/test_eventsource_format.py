"""Every case of the public EventSource ``format-*`` conformance tests, by its file's name and with its bytes.

Source: web-platform-tests, folder ``eventsource``: what its server sends for each case, and what a page must
see. What those tests have a page do between two connections is here two streams.
"""

import pytest
from tests.api.wire import completed

from overpaint.api.errors.request_context import RequestContext
from overpaint.api.reply import reply_parser
from overpaint.api.sse import SseDecoder, SseEvent
from overpaint.core.request.endpoint_profile import EndpointProfile

ORIGIN = RequestContext(EndpointProfile("Example", "https://api.example.com/v1"), left=True, status=200)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
LONG = b"x" * 2048


def messages(*texts: str, last_id: str = "") -> list[SseEvent]:
    return [SseEvent("message", text, last_id) for text in texts]


CASES: dict[str, list[tuple[bytes, list[SseEvent]]]] = {
    "format-bom": [(b"\xef\xbb\xbfdata:1\n\n\xef\xbb\xbfdata:2\n\ndata:3\n\n\n", messages("1", "3"))],
    "format-bom-2": [
        (b"\xef\xbb\xbf\xef\xbb\xbfdata:1\n\ndata:2\n\ndata:3\n\n\n", messages("2", "3")),
    ],
    "format-comments": [(
        b"data:1\r:\0\n:\r\ndata:2\n:" + LONG + b"\rdata:3\n:data:fail\r:" + LONG + b"\ndata:4\n\n",
        messages("1\n2\n3\n4"),
    )],
    "format-data-before-final-empty-line": [
        (b"retry:1000\ndata:test1\n\nid:test\ndata:test2\n", messages("test1")),
    ],
    "format-field-data": [(b"data:\n\ndata\ndata\n\ndata:test\n\n\n", messages("", "\n", "test"))],
    "format-field-event": [
        (b"event:test\ndata:x\n\ndata:x\n\n\n", [SseEvent("test", "x"), SseEvent("message", "x")]),
    ],
    "format-field-event-empty": [(b"event: \ndata:data\n\n\n", messages("data"))],
    "format-field-id": [
        ("id: …\nretry: 200\ndata: hello\n\n".encode(), messages("hello", last_id="…")),
        ("data: …\n\n".encode(), messages("…")),
    ],
    "format-field-id-2": [
        ("id: …\nretry: 200\ndata: hello\n\n".encode(), messages("hello", last_id="…")),
        ("id: …\ndata: …\n\ndata: …\n\n".encode(), messages("…", "…", last_id="…")),
    ],
    "format-field-id-3": [
        (b"id: 1\ndata: 1\n\ndata:2\n\n", messages("1", "2", last_id="1")),
        (
            b"id: 1\ndata: 1\n\nid: 2\ndata:2\n\ndata:3\n\n",
            messages("1", last_id="1") + messages("2", "3", last_id="2"),
        ),
        (
            b"id: 1\ndata: 1\n\nid:\ndata:2\n\ndata:3\n\n",
            messages("1", last_id="1") + messages("2", "3"),
        ),
    ],
    "format-field-id-null": [
        (b"id: " + value + b"\nretry: 200\ndata: hello\n\n", messages("hello"))
        for value in (b"\0\0", b"x\0", b"\0x", b"x\0x", b" \0")
    ],
    "format-field-parsing": [(
        b"data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n"
        b" data:32\ndata:4\n\n",
        messages("\0\n 2\n1\n3\n\n4"),
    )],
    "format-field-retry": [(b"retry:03000\ndata:x\n\n\n", messages("x"))],
    "format-field-retry-bogus": [(b"retry:3000\nretry:1000x\ndata:x\n\n\n", messages("x"))],
    "format-field-retry-empty": [(b"retry\ndata:test\n\n\n", messages("test"))],
    "format-field-unknown": [(
        b"data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n\n",
        messages("test\n\ntest"),
    )],
    "format-leading-space": [(b"data:\ttest\rdata: \ndata:test\n\n\n", messages("\ttest\n\ntest"))],
    "format-newlines": [(b"data:test\r\ndata\ndata:test\r\n\r\n", messages("test\n\ntest"))],
    "format-null-character": [(b"data:\0\n\n\n\n\n", messages("\0"))],
    "format-utf-8": [("data:ok…\n\n\n".encode(), messages("ok…"))],
}  # fmt: skip

BY_MEDIA_TYPE = {"format-mime-bogus", "format-mime-trailing-semicolon", "format-mime-valid-bogus"}


def decoded(*chunks: bytes) -> list[SseEvent]:
    decoder = SseDecoder()
    return [event for chunk in chunks for event in decoder.feed(chunk)] + decoder.close()


def test_cases_then_are_all_that_the_public_tests_have() -> None:
    fields = ("data", "event", "event-empty", "id", "id-2", "id-3", "id-null", "parsing", "retry")
    of_fields = {f"format-field-{name}" for name in (*fields, "retry-bogus", "retry-empty", "unknown")}
    others = ("bom", "bom-2", "comments", "data-before-final-empty-line", "leading-space", "newlines")
    of_text = {f"format-{name}" for name in (*others, "null-character", "utf-8")}

    assert CASES.keys() | BY_MEDIA_TYPE == of_fields | of_text | BY_MEDIA_TYPE
    assert len(CASES.keys() | BY_MEDIA_TYPE) == 23


@pytest.mark.parametrize("name", CASES)
def test_case_when_it_comes_whole_then_gives_the_events_of_the_standard(name: str) -> None:
    for stream, events in CASES[name]:
        assert decoded(stream) == events


@pytest.mark.parametrize("name", CASES)
def test_case_when_it_comes_byte_by_byte_then_gives_the_events_of_the_standard(name: str) -> None:
    for stream, events in CASES[name]:
        assert decoded(*(stream[at : at + 1] for at in range(len(stream)))) == events


@pytest.mark.parametrize("name", CASES)
def test_case_when_cut_in_two_at_any_byte_then_gives_the_events_of_the_standard(name: str) -> None:
    for stream, events in CASES[name]:
        for cut in range(len(stream)):
            assert decoded(stream[:cut], stream[cut:]) == events, cut


@pytest.mark.parametrize(
    "media", ["text/event-stream;", "text/event-stream;charset=windows-1252", "Text/Event-Stream"]
)
def test_media_type_when_it_is_the_streams_however_written_then_is_read_as_one(media: str) -> None:
    stream = completed(PNG, revised_prompt="a cat…").replace(b"\\u2026", "…".encode())
    reader = reply_parser.reader(ORIGIN, media)

    (found,) = [*reader.feed(stream), *reader.close()]

    assert (found.data, found.facts["revised_prompt"]) == (PNG, "a cat…")


@pytest.mark.parametrize("media", ["x bogus", "text/x-bogus"])
def test_media_type_when_bogus_then_what_is_no_picture_never_passes_for_success(media: str) -> None:
    reader = reply_parser.reader(ORIGIN, media)

    found = [*reader.feed(b"data: data\n\n\n"), *reader.close()]

    assert found == []
    assert reader.missing().may_have_been_billed


@pytest.mark.parametrize("media", ["x bogus", "text/x-bogus"])
def test_media_type_when_bogus_then_a_picture_that_was_paid_for_is_taken_all_the_same(media: str) -> None:
    reader = reply_parser.reader(ORIGIN, media)

    (found,) = [*reader.feed(completed(PNG)), *reader.close()]

    assert found.data == PNG
