"""Trying an endpoint: which key is sent, what is said, and that nothing is ever posted."""

import pytest
from tests.api.wire import KEY, profile, refusal
from tests.fault_server import FaultServer, Script

from overpaint.core.errors import ConnectionFailed, KeyRefused
from overpaint.studio.config.key_store import KEY_VARIABLE, KeyStore
from overpaint.studio.runs.connection_test import try_connection

MODELS = Script(body=b'{"data": [{"id": "gpt-image-2"}]}')


async def test_connection_with_a_typed_key_is_tried_with_that_one_and_keeps_it_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "sk-of-the-environment")
    keys = KeyStore()
    async with FaultServer(MODELS) as server:
        endpoint = profile(server.base_url)

        said = await try_connection(endpoint, f" {KEY}\n", keys)

        assert "takes the key" in said
        assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
        assert await keys.get(endpoint) == "sk-of-the-environment"


async def test_connection_without_a_typed_key_is_tried_with_the_one_that_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    async with FaultServer(MODELS) as server:
        await try_connection(profile(server.base_url, auth="api-key"), "", KeyStore())

    assert server.requests[0].headers["api-key"] == KEY


async def test_connection_that_needs_no_key_is_given_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    async with FaultServer(MODELS) as server:
        await try_connection(profile(server.base_url, auth="none"), KEY, KeyStore())

    assert KEY.encode() not in server.requests[0].raw


async def test_connection_without_any_key_says_what_the_edit_would_say() -> None:
    async with FaultServer(MODELS) as server:
        with pytest.raises(KeyRefused, match="needs a key"):
            await try_connection(profile(server.base_url), " ", KeyStore())

    assert server.connections == 0


@pytest.mark.parametrize("key", ["sk-ключ", "sk with spaces", "sk-\x07bell"])
async def test_connection_with_a_key_no_header_can_carry_sends_nothing(key: str) -> None:
    async with FaultServer(MODELS) as server:
        with pytest.raises(KeyRefused, match="holds characters"):
            await try_connection(profile(server.base_url), key, KeyStore())

    assert server.connections == 0


async def test_connection_that_fails_raises_words_and_posts_nothing() -> None:
    async with FaultServer(Script(401, body=refusal("No.", code="invalid_api_key"))) as server:
        with pytest.raises(KeyRefused, match="didn't accept the key"):
            await try_connection(profile(server.base_url), KEY, KeyStore())
        gone = profile(server.base_url)
    with pytest.raises(ConnectionFailed, match="Couldn't reach"):
        await try_connection(gone, KEY, KeyStore())

    assert [one.method for one in server.requests] == ["GET"]
