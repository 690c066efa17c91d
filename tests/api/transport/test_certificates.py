"""Whom a connection trusts where the environment says so, and what is said of what can't be read there."""

import logging
import os
import ssl
from pathlib import Path

import pytest
import trustme
from tests.api.runs import PNG, RequestOf, outcome
from tests.api.wire import plain, profile
from tests.fault_server import FaultServer, Script

from overpaint.api.client import EditClient
from overpaint.api.transport.certificates import trusting_authorities
from overpaint.core.errors import NotAllowed


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "own.pem"))
    return made


async def test_authority_of_the_environment_is_trusted(
    client: EditClient,
    request_of: RequestOf,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "own.pem"))

    async with FaultServer(Script(body=plain(PNG)), tls=tls) as server:
        ended = await outcome(client, request_of(stream=False), profile(server.base_url))

    assert [one.data for one in ended.pictures] == [PNG]


@pytest.mark.parametrize("content", [None, b"", b"no certificate", "a folder"])
async def test_file_of_the_environment_that_can_not_be_read_is_named_and_nothing_is_sent(
    client: EditClient,
    request_of: RequestOf,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes | str | None,
) -> None:
    file = tmp_path / "cacert.pem"
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content:
        file.mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(file))

    ended = await outcome(client, request_of(), profile("https://far.invalid/v1"))

    assert isinstance(ended.failure, NotAllowed)
    assert ended.failure.message == "SSL_CERT_FILE names a file that can't be read: cacert.pem."
    assert not ended.failure.may_have_been_billed


async def test_folder_of_the_environment_that_is_not_there_is_named_and_nothing_is_sent(
    client: EditClient, request_of: RequestOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "gone"))

    ended = await outcome(client, request_of(), profile("https://far.invalid/v1"))

    assert isinstance(ended.failure, NotAllowed)
    assert ended.failure.message == "SSL_CERT_DIR names a folder that isn't there."


def test_folder_that_is_there_beside_one_that_is_not_is_enough(tmp_path: Path) -> None:
    folders = os.pathsep.join([str(tmp_path / "gone"), str(tmp_path)])

    assert trusting_authorities("", {"SSL_CERT_DIR": folders}).verify_mode is ssl.CERT_REQUIRED


def test_log_of_secrets_that_can_not_be_written_is_passed_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        context = trusting_authorities("", {"SSLKEYLOGFILE": str(tmp_path / "gone" / "keys")})

    assert context.keylog_filename is None
    assert "SSLKEYLOGFILE can't be written" in caplog.text


async def test_environment_of_certificates_is_nothing_to_a_server_on_this_computer_without_tls(
    client: EditClient, request_of: RequestOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"):
        monkeypatch.setenv(name, "/nonexistent/x")

    async with FaultServer(Script(body=plain(PNG))) as server:
        ended = await outcome(client, request_of(stream=False), profile(server.base_url))

    assert [one.data for one in ended.pictures] == [PNG]
