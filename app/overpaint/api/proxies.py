"""Which proxy a request goes through: the endpoint's own, or what the environment says for its host.

The environment is read here by the rules of curl's manual ("Environment" and ``--noproxy``), for one host at
a time: what is odd in it but doesn't concern that host is passed over, and what can't be used is named.
"""

import ipaddress
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

import httpx

from overpaint.core.errors import NotAllowed
from overpaint.core.request.endpoint_profile import EndpointProfile

_SPELLED = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?:(?P<user>[^@:/]*)(?::(?P<password>.*))?@)?"
    r"(?P<place>(?:\[[0-9a-f:.%]+\]|[^\s\[\]@:/?#]+)(?::[0-9]{1,5})?)/?",
    re.IGNORECASE,
)
"""A proxy as people write it: the scheme may be missing, and the password may hold any character."""

_LAST_PORT = 65535

ENDPOINT_SETTINGS = "the endpoint settings"
"""The ``source`` of a proxy that was named for one endpoint."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy by its address, what it is to be told, and ``source``: where it was named, in words."""

    url: str
    source: str
    login: tuple[str, str] | None = field(default=None, repr=False)


def proxy_for(
    profile: EndpointProfile, url: httpx.URL, environment: Mapping[str, str] = os.environ
) -> Proxy | None:
    """The proxy for a request of a profile, None for none; never one before this computer itself.

    Raises :class:`NotAllowed` for one that can't be used.
    """
    if is_loopback(url.host):
        return None
    if profile.proxy:
        return _read(profile.proxy, ENDPOINT_SETTINGS)
    for name, value in _named(url, environment):
        if not value or _is_exempt(url, environment):
            return None
        return _read(value, name)
    return None


def is_loopback(host: str) -> bool:
    """Whether a host name is this computer itself."""
    if host == "localhost":
        return True
    address = _address(host)
    return address is not None and address.is_loopback


def _named(url: httpx.URL, environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The proxies named for a kind of address; the first decides, an empty one means none."""
    for name in (f"{url.scheme}_proxy", "all_proxy"):
        for spelled in (name, name.upper()):
            if spelled in environment:
                yield spelled, environment[spelled].strip()
    if sys.platform in ("win32", "darwin"):
        from urllib.request import getproxies, proxy_bypass  # noqa: TID251 - nothing is asked for by it

        # The desktop's own settings, which nothing else in Python can read.
        if not proxy_bypass(url.host):
            yield "the system's settings", getproxies().get(url.scheme, "")


def _is_exempt(url: httpx.URL, environment: Mapping[str, str]) -> bool:
    listed = environment.get("no_proxy", environment.get("NO_PROXY", ""))
    return any(_covers(entry.lower(), url) for entry in re.split(r"[,\s]+", listed) if entry)


def _covers(entry: str, url: httpx.URL) -> bool:
    """Whether an entry of ``no_proxy`` means a host; one that can't be read means none."""
    if entry == "*":
        return True
    name, port = _split(entry)
    if port and port != str(url.port or {"http": 80, "https": 443}.get(url.scheme)):
        return False
    host = url.host.lower().rstrip(".")
    if (address := _address(host)) is None:
        name = name.removeprefix("*").strip(".")
        return bool(name) and (host == name or host.endswith(f".{name}"))
    try:
        return address in ipaddress.ip_network(name, strict=False)
    except ValueError:
        return False


def _split(entry: str) -> tuple[str, str]:
    """An entry's name or network without brackets, and its port, ``""`` for any."""
    if bracketed := re.fullmatch(r"\[([^]]*)\](?::([0-9]+))?(/[0-9]+)?", entry):
        return bracketed[1] + (bracketed[3] or ""), bracketed[2] or ""
    name, _, port = entry.rpartition(":")
    return (name, port) if port.isdecimal() and name and ":" not in name else (entry, "")


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _read(text: str, source: str) -> Proxy:
    """Raises :class:`NotAllowed`, without the text: it may hold a password."""
    found = _SPELLED.fullmatch(text.strip())
    if found is None:
        raise _unusable(source, "isn't written like http://proxy.example:3128")
    scheme = (found["scheme"] or "http").lower()
    if scheme.startswith("socks"):
        raise _unusable(source, "is a SOCKS proxy, and Overpaint goes through http and https ones only")
    if scheme not in ("http", "https"):
        raise _unusable(source, "is neither an http nor an https one")
    try:
        address = httpx.URL(f"{scheme}://{found['place']}")
    except httpx.InvalidURL:
        raise _unusable(source, "has no address that can be read") from None
    if (address.port or 0) > _LAST_PORT:
        raise _unusable(source, "has no address that can be read")
    user, password = found["user"], found["password"]
    return Proxy(str(address), source, None if user is None else (unquote(user), unquote(password or "")))


def _unusable(source: str, why: str) -> NotAllowed:
    return NotAllowed(
        f"The proxy in {source} can't be used: it {why}.",
        next_step="Correct it, or name another one in the endpoint settings.",
    )
