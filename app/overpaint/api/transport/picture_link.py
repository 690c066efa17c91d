"""Fetches a picture by its address, such as one dragged out of a browser: bounded, and with nothing of the
user's in the request.

Taken are https and http addresses that the user agreed to. Redirects are followed, but not from https to
http, and not to this computer or its network unless that is the very place that the user agreed to. What
comes is bytes: what they are is seen by those who read pictures.
"""

import asyncio
import base64
import binascii
import ipaddress
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote_to_bytes, urljoin

import httpx

from overpaint.api.transport.connections import Connections, close_response
from overpaint.core.errors import PictureError
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.params import MAX_PICTURE_BYTES

_MOST_REDIRECTS = 5
_WAITS = httpx.Timeout(connect=10, read=20, write=10, pool=10)
_SECONDS = 60.0
_LONGEST_NAME = 80
_NEXT_STEP = "Save it from the browser, and add the file."


@dataclass(frozen=True, slots=True)
class LinkedPicture:
    """The bytes behind an address, and what they may be called."""

    data: bytes = field(repr=False)
    name: str


def host_of(link: str) -> str:
    """The host that a link leads to, with its port where that is an unusual one; ``""`` for links that hold
    the picture themselves, or that nothing can be fetched from."""
    try:
        url = httpx.URL(link)
    except (httpx.InvalidURL, TypeError):
        return ""
    if url.scheme not in ("http", "https") or not url.host:
        return ""
    return url.host if url.port is None else f"{url.host}:{url.port}"


async def fetch_picture(link: str, connections: Connections, seconds: float = _SECONDS) -> LinkedPicture:
    """The picture behind an http, https or data address. Raises :class:`PictureError` in words."""
    if link[:5].lower() == "data:":
        return LinkedPicture(_held(link), "Dropped picture")
    host = host_of(link)
    if not host:
        raise PictureError("The picture’s address can’t be used.", cause=link[:200], next_step=_NEXT_STEP)
    try:
        async with asyncio.timeout(seconds):
            return await _fetch(httpx.URL(link), connections)
    except TimeoutError as fault:
        raise PictureError(f"The picture took too long to come from {host}.", next_step=_NEXT_STEP) from fault
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        raise PictureError(
            f"Couldn’t fetch the picture from {host}.",
            cause=str(fault) or type(fault).__name__,
            next_step=_NEXT_STEP,
        ) from fault


async def _fetch(first: httpx.URL, connections: Connections) -> LinkedPicture:
    anywhere = EndpointProfile("", str(first))
    url = first
    for _ in range(_MOST_REDIRECTS + 1):
        await _check(url, first)
        request = httpx.Request(
            "GET",
            url,
            headers={"Accept": "image/*", "Accept-Encoding": "identity", "User-Agent": "Overpaint"},
            extensions={"timeout": _WAITS.as_dict()},
        )
        client = await connections.client(anywhere, url)
        response = await client.send(request, stream=True)
        chunks = response.aiter_bytes()
        try:
            if not response.is_redirect:
                return LinkedPicture(await _body(response, chunks), _name(url))
            url = httpx.URL(urljoin(str(url), response.headers.get("location", "")))
        finally:
            await close_response(response, chunks)
    raise PictureError(f"{first.host} sends from place to place.", next_step=_NEXT_STEP)


async def _check(url: httpx.URL, first: httpx.URL) -> None:
    """Raises :class:`PictureError` for a place that the user can't have meant."""
    if url.scheme not in ("http", "https") or not url.host or (url.scheme, first.scheme) == ("http", "https"):
        raise _astray(first, url)
    if url.userinfo:
        raise PictureError("The picture’s address holds a password.", next_step=_NEXT_STEP)
    if (url.host, url.port) != (first.host, first.port) and await _is_near(url.host):
        raise _astray(first, url)


async def _is_near(host: str) -> bool:
    """Whether a host is this computer or in its own network."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None)
    except OSError:
        return False  # nothing can be reached there, save by a proxy that knows more than this computer
    return any(not ipaddress.ip_address(str(place[4][0]).partition("%")[0]).is_global for place in found)


def _astray(first: httpx.URL, url: httpx.URL) -> PictureError:
    return PictureError(
        f"{first.host} sends on to a place where no picture is fetched from: {url.scheme}://{url.host}.",
        cause=str(url)[:200],
        next_step=_NEXT_STEP,
    )


async def _body(response: httpx.Response, chunks: AsyncIterator[bytes]) -> bytes:
    host = response.request.url.host
    if response.status_code != httpx.codes.OK:
        raise PictureError(f"{host} answered {response.status_code} instead.", next_step=_NEXT_STEP)
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) >= MAX_PICTURE_BYTES:
            raise PictureError(
                f"The picture at {host} has more than {MAX_PICTURE_BYTES // 10**6} MB.", next_step=_NEXT_STEP
            )
    return bytes(body)


def _name(url: httpx.URL) -> str:
    last = PurePosixPath(url.path).name
    plain = "".join(one for one in last if one.isprintable()).strip()[-_LONGEST_NAME:]
    return plain or url.host


def _held(link: str) -> bytes:
    head, _, text = link.partition(",")
    data = unquote_to_bytes(text)
    if head.lower().endswith(";base64"):
        try:
            data = base64.b64decode(b"".join(data.split()), validate=True)
        except binascii.Error as fault:
            raise PictureError("The dropped picture is damaged or incomplete.", cause=str(fault)) from fault
    if len(data) >= MAX_PICTURE_BYTES:
        raise PictureError(f"The dropped picture has more than {MAX_PICTURE_BYTES // 10**6} MB.")
    return data
