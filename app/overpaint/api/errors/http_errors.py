"""Makes the typed error of every refusal: its words from the table, filled in for the request at hand.

Transport failures are made in ``transport_faults``.
"""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from overpaint.api.errors import retry_policy
from overpaint.api.errors.error_body import ServiceError, read_error
from overpaint.api.errors.error_table import Row, row_for
from overpaint.api.errors.request_context import RequestContext, host_words
from overpaint.core.errors import (
    BadReply,
    ContentRefused,
    EditError,
    InvalidRequest,
    NotFound,
    PictureRefused,
    RateLimited,
    Redirected,
)


def refusal(origin: RequestContext, headers: Mapping[str, str], body: bytes) -> EditError:
    """The error for a reply whose status is not a success; header names in lower case."""
    if 300 <= origin.status < 400:
        return _redirected(origin, headers)
    error = refusal_in_reply(origin, read_error(body, headers.get("content-type", "")))
    if isinstance(error, RateLimited):
        error.retry_after = retry_policy.asked_delay(headers, error.cause)
    return error


def refusal_in_reply(origin: RequestContext, told: ServiceError, *, worked: bool = False) -> EditError:
    """The error for what a service told, in a reply of its own or amid a stream.

    ``worked``: a picture had come before, if only a partial one, so that there is work to be billed.
    """
    told = replace(told, message=origin.clean(told.message))
    row = row_for(origin.status, told)
    words = _Words(origin, told)
    billed = origin.left and (row.billed or worked or "output" in told.stage)
    error = row.error(
        row.says.format_map(words.values()),
        cause=words.cause,
        next_step=row.next_step.format_map(words.values()),
        status=origin.status,
        code=origin.clean(told.code or told.type),
        field=_field(row, told),
        request_id=origin.clean(origin.request_id),
        may_have_been_billed=billed,
        service_message=told.message,
    )
    if isinstance(error, ContentRefused):
        error.stage, error.categories = told.stage, told.categories
    if isinstance(error, NotFound) and not error.field:
        error.other_path = origin.profile.other_path
    return error


def bad_reply(origin: RequestContext, what: str, cause: str = "") -> BadReply:
    """The error for an answer that came with success but brought no picture: it may have been billed."""
    return BadReply(
        f"{_capital(host_words(origin.profile))} answered, but with {what}.",
        cause=origin.clean(cause),
        next_step="It may have been billed. The reply is kept: look through it again, or save it.",
        status=origin.status,
        request_id=origin.clean(origin.request_id),
        may_have_been_billed=origin.left,
    )


def web_page(origin: RequestContext, start: str) -> BadReply:
    """The error for a web page in place of an answer: no model has run where one comes from."""
    title = read_error(start.encode(), "text/html").message
    return BadReply(
        f"{_capital(host_words(origin.profile))} answered with a web page instead of a picture.",
        cause=origin.clean(title),
        next_step="Nothing was billed. See whether the endpoint settings have the API's own address;"
        " it often ends in /v1.",
        status=origin.status,
        request_id=origin.clean(origin.request_id),
    )


def _redirected(origin: RequestContext, headers: Mapping[str, str]) -> Redirected:
    try:
        target = urljoin(origin.profile.url, headers.get("location", ""))
        host = urlsplit(target).hostname or ""
    except ValueError:
        target = host = ""
    place = f"to {host} " if host else ""
    return Redirected(
        f"{_capital(host_words(origin.profile))} wants to pass the edit on {place}(status {origin.status});"
        " Overpaint sent nothing there.",
        cause=origin.clean(target),
        next_step="If you trust that place, put its address into the endpoint settings.",
        status=origin.status,
        request_id=origin.clean(origin.request_id),
    )


class _Words:
    """What the sentences of the table are filled with."""

    def __init__(self, origin: RequestContext, told: ServiceError) -> None:
        self._origin = origin
        self._told = told

    @property
    def cause(self) -> str:
        parts = [f"status {self._origin.status}" if self._origin.status >= 300 else "", self._told.code]
        where = "a web page" if self._told.page else ""
        return self._origin.clean(", ".join(one for one in (*parts, where, self._told.message) if one))

    def values(self) -> dict[str, str]:
        origin, told = self._origin, self._told
        host = host_words(origin.profile)
        status = origin.status
        return {
            "host": host,
            "Host": _capital(host),
            "message": _sentence(
                told.message or ("it sent a web page" if told.page else "it gave no reason")
            ),
            "model": origin.model or "this model",
            "status": str(status),
            "with_status": f" (status {status})" if status >= 300 else "",
            "stage": f" when it looked at the {told.stage}" if told.stage else "",
            "categories": f" ({', '.join(told.categories)})" if told.categories else "",
            "picture": self._picture(),
            "field": told.field.replace("_", " ") if told.field else "the request",
            "upload": _length(origin.sent_bytes) if origin.sent_bytes else "this size",
            "path": urlsplit(origin.profile.url).path or "/",
            "other_path": self._other_path(),
        }

    def _picture(self) -> str:
        number = self._told.picture
        if len(self._origin.pictures) == 1:
            number = 0
        if 0 <= number < len(self._origin.pictures):
            return f"picture {number + 1} (“{self._origin.pictures[number]}”)"
        return "one of the pictures"

    def _other_path(self) -> str:
        other = self._origin.profile.other_path
        if not other:
            return "Look at the address and the path in the endpoint settings."
        return f"Look at the address in the endpoint settings, or try the path {other} there."


def _field(row: Row, told: ServiceError) -> str:
    if row.error is PictureRefused:
        return "mask" if "mask" in row.says else "image"
    if row.error is InvalidRequest and "stream" in row.says:
        return "stream"
    if row.error is NotFound:
        return "model" if "model" in row.says else ""
    return told.field if row.error in (InvalidRequest, ContentRefused) else ""


def _length(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"


def _capital(words: str) -> str:
    return "The" + words[3:] if words.startswith("the ") else words


def _sentence(message: str) -> str:
    return message if message.endswith((".", "!", "?", "…")) else message + "."
