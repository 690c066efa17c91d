"""What engine and worker say to each other over pipes: small typed messages, each with raw bytes behind it.

A frame is a 4-byte length of the message, an 8-byte length of the bytes (both little-endian), the message
as JSON, and the bytes.
"""

import struct
from typing import BinaryIO

import msgspec

from overpaint.imaging.offline_edit.edit_order import EditOrder

PREFIX = struct.Struct("<IQ")


class WorkOrder(msgspec.Struct, frozen=True, tag="order"):
    """Engine to worker: an edit. The bytes are the pictures and then the mask, end to end.

    ``pictures`` and ``mask`` are their lengths (mask 0: none); ``format`` and ``compression`` say how
    results are encoded.
    """

    edit: EditOrder
    pictures: tuple[int, ...]
    mask: int = 0
    format: str = "png"
    compression: int = 100


class Accepted(msgspec.Struct, frozen=True, tag="accepted"):
    """Worker to engine: the inputs are sound. Sizes of the pictures and the results as (width, height)."""

    pictures: tuple[tuple[int, int], ...]
    size: tuple[int, int]


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """Worker to engine: an input is unsound; the job is over. ``picture`` counts from 0, -1 is the mask."""

    picture: int
    fault: str


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """Worker to engine: a picture, its bytes base64. ``partial`` counts coarser versions; None: finished."""

    index: int
    partial: int | None
    done: str
    transparent: bool


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """Worker to engine: the job is done, the next may come."""


Message = WorkOrder | Accepted | Refused | Ready | Finished

_decoder = msgspec.json.Decoder(Message)


def encode(message: Message, body_length: int = 0) -> bytes:
    """The head of a frame; ``body_length`` bytes must follow it."""
    text = msgspec.json.encode(message)
    return PREFIX.pack(len(text), body_length) + text


def decode(text: bytes) -> Message:
    """The message of a frame."""
    message: Message = _decoder.decode(text)
    return message


def read(stream: BinaryIO) -> tuple[Message, int] | None:
    """Reads the head of the next frame: its message and how many bytes follow. None at the pipe's end."""
    prefix = stream.read(PREFIX.size)
    if len(prefix) < PREFIX.size:
        return None
    text_length, body_length = PREFIX.unpack(prefix)
    text = stream.read(text_length)
    return (decode(text), body_length) if len(text) == text_length else None
