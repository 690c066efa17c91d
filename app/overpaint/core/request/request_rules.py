"""The rules that parameters obey for a model, and the text fields they become on the wire."""

import re
from collections.abc import Iterator

from overpaint.core.errors import Problem
from overpaint.core.request import sizes
from overpaint.core.request.api_fields import (
    ApiField,
    Choice,
    Number,
    PictureSize,
    Switch,
    Text,
    Value,
    fields_of,
)
from overpaint.core.request.model_table import ModelSpec
from overpaint.core.request.params import AUTO, EditParams

_UNSENDABLE = re.compile(r"[\0\ud800-\udfff]")
"""Null, and halves of surrogate pairs (from a broken paste), which UTF-8 can't hold."""


def problems(params: EditParams, spec: ModelSpec, *, apart: bool = False) -> tuple[Problem, ...]:
    """Everything that keeps these parameters from being sent to a model; empty when nothing does.

    One request is meant; with ``apart`` as many as :func:`requests` says, which may stream several
    pictures. A value the model doesn't take is no problem where leaving the field out does what was asked for
    (``input_fidelity`` on gpt-image-2): :func:`wire_fields` leaves it out.
    """
    found: list[Problem] = []
    for field in fields_of(type(params)).values():
        found.extend(_field_problems(field, getattr(params, field.name), spec))
    found.extend(_combination_problems(params, spec, apart=apart))
    return tuple(found)


def requests(params: EditParams, spec: ModelSpec) -> int:
    """How many requests bring ``n`` pictures: one each where they stream, as the service streams only
    ``n=1``, otherwise one for all of them."""
    return max(1, params.n) if params.stream and not spec.refusal("stream") else 1


def choices(field: Choice, spec: ModelSpec) -> tuple[str, ...]:
    """The values that are no problem with a model: those it takes, or, where it takes none, all that may be
    left out in silence. ``""``, where it means that the field isn't set, is always among them."""
    taken: tuple[str, ...] = getattr(spec, field.allowed_by) if field.allowed_by else ()
    values = taken or tuple(value for value in field.values if value not in field.refused)
    return ("", *values) if field.left_out == "" and "" not in values else values


def highest(field: Number, spec: ModelSpec) -> int:
    """The largest number that is no problem with a model."""
    is_ignored = bool(field.allowed_by and spec.refusal(field.name))
    limit: int = getattr(spec, field.high_by) if field.high_by and not is_ignored else field.high
    return limit


def off_reason(field: ApiField, params: EditParams, spec: ModelSpec) -> str:
    """Why a field has no effect now, as a sentence beside it; ``""`` when it has."""
    if refusal := spec.refusal(field.name):
        return refusal
    return "" if _is_in_force(field, params) or field.only_with is None else field.only_with.reason


def wire_fields(params: EditParams, spec: ModelSpec) -> list[tuple[str, str]]:
    """The text parts of the request in their order: set fields only, and none the model refuses.

    ``model`` and ``prompt`` always travel; a field at the service's default is left to the service. A size is
    written ``WxH`` however it was typed.
    """
    return [
        (field.name, _written(field, getattr(params, field.name)))
        for field in fields_of(type(params)).values()
        if _is_sent(field, params, spec)
    ]


def omitted_fields(params: EditParams, spec: ModelSpec) -> list[tuple[str, str]]:
    """The fields of the API that :func:`wire_fields` leaves out, in their order, each with the reason."""
    return [
        (field.name, _why_omitted(field, params, spec))
        for field in fields_of(type(params)).values()
        if not _is_sent(field, params, spec)
    ]


# --- the wire


def _is_sent(field: ApiField, params: EditParams, spec: ModelSpec) -> bool:
    if spec.refusal(field.name) or not _is_in_force(field, params):
        return False
    value = getattr(params, field.name)
    match field:
        case Text(missing=required) if required:
            return True
        case Choice(only_if_taken=True):
            return value in getattr(spec, field.allowed_by)
        case PictureSize():
            return sizes.parse(value) is not None
    return bool(value != field.left_out)


