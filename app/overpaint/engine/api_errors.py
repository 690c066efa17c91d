"""The service's refusals, in its own words, types and codes."""

from collections.abc import Mapping, Sequence
from typing import Final

INVALID: Final = "invalid_request_error"
USER_ERROR: Final = "image_generation_user_error"


class ApiError(Exception):
    """A request is refused: HTTP status and the ``error`` object of the reply."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = INVALID,
        param: str | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.param = param
        self.code = code
        self.headers = dict(headers or {})

    def wire(self) -> dict[str, object]:
        """The JSON of the reply."""
        error = {"message": self.message, "type": self.kind, "param": self.param, "code": self.code}
        return {"error": error}


def listed(choices: Sequence[str]) -> str:
    """``'a'``, ``'a' and 'b'`` or ``'a', 'b', and 'c'``."""
    *first, last = [f"'{one}'" for one in choices]
    comma = "," if len(first) > 1 else ""
    return f"{', '.join(first)}{comma} and {last}" if first else last


def missing(param: str) -> ApiError:
    """A required field is not there."""
    return ApiError(f"Missing required parameter: '{param}'.", param=param, code="missing_required_parameter")


def duplicate(param: str) -> ApiError:
    """A field that may come once came again."""
    return ApiError(
        f"Duplicate parameter: '{param}'. You provided multiple values for this parameter, whereas only one "
        f"is allowed. If you are trying to provide a list of values, use the array syntax instead e.g. "
        f"'{param}[]=<value>'.",
        param=param,
        code="duplicate_parameter",
    )


def unknown(param: str) -> ApiError:
    """A field that the service doesn't have."""
    return ApiError(f"Unknown parameter: '{param}'.", param=param, code="unknown_parameter")


def not_among(value: str, choices: tuple[str, ...], param: str) -> ApiError:
    """A value that is not one of those listed."""
    return ApiError(
        f"Invalid value: '{value}'. Supported values are: {listed(choices)}.",
        param=param,
        code="invalid_value",
    )


def wrong_type(param: str, wanted: str) -> ApiError:
    """A field whose text can't be read as what it should be."""
    return ApiError(
        f"Invalid type for '{param}': expected {wanted}, but got a string instead.",
        param=param,
        code="invalid_type",
    )


def above(param: str, value: int, most: int) -> ApiError:
    """A number above its limit."""
    return ApiError(
        f"Invalid '{param}': integer above maximum value. Expected a value <= {most}, but got {value} "
        "instead.",
        param=param,
        code="integer_above_max_value",
    )


def below(param: str, value: int, least: int) -> ApiError:
    """A number below its limit."""
    return ApiError(
        f"Invalid '{param}': integer below minimum value. Expected a value >= {least}, but got {value} "
        "instead.",
        param=param,
        code="integer_below_min_value",
    )


def too_long(param: str, length: int, most: int) -> ApiError:
    """A text above its limit."""
    return ApiError(
        f"Invalid '{param}': string too long. Expected a string with maximum length {most}, but got a string "
        f"with length {length} instead.",
        param=param,
        code="string_above_max_length",
    )


def bad_picture(param: str, number: int) -> ApiError:
    """A picture (counted from 1) that can't be decoded, or of a mode that the service doesn't take."""
    return ApiError(
        f"Invalid image file or mode for image {number}, please check your image file.",
        kind=USER_ERROR,
        param=param,
        code="invalid_image_file",
    )


def bad_mask(reason: str) -> ApiError:
    """A mask that does not fit its picture; ``reason`` is the end of the service's sentence."""
    return ApiError(
        f"Invalid mask image format - {reason}", kind=USER_ERROR, param="mask", code="invalid_image_file"
    )


def too_many_requests(retry_after: int) -> ApiError:
    """The queue is full; ``retry_after`` in seconds."""
    return ApiError(
        f"Rate limit reached for images: the offline engine has all the edits it can hold. "
        f"Please try again in {retry_after}s.",
        status=429,
        kind="requests",
        code="rate_limit_exceeded",
        headers={"retry-after": str(retry_after), "retry-after-ms": str(retry_after * 1000)},
    )


def too_large(limit: int) -> ApiError:
    """The whole upload is above what is read; ``limit`` in bytes."""
    return ApiError(
        f"The request is too large: at most {limit // 1_000_000} MB are read.",
        status=413,
        code="request_too_large",
    )


def failed() -> ApiError:
    """The engine itself went wrong."""
    return ApiError(
        "The server had an error while processing your request. Sorry about that!",
        status=500,
        kind="server_error",
        code="server_error",
    )
