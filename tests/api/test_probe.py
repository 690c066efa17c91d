"""Testing a connection: what is asked, what is said, and that it never costs anything."""

import json

import pytest
from tests.api.wire import KEY, profile, refusal
from tests.fault_server import FaultServer, Script

from overpaint.api import probe
from overpaint.core.errors import ConnectionFailed, EditError, KeyRefused, NotAllowed, NotFound, ServiceFailed


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
    "body", [b"", b"<html>", b"[]", b'{"data": 3}', b'{"data": [1, {"id": null}]}', b'"x"']
)
async def test_a_connection_when_the_list_is_odd_then_is_good_all_the_same(body: bytes) -> None:
    async with FaultServer(Script(body=body)) as server:
        said = await probe.test_connection(profile(server.base_url), KEY)

    assert said.startswith("127.0.0.1 answers and takes the key")
