"""Endpoint profiles: where an edit is sent, and everything in which servers of the API differ."""

from typing import Literal
from urllib.parse import urlsplit

import msgspec

from overpaint.core.errors import Problem

OFFLINE = "Offline engine"
"""Name of the profile served by Overpaint's own engine."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Timeouts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Seconds to wait: for a connection, between two bytes of the reply, and in all."""

    connect: float = 5.0
    read: float = 600.0
    total: float = 1800.0


class EndpointProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One server of the image edit API and its ways. Holds no key: keys live in the keyring by ``name``.

    ``base_url`` ends before the path (``https://api.example.com/v1`` + ``/images/edits``); ``image_field``
    is how file parts are named (``auto``: ``image`` for one, ``image[]`` for several); ``true_word`` how a
    true boolean is written; ``drop_fields`` are never sent; ``response_format`` is sent when not empty.
    """

    name: str
    base_url: str = ""
    path: str = "/images/edits"
    auth: Literal["bearer", "api-key", "none"] = "bearer"
    headers: dict[str, str] = {}
    query: dict[str, str] = {}
    image_field: Literal["auto", "image[]", "image"] = "auto"
    true_word: str = "true"
    drop_fields: tuple[str, ...] = ()
    response_format: str = ""
    streams: Literal["yes", "no", "ask"] = "yes"
    timeouts: Timeouts = Timeouts()
    proxy: str = ""
    ca_file: str = ""
    allow_plain_http: bool = False
    models: tuple[str, ...] = ()
    price_multiplier: float = 1.0
    note: str = ""

    @property
    def url(self) -> str:
        """Where edits are posted, without the query."""
        return self.base_url.rstrip("/") + "/" + self.path.lstrip("/")

    @property
    def host(self) -> str:
        """The server's name as it is shown to the user; ``""`` while there is no base URL."""
        try:
            return urlsplit(self.base_url).hostname or ""
        except ValueError:
            return ""

    @property
    def is_offline(self) -> bool:
        """Whether this is Overpaint's own engine."""
        return self.name == OFFLINE

    def problems(self) -> tuple[Problem, ...]:
        """What keeps this profile from being used, beside the field it concerns."""
        if self.is_offline:
            return ()
        if not self.base_url.strip():
            return (Problem("base_url", f"Type the address of {self.name} in the endpoint settings."),)
        try:
            parts = urlsplit(self.base_url)
            host = parts.hostname
            _ = parts.port
        except ValueError:
            return (Problem("base_url", "This address can't be read.", "https://"),)
        if parts.scheme not in ("http", "https") or not host:
            return (Problem("base_url", "The address starts with https:// and a host name.", "https://"),)
        if parts.username or parts.password:
            return (Problem("base_url", "Leave the key out of the address; it has its own field."),)
        if parts.scheme == "http" and host not in _LOOPBACK and not self.allow_plain_http:
            secure = self.base_url.replace("http://", "https://", 1)
            return (Problem("base_url", "Plain http would show your key and pictures to the network.", secure),)
        return ()


BUILT_IN: tuple[EndpointProfile, ...] = (
    EndpointProfile(OFFLINE, auth="bearer", note="Runs on this computer, needs no key, costs nothing."),
    EndpointProfile("OpenAI", "https://api.openai.com/v1"),
    EndpointProfile("AGCloud", note="Type the base URL that AGCloud gave you."),
)
"""The profiles a new installation offers; ``custom`` ones are made from the last by the user."""
