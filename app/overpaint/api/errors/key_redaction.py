"""Keeps the key out of every text that is shown, logged or kept."""

import base64
import logging
from collections.abc import Mapping
from urllib.parse import quote

from overpaint.core.results.edit_events import RawSink

HIDDEN = "[key hidden]"

_SHORTEST = 6
"""Shorter keys are words that appear by chance; hiding them would garble the text and hide nothing."""


def scrub(text: str, key: str) -> str:
    """``text`` with the key replaced wherever it stands: as it is, in JSON, base64, hexadecimal or URLs."""
    for spelling in _spellings(key):
        text = text.replace(spelling, HIDDEN)
    return text


def scrub_bytes(data: bytes, key: str) -> bytes:
    """:func:`scrub` for the raw body of an error reply."""
    for spelling in _spellings(key):
        data = data.replace(spelling.encode(), HIDDEN.encode())
    return data


class KeylessSink:
    """Passes a reply on to a sink without the key, wherever its chunks are cut; ``end`` it after the last.

    What may be the beginning of the key at a chunk's end is held back until more has come. No picture is
    touched: its text holds no key, and the end of its event is never held back.
    """

    def __init__(self, sink: RawSink, key: str) -> None:
        self._sink = sink
        self._spellings = [spelling.encode() for spelling in _spellings(key)]
        self._held = b""

    async def sent(self) -> None:
        """Passes it on."""
        await self._sink.sent()

    async def head(self, status: int, headers: Mapping[str, str], request_id: str) -> None:
        """Passed on, after the rest of the reply before."""
        await self.end()
        await self._sink.head(status, headers, request_id)

    async def write(self, chunk: bytes) -> None:
        """Passes on what can't be the beginning of the key."""
        text = self._held + chunk if self._held else chunk
        for spelling in self._spellings:
            if spelling in text:
                text = text.replace(spelling, HIDDEN.encode())
        held = max((_begun(text, spelling) for spelling in self._spellings), default=0)
        self._held = text[len(text) - held :]
        await self._sink.write(text[: len(text) - held])

    async def flush(self) -> None:
        """Passes it on."""
        await self._sink.flush()

    async def end(self) -> None:
        """Passes on what was held back: it was no key after all."""
        held, self._held = self._held, b""
        if held:
            await self._sink.write(held)


def quiet_transport_logs() -> None:
    """Keeps the HTTP library from logging header fields and addresses, also where all logs are turned on."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _spellings(key: str) -> list[str]:
    key = key.strip()
    if len(key) < _SHORTEST:
        return []
    raw = key.encode(errors="replace")
    encoded = base64.b64encode(raw).decode().rstrip("=")
    candidates = (
        key,
        key.replace("/", "\\/"),  # as some write it in JSON
        quote(key, safe=""),
        encoded,
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
        raw.hex(),
    )
    return list(dict.fromkeys((*candidates, raw.hex().upper())))


def _begun(text: bytes, spelling: bytes) -> int:
    """How many bytes at the end of ``text`` are the beginning of ``spelling``."""
    tail = text[-len(spelling) + 1 :]
    start = tail.find(spelling[:1])
    while start >= 0 and not spelling.startswith(tail[start:]):
        start = tail.find(spelling[:1], start + 1)
    return len(tail) - start if start >= 0 else 0
