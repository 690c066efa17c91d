"""Redirects of a secure endpoint: not a byte goes to the place they name, whatever its scheme or spelling.

Those of a plain endpoint stand with the tests of the client's addresses.
"""

import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
import trustme
from tests.api.runs import PNG, outcome
from tests.api.wire import plain, profile
from tests.conftest import Photo
from tests.fault_server import FaultServer, Script
from tests.studio.making import request

from overpaint.api.client import EditClient
from overpaint.core.errors import Redirected

PLACES = {
    "plain http, same host": "http://127.0.0.1:{plain}/v1/images/edits",
    "plain http, same port": "http://127.0.0.1:{own}/v1/images/edits",
    "https, other port": "https://127.0.0.1:{secure}/v1/images/edits",
    "https, other host": "https://localhost:{secure}/v1/images/edits",
    "no scheme, other host": "//localhost:{secure}/v1/images/edits",
    "another's name before the host": "https://api.example.com@127.0.0.1:{secure}/v1/images/edits",
}


@dataclass(frozen=True)
class Servers:
    """A secure endpoint, and two others that would take whatever comes: a plain and a secure one."""

    own: FaultServer
    plain: FaultServer
    secure: FaultServer
    ca_file: str


@pytest_asyncio.fixture
async def servers(tmp_path: Path) -> AsyncIterator[Servers]:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(tls)
    taker = Script(body=plain(PNG))
    async with (
        FaultServer(tls=tls) as own,
        FaultServer(taker) as other,
        FaultServer(taker, tls=tls) as secure,
    ):
        yield Servers(own, other, secure, str(tmp_path / "ca.pem"))


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
async def test_redirect_of_a_secure_endpoint_then_nothing_at_all_goes_to_the_other_place(
    servers: Servers, photo: Photo, status: int
) -> None:
    client, went = EditClient(), {}
    where = profile(servers.own.base_url, ca_file=servers.ca_file)
    ports = {"own": servers.own.port, "plain": servers.plain.port, "secure": servers.secure.port}

    for name, place in PLACES.items():
        servers.own.requests.clear()
        servers.own.scripts = [Script(status, {"location": place.format(**ports)})]
        ended = await outcome(client, request(photo("chelsea.jpg", (64, 48))), where)
        went[name] = (type(ended.failure), servers.own.posts)
    await client.close()

    assert went == dict.fromkeys(PLACES, (Redirected, 1))
    assert [one.connections for one in (servers.plain, servers.secure)] == [0, 0]
    assert [one.bytes_received for one in (servers.plain, servers.secure)] == [0, 0]
    assert servers.own.connections == len(PLACES)
