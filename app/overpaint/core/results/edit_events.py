"""What comes back while an edit runs: frozen messages in order, and where the raw bytes are put.

A client yields any number of :class:`Waiting` and :class:`Partial`, then one :class:`Completed` for each
finished picture, or raises an ``EditError``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

import msgspec

from overpaint.core.results.usage import Usage

Phase = Literal["connecting", "uploading", "waiting", "receiving", "rate limited"]


class Waiting(msgspec.Struct, frozen=True):
    """What the edit is doing now.

    ``sent``/``total`` are bytes while uploading; ``seconds`` is how long a rate limit asks to wait.
    """

    phase: Phase
    sent: int = 0
    total: int = 0
    seconds: float = 0.0
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Partial:
    """A picture on its way: the encoded file, its format by magic bytes, and its number from 0."""

    index: int
    data: bytes = field(repr=False)
    format: str


@dataclass(frozen=True, slots=True)
class Completed:
    """A finished picture: the encoded file byte for byte as the service sent it.

    ``index`` counts the pictures of one edit from 0; ``format`` is by magic bytes; ``usage`` covers the
    whole edit and comes with its first picture only; ``facts`` are the reply's other fields
    (``size``, ``quality``, ``background``, ``revised_prompt`` …) as text.
    """

    index: int
    data: bytes = field(repr=False)
    format: str
    usage: Usage | None = None
    request_id: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


EditEvent = Waiting | Partial | Completed


class RawSink(Protocol):
    """Takes the raw reply as it arrives, before anything is decoded, so that no byte paid for is lost.

    Each call is awaited before the next one: nothing is read on before what came has been taken.
    """

    async def sent(self) -> None:
        """The body's last bytes are about to leave: from now on the edit may be billed."""

    async def head(self, status: int, headers: Mapping[str, str], request_id: str) -> None:
        """The reply's status and header fields (names in lower case) have arrived."""

    async def write(self, chunk: bytes) -> None:
        """More bytes of the reply's body, in order."""

    async def flush(self) -> None:
        """Returns once everything written is on the disk."""


class NullSink:
    """A sink that keeps nothing, for replies that cost nothing to lose."""

    async def sent(self) -> None:
        """Does nothing."""

    async def head(self, status: int, headers: Mapping[str, str], request_id: str) -> None:
        """Does nothing."""

    async def write(self, chunk: bytes) -> None:
        """Does nothing."""

    async def flush(self) -> None:
        """Returns at once."""
