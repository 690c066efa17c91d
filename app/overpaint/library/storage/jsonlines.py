"""JSON as it is written to files here: any text can be, and lines torn or foreign are passed over."""

import os
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import msgspec

Value = TypeVar("Value")


def encode(value: object) -> bytes:
    """A value as JSON on one line, without a line feed. Paths become text.

    Text may hold half of a surrogate pair (from a file name, or a service), which no UTF-8 file can: each
    such half is written as a question mark.
    """
    try:
        return msgspec.json.encode(value, enc_hook=str)
    except UnicodeEncodeError:
        return msgspec.json.encode(_without_half_pairs(msgspec.to_builtins(value, enc_hook=str)))


def decode_lines(data: bytes, kind: type[Value]) -> Iterator[Value]:
    """Every line that is whole and of its kind, in order."""
    decoder = msgspec.json.Decoder(kind)
    for line in data.split(b"\n"):
        try:
            yield decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue


def known_only(raw: object, kind: type[msgspec.Struct]) -> object:
    """A decoded JSON object without the fields that a type of today doesn't have."""
    if not isinstance(raw, dict):
        return raw
    return {name: value for name, value in raw.items() if name in kind.__struct_fields__}


def lacks_end(handle: int) -> bool:
    """Whether an open file's last line was torn, so that the next one must begin anew. Raises OSError."""
    end = os.lseek(handle, 0, os.SEEK_END)
    if not end:
        return False
    os.lseek(handle, end - 1, os.SEEK_SET)
    return os.read(handle, 1) != b"\n"


def _without_half_pairs(value: Any) -> Any:
    match value:
        case str():
            return value.encode(errors="replace").decode()
        case Mapping():
            return {_without_half_pairs(name): _without_half_pairs(one) for name, one in value.items()}
        case list() | tuple():
            return [_without_half_pairs(one) for one in value]
    return value
