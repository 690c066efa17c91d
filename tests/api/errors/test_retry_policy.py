"""How long a rate limit is waited out, and what is sent again at all."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.api.errors.retry_policy import LONGEST_WAIT, RetryPolicy, asked_delay
from overpaint.core.errors import (
    ConnectionFailed,
    EditError,
    OutcomeUnknown,
    QuotaExhausted,
    RateLimited,
    ServiceFailed,
    StreamCut,
    TimedOut,
)

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        ({"retry-after-ms": "1500"}, "", 1.5),
        ({"retry-after-ms": "1500", "retry-after": "60"}, "", 1.5),
        ({"retry-after": "12"}, "try again in 3s", 12.0),
        ({"retry-after": "0"}, "", 0.1),
        ({"retry-after": "-5"}, "", 10.0),
        ({"retry-after": "-5"}, "Please try again in 12s.", 12.0),
        ({"retry-after": "nan"}, "", 10.0),
        ({"retry-after": "inf"}, "", 120.0),
        ({"retry-after": "864000"}, "", 120.0),
        ({"retry-after-ms": "nan", "retry-after": "7"}, "", 7.0),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:30 GMT"}, "", 30.0),
        ({"retry-after": "Sun, 22 Nov 2026 11:00:00 GMT"}, "", 0.1),
        ({"retry-after": "Wed, 02 Dec 2026 12:00:00 GMT"}, "", 120.0),
        ({"retry-after": "soon"}, "", 10.0),
        ({"retry-after": ""}, "try again in 350ms", 0.35),
        ({}, "Please try again in 1m2.5s. Visit", 62.5),
        ({}, "Please try again in 2 minutes 5 seconds.", 120.0),
        ({}, "Please try again in 1 h", 120.0),
        ({}, "Please try again in 20 seconds.", 20.0),
        ({}, "", 10.0),
    ],
)
def test_a_delay_then_is_what_the_service_said_between_its_limits(
    headers: dict[str, str], message: str, seconds: float
) -> None:
    assert asked_delay(headers, message, NOON) == pytest.approx(seconds)


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_a_delay_when_anything_is_said_then_stays_within_its_limits(
    first: str, second: str, third: str
) -> None:
    seconds = asked_delay({"retry-after-ms": first, "retry-after": second}, "try again in " + third, NOON)

    assert 0.1 <= seconds <= LONGEST_WAIT


def limited(seconds: float) -> RateLimited:
    error = RateLimited("Slow down.", status=429)
    error.retry_after = seconds
    return error


def test_a_rate_limit_then_is_waited_out_five_times() -> None:
    patience = RetryPolicy()

    assert [patience.pause(limited(3.0), {}) for _ in range(6)] == [3.0] * 5 + [None]


def test_a_rate_limit_when_the_service_says_not_to_retry_then_stands() -> None:
    assert RetryPolicy().pause(limited(3.0), {"x-should-retry": "false"}) is None


def test_a_failed_connection_then_is_tried_twice_more() -> None:
    patience = RetryPolicy()
    failure = ConnectionFailed("Couldn't reach it.", code="refused")

    assert [patience.pause(failure, {}) for _ in range(3)] == [0.25, 0.75, None]


@pytest.mark.parametrize(
    "failure",
    [
        ConnectionFailed("x", code="certificate_expired"),
        ConnectionFailed("x", code="upload"),
        OutcomeUnknown("x"),
        StreamCut("x"),
        TimedOut("x"),
        ServiceFailed("x", status=503),
        QuotaExhausted("x", status=429),
        RateLimited("amid a stream", status=200),
    ],
    ids=lambda one: f"{one.kind} {one.code or one.status}",
)
def test_anything_that_may_have_run_or_cannot_mend_then_is_never_sent_again(failure: EditError) -> None:
    assert RetryPolicy().pause(failure, {"x-should-retry": "true", "retry-after": "1"}) is None
