"""Settings are read value by value: what can't be read gets its default and is named, all others hold."""

import math
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_origin

import msgspec

from overpaint.studio.config.settings import UNREAD

_LARGEST_INT = 2**31 - 1
"""What the controls of the window can hold."""

Struct = TypeVar("Struct", bound=msgspec.Struct)


class UnreadValue(msgspec.Struct, frozen=True):
    """A value that couldn't be read: the keys that lead to it, and how the user knows it."""

    path: tuple[str, ...]
    title: str


def read(kind: type[Struct], document: Mapping[str, Any]) -> tuple[Struct, tuple[UnreadValue, ...]]:
    """A struct made of plain values, and which of them couldn't be read.

    Keys that the struct doesn't have are passed over. Every field needs a default, save those of structs in
    a list or a table: such an entry is left out when one of the others is missing or broken.
    """
    reader = _Reader()
    made: Struct = reader.struct(kind, document, None, (), "")
    return made, tuple(reader.unread)


def title_of(kind: type[msgspec.Struct], name: str) -> str:
    """What a field is called: the title it is declared with, or the words of its name."""
    return _title(next(field for field in _fields(kind) if field.name == name))


class _Unreadable(Exception):
    """A value, or a required part of it, isn't what it should be."""


class _Reader:
    def __init__(self) -> None:
        self.unread: list[UnreadValue] = []

    def struct(
        self, kind: Any, raw: Mapping[str, Any], default: object, path: tuple[str, ...], above: str
    ) -> Any:
        """``default`` is the struct that holds where nothing is said, None for that of the declaration."""
        values = {}
        for field in _fields(kind):
            if field.encode_name not in raw:
                values[field.name] = self._default(field, default)
                continue
            place = (*path, field.encode_name)
            title = _joined(above, _title(field))
            usual = None if field.required else self._default(field, default)
            try:
                values[field.name] = self._value(field.type, raw[field.encode_name], usual, place, title)
            except _Unreadable:
                if field.required:
                    raise
                values[field.name] = _when_unread(field, usual)
                self.unread.append(UnreadValue(place, title))
        return kind(**values)

    def _default(self, field: msgspec.structs.FieldInfo, default: object) -> object:
        if field.required:
            raise _Unreadable
        if default is not None:
            return getattr(default, field.name)
        return field.default_factory() if field.default is msgspec.NODEFAULT else field.default

    def _value(
        self, annotation: Any, raw: object, default: object, path: tuple[str, ...], title: str
    ) -> object:
        bare = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
        if isinstance(raw, dict) and isinstance(bare, type) and issubclass(bare, msgspec.Struct):
            return self.struct(bare, raw, default, path, title)
        if isinstance(raw, dict) and get_origin(bare) is dict:
            return dict(self._entries(get_args(bare)[1], raw.items(), path, title))
        if isinstance(raw, list) and get_origin(bare) is tuple:
            named = ((_label(entry, number), entry) for number, entry in enumerate(raw, 1))
            return tuple(value for _, value in self._entries(get_args(bare)[0], named, path, title))
        return _plain(annotation, raw)

    def _entries(
        self, annotation: Any, raw: Any, path: tuple[str, ...], title: str
    ) -> Iterator[tuple[str, object]]:
        """The entries of a list or table that can be read, under their labels."""
        for label, entry in raw:
            place, words, known = (*path, label), f"{title} “{label}”", len(self.unread)
            try:
                yield label, self._value(annotation, entry, None, place, words)
            except _Unreadable:
                del self.unread[known:]  # the entry as a whole is named
                self.unread.append(UnreadValue(place, words))


def _when_unread(field: msgspec.structs.FieldInfo, default: object) -> object:
    for meta in get_args(field.type)[1:]:
        if isinstance(meta, msgspec.Meta) and meta.extra is not None and UNREAD in meta.extra:
            return meta.extra[UNREAD]
    return default


def _plain(annotation: Any, raw: object) -> object:
    """A single value of its declared type and range."""
    if isinstance(raw, float) and not math.isfinite(raw):
        raise _Unreadable
    if isinstance(raw, int) and abs(raw) > _LARGEST_INT:
        raise _Unreadable
    try:
        return msgspec.convert(raw, annotation)
    except msgspec.ValidationError as fault:
        raise _Unreadable from fault


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(kind)


def _title(field: msgspec.structs.FieldInfo) -> str:
    metas = get_args(field.type)[1:] if get_origin(field.type) is Annotated else ()
    titles = (getattr(meta, "title", None) for meta in metas)
    return next(filter(None, titles), field.name.replace("_", " ").capitalize())


def _label(entry: object, number: int) -> str:
    name = entry.get("name") if isinstance(entry, dict) else None
    return name if isinstance(name, str) and name else str(number)


def _joined(above: str, title: str) -> str:
    return f"{above}: {title}" if above else title
