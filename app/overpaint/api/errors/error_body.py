"""Reads the error of a reply in all the shapes that services and their gateways give it."""

import html
import re
from dataclasses import dataclass

import msgspec

from overpaint.core.request.params import EditParams

_TITLE = re.compile(r"<(title|h1)[^>]*>(.*?)</\1", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_LONGEST_MESSAGE = 400
_QUOTED = re.compile(r"['\"‘“`]([a-z_]+)(?:\[\d*\])?['\"’”`]")
_FIELDS = frozenset((*EditParams.__struct_fields__, "image", "mask", "response_format"))
_ANY_SENTENCE = frozenset(("model", "image", "n", "stream", "user"))
"""Fields whose names are words that a sentence holds for other reasons."""
_NAMED_BY_WORD = re.compile(rf"\b({'|'.join(sorted(_FIELDS - _ANY_SENTENCE))})\b", re.IGNORECASE)
_PICTURE_NUMBER = re.compile(r"\bimages?\[(\d+)\]|\bimage (?:number )?#?(\d+)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ServiceError:
    """An error as a service tells it. Everything may be empty; ``page`` is true for a web page."""

    message: str = ""
    type: str = ""
    code: str = ""
    param: str = ""
    page: bool = False
    stage: str = ""
    categories: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """The API field at fault, from ``param`` or from the words; ``""`` when nothing names one."""
        named = self.param.split(".")[-1].split("[")[0]
        if named in _FIELDS:
            return named
        quoted = next((word for word in _QUOTED.findall(self.message) if word in _FIELDS), "")
        if quoted:
            return quoted
        word = _NAMED_BY_WORD.search(self.message)
        return word[0].lower() if word else ""

    @property
    def picture(self) -> int:
        """Which picture is at fault, counted from 0; -1 when nothing says it.

        ``image[1]`` counts from 0, "image 2" in words from 1.
        """
        found = _PICTURE_NUMBER.search(self.param) or _PICTURE_NUMBER.search(self.message)
        if found is None:
            return -1
        return int(found[1]) if found[1] is not None else int(found[2]) - 1


def read_error(body: bytes, content_type: str = "") -> ServiceError:
    """What an error reply's body says."""
    text = body.decode(errors="replace").strip()
    if "html" in content_type.lower() or text[:1] == "<":
        title = _TITLE.search(text)
        return ServiceError(_one_line(_TAG.sub(" ", title[2])) if title else "", page=True)
    try:
        value = msgspec.json.decode(text)
    except (ValueError, RecursionError):
        return ServiceError(_one_line(text))
    return error_of(value) or ServiceError(_one_line(text))


def error_of(value: object) -> ServiceError | None:
    """The error in a parsed reply; None when it holds none that this knows.

    Known are ``{"error": {…}}``, ``{"error": "…"}``, ``{"message": …}``, ``{"code": …, "message": …}``,
    and ``{"detail": "…"}`` or a list of field faults.
    """
    if not isinstance(value, dict):
        return None
    inner = value.get("error")
    if isinstance(inner, dict):
        return _of_object(inner) or ServiceError(code=_text(value.get("code")), type=_text(value.get("type")))
    if isinstance(inner, str) and inner:
        return ServiceError(_one_line(inner), _text(value.get("type")), _text(value.get("code")))
    if "detail" in value:
        return _of_detail(value["detail"])
    return _of_object(value) if isinstance(value.get("message"), str) else None


def _of_object(error: dict[str, object]) -> ServiceError | None:
    details = error.get("moderation_details")
    details = details if isinstance(details, dict) else {}
    inner = error.get("innererror")
    inner_code = _text(inner.get("code")) if isinstance(inner, dict) else ""
    message = error.get("message", error.get("detail", ""))
    return ServiceError(
        message=_one_line(message if isinstance(message, str) else str(message)),
        type=_text(error.get("type")),
        code=_text(error.get("code")) or inner_code,
        param=_text(error.get("param")),
        stage=_text(details.get("moderation_stage", details.get("stage"))),
        categories=_categories(details.get("categories")),
    )


def _of_detail(detail: object) -> ServiceError | None:
    if isinstance(detail, dict):
        return error_of(detail) or _of_object(detail)
    if isinstance(detail, list) and detail and isinstance(detail[0], dict):
        where = detail[0].get("loc")
        param = str(where[-1]) if isinstance(where, list) and where else ""
        return ServiceError(_one_line(_text(detail[0].get("msg"))), param=param)
    return ServiceError(_one_line(_text(detail)))


def _categories(listed: object) -> tuple[str, ...]:
    if isinstance(listed, dict):
        return tuple(name for name, hit in listed.items() if hit)
    return tuple(_text(one) for one in listed) if isinstance(listed, list) else ()


def _text(value: object) -> str:
    return str(value)[:200] if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _one_line(text: str) -> str:
    line = " ".join(html.unescape(text).split())
    return line if len(line) <= _LONGEST_MESSAGE else line[: _LONGEST_MESSAGE - 1] + "…"
