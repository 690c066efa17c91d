"""Where a key and pictures may go at all: names, certificates, redirects, plain http."""

import asyncio
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme
from tests.api.runs import PNG, RequestOf, outcome
from tests.api.wire import KEY, SPEC, plain, profile
from tests.fault_server import FaultServer, Script

from overpaint.api.client import EditClient
from overpaint.core.errors import ConnectionFailed, NotAllowed, Redirected
from overpaint.core.results.edit_events import Waiting


async def test_a_name_when_nobody_has_it_then_is_told(client: EditClient, request_of: RequestOf) -> None:
    ended = await outcome(client, request_of(), profile("https://nobody.invalid/v1"))

    assert isinstance(ended.failure, ConnectionFailed)
    assert ended.failure.message == (
        "Couldn't reach nobody.invalid: there is no server of that name, or no network."
    )


@pytest.fixture
def authority() -> trustme.CA:
    """A certificate authority of the test's own."""
    return trustme.CA()


def _tls(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@pytest.mark.parametrize(
    ("trouble", "why", "known"),
    [
        ("expired", "its certificate has expired", True),
        ("wrong host", "its certificate belongs to another server", True),
        ("self-signed", "its certificate is signed by somebody unknown", False),
    ],
)
async def test_a_certificate_when_it_is_wrong_then_nothing_is_sent_and_nothing_tried_again(
    client: EditClient,
    request_of: RequestOf,
    authority: trustme.CA,
    tmp_path: Path,
    trouble: str,
    why: str,
    known: bool,
) -> None:
    names = ["other.example"] if trouble == "wrong host" else ["127.0.0.1"]
    until = datetime(2020, 1, 1, tzinfo=UTC) if trouble == "expired" else None
    tls = _tls(authority.issue_cert(*names, not_after=until))
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))

    async with FaultServer(tls=tls) as server:
        where = profile(server.base_url, ca_file=str(tmp_path / "ca.pem") if known else "")
        ended = await outcome(client, request_of(), where)

    assert isinstance(ended.failure, ConnectionFailed)
    assert ended.failure.message == f"Couldn't reach 127.0.0.1: {why}."
    assert server.requests == []
    assert ended.events == [Waiting("connecting")]


async def test_a_certificate_when_its_authority_is_in_the_profile_then_the_edit_goes_through(
    client: EditClient, request_of: RequestOf, authority: trustme.CA, tmp_path: Path
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))

    async with FaultServer(Script(body=plain(PNG)), tls=_tls(authority.issue_cert("127.0.0.1"))) as server:
        ended = await outcome(
            client, request_of(), profile(server.base_url, ca_file=str(tmp_path / "ca.pem"))
        )

    assert ended.failure is None
    assert [one.data for one in ended.pictures] == [PNG]


