"""The key is in the request's header and nowhere else: logs, errors, tracebacks, sinks, in any spelling."""

import base64
import logging
import time
import traceback
from collections.abc import Mapping
from itertools import pairwise
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.api.runs import PNG, RequestOf, outcome
from tests.api.wire import EVENT_STREAM, KEY, completed, plain, profile, refusal
from tests.fault_server import FaultServer, Script
from tests.wire.canary import hits

from overpaint.api import probe
from overpaint.api.client import EditClient
from overpaint.api.errors.key_redaction import HIDDEN, KeylessSink, scrub, scrub_bytes
from overpaint.core.errors import EditError, KeyRefused, NotAllowed

SPELLINGS = (
    KEY,
    KEY[3:],
    base64.b64encode(KEY.encode()).decode().rstrip("="),
    KEY.encode().hex(),
    quote(KEY, safe=""),
)


class Bin:
    """A sink that keeps everything it is given as one text."""

    def __init__(self) -> None:
        self.text = ""

    async def sent(self) -> None:
        self.text += "sent"

    async def head(self, status: int, headers: Mapping[str, str], request_id: str) -> None:
        self.text += f"{status} {headers} {request_id}"

    async def write(self, chunk: bytes) -> None:
        self.text += chunk.decode("latin-1")

    async def flush(self) -> None:
        self.text += "flushed"


ECHOES = {
    "in a refusal": Script(401, {"x-request-id": KEY}, refusal(f"Wrong key: {KEY}.", code=KEY)),
    "in a web page": Script(403, {"content-type": "text/html"}, f"<title>{KEY}</title>".encode()),
    "in base64": Script(500, {}, base64.b64encode(KEY.encode())),
    "in a redirect": Script(302, {"location": f"https://other.example/{quote(KEY)}?key={KEY}"}),
    "in a header of a good reply": Script(200, {"x-echo": f"Bearer {KEY}"}, plain(PNG)),
    "in the facts of a good reply": Script(200, {}, plain(PNG, revised_prompt=f"a cat and {KEY}")),
    "in a broken reply": Script(200, {"content-type": "text/plain"}, f"<{KEY}>".encode()),
    "in an error amid a stream": Script(200, EVENT_STREAM, b"data: " + refusal(f"No, {KEY}") + b"\n\n"),
    "not at all, cut": Script(200, EVENT_STREAM, completed(PNG), cut_at=50),
    "not at all, reset": Script(hang_up=True, reset=True),
}


@pytest.mark.parametrize("echo", ECHOES)
async def test_the_key_when_the_service_repeats_it_then_is_in_nothing_that_stays(
    request_of: RequestOf, caplog: pytest.LogCaptureFixture, echo: str
) -> None:
    caplog.set_level(logging.DEBUG)
    client, kept = EditClient(), Bin()

    async with FaultServer(ECHOES[echo]) as server:
        ended = await outcome(client, request_of(), profile(server.base_url), sink=kept)
    await client.close()

    told = [repr(ended.events), *_texts(ended.failure), caplog.text, kept.text]
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert not [one for one in SPELLINGS for text in told if one in text]


def _texts(failure: BaseException | None) -> list[str]:
    """Everything a log or a crash report could print of a failure and of what it came from."""
    texts = []
    while failure is not None:
        texts += [str(failure), repr(failure), repr(vars(failure)), *traceback.format_exception(failure)]
        failure = failure.__cause__ or failure.__context__
    return texts


@pytest.mark.parametrize("key", ["sk-two words-canary", "sk-canary\nx: y", "sk-cänary-123", "\x00sk-canary"])
async def test_a_key_when_no_header_can_carry_it_then_is_refused_without_being_shown(
    client: EditClient, request_of: RequestOf, key: str
) -> None:
    async with FaultServer() as server:
        ended = await outcome(client, request_of(), profile(server.base_url), key)

    assert isinstance(ended.failure, KeyRefused)
    assert "nary" not in "".join(_texts(ended.failure))
    assert server.connections == 0


async def test_a_key_when_there_is_none_for_a_far_endpoint_then_nothing_is_sent(
    client: EditClient, request_of: RequestOf
) -> None:
    ended = await outcome(client, request_of(), profile("https://nobody.invalid/v1"), " ")

    assert isinstance(ended.failure, KeyRefused)
    assert ended.failure.message == "There is no key for Test server yet."
    assert ended.events == []


async def test_a_key_when_pasted_with_blanks_around_it_then_is_sent_without(
    client: EditClient, request_of: RequestOf
) -> None:
    async with FaultServer(Script(body=plain(PNG))) as server:
        await outcome(client, request_of(), profile(server.base_url), f"  {KEY}\n")

    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("auth", "header"), [("bearer", "authorization"), ("api-key", "api-key"), ("none", "")]
)
async def test_the_key_then_travels_in_the_profiles_header_alone(
    client: EditClient, request_of: RequestOf, auth: str, header: str
) -> None:
    async with FaultServer(Script(body=plain(PNG))) as server:
        await outcome(client, request_of(), profile(server.base_url, auth=auth))

    (request,) = server.requests
    assert [name for name, value in request.headers.items() if KEY in value] == ([header] if header else [])
    assert request.raw.count(KEY.encode()) == (1 if header else 0)


async def test_an_extra_header_then_is_sent_unless_it_would_change_the_framing(
    client: EditClient, request_of: RequestOf
) -> None:
    extra = {"X-Team": "blue", "content-length": "3", "Content-Type": "text/plain"}
    async with FaultServer(Script(body=plain(PNG))) as server:
        await outcome(client, request_of(), profile(server.base_url, headers=extra))

    (request,) = server.requests
    assert request.headers["x-team"] == "blue"
    assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert request.complete


