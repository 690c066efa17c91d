"""Job states: which may follow which on the way from intent to saved file."""

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.core.results.job_state import ENDS, JobState, may_follow

GOOD_RUN = (
    JobState.INTENT,
    JobState.SENT,
    JobState.REQUEST_ID,
    JobState.PARTIAL,
    JobState.BYTES_COMPLETE,
    JobState.SAVED,
)
states = st.sampled_from(list(JobState))


def test_may_follow_along_a_good_run_is_true_step_by_step():
    assert all(may_follow(before, after) for before, after in pairwise(GOOD_RUN))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (JobState.PARTIAL, JobState.PARTIAL),
        (JobState.SENT, JobState.BYTES_COMPLETE),
        (JobState.REQUEST_ID, JobState.BYTES_COMPLETE),
        (JobState.SAVED, JobState.BYTES_COMPLETE),
        (JobState.SAVED, JobState.SAVED),
        (JobState.SAVED, JobState.OUTCOME_UNKNOWN),
        (JobState.OUTCOME_UNKNOWN, JobState.BYTES_COMPLETE),
        (JobState.OUTCOME_UNKNOWN, JobState.SAVED),
    ],
)
def test_may_follow_in_the_cases_that_happen_is_true(before, after):
    assert may_follow(before, after)


@pytest.mark.parametrize("before", GOOD_RUN[:-1])
@pytest.mark.parametrize("after", [JobState.FAILED, JobState.CANCELLED, JobState.OUTCOME_UNKNOWN])
def test_may_follow_of_an_unfinished_job_to_a_bad_end_is_true(before, after):
    assert may_follow(before, after)


@pytest.mark.parametrize("before", [JobState.FAILED, JobState.CANCELLED])
@pytest.mark.parametrize("after", list(JobState))
def test_may_follow_after_failing_or_cancelling_is_never(before, after):
    assert not may_follow(before, after)


@given(states)
def test_may_follow_back_to_intent_is_never(before):
    assert not may_follow(before, JobState.INTENT)


@given(states)
def test_may_follow_to_saved_needs_complete_bytes_first(before):
    has_bytes = before in {JobState.BYTES_COMPLETE, JobState.SAVED, JobState.OUTCOME_UNKNOWN}

    assert may_follow(before, JobState.SAVED) is has_bytes


def test_may_follow_backwards_in_a_run_is_never_before_it_is_saved():
    unfinished = GOOD_RUN[:-1]

    backwards = [
        (before, after)
        for before, after in product(unfinished, repeat=2)
        if unfinished.index(after) < unfinished.index(before)
    ]

    assert not any(may_follow(before, after) for before, after in backwards)


@given(states)
def test_every_state_is_an_end_or_leads_to_one(state):
    assert state.is_end or any(may_follow(state, end) for end in ENDS)


def test_ends_are_saved_failed_cancelled_and_unknown():
    assert {state.value for state in JobState if state.is_end} == {
        "saved",
        "failed",
        "cancelled",
        "outcome unknown",
    }


def test_has_left_is_true_from_sent_to_saved_and_for_an_unknown_outcome():
    left = {state for state in JobState if state.has_left}

    assert left == {*GOOD_RUN[1:], JobState.OUTCOME_UNKNOWN}


def test_states_are_written_in_the_journal_in_plain_words():
    assert [state.value for state in GOOD_RUN] == [
        "intent",
        "sent",
        "request id",
        "partial",
        "bytes complete",
        "saved",
    ]
