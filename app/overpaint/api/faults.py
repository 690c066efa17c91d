"""The table that turns every refusal of a service into a typed error with words and a next step.

The first row that fits decides: by the service's own code or type, by words in its message, or by the
HTTP status alone. Transport failures have their own table in ``transport_faults``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from overpaint.api import waits
from overpaint.api.error_body import ServiceError, read_error
from overpaint.api.origin import Origin, host_words
from overpaint.core.endpoint import EndpointProfile
from overpaint.core.errors import (
    BadReply,
    ContentRefused,
    EditError,
    InvalidRequest,
    KeyRefused,
    NotFound,
    PictureRefused,
    QuotaExhausted,
    RateLimited,
    Redirected,
    ServiceFailed,
    UploadTooLarge,
)

_SETTINGS = "Look at the key and the address in the endpoint settings."


@dataclass(frozen=True, slots=True)
class _Row:
    """One kind of refusal. It fits when a code or type fits, or its words do, or the status alone does.

    ``words`` are looked for in the message, all of one group; ``statuses`` narrows a row with words and
    decides by itself in one without. ``fields`` narrows a row to those fields at fault. ``billed`` says
    whether the service may have done the work.
    """

    error: type[EditError]
    says: str
    next_step: str
    codes: frozenset[str] = frozenset()
    words: tuple[tuple[str, ...], ...] = ()
    statuses: range | tuple[int, ...] = ()
    fields: tuple[str, ...] = ()
    billed: bool = False

    def fits(self, status: int, error: ServiceError) -> bool:
        if self.fields and error.field not in self.fields:
            return False
        if {error.code, error.type} & self.codes:
            return True
        if self.words:
            message = error.message.lower()
            in_words = any(all(word in message for word in group) for group in self.words)
            return in_words and (not self.statuses or status in self.statuses)
        return status in self.statuses


_IMAGE_CODES = frozenset(
    {"invalid_image_file", "invalid_image_format", "invalid_image", "image_parse_error", "invalid_mask"}
    | {"unsupported_image_media_type", "image_too_large", "image_too_small", "image_file_too_large"}
)
_CLIENT = range(400, 500)

_TABLE: tuple[_Row, ...] = (
    _Row(
        ContentRefused,
        "{Host} refused this edit by its content policy{stage}{categories}.",
        "Change the prompt or the pictures; sending the same again would be refused again.",
        codes=frozenset(
            {
                "moderation_blocked",
                "content_policy_violation",
                "content_filter",
                "ResponsibleAIPolicyViolation",
            }
        ),
        words=(("safety system",), ("content policy",), ("content management policy",)),
    ),
    _Row(
        QuotaExhausted,
        "The account at {host} has no credit left.",
        "Add credit or raise the limit on the service's billing page; waiting doesn't help.",
        codes=frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"}),
        words=(("exceeded your current quota",), ("billing hard limit",), ("insufficient", "balance")),
        statuses=_CLIENT,
    ),
    _Row(
        QuotaExhausted,
        "{Host} asks for payment before it works.",
        "Look at the service's billing page; waiting doesn't help.",
        statuses=(402,),
    ),
    _Row(
        PictureRefused,
        "{Host} refused the mask: its size doesn't match the first picture.",
        "Open the first picture again and paint the mask anew.",
        words=(("mask", "size", "match"),),
        statuses=_CLIENT,
    ),
    _Row(
        PictureRefused,
        "{Host} refused the mask: {message}",
        "Paint the mask anew, or clear it and edit the whole picture.",
        codes=_IMAGE_CODES,
        fields=("mask",),
        words=(("mask", "alpha"), ("invalid mask",)),
        statuses=_CLIENT,
    ),
    _Row(
        PictureRefused,
        "{Host} refused {picture}: {message}",
        "Save it as a plain PNG or JPEG and add it again, or remove it.",
        codes=_IMAGE_CODES,
        words=(
            ("unsupported mimetype",),
            ("invalid image",),
            ("invalid input image",),
            ("unsupported image",),
        ),
        statuses=_CLIENT,
    ),
    _Row(
        KeyRefused,
        "{Host} wants your organization verified before it may use {model}.",
        "Verify it on the service's settings page, or choose another model.",
        words=(("must be verified",), ("organization", "verif")),
        statuses=_CLIENT,
    ),
    _Row(
        KeyRefused,
        "{Host} didn't accept the key.",
        _SETTINGS,
        codes=frozenset({"invalid_api_key", "incorrect_api_key", "authentication_error"}),
        statuses=(401,),
    ),
    _Row(
        NotFound,
        "{Host} has no model “{model}”, or your key may not use it.",
        "Choose another model.",
        codes=frozenset({"model_not_found", "DeploymentNotFound"}),
        words=(("model", "does not exist"), ("model", "not found"), ("no available channel", "model")),
        statuses=range(400, 600),
    ),
    _Row(
        KeyRefused,
        "{Host} doesn't let this key do that: {message}",
        _SETTINGS,
        statuses=(403,),
    ),
    _Row(
        NotFound,
        "{Host} has nothing at {path}.",
        "{other_path}",
        statuses=(404, 405),
    ),
    _Row(
        UploadTooLarge,
        "{Host} takes no upload of {upload}.",
        "Send fewer pictures, or make the largest ones smaller.",
        codes=frozenset({"request_too_large", "payload_too_large"}),
        words=(("maximum content size",), ("entity too large",), ("payload too large",)),
        statuses=(400, 413),
    ),
    _Row(
        UploadTooLarge,
        "{Host} takes no upload of {upload}.",
        "Send fewer pictures, or make the largest ones smaller.",
        statuses=(413,),
    ),
    _Row(
        RateLimited,
        "{Host} takes no more requests just now: {message}",
        "Wait a moment and generate again.",
        codes=frozenset({"rate_limit_exceeded", "rate_limit_error"}),
        statuses=(429,),
    ),
    _Row(
        InvalidRequest,
        "{Host} can't stream this edit: {message}",
        "Turn streaming off and generate again.",
        words=(("stream", "not supported"), ("stream", "unsupported"), ("does not support", "stream")),
        statuses=_CLIENT,
    ),
    _Row(
        ServiceFailed,
        "{Host} gave up waiting for the picture (status {status}).",
        "It may have been made and billed all the same; look in the service's history before you try again.",
        statuses=(408, 504, 524),
        billed=True,
    ),
    _Row(
        ServiceFailed,
        "{Host} failed{with_status}: {message}",
        "It may have been billed; try again when you want to.",
        codes=frozenset(
            {"server_error", "internal_error", "internal_server_error", "overloaded_error", "api_error"}
        ),
        statuses=range(500, 600),
        billed=True,
    ),
    _Row(
        InvalidRequest,
        "{Host} refused {field}: {message}",
        "Change it and generate again.",
        codes=frozenset({"invalid_request_error", "image_generation_user_error", "invalid_value"}),
        statuses=_CLIENT,
    ),
)

_REST = _Row(
    ServiceFailed,
    "{Host} reported an error{with_status}: {message}",
    "It may have been billed; try again when you want to.",
    billed=True,
)


def refusal(origin: Origin, headers: Mapping[str, str], body: bytes) -> EditError:
    """The error for a reply whose status is not a success; header names in lower case."""
    if 300 <= origin.status < 400:
        return _redirected(origin, headers)
    error = refusal_in_reply(origin, read_error(body, headers.get("content-type", "")))
    if isinstance(error, RateLimited):
        error.retry_after = waits.asked_delay(headers, error.cause)
    return error


def refusal_in_reply(origin: Origin, told: ServiceError) -> EditError:
    """The error for what a service told, in a reply of its own or amid a stream."""
    told = replace(told, message=origin.clean(told.message))
    row = next((one for one in _TABLE if one.fits(origin.status, told)), _REST)
    words = _Words(origin, told)
    billed = origin.left and (row.billed or "output" in told.stage)
    error = row.error(
        row.says.format_map(words.values()),
        cause=words.cause,
        next_step=row.next_step.format_map(words.values()),
        status=origin.status,
        code=origin.clean(told.code or told.type),
        field=_field(row, told),
        request_id=origin.clean(origin.request_id),
        may_have_been_billed=billed,
    )
    if isinstance(error, ContentRefused):
        error.stage, error.categories = told.stage, told.categories
    return error


def bad_reply(origin: Origin, what: str, cause: str = "") -> BadReply:
    """The error for an answer that came with success but isn't one of this API."""
    return BadReply(
        f"{_capital(host_words(origin.profile))} answered, but with {what}.",
        cause=origin.clean(cause),
        next_step="It may have been billed. See whether the endpoint settings have the API's own address.",
        status=origin.status,
        request_id=origin.clean(origin.request_id),
        may_have_been_billed=origin.left,
    )


