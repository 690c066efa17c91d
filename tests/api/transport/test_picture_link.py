"""Pictures fetched by their address: bounded, led nowhere else, and with nothing of the user's in it."""

import base64
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trustme
from tests.api.runs import PNG
from tests.fault_server import FaultServer, Script

from overpaint.api.client import EditClient
from overpaint.api.transport import picture_link
from overpaint.api.transport.connections import Connections
from overpaint.api.transport.picture_link import fetch_picture, host_of
from overpaint.core.errors import PictureError

PICTURE = Script(headers={"content-type": "text/html"}, body=PNG)


@pytest.fixture
async def connections() -> AsyncIterator[Connections]:
    made = Connections()
    yield made
    await made.close()


def to(address: str) -> Script:
    return Script(status=302, headers={"location": address})


async def test_picture_when_there_is_one_then_its_bytes_and_name_whatever_the_server_calls_it() -> None:
    client = EditClient()
    async with FaultServer(PICTURE) as server:
        found = await client.fetch(f"{server.base_url}/photos/red%20house.png?size=large")
    await client.close()

    assert (found.data, found.name) == (PNG, "red house.png")


async def test_request_holds_nothing_of_the_user(connections: Connections) -> None:
    cookie = Script(headers={"set-cookie": "who=me; path=/"}, body=PNG)
    async with FaultServer(cookie) as server:
        for _ in range(2):
            await fetch_picture(f"{server.base_url}/1.png", connections)

    for request in server.requests:
        assert {"cookie", "authorization", "api-key", "referer"} & request.headers.keys() == set()
        assert request.headers["user-agent"] == "Overpaint"


async def test_redirect_within_the_place_is_followed(connections: Connections) -> None:
    async with FaultServer(to("/real.png"), PICTURE) as server:
        found = await fetch_picture(f"{server.base_url}/1", connections)

    assert (found.data, found.name) == (PNG, "real.png")


async def test_redirect_to_another_place_of_this_computer_is_not_followed(connections: Connections) -> None:
    async with FaultServer(PICTURE) as private, FaultServer(to(f"{private.base_url}/secret")) as server:
        with pytest.raises(PictureError, match="sends on to a place where no picture is fetched from"):
            await fetch_picture(f"{server.base_url}/1.png", connections)

    assert private.requests == []


@pytest.mark.parametrize("address", ["file:///etc/hosts", "ftp://127.0.0.1/1.png", "http://me:pw@127.0.0.1/"])
async def test_redirect_to_what_is_no_place_for_pictures_is_not_followed(
    connections: Connections, address: str
) -> None:
    async with FaultServer(to(address)) as server:
        with pytest.raises(PictureError, match=r"no picture is fetched from|holds a password"):
            await fetch_picture(f"{server.base_url}/1.png", connections)


async def test_redirect_from_https_to_http_is_not_followed(
    connections: Connections, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    async with FaultServer(PICTURE) as plain, FaultServer(to(f"{plain.base_url}/1.png"), tls=tls) as server:
        address = server.base_url.replace("http:", "https:")
        with pytest.raises(PictureError, match="no picture is fetched from"):
            await fetch_picture(f"{address}/1.png", connections)

    assert len(server.requests) == 1
    assert plain.requests == []


async def test_certificate_that_nobody_vouches_for_is_refused(connections: Connections) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    async with FaultServer(PICTURE, tls=tls) as server:
        with pytest.raises(PictureError, match=r"Couldn’t fetch the picture from 127\.0\.0\.1"):
            await fetch_picture(server.base_url.replace("http:", "https:"), connections)

    assert server.requests == []


async def test_endless_redirects_end(connections: Connections) -> None:
    async with FaultServer(to("/again")) as server:
        with pytest.raises(PictureError, match="sends from place to place"):
            await fetch_picture(f"{server.base_url}/1.png", connections)

    assert len(server.requests) == 6


async def test_picture_that_is_too_large_is_given_up_on_the_way(
    connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_link, "MAX_PICTURE_BYTES", 1_000_000)
    async with FaultServer(Script(body=b"x" * 3_000_000, framing="chunked", pieces=65_536)) as server:
        with pytest.raises(PictureError, match=r"has more than 1 MB\."):
            await fetch_picture(f"{server.base_url}/1.png", connections)


async def test_server_that_never_ends_is_given_up(connections: Connections) -> None:
    async with FaultServer(Script(body=PNG, stall_at=10)) as server:
        with pytest.raises(PictureError, match="took too long"):
            await fetch_picture(f"{server.base_url}/1.png", connections, seconds=0.5)


async def test_answer_that_is_no_picture_is_named(connections: Connections) -> None:
    async with FaultServer(Script(status=404)) as server:
        with pytest.raises(PictureError, match=r"127\.0\.0\.1 answered 404 instead\."):
            await fetch_picture(f"{server.base_url}/1.png", connections)


async def test_server_that_is_not_there_is_named(connections: Connections) -> None:
    with pytest.raises(PictureError, match=r"Couldn’t fetch the picture from 127\.0\.0\.1:9\."):
        await fetch_picture("http://127.0.0.1:9/1.png", connections)


async def test_picture_inside_its_address_needs_no_server(connections: Connections) -> None:
    link = "data:image/png;base64," + base64.b64encode(PNG).decode()

    assert (await fetch_picture(link, connections)).data == PNG
    with pytest.raises(PictureError, match="damaged"):
        await fetch_picture("data:image/png;base64,!!", connections)


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("https://example.com/a.png", "example.com"),
        ("http://example.com:8080/a.png", "example.com:8080"),
        ("data:image/png;base64,AA", ""),
        ("file:///etc/hosts", ""),
        ("https://", ""),
        ("no address", ""),
    ],
)
def test_host_that_is_asked_about_is_the_one_that_is_reached(link: str, host: str) -> None:
    assert host_of(link) == host
