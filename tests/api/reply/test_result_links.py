"""Finished pictures given by link: fetched without the key, and only from safe places."""

import json
import ssl
from pathlib import Path

import httpx
import pytest
import trustme
from tests.api.runs import PNG, Outcome, RequestOf, outcome
from tests.api.wire import KEY, profile
from tests.fault_server import FaultServer, Script

from overpaint.api.client import EditClient
from overpaint.api.reply import result_links
from overpaint.core.errors import BadReply, NotAllowed

PICTURE = Script(headers={"content-type": "image/png"}, body=PNG)


def reply(link: str) -> Script:
    return Script(body=json.dumps({"data": [{"url": link}]}).encode())


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_links, "_PAUSE", 0)


async def run(client: EditClient, request_of: RequestOf, server: FaultServer) -> Outcome:
    return await outcome(client, request_of(stream=False), profile(server.base_url))


async def test_a_link_when_relative_then_is_fetched_from_the_endpoint_without_the_key(
    client: EditClient, request_of: RequestOf
) -> None:
    async with FaultServer(reply("/files/1.png"), PICTURE) as server:
        ended = await run(client, request_of, server)

    assert [one.data for one in ended.pictures] == [PNG]
    fetched = server.requests[1]
    assert (fetched.method, fetched.target) == ("GET", "/files/1.png")
    assert KEY.encode() not in fetched.raw
    assert "cookie" not in fetched.headers


async def test_a_link_when_on_another_port_of_the_endpoints_host_then_is_fetched(
    client: EditClient, request_of: RequestOf
) -> None:
    async with FaultServer(PICTURE) as files, FaultServer(reply(f"{files.base_url}/1.png")) as server:
        ended = await run(client, request_of, server)

    assert [one.data for one in ended.pictures] == [PNG]


async def test_a_link_when_https_then_is_fetched_with_its_certificate_checked(
    client: EditClient, request_of: RequestOf, tmp_path: Path
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(tls)
    async with FaultServer(tls=tls) as server:
        server.scripts = [reply(f"https://localhost:{server.port}/1.png"), PICTURE]
        where = profile(server.base_url, ca_file=str(tmp_path / "ca.pem"))
        ended = await outcome(client, request_of(stream=False), where)

    assert [one.data for one in ended.pictures] == [PNG]


@pytest.mark.parametrize(
    ("endpoint", "allowed", "link", "safe"),
    [
        ("https://api.example.com/v1", False, "https://cdn.example/x.png", True),
        ("https://api.example.com/v1", False, "http://api.example.com/x.png", False),
        ("https://api.example.com/v1", True, "http://api.example.com/x.png", True),
        ("https://api.example.com/v1", True, "http://cdn.example/x.png", False),
        ("http://api.example.com/v1", True, "http://api.example.com:9000/x.png", True),
        ("http://127.0.0.1:8000/v1", False, "http://127.0.0.1:9000/x.png", True),
        ("https://api.example.com/v1", True, "ftp://api.example.com/x.png", False),
    ],
)
def test_a_link_on_plain_http_then_is_fetched_from_the_endpoints_host_where_its_profile_allows_that(
    endpoint: str, allowed: bool, link: str, safe: bool
) -> None:
    where = profile(endpoint, allow_plain_http=allowed)

    assert result_links._is_safe(httpx.URL(link), where) == safe


async def test_a_link_when_the_proxy_for_its_host_can_not_be_used_then_has_been_billed_all_the_same(
    client: EditClient, request_of: RequestOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "socks5://127.0.0.1:9")
    async with FaultServer(reply("https://cdn.example/x.png")) as server:
        ended = await run(client, request_of, server)

    assert isinstance(ended.failure, BadReply)
    assert ended.failure.may_have_been_billed
    assert "SOCKS" in ended.failure.cause


@pytest.mark.parametrize(
    "link",
    ["http://192.168.1.1/reboot", "http://localhost:1/x.png", "ftp://127.0.0.1/x", "file:/etc/passwd"],
)
async def test_a_link_when_it_leads_to_an_unsafe_place_then_nothing_is_fetched(
    client: EditClient, request_of: RequestOf, link: str
) -> None:
    async with FaultServer(reply(link)) as server:
        ended = await run(client, request_of, server)

    assert isinstance(ended.failure, NotAllowed)
    assert ended.failure.may_have_been_billed
    assert link in ended.failure.cause


async def test_a_link_when_it_redirects_to_an_unsafe_place_then_that_is_not_fetched(
    client: EditClient, request_of: RequestOf
) -> None:
    async with FaultServer() as other:
        target = f"http://localhost:{other.port}/1.png"
        async with FaultServer(reply("/1.png"), Script(302, {"location": target})) as server:
            ended = await run(client, request_of, server)

    assert isinstance(ended.failure, NotAllowed)
    assert other.connections == 0


async def test_a_link_when_it_redirects_within_the_host_then_is_followed(
    client: EditClient, request_of: RequestOf
) -> None:
    async with FaultServer(reply("/1.png"), Script(302, {"location": "/2.png"}), PICTURE) as server:
        ended = await run(client, request_of, server)

    assert [one.data for one in ended.pictures] == [PNG]
    assert [one.target for one in server.requests] == ["/v1/images/edits", "/1.png", "/2.png"]


async def test_a_link_when_fetching_fails_at_first_then_is_tried_again_and_the_edit_never(
    client: EditClient, request_of: RequestOf
) -> None:
    cut = Script(body=PNG, cut_at=100)
    async with FaultServer(reply("/1.png"), cut, Script(503), PICTURE) as server:
        ended = await run(client, request_of, server)

    assert [one.data for one in ended.pictures] == [PNG]
    assert server.posts == 1


async def test_a_link_when_nothing_comes_then_says_where_the_picture_lies(
    client: EditClient, request_of: RequestOf
) -> None:
    async with FaultServer(reply("/1.png"), Script(404)) as server:
        ended = await run(client, request_of, server)
        link = f"http://127.0.0.1:{server.port}/1.png"

    assert isinstance(ended.failure, BadReply)
    assert ended.failure.message == (
        "The picture is finished, but couldn't be fetched from 127.0.0.1. This has been billed."
    )
    assert link in ended.failure.cause
    assert (server.posts, len(server.requests)) == (1, 4)


async def test_a_link_when_its_picture_is_too_large_then_is_cut_off(
    client: EditClient, request_of: RequestOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(result_links, "MAX_EVENT_BYTES", 2**20)
    async with FaultServer(reply("/1.png"), Script(body=bytes(3 * 2**20))) as server:
        ended = await run(client, request_of, server)

    assert isinstance(ended.failure, BadReply)
    assert "more than 1 MiB" in ended.failure.cause
