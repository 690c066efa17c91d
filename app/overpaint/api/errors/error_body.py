"""Reads the error of a reply in all the shapes that services and their gateways give it."""

import html
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import msgspec

from overpaint.core.request.params import EditParams

_TITLE = re.compile(r"<(title|h1)[^>]*>(.*?)</\1", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_LONGEST_MESSAGE = 400
_LONGEST_NESTED = 100_000
_DEEPEST = 4
_MOST_READ = 2**20
_BEGUN_MESSAGE = re.compile(r'"message"\s*:\s*"((?:[^"\\]|\\.){1,4000})')
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]+)", re.IGNORECASE)
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/_-]|\\+/){80,}={0,2}")
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
    text = _text_of(body[:_MOST_READ], content_type).strip()
    if "html" in content_type.lower() or text[:1] == "<":
        title = _TITLE.search(text)
        return ServiceError(_one_line(_TAG.sub(" ", title[2])) if title else "", page=True)
    try:
        value = msgspec.json.decode(text)
    except (ValueError, RecursionError):
        begun = _BEGUN_MESSAGE.search(text)  # of a document that was cut, or is too long to be read
        return ServiceError(_one_line(begun[1].replace('\\"', '"') if begun else text))
    return error_of(value) or ServiceError(_one_line(text))


def _text_of(body: bytes, content_type: str) -> str:
    """A body as text: UTF-8 unless it isn't and its label names something that it is."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        named = _CHARSET.search(content_type)
        with suppress(LookupError):
            return body.decode(named[1] if named else "utf-8", errors="replace")
        return body.decode(errors="replace")


def error_of(value: object, depth: int = 0) -> ServiceError | None:
    """The error in a parsed reply; None when it holds none that this knows.

    Known are ``{"error": {…}}``, ``{"error": "…"}``, ``{"message": …}``, ``{"code": …, "message": …}``,
    and ``{"detail": "…"}`` or a list of field faults. Where a message is itself such a document, as gateways
    pass on what they were told, the error is the inner one.
    """
    if not isinstance(value, dict):
        return None
    found = _outer_error(value)
    if found is None or depth >= _DEEPEST:
        return found
    for text in (found.message, _text(value.get("message"), _LONGEST_NESTED)):
        inner = _nested(text, depth + 1)
        if inner is not None:
            return replace(
                inner,
                type=inner.type or found.type,
                code=inner.code or found.code,
                param=inner.param or found.param,
                categories=inner.categories or found.categories,
            )
    return replace(found, message=_one_line(found.message))


def told_by(value: dict[str, object]) -> ServiceError | None:
    """What an answer that calls itself a success, but brought no picture, says went wrong."""
    told = _text(value.get("message")) or _text(value.get("msg")) or _text(value.get("detail"))
    code = _text(value.get("code"))
    failed = value.get("success") is False or value.get("status") in ("failed", "error")
    if told and (failed or (code and code not in ("0", "200"))):
        return ServiceError(_one_line(told), _text(value.get("type")), code)
    return ServiceError("the service gave no reason", code=code) if failed else None


def _outer_error(value: dict[str, object]) -> ServiceError | None:
    inner = value.get("error")
    if isinstance(inner, dict):
        return _of_object(inner) or ServiceError(code=_text(value.get("code")), type=_text(value.get("type")))
    if isinstance(inner, str) and inner:
        beside = value.get("message")
        longer = max((inner, beside if isinstance(beside, str) else ""), key=len)
        return ServiceError(longer[:_LONGEST_NESTED], _text(value.get("type")), _text(value.get("code")))
    if "detail" in value:
        return _of_detail(value["detail"])
    return _of_object(value) if isinstance(value.get("message"), str) else None


def _nested(text: str, depth: int) -> ServiceError | None:
    """The error in a message that holds a JSON document, alone or behind other words."""
    start = text.find("{")
    if start < 0:
        return None
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    found = error_of(value, depth)
    return found if found is not None and (found.message or found.code) else None


def _of_object(error: dict[str, object]) -> ServiceError | None:
    details = error.get("moderation_details")
    details = details if isinstance(details, dict) else {}
    inner = next((one for one in _inner_errors(error) if isinstance(one, dict)), {})
    message = error.get("message", error.get("detail", ""))
    return ServiceError(
        message=(message if isinstance(message, str) else str(message))[:_LONGEST_NESTED],
        type=_text(error.get("type")),
        code=_text(error.get("code")) if not _is_number(error.get("code")) else _text(inner.get("code")),
        param=_text(error.get("param")),
        stage=_text(details.get("moderation_stage", details.get("stage"))),
        categories=_categories(details.get("categories")) or _filtered(inner),
    )


def _is_number(code: object) -> bool:
    """Whether a code says nothing: none, or the status once more."""
    return not _text(code) or _text(code).isdecimal()


def _inner_errors(error: dict[str, object]) -> Iterator[object]:
    """What Azure says beside an error, as it names it itself and as proxies pass it on."""
    more = error.get("provider_specific_fields")
    for place in (error, more if isinstance(more, dict) else {}):
        yield place.get("innererror")
        yield place.get("inner_error")


def _filtered(inner: dict[str, object]) -> tuple[str, ...]:
    """The categories for which a content filter of Azure's held the edit back."""
    results = inner.get("content_filter_results", inner.get("content_filter_result"))
    if not isinstance(results, dict):
        return ()
    return tuple(
        name for name, one in results.items() if isinstance(one, dict) and one.get("filtered") is True
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


def _text(value: object, most: int = 200) -> str:
    return str(value)[:most] if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _one_line(text: str) -> str:
    """A message on one line, without runs of base64 and at most some hundred letters long."""
    line = " ".join(html.unescape(_BASE64.sub("…", text)).split())
    return line if len(line) <= _LONGEST_MESSAGE else line[: _LONGEST_MESSAGE - 1] + "…"
