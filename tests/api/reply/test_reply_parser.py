"""What a reply holds, read in process: both families of events, links, errors, and every possible cut."""

import base64
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.api.wire import EVENT_STREAM, completed, event, partial, plain, refusal
from tests.conftest import Photo

from overpaint.api.errors.request_context import RequestContext
from overpaint.api.reply import reply_parser
from overpaint.api.reply.recorded_reply import read_recorded
from overpaint.api.reply.reply_pictures import FoundPicture
from overpaint.core.errors import BadReply, ContentRefused, EditError, RateLimited, ServiceFailed, StreamCut
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.results.edit_events import Completed, Partial

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(200))
WEBP = b"RIFF\x00\x01\x00\x00WEBPVP8 " + bytes(range(100))
SHARES = 8  # of the cuts, so that a busy machine tries each in time and several workers try them at once
ORIGIN = RequestContext(EndpointProfile("Example", "https://api.example.com/v1"), left=True, status=200)


def read(body: bytes, media: str = "text/event-stream", step: int = 0) -> list[FoundPicture]:
    reader = reply_parser.reader(ORIGIN, media)
    return list(_all(reader, body, step or max(1, len(body))))


def _all(reader: reply_parser.Reader, body: bytes, step: int) -> Iterator[FoundPicture]:
    for start in range(0, len(body), step):
        yield from reader.feed(body[start : start + step])
    yield from reader.close()


@pytest.mark.parametrize("family", ["image_edit", "image_generation"])
def test_a_stream_when_of_either_family_then_gives_partials_and_the_picture(family: str) -> None:
    found = read(partial(JPEG, 0, family) + partial(WEBP, 1, family) + completed(PNG, family))

    assert [(one.final, one.data, one.index) for one in found] == [
        (False, JPEG, 0), (False, WEBP, 1), (True, PNG, -1),
    ]  # fmt: skip


def test_a_stream_when_the_json_has_no_type_then_the_event_line_decides() -> None:
    payload = json.dumps({"b64_json": base64.b64encode(PNG).decode()})

    names = ("image_edit.partial_image", "image_edit.completed")

    (first, second) = read("".join(f"event: {name}\ndata: {payload}\n\n" for name in names).encode())

    assert (first.final, second.final) == (False, True)


def test_a_stream_when_json_and_event_line_disagree_then_the_json_decides() -> None:
    body = completed(PNG).replace(b"event: image_edit.completed", b"event: image_edit.partial_image")

    (found,) = read(body)

    assert found.final


def test_a_stream_when_there_is_no_event_line_then_the_json_decides() -> None:
    (found,) = read(completed(PNG).split(b"\n", 1)[1])

    assert found.final


def test_a_stream_when_comments_unknown_events_and_done_stand_between_then_they_are_passed_over() -> None:
    noise = b": PING\n\n" + event("image_edit.queued", {"position": 3}) + b"data: not json\n\n"

    found = read(noise + completed(PNG) + noise + b"data: [DONE]\n\n")

    assert [one.data for one in found] == [PNG]


def test_a_stream_when_it_says_done_then_has_ended() -> None:
    reader = reply_parser.reader(ORIGIN, "text/event-stream")

    list(reader.feed(completed(PNG) + b"data: [DONE]\n\n"))

    assert reader.ended


def test_a_stream_when_several_pictures_complete_then_gives_them_all() -> None:
    assert [one.data for one in read(completed(PNG) + completed(JPEG) + completed(WEBP))] == [PNG, JPEG, WEBP]


def test_a_stream_when_one_event_holds_a_whole_plain_reply_then_its_pictures_are_given() -> None:
    assert [one.data for one in read(b"data: " + plain(PNG, JPEG) + b"\n\n")] == [PNG, JPEG]


def test_a_stream_when_a_partial_is_no_picture_then_only_that_one_is_left_out() -> None:
    found = read(partial(b"nonsense", 0) + partial(JPEG, 1) + completed(PNG))

    assert [one.data for one in found] == [JPEG, PNG]


@pytest.mark.parametrize("text", ["no base64!", "*7"])
def test_a_finished_picture_when_its_base64_is_broken_then_is_a_bad_reply(text: str) -> None:
    body = event("image_edit.completed", {"b64_json": text})

    with pytest.raises(BadReply, match=r"in the picture's place") as caught:
        read(body)

    assert caught.value.may_have_been_billed


@pytest.mark.parametrize(
    ("frame", "kind"),
    [
        (event("error", {"error": {"message": "Boom", "code": "server_error"}}), ServiceFailed),
        (b'event: error\ndata: {"message": "Boom", "code": "server_error"}\n\n', ServiceFailed),
        (b'data: {"error": "Boom"}\n\n', ServiceFailed),
        (b"event: error\ndata: Boom\n\n", ServiceFailed),
        (b"data: " + refusal("Not that.", code="moderation_blocked") + b"\n\n", ContentRefused),
        (b"data: " + refusal("Slow down.", code="rate_limit_exceeded") + b"\n\n", RateLimited),
    ],
)
def test_a_stream_when_it_holds_an_error_then_raises_it_after_what_came_before(
    frame: bytes, kind: type[EditError]
) -> None:
    found = []

    with pytest.raises(kind) as alone:
        read(frame, step=1)
    with pytest.raises(kind) as caught:
        found.extend(read(partial(JPEG, 0) + frame, step=1))

    assert alone.value.may_have_been_billed == (kind is ServiceFailed)
    assert caught.value.may_have_been_billed  # the service had worked: a picture had come