def other_path(profile: EndpointProfile) -> str:
    """The other common spelling of the edits path, ``""`` when the profile's is neither."""
    if profile.path.endswith("/images/edits"):
        return profile.path.removesuffix("/images/edits") + "/image/edits"
    if profile.path.endswith("/image/edits"):
        return profile.path.removesuffix("/image/edits") + "/images/edits"
    return ""


def _redirected(origin: Origin, headers: Mapping[str, str]) -> Redirected:
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

    def __init__(self, origin: Origin, told: ServiceError) -> None:
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
            "upload": f"{origin.sent_bytes / 1e6:.1f} MB" if origin.sent_bytes else "this size",
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
        other = other_path(self._origin.profile)
        if not other:
            return "Look at the address and the path in the endpoint settings."
        return f"Look at the address in the endpoint settings, or try the path {other} there."


def _field(row: _Row, told: ServiceError) -> str:
    if row.error is PictureRefused:
        return "mask" if "mask" in row.says else "image"
    if row.error is InvalidRequest and "stream" in row.says:
        return "stream"
    if row.error is NotFound:
        return "model" if "model" in row.says else ""
    return told.field if row.error in (InvalidRequest, ContentRefused) else ""


def _capital(words: str) -> str:
    return "The" + words[3:] if words.startswith("the ") else words


def _sentence(message: str) -> str:
    return message if message.endswith((".", "!", "?", "…")) else message + "."
