"""Keeps the key out of every text that is shown, logged or kept."""

import base64
import logging
from urllib.parse import quote

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
