"""How long a rate limit asks to wait, and how often an edit that cannot have run is sent again."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from overpaint.core.errors import ConnectionFailed, EditError, RateLimited

LONGEST_WAIT = 120.0
"""Seconds; a longer wait is cut to this."""

_SHORTEST_WAIT = 0.1
_UNTOLD_WAIT = 10.0
_MOST_RATE_WAITS = 5
_CONNECT_PAUSES = (0.25, 0.75)
_MAY_MEND = frozenset({"refused", "unreachable", "unknown_name", "handshake"})
_IN_WORDS = re.compile(
    r"try again in ((?:\d+(?:\.\d+)?\s*(?:ms|milliseconds?|seconds?|minutes?|[smh])\s*)+)", re.I
)
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|milliseconds?|seconds?|minutes?|[smh])", re.I)
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}


def asked_delay(headers: Mapping[str, str], message: str = "", now: datetime | None = None) -> float:
    """Seconds to wait, between 0.1 and 120, as the service says it.

    In this order: ``retry-after-ms``, ``retry-after`` in seconds or as a date, "try again in 12s" in the
    message, 10 s. Values that make no sense (not a number, negative) count as not said.
    """
    told = (
        _number(headers.get("retry-after-ms", ""), 0.001),
        _number(headers.get("retry-after", ""), 1.0),
        _until(headers.get("retry-after", ""), now or datetime.now(UTC)),
        _in_words(message),
    )
    seconds = next((one for one in told if one is not None), _UNTOLD_WAIT)
    return min(max(seconds, _SHORTEST_WAIT), LONGEST_WAIT)


class RetryPolicy:
    """Decides for one edit whether it is sent again: only what cannot have run, and only a few times."""

    def __init__(self) -> None:
        self._connects = 0
        self._waits = 0

    def pause(self, failure: EditError, headers: Mapping[str, str]) -> float | None:
        """Seconds after which the edit is sent again; None when the failure stands.

        A failed connection is tried twice more, where that may help and costs no long wait. A rate limit
        (status 429) is waited out up to five times, unless the service says ``x-should-retry: false``.
        """
        if isinstance(failure, ConnectionFailed) and failure.code in _MAY_MEND:
            self._connects += 1
            return _CONNECT_PAUSES[self._connects - 1] if self._connects <= len(_CONNECT_PAUSES) else None
        if isinstance(failure, RateLimited) and failure.status == 429:
            self._waits += 1
            told_not_to = headers.get("x-should-retry", "").strip().lower() == "false"
            return None if told_not_to or self._waits > _MOST_RATE_WAITS else failure.retry_after
        return None


def _number(text: str, unit: float) -> float | None:
    try:
        value = float(text) * unit
    except ValueError:
        return None
    return value if value >= 0 and not math.isnan(value) else None


def _until(text: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _in_words(message: str) -> float | None:
    found = _IN_WORDS.search(message)
    if found is None:
        return None
    return sum(float(value) * _unit(unit.lower()) for value, unit in _AMOUNT.findall(found[1]))


def _unit(word: str) -> float:
    return 0.001 if word.startswith(("ms", "milli")) else _SECONDS[word[0]]
