"""Where a reply comes from: what every error says about its request."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from overpaint.api.errors.key_redaction import scrub
from overpaint.core.request.endpoint_profile import EndpointProfile

_REQUEST_ID_HEADERS = ("x-request-id", "request-id", "apim-request-id", "x-ms-request-id", "cf-ray")


@dataclass(frozen=True, slots=True)
class RequestContext:
    """One request as its errors tell of it: the server, what was sent, and how far it came.

    ``left`` is true once the whole body may have been sent, so that the service may have done the work;
    ``sent_bytes`` is the body's length; ``pictures`` are the names of the uploads in order.
    """

    profile: EndpointProfile
    model: str = ""
    pictures: tuple[str, ...] = ()
    sent_bytes: int = 0
    left: bool = False
    status: int = 0
    request_id: str = ""
    key: str = field(default="", repr=False)

    def clean(self, text: str) -> str:
        """A text of the service without the key."""
        return scrub(text, self.key)


def request_id(headers: Mapping[str, str]) -> str:
    """The name that the service gave to the request, ``""`` when it gave none; names in lower case."""
    return next((headers[name][:200] for name in _REQUEST_ID_HEADERS if headers.get(name)), "")


def host_words(profile: EndpointProfile) -> str:
    """How the server is called in sentences."""
    return "the offline engine" if profile.is_offline else profile.host