@pytest.mark.parametrize("media", ["application/json", "text/event-stream"])
def test_a_reply_when_it_never_ends_then_is_given_up_in_words(
    media: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reply_parser, "MAX_RESPONSE_BYTES", 3 * 2**20)
    reader = reply_parser.reader(ORIGIN, media)
    for _ in range(3):
        list(reader.feed(b" " * 2**20))

    with pytest.raises(BadReply, match="more than 3 MiB") as caught:
        list(reader.feed(b" "))

    assert caught.value.may_have_been_billed


def test_json_when_there_are_facts_then_each_picture_carries_them_as_text() -> None:
    body = plain(PNG, size="1536x864", quality="low", background="opaque", extra=[1])

    (found,) = read(body, "application/json; charset=utf-8")

    assert found.facts == {
        "created": "1776832476", "size": "1536x864", "quality": "low", "background": "opaque",
    }  # fmt: skip


def test_json_when_only_data_is_there_then_that_is_enough() -> None:
    (found,) = read(
        json.dumps({"data": [{"b64_json": base64.b64encode(WEBP).decode()}]}).encode(), "application/json"
    )

    assert (found.data, found.usage, found.facts) == (WEBP, None, {})


def test_json_when_the_picture_is_a_link_then_gives_the_link() -> None:
    (found,) = read(b'{"data":[{"url":"/files/1.png","b64_json":""}]}', "application/json")

    assert (found.link, found.data) == ("/files/1.png", b"")


def test_json_when_the_picture_is_a_data_link_then_gives_its_bytes() -> None:
    link = "data:image/png;base64," + base64.b64encode(PNG).decode()

    (found,) = read(json.dumps({"data": [{"url": link}]}).encode(), "application/json")

    assert found.data == PNG


@pytest.mark.parametrize("media", ["", "text/plain", "application/octet-stream"])
def test_a_reply_when_its_type_says_nothing_then_its_first_character_decides(media: str) -> None:
    assert [one.data for one in read(plain(PNG), media, step=7)] == [PNG]
    assert [one.data for one in read(completed(PNG), media, step=7)] == [PNG]
    assert [one.data for one in read(b": hello\n\n" + completed(PNG), media)] == [PNG]


def test_a_reply_when_it_is_a_web_page_then_is_a_bad_reply_in_words() -> None:
    page = reply_parser.reader(ORIGIN, "text/html")
    assert not [*page.feed(b"<!doctype html><title>Hello</title>"), *page.close()]

    error = page.missing()
    assert error.message == "api.example.com answered with a web page instead of a picture."
    assert not error.may_have_been_billed


@given(st.lists(st.sampled_from([JPEG, WEBP, PNG]), max_size=3), st.integers(1, 700))
def test_a_stream_when_cut_into_chunks_of_any_length_then_gives_the_same(
    partials: list[bytes], step: int
) -> None:
    body = b"".join(partial(one, index) for index, one in enumerate(partials)) + completed(PNG)

    assert read(body, step=step) == read(body)


@pytest.mark.parametrize("share", range(SHARES))
def test_a_stream_when_cut_at_every_offset_then_no_cut_passes_and_no_finished_picture_is_lost(
    photo: Photo, share: int
) -> None:
    first, second, last = (
        photo(name, (270, 180)).read_bytes() for name in ("coffee.jpg", "rocket.jpg", "coffee.png")
    )
    head = partial(first, 0) + b": PING\r\n\r\n" + partial(second, 1)
    body = head + completed(last)
    whole = len(body) - 2  # all of the event but the end of its line and the blank line
    assert 150_000 < len(body) < 250_000, len(body)

    for end in range(share, len(body) + 1, SHARES):
        reader = reply_parser.reader(ORIGIN, "text/event-stream")
        found = [*reader.feed(body[:end]), *reader.close()]
        finals = [one for one in found if one.final]
        if end < whole:
            assert not finals, f"a success although cut at {end}"
            assert isinstance(reader.missing(), StreamCut)
            assert reader.missing().may_have_been_billed
        else:
            assert [one.data for one in finals] == [last], f"the picture was lost at {end}"
        if end >= len(head):
            assert [one.data for one in found if not one.final] == [first, second]


@pytest.mark.parametrize("media", ["text/event-stream", "application/json"])
def test_a_recording_when_read_again_then_gives_what_the_reply_gave(media: str) -> None:
    body = partial(JPEG, 0) + completed(PNG) if media == "text/event-stream" else plain(PNG)

    events = read_recorded(200, {"Content-Type": media, "X-Request-Id": "req_1"}, [body[:100], body[100:]])

    final = events[-1]
    assert isinstance(final, Completed)
    assert (final.data, final.request_id) == (PNG, "req_1")
    assert len(events) == (2 if media == "text/event-stream" else 1)


def test_a_recording_when_the_stream_was_cut_then_gives_what_is_complete() -> None:
    body = partial(JPEG, 0) + completed(PNG)

    events = read_recorded(200, EVENT_STREAM, [body[:-40]])

    assert events == [Partial(0, JPEG, "jpeg")]


def test_a_recording_when_it_ends_in_an_error_then_gives_what_came_before() -> None:
    body = completed(PNG) + b'data: {"error": "Boom"}\n\n'

    events = read_recorded(200, EVENT_STREAM, [body])

    assert [one.data for one in events] == [PNG]


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b"data: {"])
def test_a_recording_when_there_is_nothing_in_it_then_is_empty(body: bytes) -> None:
    assert read_recorded(200, {}, [body]) == []
    assert read_recorded(500, {"content-type": "application/json"}, [body]) == []
