"""Replies that are framed in other ways than the standard's: each was paid for, and is kept byte for byte."""

import ssl

import pytest
import trustme
from tests.api.runs import PNG, RequestOf, outcome
from tests.api.transport.framings import CHUNKS, OK, framed, in_chunks
from tests.api.wire import completed, partial, plain, profile
from tests.fault_server import FaultServer, Script

from overpaint.api.client import EditClient
from overpaint.core.results.edit_events import Completed, NullSink

REPLY = plain(PNG)
STREAM = partial(PNG, 0) + completed(PNG)
REPLIES = framed(REPLY)
STREAMS = framed(STREAM)


class Kept(NullSink):
    """Keeps the body of a reply as the journal does."""

    def __init__(self) -> None:
        self.body = b""

    async def write(self, chunk: bytes) -> None:
        self.body += chunk


@pytest.mark.parametrize("name", REPLIES)
async def test_reply_in_an_odd_framing_is_kept_byte_for_byte(
    client: EditClient, request_of: RequestOf, name: str
) -> None:
    kept = Kept()
    async with FaultServer(Script(raw=REPLIES[name])) as server:
        ended = await outcome(client, request_of(), profile(server.base_url), sink=kept)

    assert ended.failure is None
    assert [one.data for one in ended.pictures] == [PNG]
    assert kept.body == REPLY
    assert server.posts == 1


@pytest.mark.parametrize("name", STREAMS)
async def test_stream_in_an_odd_framing_brings_its_pictures(
    client: EditClient, request_of: RequestOf, name: str
) -> None:
    async with FaultServer(Script(raw=STREAMS[name])) as server:
        ended = await outcome(client, request_of(), profile(server.base_url))

    assert ended.failure is None
    assert [one.data for one in ended.pictures] == [PNG, PNG]
    assert isinstance(ended.pictures[-1], Completed)
    assert server.posts == 1


async def test_reply_of_two_coding_headers_comes_through_tls(
    client: EditClient, request_of: RequestOf, tmp_path
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    script = Script(raw=OK + CHUNKS * 2 + b"\r\n" + in_chunks(REPLY))

    async with FaultServer(script, tls=tls) as server:
        where = profile(server.base_url, ca_file=str(tmp_path / "authority.pem"))
        ended = await outcome(client, request_of(), where)

    assert [one.data for one in ended.pictures] == [PNG]
