"""What is wrong, said beside each field, gathered beside Generate, and the way from there to the field."""

from collections.abc import Callable, Mapping, Sequence

import msgspec
from PySide6.QtWidgets import QWidget

from overpaint.core.errors import Problem
from overpaint.studio.document.parameters import Parameters
from overpaint.ui.widgets.fields.titled_field import Field

_MEND = "Put it right"
_ELSEWHERE = {"image": "Add pictures…", "mask": "Show", "eye": "Send it", "too many": "Show"}
"""What stands beside a problem whose field is not in the inspector; any other is the endpoint's."""


class ProblemsByField(msgspec.Struct, frozen=True):
    """All problems as they stand beside Generate: the ``first`` in words, ``every`` one a line, the field
    that is at fault, and what the link to it says. All empty when nothing is wrong."""

    first: str = ""
    every: str = ""
    field: str = ""
    link: str = ""


def problems_by_field(problems: Sequence[Problem], places: Mapping[str, QWidget]) -> ProblemsByField:
    """The reason why Generate is off; ``places`` are the controls of the inspector by their fields."""
    if not problems:
        return ProblemsByField()
    first, others = problems[0], len(problems) - 1
    words = f"{first.message} ({others} more)" if others else first.message
    link = "Show" if first.field in places else _ELSEWHERE.get(first.field, "Endpoint settings…")
    return ProblemsByField(words, "\n".join(one.message for one in problems), first.field, link)


def mark(field: Field, problem: Problem | None, parameters: Parameters) -> None:
    """Says beside a field what is wrong with it, with a link that puts it right where something would do."""
    if problem is None:
        if field.control.isEnabled():
            field.set_problem("")
        return
    act = _mending(problem, parameters) if problem.suggestion else None
    field.set_problem(problem.message, _MEND if act else "", act)


def _mending(problem: Problem, parameters: Parameters) -> Callable[[], None]:
    name, text = problem.field, problem.suggestion
    value = int(text) if isinstance(getattr(parameters.params, name), int) else text
    return lambda: parameters.set(**{name: value})
