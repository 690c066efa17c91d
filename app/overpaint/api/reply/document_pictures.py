"""The pictures and the error in one JSON document of a reply, in whatever shape a service gives them.

The shapes of the API come first: entries of ``data``, or the document itself as the event of a stream. What
gateways make of them is found by walking the document: pictures are known by their bytes, links by their
keys, and both may stand in Markdown or in JSON that became a text.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from overpaint.api.errors.error_body import ServiceError, error_of, told_by
from overpaint.api.errors.http_errors import refusal_in_reply
from overpaint.api.errors.request_context import RequestContext
from overpaint.api.reply.picture_json import Document, decode_base64
from overpaint.api.reply.picture_scan import begins_as_picture
from overpaint.api.reply.reply_pictures import FoundPicture, format_of, no_picture
from overpaint.core.results.usage import Usage

_PARTIAL, _COMPLETED = "partial_image", "completed"
_FACTS = (
    "size",
    "quality",
    "background",
    "output_format",
    "revised_prompt",
    "created",
    "created_at",
    "model",
)
_LONGEST_FACT = 40_000
_LINK_KEYS = re.compile(r"^(b64(_json)?|data|file|images?|img|output|result|uri|(\w+_)?urls?|link|src)$")
_NO_RESULT = re.compile(r"^(input|init|mask|source|reference|control|thumb|preview)")
"""Keys of pictures that a service was given, or makes beside the one that it was asked for."""
_MARKDOWN = re.compile(r"!\[[^\]]*\]\(\s*<?((?:https?:|data:)[^)\s>]+)")
_DEEPEST = 12
_MOST_VALUES = 20_000


def pictures_in(
    document: Document, event: str, origin: RequestContext, *, worked: bool = False
) -> Iterator[FoundPicture]:
    """The pictures of a document, in their order; ``event`` is the name of its event in a stream.

    Raises the error that the document tells of where it holds no picture. ``worked``: a picture came before.
    """
    walk = _Walk(document, event, origin)
    found = False
    for picture in walk.pictures():
        found = True
        yield picture
    if not found:
        told = walk.error()
        if told is not None:
            raise refusal_in_reply(origin, told, worked=worked)
        if walk.is_broken:
            raise no_picture(origin)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value stands, and what holds for the pictures beneath it."""

    key: str = ""
    kind: str = ""
    index: int = -1
    depth: int = 0
    usage: Usage | None = None
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def final(self) -> bool:
        if "partial" in self.key and "succeeded" not in self.key:
            return False
        return self.kind.endswith(_COMPLETED) or (not self.kind.endswith(_PARTIAL) and self.index < 0)


class _Walk:
    """One walk through a document."""

    def __init__(self, document: Document, event: str, origin: RequestContext) -> None:
        self._document = document
        self._event = event
        self._origin = origin
        self._values = 0
        self.is_broken = False

    def pictures(self) -> Iterator[FoundPicture]:
        yield from self._in_value(self._document.value, _Place(kind=self._event))

    def error(self) -> ServiceError | None:
        """The error of a document without pictures; None for one that only says something else."""
        payload = self._document.value
        if not isinstance(payload, dict):
            return None
        if self._event == "error" or payload.get("error") or payload.get("type") == "error":
            return error_of(payload) or ServiceError("the service gave no reason")
        return told_by(payload)

    def _in_value(self, value: object, place: _Place) -> Iterator[FoundPicture]:
        self._values += 1
        if place.depth > _DEEPEST or self._values > _MOST_VALUES:
            return
        if isinstance(value, dict):
            yield from self._in_object(value, _beneath(value, place))
        elif isinstance(value, list):
            for one in value:
                yield from self._in_value(one, replace(place, depth=place.depth + 1))
        elif isinstance(value, str) and value:
            yield from self._in_text(value, place)

    def _in_object(self, value: dict[str, object], place: _Place) -> Iterator[FoundPicture]:
        """The pictures of an object; of several spellings of one picture, only the bytes."""
        own = [
            found
            for key, text in value.items()
            if isinstance(text, str) and not _NO_RESULT.match(key.lower())
            for found in self._in_text(text, replace(place, key=key.lower()))
        ]
        held = {found.data: found for found in own if found.data}
        yield from held.values() or own[:1]
        for key, inner in value.items():
            if not isinstance(inner, str) and not _NO_RESULT.match(key.lower()):
                yield from self._in_value(inner, replace(place, key=key.lower(), depth=place.depth + 1))

    def _in_text(self, text: str, place: _Place) -> Iterator[FoundPicture]:
        data = self._picture(text, place.key)
        if data and (format_of(data) or (place.final and place.key == "b64_json")):
            yield _found(data, "", place)
        elif _is_link(text, place.key):
            if place.final and place.key != "error":
                yield _found(b"", text.strip(), place)
        elif place.key == "b64_json":
            self.is_broken = self.is_broken or place.final  # a broken preview costs nothing
        else:
            yield from self._in_words(text, place)

    def _picture(self, text: str, key: str) -> bytes | None:
        taken = self._document.taken_out(text)
        if taken is not None:
            return taken
        start = text[:100].encode(errors="replace")
        if begins_as_picture(start):
            return decode_base64(unquote(text) if "%" in text else text)
        if key == "b64_json" and not text.startswith(("http:", "https:")):
            return decode_base64(text)
        return None

    def _in_words(self, text: str, place: _Place) -> Iterator[FoundPicture]:
        """Pictures in a text that is written for people, or is a document itself."""
        if text.lstrip()[:1] in ("{", "[") and place.depth < _DEEPEST:
            try:
                inner = json.loads(text)
            except (ValueError, RecursionError):
                return
            yield from self._in_value(inner, replace(place, depth=place.depth + 1))
            return
        for match in _MARKDOWN.finditer(text):
            yield from self._in_text(match[1], replace(place, key="url"))


def _found(data: bytes, link: str, place: _Place) -> FoundPicture:
    return FoundPicture(place.final, data, place.index, link, place.usage, dict(place.facts))


def _is_link(text: str, key: str) -> bool:
    if not _LINK_KEYS.match(key) or text[:5].lower() == "data:":
        return False
    if text.startswith(("http://", "https://", "//")):
        return True
    return key in ("url", "image_url") and bool(text.strip()) and not text.lstrip().startswith(("{", "["))


def _beneath(value: dict[str, object], place: _Place) -> _Place:
    """What holds beneath an object: what it says of itself, and else what was said above it."""
    kind = value.get("type")
    number = value.get("partial_image_index")
    return replace(
        place,
        kind=kind if isinstance(kind, str) and "." in kind else place.kind,
        index=number if isinstance(number, int) and number >= 0 else place.index,
        usage=Usage.from_wire(value.get("usage")) or place.usage,
        facts=tuple((dict(place.facts) | _facts(value)).items()),
    )


def _facts(payload: dict[str, object]) -> dict[str, str]:
    told = {name: payload[name] for name in _FACTS if name in payload}
    return {
        name: str(value)[:_LONGEST_FACT]
        for name, value in told.items()
        if isinstance(value, str | int | float) and not isinstance(value, bool) and value != ""
    }
