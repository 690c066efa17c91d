"""What the program and its reading processes say to each other: small typed messages, raw bytes behind them.

A frame is a 4-byte length of the message, an 8-byte length of the bytes (both little-endian), the message
as JSON, and the bytes. Importing this loads no picture library.
"""

import os
import struct
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from overpaint.core.request.edit_request import Picture

PREFIX = struct.Struct("<IQ")

_MOST_TEXT = 1 << 20
_MOST_BODY = 1 << 30

Shape = tuple[int, int]
"""Height and width of pixels: four bytes each, premultiplied BGRA, save for masks."""


class Take(msgspec.Struct, frozen=True, tag="take"):
    """Make a picture of a file that can be sent; ``into`` is the folder for a copy, where one is needed.
    With ``keep_metadata`` what fits needs none; ``formats`` are those that will do, none named: all."""

    path: Path
    into: Path
    shrink: bool = False
    keep_metadata: bool = False
    formats: tuple[str, ...] = ()


class Look(msgspec.Struct, frozen=True, tag="look"):
    """Read the header of a file that can be sent."""

    path: Path


class Decode(msgspec.Struct, frozen=True, tag="decode"):
    """Decode a file, or without one the bytes of the frame; ``edge`` bounds the longer side, 0 does not."""

    path: Path | None = None
    edge: int = 0


class ReadMask(msgspec.Struct, frozen=True, tag="read mask"):
    """Decode a mask in a PNG file of any kind."""

    path: Path


class Taken(msgspec.Struct, frozen=True, tag="taken"):
    """The picture, how it differs from its file, and its preview, whose pixels are the frame's bytes."""

    picture: Picture
    change: str
    preview: Shape


class Looked(msgspec.Struct, frozen=True, tag="looked"):
    """The picture, by its header."""

    picture: Picture


class Decoded(msgspec.Struct, frozen=True, tag="decoded"):
    """The pixels: in a ``file`` that its reader removes, or as the frame's bytes."""

    shape: Shape
    file: Path | None = None


class MaskRead(msgspec.Struct, frozen=True, tag="mask read"):
    """The coverage, whose pixels are the frame's bytes: one each, 255 is edited in full."""

    shape: Shape


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """What was asked for could not be done; ``kind`` is that of the error."""

    kind: str
    message: str
    cause: str = ""
    next_step: str = ""


ReadRequest = Take | Look | Decode | ReadMask
Answer = Taken | Looked | Decoded | MaskRead | Failed
Message = TypeVar("Message")


def _spelled(path: object) -> str:
    """A path as text: it may hold any bytes, even ones that aren't UTF-8."""
    assert isinstance(path, Path)
    return os.fsencode(path).decode("latin-1")


def _path(_: type, text: str) -> Path:
    return Path(os.fsdecode(text.encode("latin-1")))


_encoder = msgspec.json.Encoder(enc_hook=_spelled)
_orders = msgspec.json.Decoder(ReadRequest, dec_hook=_path)
_answers = msgspec.json.Decoder(Answer, dec_hook=_path)


class Garbled(ValueError):
    """What came is no frame, or holds no known message."""


def encode(message: ReadRequest | Answer, body_length: int = 0) -> bytes:
    """The head of a frame; ``body_length`` bytes must follow it."""
    text = _encoder.encode(message)
    return PREFIX.pack(len(text), body_length) + text


def read_order(stream: BinaryIO) -> tuple[ReadRequest, bytes] | None:
    """The next order with its bytes; None at the pipe's end. Raises :class:`Garbled`."""
    parts = _read(stream)
    return None if parts is None else (_decoded(_orders, parts[0]), parts[1])


def read_answer(stream: BinaryIO) -> tuple[Answer, bytes] | None:
    """The next answer with its bytes; None at the pipe's end. Raises :class:`Garbled`."""
    parts = _read(stream)
    return None if parts is None else (_decoded(_answers, parts[0]), parts[1])


def _decoded(decoder: msgspec.json.Decoder[Message], text: bytes) -> Message:
    try:
        return decoder.decode(text)
    except (msgspec.DecodeError, ValueError) as fault:  # ValueError: paths and text that are none
        raise Garbled(str(fault)) from fault


def _read(stream: BinaryIO) -> tuple[bytes, bytes] | None:
    prefix = stream.read(PREFIX.size)
    if len(prefix) < PREFIX.size:
        return None
    text_length, body_length = PREFIX.unpack(prefix)
    if text_length > _MOST_TEXT or body_length > _MOST_BODY:
        raise Garbled(f"{text_length} and {body_length} bytes are more than any frame has.")
    text, body = stream.read(text_length), stream.read(body_length)
    return (text, body) if len(text) == text_length and len(body) == body_length else None