@pytest.mark.parametrize("extra", [{"X-A": "b\r\nX-C: d"}, {"X A": "b"}, {"": "b"}, {"X-Ä": "b"}])
async def test_an_extra_header_when_it_is_none_then_nothing_is_sent(
    client: EditClient, request_of: RequestOf, extra: dict[str, str]
) -> None:
    async with FaultServer() as server:
        ended = await outcome(client, request_of(), profile(server.base_url, headers=extra))

    assert isinstance(ended.failure, NotAllowed)
    assert server.connections == 0


async def test_the_key_when_a_connection_is_tested_then_is_not_in_its_errors(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with FaultServer(Script(401, {}, refusal(f"Wrong: {KEY}"))) as server:
        with pytest.raises(EditError) as caught:
            await probe.test_connection(profile(server.base_url), KEY)

    assert not [one for one in SPELLINGS for text in (*_texts(caught.value), caplog.text) if one in text]


TWELVE = {
    "as it is": KEY,
    "in the other case": KEY.swapcase(),
    "backwards": KEY[::-1],
    "base64 of the header": base64.b64encode(f"Bearer {KEY}".encode()).decode(),
    "base64 amid words": base64.b64encode(f"the key {KEY} is wrong".encode()).decode(),
    "base64 for URLs": base64.urlsafe_b64encode(KEY.encode()).decode(),
    "hexadecimal": KEY.encode().hex().upper(),
    "UTF-16": KEY.encode("utf-16-le").decode("latin-1"),
    "escapes of JSON": "".join(f"\\u{ord(one):04X}" for one in KEY),
    "escapes of JSON in JSON": "".join(f"\\\\u{ord(one):04x}" for one in KEY),
    "a URL": quote(KEY, safe=""),
    "a URL, all of it": "".join(f"%{ord(one):02X}" for one in KEY),
    "a URL in a URL": "".join(f"%25{ord(one):02X}" for one in KEY),
    "a web page": "".join(f"&#{ord(one)};" for one in KEY),
    "a program": "".join(f"\\x{ord(one):02x}" for one in KEY),
    "base64 of UTF-16": base64.b64encode(KEY.encode("utf-16-le")).decode(),
}


@pytest.mark.parametrize("spelled", TWELVE.values(), ids=TWELVE)
async def test_a_spelling_then_is_hidden_in_texts_bodies_and_streams_cut_anywhere(spelled: str) -> None:
    around = f"<{spelled}>"
    kept = Bin()
    sink = KeylessSink(kept, KEY)
    for at in range(0, len(around), 7):
        await sink.write(around[at : at + 7].encode("latin-1"))
    await sink.end()

    for left in (scrub(around, KEY), scrub_bytes(around.encode("latin-1"), KEY).decode("latin-1"), kept.text):
        assert HIDDEN in left
        assert hits(KEY, left) == []


@given(st.binary(max_size=400))
def test_scrubbing_then_leaves_base64_of_anything_else_alone(data: bytes) -> None:
    picture = base64.b64encode(data)

    assert scrub_bytes(picture, KEY) == picture


def test_scrubbing_a_body_that_is_nothing_but_the_key_takes_no_time_to_speak_of() -> None:
    began = time.monotonic()

    left = scrub_bytes(KEY.encode() * 60_000, KEY)

    assert left == HIDDEN.encode() * 60_000
    assert time.monotonic() - began < 2


def test_scrubbing_a_key_that_is_the_words_in_its_place_comes_to_an_end() -> None:
    assert scrub(f"<{HIDDEN}>", HIDDEN) == f"<{HIDDEN}>"


@pytest.mark.parametrize("key", ["sk-1234", "abc123"])
def test_scrubbing_a_short_key_hides_it_as_it_is_alone(key: str) -> None:
    assert scrub(f"<{key}> <{key.upper()}>", key) == f"<{HIDDEN}> <{key.upper()}>"


def test_scrubbing_then_hides_every_spelling_and_keeps_the_rest() -> None:
    text = " and ".join((*SPELLINGS[:1], *SPELLINGS[2:], KEY.encode().hex().upper()))

    assert set(scrub(text, KEY).split(" and ")) <= {HIDDEN, HIDDEN + "="}
    assert scrub_bytes(text.encode(), KEY) == scrub(text, KEY).encode()


@pytest.mark.parametrize("key", ["", " ", "a", "token"])
def test_scrubbing_when_the_key_is_empty_or_a_mere_word_then_changes_nothing(key: str) -> None:
    assert scrub("a token is a token", key) == "a token is a token"


@given(
    pieces=st.lists(
        st.sampled_from([KEY, KEY[:9], "sk", "s", "x", '"}\n\n', KEY.encode().hex()]), max_size=9
    ),
    cuts=st.lists(st.integers(0, 300), max_size=9),
)
async def test_a_reply_when_cut_anywhere_then_is_kept_whole_but_for_the_key(
    pieces: list[str], cuts: list[int]
) -> None:
    body = "".join(pieces).encode()
    marks = sorted({0, len(body), *(cut for cut in cuts if cut < len(body))})
    kept = Bin()
    sink = KeylessSink(kept, KEY)

    for start, end in pairwise(marks):
        await sink.write(body[start:end])
    await sink.end()

    assert kept.text.encode() == scrub_bytes(body, KEY)


async def test_the_end_of_an_event_then_is_never_held_back() -> None:
    kept = Bin()

    await KeylessSink(kept, KEY).write(completed(PNG))

    assert kept.text.encode() == completed(PNG)
