"""The table of refusals: by what each is known, what kind of error it is, and what the user is told.

The first row that fits decides: by the service's own code or type, by words in its message, or by the
HTTP status alone. The sentences are filled in by ``faults``.
"""

from dataclasses import dataclass

from overpaint.api.errors.error_body import ServiceError
from overpaint.core.errors import (
    ContentRefused,
    EditError,
    InvalidRequest,
    KeyRefused,
    NotFound,
    PictureRefused,
    QuotaExhausted,
    RateLimited,
    ServiceFailed,
    UploadTooLarge,
)

_SETTINGS = "Look at the key and the address in the endpoint settings."


@dataclass(frozen=True, slots=True)
class Row:
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
        """Whether this row is the one for an error that came with that status."""
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

_TABLE: tuple[Row, ...] = (
    Row(
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
    Row(
        QuotaExhausted,
        "The account at {host} has no credit left.",
        "Add credit or raise the limit on the service's billing page; waiting doesn't help.",
        codes=frozenset(
            {
                "insufficient_quota",
                "insufficient_user_quota",
                "billing_hard_limit_reached",
                "billing_not_active",
            }
        ),
        words=(
            ("exceeded your current quota",),
            ("quota exhausted",),
            ("quota is not enough",),
            ("billing hard limit",),
            ("insufficient", "balance"),
        ),
        statuses=range(200, 500),
    ),
    Row(
        QuotaExhausted,
        "{Host} asks for payment before it works.",
        "Look at the service's billing page; waiting doesn't help.",
        statuses=(402,),
    ),
    Row(
        PictureRefused,
        "{Host} refused the mask: its size doesn't match the first picture.",
        "Open the first picture again and paint the mask anew.",
        words=(("mask", "size", "match"),),
        statuses=_CLIENT,
    ),
    Row(
        PictureRefused,
        "{Host} refused the mask: {message}",
        "Paint the mask anew, or clear it and edit the whole picture.",
        codes=_IMAGE_CODES,
        fields=("mask",),
        words=(("mask", "alpha"), ("invalid mask",)),
        statuses=_CLIENT,
    ),
    Row(
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
    Row(
        KeyRefused,
        "{Host} wants your organization verified before it may use {model}.",
        "Verify it on the service's settings page, or choose another model.",
        words=(("must be verified",), ("organization", "verif")),
        statuses=_CLIENT,
    ),
    Row(
        KeyRefused,
        "{Host} didn't accept the key.",
        _SETTINGS,
        codes=frozenset({"invalid_api_key", "incorrect_api_key", "authentication_error"}),
        statuses=(401,),
    ),
    Row(
        NotFound,
        "{Host} has no model “{model}”, or your key may not use it.",
        "Choose another model.",
        codes=frozenset({"model_not_found", "DeploymentNotFound"}),
        words=(("model", "does not exist"), ("model", "not found"), ("no available channel", "model")),
        statuses=range(400, 600),
    ),
    Row(
        KeyRefused,
        "{Host} doesn't let this key do that: {message}",
        _SETTINGS,
        statuses=(403,),
    ),
    Row(
        NotFound,
        "{Host} has nothing at {path}.",
        "{other_path}",
        statuses=(404, 405),
    ),
    Row(
        UploadTooLarge,
        "{Host} takes no upload of {upload}.",
        "Send fewer pictures, or make the largest ones smaller.",
        codes=frozenset({"request_too_large", "payload_too_large"}),
        words=(("maximum content size",), ("entity too large",), ("payload too large",)),
        statuses=(400, 413),
    ),
    Row(
        UploadTooLarge,
        "{Host} takes no upload of {upload}.",
        "Send fewer pictures, or make the largest ones smaller.",
        statuses=(413,),
    ),
    Row(
        RateLimited,
        "{Host} takes no more requests just now: {message}",
        "Wait a moment and generate again.",
        codes=frozenset({"rate_limit_exceeded", "rate_limit_error"}),
        statuses=(429,),
    ),
    Row(
        InvalidRequest,
        "{Host} can't stream this edit: {message}",
        "Turn streaming off and generate again.",
        words=(("stream", "not supported"), ("stream", "unsupported"), ("does not support", "stream")),
        statuses=_CLIENT,
    ),
    Row(
        ServiceFailed,
        "{Host} gave up waiting for the picture (status {status}).",
        "It may have been made and billed all the same; look in the service's history before you try again.",
        statuses=(408, 504, 524),
        billed=True,
    ),
    Row(
        ServiceFailed,
        "{Host} failed{with_status}: {message}",
        "It may have been billed; try again when you want to.",
        codes=frozenset(
            {"server_error", "internal_error", "internal_server_error", "overloaded_error", "api_error"}
        ),
        statuses=range(500, 600),
        billed=True,
    ),
    Row(
        InvalidRequest,
        "{Host} refused {field}: {message}",
        "Change it and generate again.",
        codes=frozenset({"invalid_request_error", "image_generation_user_error", "invalid_value"}),
        statuses=_CLIENT,
    ),
)

_REST = Row(
    ServiceFailed,
    "{Host} reported an error{with_status}: {message}",
    "It may have been billed; try again when you want to.",
    billed=True,
)


def row_for(status: int, error: ServiceError) -> Row:
    """The row of the table that a refusal fits."""
    return next((row for row in _TABLE if row.fits(status, error)), _REST)
