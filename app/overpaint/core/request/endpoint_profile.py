"""Endpoint profiles: where an edit is sent, and everything in which servers of the API differ."""

import math
import re
from collections.abc import Iterator
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from overpaint.core.errors import Problem
from overpaint.core.request.params import MAX_PICTURES
from overpaint.core.request.picture_formats import sent

OFFLINE = "Offline engine"
"""Name of the profile served by Overpaint's own engine."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_HOST = re.compile(r"[\w-]{1,63}(\.[\w-]{1,63})*\.?")
_LISTENS_EVERYWHERE = ("0.0.0.0", "::")
_REQUEST_PATH = re.compile(
    r"/(images?/(edits|generations|variations)|(chat/)?completions|responses|embeddings|models)$"
)
"""Paths of the API that are copied along with its address."""
_PART_NAME = re.compile(r"[\w.-]+(\[\])?", re.ASCII)
_PROXY = re.compile(r"https?://[^\s/?#]+/?", re.IGNORECASE)
_HEADER_NAME = re.compile(r"[0-9A-Za-z_-]+")
_KEY_HEADERS = frozenset(("authorization", "proxy-authorization", "api-key"))
"""A key among the headers would end in a settings file."""
OWN_HEADERS = frozenset(
    [
        "accept-encoding",
        "connection",
        "content-length",
        "content-type",
        "expect",
        "host",
        "te",
        "transfer-encoding",
    ]
)
"""What the client writes into the request."""


class Timeouts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Seconds to wait: for a connection, between two bytes of the reply, and in all."""

    connect: Annotated[float, Meta(title="Seconds to wait for a connection")] = 5.0
    read: Annotated[float, Meta(title="Seconds without a byte")] = 600.0
    total: Annotated[float, Meta(title="Seconds in all")] = 1800.0


class EndpointProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One server of the image edit API and its ways. Holds no key: keys live in the keyring by ``name``.

    ``base_url`` ends before the path (``https://api.example.com/v1`` + ``/images/edits``); ``image_field``
    is how file parts are named (``auto``: ``image`` for one, ``image[]`` for several), ``mask_field`` the
    mask's; ``true_word`` how a true boolean is written; ``drop_fields`` are never sent; ``response_format``
    is sent when not empty. ``formats`` are those of pictures that the server reads and writes (none named:
    all that are sent), into which others are converted; pictures after the first ``max_pictures``, which it
    would not look at, stay behind.
    """

    name: Annotated[str, Meta(title="Name")]
    base_url: Annotated[str, Meta(title="Base URL")] = ""
    path: Annotated[str, Meta(title="Path")] = "/images/edits"
    auth: Annotated[Literal["bearer", "api-key", "none"], Meta(title="The key travels as")] = "bearer"
    headers: Annotated[dict[str, str], Meta(title="Further headers")] = {}
    query: Annotated[dict[str, str], Meta(title="Further query")] = {}
    image_field: Annotated[Literal["auto", "image[]", "image"], Meta(title="Picture parts")] = "auto"
    mask_field: Annotated[str, Meta(title="Mask part")] = "mask"
    true_word: Annotated[str, Meta(title="True is written")] = "true"
    drop_fields: Annotated[tuple[str, ...], Meta(title="Fields left out")] = ()
    response_format: Annotated[str, Meta(title="response_format to send")] = ""
    formats: Annotated[tuple[str, ...], Meta(title="Picture formats")] = ()
    max_pictures: Annotated[int, Meta(ge=1, le=MAX_PICTURES, title="Pictures it looks at")] = MAX_PICTURES
    streams: Annotated[Literal["yes", "no", "ask"], Meta(title="It streams")] = "yes"
    timeouts: Annotated[Timeouts, Meta(title="Time-outs")] = Timeouts()
    proxy: Annotated[str, Meta(title="Proxy")] = ""
    ca_file: Annotated[str, Meta(title="Certificate authority file")] = ""
    allow_plain_http: Annotated[bool, Meta(title="Plain http allowed")] = False
    models: Annotated[tuple[str, ...], Meta(title="Models it offers")] = ()
    price_multiplier: Annotated[float, Meta(title="Price multiplier")] = 1.0
    note: Annotated[str, Meta(title="Note")] = ""

    @property
    def url(self) -> str:
        """Where edits are posted, without the query."""
        return self.base_url.strip().rstrip("/") + "/" + self.path.lstrip("/")

    @property
    def host(self) -> str:
        """The server's name as it is shown to the user; ``""`` while there is no base URL."""
        try:
            return urlsplit(self.base_url.strip()).hostname or ""
        except ValueError:
            return ""

    @property
    def host_words(self) -> str:
        """The server as it is called in the middle of a sentence."""
        return "the offline engine" if self.is_offline else self.host or self.name

    @property
    def is_offline(self) -> bool:
        """Whether this is Overpaint's own engine."""
        return self.name == OFFLINE

    def reads(self, picture_format: str) -> bool:
        """Whether the server reads pictures of that format."""
        return not self.formats or picture_format in self.formats

    @property
    def other_path(self) -> str:
        """``/image/edits`` for ``/images/edits`` and the other way round; ``""`` for any other path."""
        for ending, other in (("/images/edits", "/image/edits"), ("/image/edits", "/images/edits")):
            if self.path.endswith(ending):
                return self.path.removesuffix(ending) + other
        return ""

    def problems(self) -> tuple[Problem, ...]:
        """What keeps this profile from being used, beside the field it concerns."""
        if self.is_offline:
            return ()
        found = (
            _address_problem(self),
            _path_problem(self),
            _header_problem(self),
            _part_problem(self),
            *_number_problems(self),
            _proxy_problem(self),
        )
        return tuple(problem for problem in found if problem is not None)


def _address_problem(profile: EndpointProfile) -> Problem | None:
    text = profile.base_url.strip()
    if not text:
        service = profile.name or "the service"
        return Problem("base_url", f"Type the address of {service} in the endpoint settings.")
    if (fault := _spelling_problem(text)) is not None:
        return fault
    parts = urlsplit(text)
    if "@" in parts.netloc:
        return Problem("base_url", "Leave the key out of the address; it has its own field.")
    if "?" in text or "#" in text:
        return Problem("base_url", "What follows the address belongs in the query fields.", _bare(text))
    if parts.hostname in _LISTENS_EVERYWHERE:
        here = text.replace(parts.hostname, "127.0.0.1").replace("[127.0.0.1]", "127.0.0.1")
        message = (
            f"{parts.hostname} is where a server listens; from this computer it is reached at 127.0.0.1."
        )
        return Problem("base_url", message, here)
    if (path := _path_in_address(profile, text.rstrip("/"))) is not None:
        shorter = text.rstrip("/").removesuffix(path)
        own = path == "/" + profile.path.strip("/")
        ending = "which is added to it" if own else f"{profile.path} is what is added to it"
        return Problem("base_url", f"The address ends before {path}, {ending}.", shorter)
    if parts.scheme == "http" and profile.host not in _LOOPBACK and not profile.allow_plain_http:
        secure = "https" + text[len("http") :]
        return Problem("base_url", "Plain http would show your key and pictures to the network.", secure)
    return None


def _path_in_address(profile: EndpointProfile, address: str) -> str | None:
    """The path of a request at the end of a text that should end before it."""
    own = "/" + profile.path.strip("/")
    if len(own) > 1 and address.endswith(own):
        return own
    found = _REQUEST_PATH.search(address)
    return found[0] if found else None


def _spelling_problem(text: str) -> Problem | None:
    """What keeps a text from being an http address at all."""
    if any(one.isspace() or not one.isprintable() for one in text):
        return Problem("base_url", "An address holds no spaces.", "".join(text.split()))
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return Problem("base_url", "This address can't be read.", "https://")
    if parts.scheme not in ("http", "https") or not host:
        suggestion = "https://" if "://" in text else f"https://{text.lstrip('/')}"
        return Problem("base_url", "The address starts with https:// and a host name.", suggestion)
    if ":" not in host and _HOST.fullmatch(host) is None:
        return Problem("base_url", f"“{host}” is no name of a server.", "https://")
    return None


def _path_problem(profile: EndpointProfile) -> Problem | None:
    if "?" in profile.path or "#" in profile.path:
        return Problem("path", "What follows the path belongs in the query fields.", _bare(profile.path))
    if any(one.isspace() or not one.isprintable() for one in profile.path):
        return Problem("path", "A path holds no spaces.", "".join(profile.path.split()))
    return None


def _header_problem(profile: EndpointProfile) -> Problem | None:
    for name, value in profile.headers.items():
        if name.lower() in _KEY_HEADERS:
            return Problem(
                "headers", f"Overpaint writes the header {name} itself; the key has its own field."
            )
        if name.lower() in OWN_HEADERS:
            return Problem("headers", f"Overpaint writes the header {name} itself.")
        if _HEADER_NAME.fullmatch(name) is None or not (value.isascii() and value.isprintable()):
            return Problem("headers", f"The header “{name}” holds a character that can't be sent.")
    return None


def _part_problem(profile: EndpointProfile) -> Problem | None:
    if _PART_NAME.fullmatch(profile.mask_field) is None:
        return Problem("mask_field", "The name of a part holds letters, digits and _ - . only.", "mask")
    known = [one.name for one in sent()]
    if any(name not in known for name in profile.formats):
        return Problem("formats", f"Pictures travel as {', '.join(known)}.", ", ".join(known))
    return None


def _number_problems(profile: EndpointProfile) -> Iterator[Problem]:
    for name, seconds in msgspec.structs.asdict(profile.timeouts).items():
        if not 0 < seconds < math.inf:
            yield Problem(f"timeouts.{name}", "A time-out is a number of seconds above 0.")
    if not 1 <= profile.max_pictures <= MAX_PICTURES:
        yield Problem("max_pictures", f"A server looks at 1 to {MAX_PICTURES} pictures.", str(MAX_PICTURES))
    if not 0 <= profile.price_multiplier < math.inf:
        yield Problem("price_multiplier", "The price multiplier is a number, 0 or more.", "1")


def _proxy_problem(profile: EndpointProfile) -> Problem | None:
    text = profile.proxy.strip()
    if text and _PROXY.fullmatch(text) is None:
        return Problem("proxy", "A proxy starts with http:// or https:// and a host name.", "http://")
    return None


def _bare(address: str) -> str:
    return re.split(r"[?#]", address, maxsplit=1)[0]