def _is_in_force(field: ApiField, params: EditParams) -> bool:
    return field.only_with is None or getattr(params, field.only_with.field) in field.only_with.values


def _written(field: ApiField, value: Value) -> str:
    match field:
        case Text(trimmed=True):
            return str(value).strip()
        case Switch():
            return "true" if value else "false"
        case PictureSize():
            return str(sizes.parse(str(value)))
    return str(value)


def _why_omitted(field: ApiField, params: EditParams, spec: ModelSpec) -> str:
    if refusal := spec.refusal(field.name):
        return refusal
    if field.only_with is not None and not _is_in_force(field, params):
        return field.only_with.omitted
    value = getattr(params, field.name)
    match field:
        case Switch():
            return field.off
        case _ if value == "auto":
            return "Left to the service"
        case _ if value == "":
            return "None is set"
    return f"{value} is the service's default"


# --- what is wrong


def _field_problems(field: ApiField, value: Value, spec: ModelSpec) -> Iterator[Problem]:
    match field:
        case Text():
            yield from _text_problems(field, str(value))
        case Choice():
            yield from _choice_problems(field, str(value), spec)
        case Number():
            yield from _number_problems(field, int(value), spec)
        case PictureSize():
            if (found := _size_problem(field, str(value), spec)) is not None:
                yield found


def _text_problems(field: Text, text: str) -> Iterator[Problem]:
    if field.missing and not text.strip():
        yield Problem(field.name, field.missing, str(field.default))
    elif field.longest and len(text) > field.longest:
        over = len(text) - field.longest
        letters = "character" if over == 1 else "characters"
        yield Problem(
            field.name,
            f"The {field.words} is {over:,} {letters} too long; {field.longest:,} are allowed.",
        )
    if (sendable := _UNSENDABLE.sub("", text)) != text:
        yield Problem(field.name, f"The {field.words} holds a character that can't be sent.", sendable)


def _choice_problems(field: Choice, value: str, spec: ModelSpec) -> Iterator[Problem]:
    offered = choices(field, spec)
    if value in offered:
        return
    title = spec.title or spec.family
    if (sentence := field.refused.get(value)) is not None:
        yield Problem(field.name, sentence.format(title=title), str(field.left_out))
        return
    words = ", ".join(filter(None, offered))
    yield Problem(field.name, f"“{value}” is no {field.words} of {title}: choose {words}.", offered[0])


def _number_problems(field: Number, value: int, spec: ModelSpec) -> Iterator[Problem]:
    high = highest(field, spec)
    if not field.low <= value <= high:
        sentence = field.problem.format(low=field.low, high=high)
        yield Problem(field.name, sentence, str(min(max(value, field.low), high)))


def _size_problem(field: PictureSize, text: str, spec: ModelSpec) -> Problem | None:
    if text == field.left_out or spec.refusal(field.name):
        return None
    size = sizes.parse(text)
    if size is None:
        sentence = f"“{text}” is no size: type width x height, like 1536x1024, or auto."
        return Problem(field.name, sentence, AUTO)
    rules = getattr(spec, field.rules_by)
    broken = next((check for check in sizes.checks(size, rules) if not check.ok), None)
    if broken is None:
        return None
    near = sizes.nearest(size, rules).get("ratio")
    return Problem(field.name, broken.message, str(near) if near else "")


def _combination_problems(params: EditParams, spec: ModelSpec, *, apart: bool) -> Iterator[Problem]:
    if requests(params, spec) > 1 and not apart:
        yield Problem("n", "Streaming brings one picture at a time: turn it off to get several at once.", "1")
    if params.background == "transparent" and params.output_format == "jpeg":
        yield Problem("output_format", "JPEG has no transparency: choose PNG or WebP.", "png")
