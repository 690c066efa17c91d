"""Keeps the key out of every text that is shown, logged or kept."""

import base64
import logging
from collections.abc import Mapping
from functools import lru_cache

from overpaint.core.results.edit_events import RawSink

HIDDEN = "[key hidden]"

_SHORTEST = 6
"""Shorter keys are words that appear by chance; hiding them would garble the text and hide nothing."""

_UNMISTAKABLE = 12
"""From here on a text stands nowhere by chance, in no case of its letters, not even in a picture's base64."""


def scrub(text: str, key: str) -> str:
    """``text`` with the key replaced wherever it stands, in each spelling that :class:`_Spellings` knows."""
    data = text.encode("utf-8", "surrogatepass")
    hidden = _Spellings(key).hide(data)
    return text if hidden == data else hidden.decode("utf-8", "surrogatepass")


def scrub_bytes(data: bytes, key: str) -> bytes:
    """:func:`scrub` for the raw body of an error reply."""
    return _Spellings(key).hide(data)


class KeylessSink:
    """Passes a reply on to a sink without the key, wherever its chunks are cut; ``end`` it after the last.

    What may be the beginning of the key at a chunk's end is held back until more has come. No picture is
    touched: its text holds no key, and the end of its event is never held back.
    """

    def __init__(self, sink: RawSink, key: str) -> None:
        self._sink = sink
        self._spellings = _Spellings(key)
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
        text = self._spellings.hide(text)
        held = self._spellings.begun(text)
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


class _Spellings:
    """How a key may be repeated: as it is and backwards, escaped as in JSON, in URLs, in web pages and in
    source code, in hexadecimal, UTF-16 and base64, there also behind other words ("Bearer …"). Letters
    count in either case."""

    def __init__(self, key: str) -> None:
        key = key.strip()
        self._exact = key.encode(errors="replace") if _SHORTEST <= len(key) < _UNMISTAKABLE else b""
        self._folded = _folded(key) if len(key) >= _UNMISTAKABLE else ()

    def hide(self, data: bytes) -> bytes:
        """``data`` without the key."""
        if self._exact:
            return data.replace(self._exact, HIDDEN.encode())
        lowered = data.lower()
        for spelling in self._folded:
            if spelling in lowered:
                data = _replaced(data, lowered, spelling)
                lowered = data.lower()
        return data

    def begun(self, data: bytes) -> int:
        """How many bytes at the end of ``data`` may be the beginning of the key."""
        if self._exact:
            return _begun(data, self._exact)
        longest = max(map(len, self._folded), default=0)
        tail = data[-longest:].lower()
        return max((_begun(tail, spelling) for spelling in self._folded), default=0)


def _replaced(data: bytes, lowered: bytes, spelling: bytes) -> bytes:
    pieces, start = [], 0
    while (at := lowered.find(spelling, start)) >= 0:
        pieces += [data[start:at], HIDDEN.encode()]
        start = at + len(spelling)
    return b"".join((*pieces, data[start:]))


@lru_cache(maxsize=4)  # every header and every word of a reply is looked through
def _folded(key: str) -> tuple[bytes, ...]:
    """The spellings of a long key, in small letters."""
    raw = key.encode(errors="replace")
    escapes = ("\\u{:04x}", "\\\\u{:04x}", "\\x{:02x}", "%{:02x}", "%25{:02x}", "&#{};", "&#x{:x};")
    escaped = [
        "".join(one if keeps(one) else escape.format(ord(one)) for one in key)
        for escape in escapes
        for keeps in (str.isalnum, _is_unreserved, lambda _: False)
    ]
    found = [
        raw,
        raw[::-1],
        *(key.replace("/", slash).encode(errors="replace") for slash in ("\\/", "\\\\/")),
        *(one.encode(errors="replace") for one in escaped),
        raw.hex().encode(),
        key.encode("utf-16-le", errors="replace"),
        key.encode("utf-16-be", errors="replace"),
        *_in_base64(raw),
        *_in_base64(key.encode("utf-16-le", errors="replace")),
    ]
    return tuple(dict.fromkeys(one.lower() for one in found if len(one) >= _UNMISTAKABLE))


def _in_base64(raw: bytes) -> list[bytes]:
    """What base64 has of some bytes whatever stands before and behind them, in both alphabets."""
    found = [base64.b64encode(raw).rstrip(b"=")]
    for before in range(3):
        text = base64.b64encode(b"\0" * before + raw)
        found.append(text[4 if before else 0 : len(text) - 4])
    return [one for text in found for one in (text, text.translate(_OF_URLS))]


_OF_URLS = bytes.maketrans(b"+/", b"-_")


def _is_unreserved(one: str) -> bool:
    return one.isalnum() or one in "-._~"


def _begun(text: bytes, spelling: bytes) -> int:
    """How many bytes at the end of ``text`` are the beginning of ``spelling``."""
    tail = text[-len(spelling) + 1 :]
    start = tail.find(spelling[:1])
    while start >= 0 and not spelling.startswith(tail[start:]):
        start = tail.find(spelling[:1], start + 1)
    return len(tail) - start if start >= 0 else 0
