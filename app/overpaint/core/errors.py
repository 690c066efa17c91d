"""Every failure Overpaint expects, as one tree of exceptions and the problems shown beside a field.

::

    OverpaintError               something outside did not do what was asked
    +-- EditError                an edit brought no picture
    |   +-- ConnectionFailed     nothing was sent: DNS, refused, TLS, proxy
    |   +-- OutcomeUnknown       the body had left; the service may have worked and billed
    |   |   +-- StreamCut        the reply ended before the picture was complete
    |   |   +-- TimedOut         no reply within the time-out
    |   +-- ServiceFailed        5xx from the service or a gateway
    |   +-- BadReply             an answer that is not the API's (a web page, broken JSON)
    |   +-- ContentRefused       the content policy said no
    |   +-- InvalidRequest       a field was refused
    |   +-- PictureRefused       a picture or the mask was refused
    |   +-- KeyRefused           missing, wrong or unverified key
    |   +-- NotFound             no such model, or a wrong path
    |   +-- UploadTooLarge       413
    |   +-- RateLimited          429 that waiting mends
    |   +-- QuotaExhausted       429/400 that waiting does not mend
    |   +-- Redirected           the service points elsewhere; nothing follows it
    |   +-- NotAllowed           our own refusal: plain http to a far host, a spending cap
    +-- PictureError             a file is not a picture that Overpaint takes
    |   +-- PictureTooLarge      it would be, if it were smaller
    +-- StorageError             a folder or file could not be read or written
    |   +-- DiskFull
    |   +-- ReadOnly
    |   +-- FolderMissing
    +-- SettingsError            a settings file or table does not make sense
    +-- KeyStoreError            the system's keyring did not do its work
    +-- EngineError              the offline engine did not start or went away
    +-- MaskBusy                 a mask was never left alone for as long as a change of it takes
"""

import msgspec

from overpaint.core.foreign_words import visible


class Problem(msgspec.Struct, frozen=True):
    """A value that cannot stay as it is, said beside its field.

    ``field`` is the parameter's name in the API (``size``, ``prompt`` …), ``message`` a sentence for
    the user, ``suggestion`` a value that would do, as it is written in the field, or ``""``.
    """

    field: str
    message: str
    suggestion: str = ""


class OverpaintError(Exception):
    """An expected failure, in words: what happened, the technical cause, one next step.

    Names and other words from outside in the message and the next step are harmless to show.
    """

    kind = "failed"

    def __init__(self, message: str, *, cause: str = "", next_step: str = "") -> None:
        self.message = visible(message)
        super().__init__(self.message)
        self.cause = cause
        self.next_step = visible(next_step)

    def sentence(self) -> str:
        """The message with its next step, on one line."""
        return f"{self.message} {self.next_step}".strip()


class EditError(OverpaintError):
    """An edit brought no picture.

    ``may_have_been_billed`` is true when the service could have done the work although no complete
    picture arrived. ``field`` names the API field at fault, ``status`` the HTTP status (0: none came),
    ``code`` the service's own code, ``service_message`` its own sentence without keys and pictures.
    """

    kind = "edit_failed"

    def __init__(
        self,
        message: str,
        *,
        cause: str = "",
        next_step: str = "",
        status: int = 0,
        code: str = "",
        field: str = "",
        request_id: str = "",
        may_have_been_billed: bool = False,
        service_message: str = "",
    ) -> None:
        super().__init__(message, cause=cause, next_step=next_step)
        self.status = status
        self.code = code
        self.field = field
        self.request_id = request_id
        self.may_have_been_billed = may_have_been_billed
        self.service_message = visible(service_message)


class ConnectionFailed(EditError):
    """Nothing was sent: the name did not resolve, the connection or its TLS failed."""

    kind = "connection_failed"


class OutcomeUnknown(EditError):
    """The request had left and no complete answer came; it may have run and been billed."""

    kind = "outcome_unknown"


class StreamCut(OutcomeUnknown):
    """The reply stopped before the picture was complete."""

    kind = "stream_cut"


class TimedOut(OutcomeUnknown):
    """No byte, or no end, within the time-out."""

    kind = "timed_out"


class ServiceFailed(EditError):
    """The service, or a gateway before it, answered with a 5xx status."""

    kind = "service_failed"


class BadReply(EditError):
    """The answer is not one of this API: a web page, broken JSON, a picture that is none.

    ``reply_file`` is where it is kept, ``""`` where it isn't.
    """

    kind = "bad_reply"
    reply_file = ""


class ContentRefused(EditError):
    """The service's content policy refused the edit; ``stage`` and ``categories`` when it said them."""

    kind = "content_refused"
    stage: str = ""
    categories: tuple[str, ...] = ()


class InvalidRequest(EditError):
    """The service refused a field (``field``) or the request as a whole."""

    kind = "invalid_request"


class PictureRefused(EditError):
    """The service refused one of the pictures, or the mask."""

    kind = "picture_refused"


class KeyRefused(EditError):
    """The key is missing, wrong, or not allowed to use the model."""

    kind = "key_refused"


class NotFound(EditError):
    """No such model, or nothing at that path; ``other_path`` is the other common spelling of the path."""

    kind = "not_found"
    other_path: str = ""


class UploadTooLarge(EditError):
    """The service, or a proxy before it, takes no upload of that size."""

    kind = "upload_too_large"


class RateLimited(EditError):
    """Too many requests; waiting ``retry_after`` seconds mends it."""

    kind = "rate_limited"
    retry_after: float = 0.0


class QuotaExhausted(EditError):
    """The account has no credit left; waiting does not mend it."""

    kind = "quota_exhausted"


class Redirected(EditError):
    """The service answered with a redirect, which is never followed with a key or a picture."""

    kind = "redirected"


class NotAllowed(EditError):
    """Overpaint itself refused to send: an unsafe address or a limit set by the user."""

    kind = "not_allowed"


class PictureError(OverpaintError):
    """A file is not a picture that Overpaint takes."""

    kind = "picture_unreadable"


class PictureTooLarge(PictureError):
    """A sound picture with too many bytes or pixels; a smaller copy of it can be made."""

    kind = "picture_too_large"


class StorageError(OverpaintError):
    """A folder or file could not be read or written."""

    kind = "storage_failed"


class DiskFull(StorageError):
    """No room left where the file should go."""

    kind = "disk_full"


class ReadOnly(StorageError):
    """The folder does not allow writing."""

    kind = "read_only"


class FolderMissing(StorageError):
    """The folder is not there (any more)."""

    kind = "folder_missing"


class SettingsError(OverpaintError):
    """A settings file or a table does not make sense."""

    kind = "settings_invalid"


class KeyStoreError(OverpaintError):
    """The system's keyring did not do its work."""

    kind = "keyring_failed"


class EngineError(OverpaintError):
    """The offline engine did not start or went away."""

    kind = "engine_failed"


class MaskBusy(OverpaintError):
    """A mask was never left alone for as long as a change of it takes."""

    kind = "mask_busy"
