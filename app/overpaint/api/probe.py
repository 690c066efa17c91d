"""Tests whether an endpoint answers and takes the key, without ever asking for work that costs."""

import asyncio
import codecs
from collections.abc import Mapping
from dataclasses import dataclass, replace

import httpx
import msgspec

from overpaint.api.errors import http_errors
from overpaint.api.errors.request_context import RequestContext, host_words, request_id
from overpaint.api.errors.transport_errors import map_transport_errors
from overpaint.api.transport.connections import (
    Connections,
    check_address,
    close_response,
    request_headers,
    request_url,
    timeouts,
    with_query,
)
from overpaint.core.errors import BadReply, EditError, KeyRefused, NotFound
from overpaint.core.request.endpoint_profile import EndpointProfile

_SECONDS = 20.0
_MAX_BYTES = 4 * 2**20
_SHOWN_MODELS = 3
_NO_SUCH_METHOD = 405
_MODELS = "/models"
_VERSION = "/v1"


async def test_connection(profile: EndpointProfile, key: str) -> str:
    """Whether edits can be sent to the profile, in words; takes 20 s at most.

    Asks for the list of models, which costs nothing; where a server has none, asks which methods the
    path of edits takes. Only such a list is a good answer: gateways show their web page for every path that
    they don't know. Raises the ``EditError`` that an edit would raise for the same reason.
    """
    check_address(profile)
    connections = Connections()
    visit = _Visit(profile, key, connections)
    base_url = profile.base_url.strip().rstrip("/")
    try:
        models = await visit.ask("GET", with_query(profile, base_url + _MODELS))
        if models.is_success:
            if (names := _listed(models.body)) is not None:
                return f"{visit.host} {visit.answers}{_offered(profile, names)}."
            raise await _beside_the_api(visit, base_url) or _no_list(visit, models)
        if models.origin.status not in (404, _NO_SUCH_METHOD, 501):
            raise models.error()
        try:
            return await _path_words(visit)
        except (NotFound, BadReply) as fault:
            raise await _beside_the_api(visit, base_url) or fault from None
    finally:
        await connections.close()


async def _path_words(visit: "_Visit") -> str:
    """What can be said of the path where edits go, of a server that lists no models."""
    path = await visit.ask("OPTIONS", request_url(visit.profile))
    if path.origin.status in (404, 501):
        path = await visit.ask("GET", request_url(visit.profile))
    error = path.error()
    if isinstance(error, KeyRefused) or (isinstance(error, NotFound) and path.origin.status == 404):
        raise error
    if path.origin.status >= 500:
        raise error
    if path.is_success and _is_markup(path.body):
        raise _no_list(visit, path)
    return (
        f"{visit.host} answers at {request_url(visit.profile).path}."
        " It lists no models, so only an edit shows whether it takes the key."
    )


async def _beside_the_api(visit: "_Visit", base_url: str) -> BadReply | None:
    """That the API lies at ``/v1`` below the address, where it does: what is most often left out."""
    if base_url.endswith(_VERSION):
        return None
    try:
        found = await visit.ask("GET", with_query(visit.profile, base_url + _VERSION + _MODELS))
    except EditError:
        return None
    if not found.is_success or _listed(found.body) is None:
        return None
    return BadReply(
        f"{visit.host} answers, but its API is at {base_url}{_VERSION}.",
        next_step=f"Add {_VERSION} to the base URL.",
    )


def _no_list(visit: "_Visit", answer: "_Answer") -> BadReply:
    if _is_markup(answer.body):
        what = "a web page"
    elif not answer.body.strip():
        what = "nothing"
    else:
        what = "something else"
    return BadReply(
        f"{visit.host} answers, but with {what} where its list of models belongs.",
        cause=answer.origin.clean(answer.body[:200].decode(errors="replace")),
        next_step=f"See whether the base URL is the API's own address; most end in {_VERSION}.",
        status=answer.origin.status,
        request_id=answer.origin.request_id,
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    """A reply to one question."""

    origin: RequestContext
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.origin.status < 300

    def error(self) -> EditError:
        return http_errors.refusal(self.origin, self.headers, self.body)


class _Visit:
    """Asks one server questions, and says failures in words as an edit would."""

    def __init__(self, profile: EndpointProfile, key: str, connections: Connections) -> None:
        self.profile = profile
        short = _with_short_timeouts(profile)
        self.origin = RequestContext(short, key=key)
        self.connected = False
        self.answered = False
        self._headers = request_headers(profile, key)
        self._connections = connections

    @property
    def answers(self) -> str:
        """What a good answer shows."""
        return "answers and takes the key" if self.origin.key and self.profile.auth != "none" else "answers"

    @property
    def host(self) -> str:
        """The server's name at the start of a sentence."""
        name = host_words(self.profile)
        return name[:1].upper() + name[1:] if self.profile.is_offline else name

    async def ask(self, method: str, url: httpx.URL) -> _Answer:
        """One request without a body."""
        client = await self._connections.client(self.profile, url)
        request = client.build_request(
            method, url, headers=self._headers, timeout=timeouts(self.origin.profile)
        )
        with map_transport_errors(self):
            async with asyncio.timeout(_SECONDS):
                response = await client.send(request, stream=True)
                body = await _beginning(response)
        headers = {name.lower(): value for name, value in response.headers.items()}
        origin = replace(self.origin, status=response.status_code, request_id=request_id(headers))
        return _Answer(origin, headers, body)


def _with_short_timeouts(profile: EndpointProfile) -> EndpointProfile:
    # A question is answered in seconds, where an edit may take minutes.
    told = profile.timeouts
    short = msgspec.structs.replace(told, read=min(told.read, _SECONDS), total=min(told.total, _SECONDS))
    return msgspec.structs.replace(profile, timeouts=short)


async def _beginning(response: httpx.Response) -> bytes:
    body = bytearray()
    chunks = response.aiter_bytes()
    try:
        async for chunk in chunks:
            body += chunk
            if len(body) > _MAX_BYTES:
                break
    finally:
        await close_response(response, chunks)
    return bytes(body)


def _is_markup(body: bytes) -> bool:
    return body.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<")


def _listed(body: bytes) -> list[str] | None:
    """The names in a list of models; None where the body is none."""
    try:
        listed = msgspec.json.decode(body.removeprefix(codecs.BOM_UTF8))
    except (ValueError, RecursionError):
        return None
    entries = listed.get("data", listed.get("models")) if isinstance(listed, dict) else listed
    if not isinstance(entries, list):
        return None
    names = (one.get("id", one.get("name")) if isinstance(one, dict) else one for one in entries)
    return [name for name in names if isinstance(name, str)]


def _offered(profile: EndpointProfile, names: list[str]) -> str:
    """The picture models of a list of models, as the end of a sentence."""
    pictures = [name for name in names if "image" in name.lower() or name in profile.models]
    if not pictures:
        return ", and lists models, none of them for pictures by its name" if names else ""
    more = len(pictures) - _SHOWN_MODELS
    return "; it offers " + ", ".join(pictures[:_SHOWN_MODELS]) + (f" and {more} more" if more > 0 else "")
