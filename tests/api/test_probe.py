"""Testing a connection: what is asked, what is said, and that it never costs anything."""

import json

import pytest
from tests.api.wire import KEY, profile, refusal
from tests.fault_server import FaultServer, Script

from overpaint.api import probe
from overpaint.core.errors import (
    BadReply,
    ConnectionFailed,
    EditError,
    KeyRefused,
    NotAllowed,
    NotFound,
    ServiceFailed,
)


def models(*names: str) -> Script:
    return Script(body=json.dumps({"data": [{"id": one} for one in names]}).encode())


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["gpt-image-2", "gpt-5"], "127.0.0.1 answers and takes the key; it offers gpt-image-2."),
        (["a-image", "b-image", "c-image", "d-image"],
         "127.0.0.1 answers and takes the key; it offers a-image, b-image, c-image and 1 more."),
        (["gpt-5"],
         "127.0.0.1 answers and takes the key, and lists models, none of them for pictures by its name."),
        ([], "127.0.0.1 answers and takes the key."),
    ],
)  # fmt: skip
async def test_a_connection_when_the_models_are_listed_then_says_which(names: list[str], words: str) -> None:
    async with FaultServer(models(*names)) as server:
        said = await probe.test_connection(profile(server.base_url), KEY)

    assert said == words
    assert [(one.method, one.target) for one in server.requests] == [("GET", "/v1/models")]
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


async def test_a_connection_when_no_models_are_listed_then_asks_for_the_path_without_posting() -> None:
    async with FaultServer(Script(404), Script(204, {"allow": "POST"})) as server:
        said = await probe.test_connection(profile(server.base_url), KEY)

    assert said.startswith("127.0.0.1 answers at /v1/images/edits.")
    assert [one.method for one in server.requests] == ["GET", "OPTIONS"]


async def test_a_connection_when_options_are_unknown_too_then_asks_with_get() -> None:
    async with FaultServer(Script(404), Script(404), Script(405)) as server:
        said = await probe.test_connection(profile(server.base_url), KEY)

    assert said.startswith("127.0.0.1 answers at /v1/images/edits.")
    assert [one.method for one in server.requests] == ["GET", "OPTIONS", "GET"]


@pytest.mark.parametrize(
    ("scripts", "kind", "sentence"),
    [
        (
            [Script(401, {}, refusal("No.", code="invalid_api_key"))],
            KeyRefused,
            "127.0.0.1 didn't accept the key.",
        ),
        ([Script(404), Script(401)], KeyRefused, "127.0.0.1 didn't accept the key."),
        ([Script(404)], NotFound, "127.0.0.1 has nothing at /v1/images/edits."),
        ([Script(503)], ServiceFailed, "127.0.0.1 failed (status 503): it gave no reason."),
        ([Script(404), Script(500)], ServiceFailed, "127.0.0.1 failed (status 500): it gave no reason."),
        ([Script(hang_up=True)], ConnectionFailed, "Couldn't reach 127.0.0.1: the connection failed."),
    ],
)
async def test_a_connection_when_it_fails_then_raises_what_an_edit_would_and_spends_nothing(
    scripts: list[Script], kind: type[EditError], sentence: str
) -> None:
    async with FaultServer(*scripts) as server:
        with pytest.raises(kind) as caught:
            await probe.test_connection(profile(server.base_url), KEY)

    assert caught.value.message == sentence
    assert not caught.value.may_have_been_billed
    assert server.posts == 0


async def test_a_connection_when_the_address_is_unsafe_then_nothing_is_sent() -> None:
    with pytest.raises(NotAllowed):
        await probe.test_connection(profile("http://api.example.com/v1"), KEY)


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'{"data": [1, {"id": null}]}',
        b'["gpt-image-2"]',
        b'{"models": []}',
        b'\xef\xbb\xbf{"data": []}',
    ],
)
async def test_a_connection_when_the_list_is_odd_then_is_good_all_the_same(body: bytes) -> None:
    async with FaultServer(Script(body=body)) as server:
        said = await probe.test_connection(profile(server.base_url), KEY)

    assert said.startswith("127.0.0.1 answers and takes the key")


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "nothing"),
        (b"<!doctype html><title>New API</title>", "a web page"),
        (b"\xef\xbb\xbf\n <html>", "a web page"),
        (b'{"data": 3}', "something else"),
        (b'{"status": "ok"}', "something else"),
        (b'"x"', "something else"),
        (b"OK", "something else"),
    ],
)
async def test_a_connection_when_no_list_comes_then_says_what_came_instead(body: bytes, what: str) -> None:
    async with FaultServer(Script(body=body)) as server:
        with pytest.raises(BadReply) as caught:
            await probe.test_connection(profile(server.base_url), KEY)

    assert caught.value.message == (f"127.0.0.1 answers, but with {what} where its list of models belongs.")
    assert not caught.value.may_have_been_billed
    assert server.posts == 0


PAGE = Script(body=b"<!doctype html><title>New API</title>", headers={"content-type": "text/html"})


@pytest.mark.parametrize("missing", [[PAGE], [Script(404), Script(404), Script(404)], [Script(404), PAGE]])
async def test_a_connection_when_the_api_is_one_step_below_then_says_where(missing: list[Script]) -> None:
    async with FaultServer(*missing, models("gpt-image-2")) as server:
        base_url = server.base_url.removesuffix("/v1")
        with pytest.raises(BadReply) as caught:
            await probe.test_connection(profile(base_url), KEY)

    assert caught.value.sentence() == (
        f"127.0.0.1 answers, but its API is at {base_url}/v1. Add /v1 to the base URL."
    )
    assert server.requests[-1].target == "/v1/models"
    assert server.posts == 0


async def test_a_connection_when_there_is_no_key_then_none_is_said_to_be_taken() -> None:
    async with FaultServer(models("Qwen/Qwen-Image-Edit")) as server:
        said = await probe.test_connection(profile(server.base_url, auth="none"), "")

    assert said == "127.0.0.1 answers; it offers Qwen/Qwen-Image-Edit."
