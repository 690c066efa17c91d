"""The tree of expected failures: its shape as drawn, its kinds, and what each carries."""

import inspect
import re

import pytest

from overpaint.core import errors
from overpaint.core.errors import EditError, OutcomeUnknown, OverpaintError, Problem, RateLimited, StreamCut

TREE = [one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, OverpaintError)]


def drawn_parents() -> dict[str, str]:
    """Child and parent of every branch in the drawing of the module's docstring."""
    path: list[str] = []
    parents: dict[str, str] = {}
    for line in (errors.__doc__ or "").splitlines():
        if (match := re.match(r"    ((?:\|   )*)(?:\+-- )?([A-Z]\w+)", line)) is None:
            continue
        depth = len(match[1]) // 4 + ("+--" in line)
        path[depth:] = [match[2]]
        if depth:
            parents[match[2]] = path[depth - 1]
    return parents


def test_the_tree_is_the_one_that_is_drawn():
    grown = {one.__name__: inspect.getmro(one)[1].__name__ for one in TREE if one is not OverpaintError}

    assert grown == drawn_parents()


def test_every_failure_has_a_kind_of_its_own():
    kinds = [one.kind for one in TREE]

    assert len(set(kinds)) == len(kinds)
    assert all(re.fullmatch(r"[a-z_]+", kind) for kind in kinds)


@pytest.mark.parametrize("failure", TREE)
def test_every_failure_carries_its_message_cause_and_next_step(failure):
    raised = failure("Couldn't do it.", cause="errno 5", next_step="Try again.")

    assert (raised.message, raised.cause, raised.next_step) == ("Couldn't do it.", "errno 5", "Try again.")
    assert str(raised) == "Couldn't do it."
    assert raised.sentence() == "Couldn't do it. Try again."


def test_sentence_without_a_next_step_is_the_message():
    assert OverpaintError("Couldn't do it.").sentence() == "Couldn't do it."


def test_edit_error_carries_what_the_service_said():
    raised = EditError("No.", status=400, code="invalid_value", field="size", request_id="req_1")

    assert (raised.status, raised.code, raised.field, raised.request_id) == (
        400,
        "invalid_value",
        "size",
        "req_1",
    )
    assert raised.may_have_been_billed is False


def test_a_cut_stream_is_an_unknown_outcome():
    with pytest.raises(OutcomeUnknown) as caught:
        raise StreamCut("The reply stopped.", may_have_been_billed=True)

    assert caught.value.may_have_been_billed


def test_rate_limited_waits_nothing_until_it_is_told():
    assert RateLimited("Too many requests.").retry_after == 0.0


def test_problem_without_a_suggestion_suggests_nothing():
    assert Problem("size", "No.").suggestion == ""
