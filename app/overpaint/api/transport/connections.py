"""The HTTP clients behind all requests, and the rules for where a key or a picture may go at all.

A client is made once for each way out (proxy and certificates) and kept: making one costs 65-200 ms,
nearly all of it for reading certificates. Connections themselves are not kept: an edit takes seconds to
minutes, and on a connection that went stale nobody could say whether the request had arrived.
"""

import asyncio
import http.cookiejar
import importlib
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from urllib.parse import urlsplit

import httpx

from overpaint import __version__
from overpaint.api.errors.key_redaction import quiet_transport_logs
from overpaint.api.proxies import Proxy, is_loopback, proxy_for
from overpaint.api.transport.certificates import trusting_authorities, trusting_nobody
from overpaint.api.transport.network import Transport
from overpaint.core.errors import KeyRefused, NotAllowed
from overpaint.core.request.endpoint_profile import OWN_HEADERS, EndpointProfile

_LOADED_LATE = ("httpcore", "sniffio", "anyio.streams.tls", "anyio.to_thread", "anyio._backends._asyncio")
"""What httpx loads with its first client and its first request: on the loop, if nobody did before."""

_SETTINGS = "Correct it in the endpoint settings."


class Connections:
    """Gives each profile its HTTP client. Belongs to one event loop; ``close`` ends all connections."""

    def __init__(self) -> None:
        quiet_transport_logs()
        self._clients: dict[tuple[Proxy | None, str, bool], httpx.AsyncClient] = {}

    async def client(self, profile: EndpointProfile, url: httpx.URL) -> httpx.AsyncClient:
        """The client for a request to an address: by the proxy for its host, with the profile's certificates.

        Raises :class:`NotAllowed` for proxies and certificates that can't be used.
        """
        proxy = proxy_for(profile, url)
        plain = url.scheme == "http" and is_loopback(url.host)
        way = (proxy, profile.ca_file, plain)
        if way not in self._clients:
            # Reading the system's certificates takes longer than a frame of the window.
            context = (
                trusting_nobody() if plain else await asyncio.to_thread(trusting_authorities, profile.ca_file)
            )
            self._clients.setdefault(way, _client(proxy, context))
        return self._clients[way]

    async def close(self) -> None:
        """Closes everything; the object can be used again afterwards."""
        clients, self._clients = self._clients, {}
        for client in clients.values():
            await client.aclose()


def load_ahead() -> None:
    """Loads what the first request needs; what a version of the library doesn't know is left out. Blocks."""
    for name in _LOADED_LATE:
        with suppress(ImportError):
            importlib.import_module(name)


def check_address(profile: EndpointProfile) -> None:
    """Raises :class:`NotAllowed` unless a key and pictures may be sent to the profile's address.

    That is https, or plain http to this computer itself or where the profile allows it.
    """
    try:
        parts = urlsplit(profile.url)
        host, _ = parts.hostname, parts.port
    except ValueError as fault:
        raise NotAllowed(
            "The endpoint's address can't be read.", cause=str(fault), next_step=_SETTINGS
        ) from fault
    if parts.scheme not in ("http", "https") or not host:
        raise NotAllowed(f"The endpoint “{profile.name}” has no usable address.", next_step=_SETTINGS)
    if parts.username or parts.password:
        raise NotAllowed(
            "The endpoint's address holds a password, which belongs in the key.", next_step=_SETTINGS
        )
    if parts.scheme == "http" and not (is_loopback(host) or profile.allow_plain_http):
        raise NotAllowed(
            f"Plain http would show your key and pictures to the network on the way to {host}.",
            next_step="Change the address to https, or allow plain http for this endpoint in its settings.",
        )


def request_headers(profile: EndpointProfile, key: str) -> dict[str, str]:
    """The header fields of a request to a profile: its own extra ones, and the key in the one it wants.

    Raises :class:`KeyRefused` for a key that no header can carry, :class:`NotAllowed` for such a field.
    """
    fields = {"User-Agent": f"Overpaint/{__version__}", "Accept": "application/json, text/event-stream"}
    for name, value in profile.headers.items():
        if not (name.isascii() and name.replace("-", "").replace("_", "").isalnum() and _fits_header(value)):
            raise NotAllowed(
                "An extra header of the endpoint holds characters that can't be sent.", next_step=_SETTINGS
            )
        if name.lower() not in OWN_HEADERS:
            fields[name] = value.strip()
    fields["Accept-Encoding"] = "identity"
    key = key.strip()
    if profile.auth == "none" or (not key and is_loopback(profile.host)):
        return fields
    if not key:
        raise KeyRefused(
            f"There is no key for {profile.name} yet.",
            next_step="Type it in the endpoint settings, or say there that this endpoint needs none.",
        )
    if not _fits_header(key) or " " in key:
        raise KeyRefused(
            "The key holds characters that no key has.", next_step="Paste it again in the endpoint settings."
        )
    if profile.auth == "bearer":
        fields["Authorization"] = f"Bearer {key}"
    else:
        fields["api-key"] = key
    return fields


def request_url(profile: EndpointProfile) -> httpx.URL:
    """Where an edit is posted, with the profile's extra query. Raises :class:`NotAllowed`."""
    return with_query(profile, profile.url)


def with_query(profile: EndpointProfile, address: str) -> httpx.URL:
    """An address with the profile's extra query. Raises :class:`NotAllowed` for one that can't be read."""
    try:
        url = httpx.URL(address)
        return url.copy_merge_params(profile.query) if profile.query else url
    except httpx.InvalidURL as fault:
        raise NotAllowed(
            "The endpoint's address can't be read.", cause=str(fault), next_step=_SETTINGS
        ) from fault


def timeouts(profile: EndpointProfile) -> httpx.Timeout:
    """The profile's time-outs as the HTTP library takes them; the total is kept by the caller's clock."""
    told = profile.timeouts
    return httpx.Timeout(connect=told.connect, read=told.read, write=told.read, pool=told.connect)


async def close_response(response: httpx.Response, chunks: AsyncIterator[bytes]) -> None:
    """Closes a reply's connection, wherever reading its ``chunks`` had come to."""
    try:
        await response.aclose()
        # On a closed connection the library's nested generators end here and now, and not in tasks that
        # the loop would make for them when they are collected.
        while await anext(chunks, None) is not None:
            pass
    except (httpx.TransportError, httpx.StreamError):
        return  # the connection is gone, which is all that was wanted


def _client(proxy: Proxy | None, context: ssl.SSLContext) -> httpx.AsyncClient:
    way_out = None
    if proxy is not None:
        to_proxy = context if proxy.url.startswith("https:") else None
        way_out = httpx.Proxy(proxy.url, ssl_context=to_proxy, auth=proxy.login)
    client = httpx.AsyncClient(
        transport=Transport(way_out, context),
        trust_env=False,  # the environment has been read by then, for one host
        follow_redirects=False,
    )
    client.cookies.jar.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
    return client


def _fits_header(value: str) -> bool:
    return value.isascii() and value.isprintable()
