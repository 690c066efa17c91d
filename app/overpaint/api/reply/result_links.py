"""Fetches finished pictures that a service gives by link: without the key, and only from safe places.

Taken are https addresses, whose certificate is checked, and plain http at the endpoint's own host, where
the profile allows that for the edit itself. Up to three redirects are followed under the same rules, since
such a request holds nothing secret. A fetch costs nothing and is tried three times.
"""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urljoin

import httpx

from overpaint.api.errors.request_context import RequestContext, host_words
from overpaint.api.proxies import is_loopback
from overpaint.api.sse import MAX_EVENT_BYTES
from overpaint.api.transport.awake_time import AwakeTimer
from overpaint.api.transport.connections import Connections, close_response, timeouts
from overpaint.core.errors import BadReply, EditError, NotAllowed
from overpaint.core.request.endpoint_profile import EndpointProfile

_MOST_REDIRECTS = 3
_TRIES = 3
_PAUSE = 0.5


async def fetch(link: str, origin: RequestContext, connections: Connections, timer: AwakeTimer) -> bytes:
    """The bytes behind a link, which may be relative to the edit's own address.

    ``timer`` is that of the whole edit. Raises :class:`NotAllowed` for an unsafe place and :class:`BadReply`
    where nothing comes; the edit has been billed by then, and both give the link.
    """
    address = urljoin(origin.profile.url, link)
    fault: Exception | None = None
    for attempt in range(_TRIES):
        try:
            async with timer.limit():
                return await _get(connections, address, origin)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as failure:
            fault = failure
        except EditError as refused:
            if refused.may_have_been_billed:
                raise
            raise _failed(origin, address, refused.message) from refused  # the picture has been paid for
        if attempt + 1 < _TRIES:
            await asyncio.sleep(_PAUSE)
    raise _failed(origin, address, str(fault) or type(fault).__name__) from fault


async def _get(connections: Connections, address: str, origin: RequestContext) -> bytes:
    for _ in range(_MOST_REDIRECTS + 1):
        url = httpx.URL(address)
        if not _is_safe(url, origin.profile):
            raise _unsafe(origin, url)
        request = httpx.Request(
            "GET",
            url,
            headers={"Accept": "image/*", "Accept-Encoding": "identity"},
            extensions={"timeout": timeouts(origin.profile).as_dict()},
        )
        client = await connections.client(origin.profile, url)
        response = await client.send(request, stream=True)
        chunks = response.aiter_bytes()
        try:
            if not response.is_redirect:
                response.raise_for_status()
                return await _body(chunks, origin, address)
            address = urljoin(address, response.headers.get("location", ""))
        finally:
            await close_response(response, chunks)
    raise _failed(origin, address, "too many redirects")


def _is_safe(url: httpx.URL, profile: EndpointProfile) -> bool:
    """Whether a picture may come from an address: a network in between could exchange it on plain http."""
    if url.scheme == "https":
        return True
    trusted = profile.allow_plain_http or is_loopback(url.host)
    return url.scheme == "http" and url.host == profile.host and trusted


async def _body(chunks: AsyncIterator[bytes], origin: RequestContext, address: str) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > MAX_EVENT_BYTES:
            raise _failed(origin, address, f"more than {MAX_EVENT_BYTES // 2**20} MiB")
    return bytes(body)


def _failed(origin: RequestContext, address: str, cause: str) -> BadReply:
    host = httpx.URL(address).host
    return BadReply(
        f"The picture is finished, but couldn't be fetched from {host}. This has been billed.",
        cause=origin.clean(f"{cause}; {address}"),
        next_step="Open the link in the details with a browser to save the picture.",
        request_id=origin.request_id,
        may_have_been_billed=True,
    )


def _unsafe(origin: RequestContext, url: httpx.URL) -> EditError:
    return NotAllowed(
        f"The picture is finished, but {host_words(origin.profile)} keeps it at an unsafe address"
        f" ({url.scheme}://{url.host}). This has been billed.",
        cause=origin.clean(str(url)),
        next_step="If you trust that place, open the link in the details with a browser.",
        request_id=origin.request_id,
        may_have_been_billed=True,
    )