async def test_tls_when_the_server_speaks_none_then_is_told(
    client: EditClient, request_of: RequestOf
) -> None:
    async def speak_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read()
        writer.close()

    async with await asyncio.start_server(speak_http, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        ended = await outcome(client, request_of(), profile(f"https://127.0.0.1:{port}/v1"))

    assert isinstance(ended.failure, ConnectionFailed)
    assert ended.failure.message == "Couldn't reach 127.0.0.1: no secure connection came about."


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("place", ["another port", "another host", "another scheme", "the same server"])
async def test_a_redirect_then_nothing_at_all_goes_to_the_other_place(
    client: EditClient, request_of: RequestOf, status: int, place: str
) -> None:
    async with FaultServer() as other, FaultServer(Script()) as server:
        target = {
            "another port": f"{other.base_url}/images/edits",
            "another host": f"http://localhost:{other.port}/v1/images/edits",
            "another scheme": f"https://127.0.0.1:{other.port}/v1/images/edits",
            "the same server": "/v2/images/edits",
        }[place]
        server.scripts = [Script(status, {"location": target})]
        ended = await outcome(client, request_of(), profile(server.base_url))

    assert isinstance(ended.failure, Redirected)
    assert not ended.failure.may_have_been_billed
    assert (other.connections, other.bytes_received) == (0, 0)
    assert server.posts == 1


@pytest.mark.parametrize(
    "base_url",
    ["http://api.example.com/v1", "http://192.168.1.4:8000", "http://127.0.0.1.example.com", "ftp://x", ""],
)
async def test_an_address_when_it_would_show_the_key_then_nothing_is_sent(
    client: EditClient, request_of: RequestOf, base_url: str
) -> None:
    ended = await outcome(client, request_of(), profile(base_url))

    assert isinstance(ended.failure, NotAllowed)
    assert ended.events == []


async def test_plain_http_when_the_user_allows_it_then_is_tried(
    client: EditClient, request_of: RequestOf
) -> None:
    ended = await outcome(client, request_of(), profile("http://nobody.invalid/v1", allow_plain_http=True))

    assert isinstance(ended.failure, ConnectionFailed)


async def test_a_proxy_of_the_profile_then_takes_the_request(
    client: EditClient, request_of: RequestOf
) -> None:
    async with FaultServer(Script(body=plain(PNG))) as proxy:
        where = profile(
            "http://far.invalid/v1", allow_plain_http=True, proxy=f"http://127.0.0.1:{proxy.port}"
        )
        ended = await outcome(client, request_of(), where)

    assert [one.data for one in ended.pictures] == [PNG]
    assert [one.target for one in proxy.requests] == ["http://far.invalid/v1/images/edits"]


async def test_a_proxy_of_the_environment_then_takes_what_goes_far_and_nothing_for_this_computer(
    client: EditClient, request_of: RequestOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with FaultServer(Script(body=plain(PNG))) as proxy, FaultServer(Script(body=plain(PNG))) as near:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{proxy.port}")
        await outcome(client, request_of(), profile("http://far.invalid/v1", allow_plain_http=True))
        await outcome(client, request_of(), profile(near.base_url))

    assert [one.target for one in proxy.requests] == ["http://far.invalid/v1/images/edits"]
    assert [one.target for one in near.requests] == ["/v1/images/edits"]


async def test_a_proxy_when_it_refuses_the_tunnel_then_nothing_was_sent_and_it_is_told(
    client: EditClient, request_of: RequestOf
) -> None:
    async with FaultServer(Script(407)) as proxy:
        where = profile("https://far.invalid/v1", proxy=f"http://127.0.0.1:{proxy.port}")
        ended = await outcome(client, request_of(), where)

    assert isinstance(ended.failure, ConnectionFailed)
    assert ended.failure.message == "Couldn't reach far.invalid through its proxy: that refused."
    assert [one.method for one in proxy.requests] == ["CONNECT"]
    assert KEY.encode() not in b"".join(one.raw for one in proxy.requests)


async def test_a_proxy_when_it_is_not_there_then_is_named_as_what_is_missing(
    client: EditClient, request_of: RequestOf, unused_tcp_port: int
) -> None:
    where = profile("https://far.invalid/v1", proxy=f"http://127.0.0.1:{unused_tcp_port}")

    ended = await outcome(client, request_of(), where)

    assert ended.failure is not None
    assert ended.failure.message == (
        "Couldn't reach far.invalid through its proxy: nothing listens at that address."
    )


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "nonsense://x"])
async def test_a_proxy_when_it_is_of_no_use_then_nothing_is_sent(
    client: EditClient, request_of: RequestOf, proxy: str
) -> None:
    ended = await outcome(client, request_of(), profile("https://far.invalid/v1", proxy=proxy))

    assert isinstance(ended.failure, NotAllowed)
    assert ended.failure.message.startswith("The proxy in the endpoint settings can't be used: it is ")


@pytest.mark.parametrize("content", [None, b"no certificate"])
async def test_a_certificate_file_when_it_is_none_then_nothing_is_sent(
    client: EditClient, request_of: RequestOf, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "ca.pem").write_bytes(content)

    ended = await outcome(
        client, request_of(), profile("https://far.invalid/v1", ca_file=str(tmp_path / "ca.pem"))
    )

    assert isinstance(ended.failure, NotAllowed)
    assert ended.failure.message == "The certificate file of this endpoint can't be read."


async def test_cancelling_when_tls_and_the_server_says_nothing_then_ends_at_once(
    client: EditClient, request_of: RequestOf, authority: trustme.CA, tmp_path: Path
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    tls = _tls(authority.issue_cert("127.0.0.1"))
    async with FaultServer(Script(deaf=True), tls=tls) as server, asyncio.TaskGroup() as group:
        events = client.edit(
            request_of(), profile(server.base_url, ca_file=str(tmp_path / "ca.pem")), KEY, SPEC
        )
        async for one in events:
            if one == Waiting("waiting"):
                break
        task = group.create_task(anext(events))
        await asyncio.sleep(0)

        task.cancel()

        await asyncio.wait({task}, timeout=5)
    assert task.cancelled()
