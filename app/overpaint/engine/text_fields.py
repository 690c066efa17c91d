"""The text fields of a request, read by the table of API fields and held against the model, in the service's
words."""

from collections.abc import Mapping
from typing import Any

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
from overpaint.core.request.model_table import ModelSpec, ModelTable
from overpaint.core.request.params import EditParams
from overpaint.engine import api_errors
from overpaint.engine.api_errors import ApiError

_TRUE, _FALSE = ("true", "1"), ("false", "0")
_NOT_FOR_PICTURES = ("gpt-3", "gpt-4", "gpt-5", "o1", "o3", "o4", "text-", "tts-", "whisper")

_NOT_SUPPORTED_CODES = {"input_fidelity": "invalid_input_fidelity_model"}
"""Where the service has a code of its own for a field that a model doesn't take."""

_REFUSED = {"transparent": "Transparent background is not supported for this model."}
"""The service's sentences for values that a model doesn't take."""

_ONLY_WITH = {
    "output_compression": "Compression less than 100 is not supported for PNG output format.",
    "partial_images": "The 'partial_images' parameter is only supported when streaming.",
}
"""The service's sentences for fields that mean nothing without another."""


def read_texts(
    texts: Mapping[str, str], table: ModelTable, kind: type[EditParams]
) -> tuple[EditParams, ModelSpec]:
    """The parameters, with the service's defaults for what was left out, and the row of their model.

    Raises :class:`ApiError`.
    """
    rows = fields_of(kind)
    _check_model(texts.get("model", ""))
    spec = table.find(texts.get("model", ""))
    values: dict[str, Any] = {name: _read(field, texts, spec) for name, field in rows.items()}
    params = kind(**values)
    for field in rows.values():
        _check_only_with(field, params)
    _check_combinations(params)
    return params, spec


def _check_model(name: str) -> None:
    if name.strip().lower().startswith(_NOT_FOR_PICTURES):
        raise ApiError(
            f"The model '{name.strip()}' does not exist or you do not have access to it.",
            status=404,
            code="model_not_found",
        )


def _read(field: ApiField, texts: Mapping[str, str], spec: ModelSpec) -> Value:
    text = texts.get(field.name)
    if isinstance(field, Text):
        return _text(field, text or "")
    if text is None:
        return field.left_out
    match field:
        case Choice():
            return _choice(field, text, spec)
        case Number():
            return _integer(field, text, spec)
        case Switch():
            return _boolean(field, text)
        case PictureSize():
            return _size(field, text, spec)
    raise TypeError(f"No reader for {field.name}")


def _text(field: Text, text: str) -> str:
    if field.missing and not text.strip():
        raise api_errors.missing(field.name)
    if field.longest and len(text) > field.longest:
        raise api_errors.too_long(field.name, len(text), field.longest)
    return text.strip() if field.trimmed else text


def _choice(field: Choice, value: str, spec: ModelSpec) -> str:
    taken: tuple[str, ...] = getattr(spec, field.allowed_by) if field.allowed_by else tuple(field.values)
    if value in taken:
        return value
    if field.name in _NOT_SUPPORTED_CODES and value not in field.values:
        raise api_errors.not_among(value, tuple(filter(None, field.values)), field.name)
    if value in field.refused:
        raise ApiError(_REFUSED[value], param=field.name, code="invalid_value")
    if spec.refusal(field.name) or (field.only_if_taken and value in field.values):
        raise ApiError(
            f"The '{field.name}' parameter is not supported with this model.",
            param=field.name,
            code=_NOT_SUPPORTED_CODES.get(field.name, "invalid_value"),
        )
    if value == field.left_out:
        return value
    raise api_errors.not_among(value, taken, field.name)


def _integer(field: Number, text: str, spec: ModelSpec) -> int:
    digits = text.strip().removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        raise api_errors.wrong_type(field.name, "an integer")
    value = int(text)
    high = min(field.high, getattr(spec, field.high_by)) if field.high_by else field.high
    if value > high:
        raise api_errors.above(field.name, value, high)
    if value < field.low:
        raise api_errors.below(field.name, value, field.low)
    return value


def _boolean(field: Switch, text: str) -> bool:
    if (word := text.lower()) in _TRUE or word in _FALSE:
        return word in _TRUE
    raise api_errors.wrong_type(field.name, "a boolean")


def _size(field: PictureSize, text: str, spec: ModelSpec) -> str:
    if text in ("", field.left_out):
        return str(field.left_out)
    size = sizes.parse(text)
    rules = getattr(spec, field.rules_by)
    if rules.listed:
        if text not in rules.listed:
            raise api_errors.not_among(text, (*rules.listed, "auto"), field.name)
        return text
    if size is None or text != str(size):
        raise ApiError(
            f"Invalid size '{text}'. Expected 'auto' or '<width>x<height>'.",
            param=field.name,
            code="invalid_value",
        )
    broken = next((one for one in sizes.checks(size, rules) if not one.ok), None)
    if broken is not None:
        raise ApiError(f"Invalid size '{text}'. {broken.message}", param=field.name, code="invalid_value")
    return text


def _check_only_with(field: ApiField, params: EditParams) -> None:
    condition = field.only_with
    if condition is None or getattr(params, field.name) == field.left_out:
        return
    if getattr(params, condition.field) not in condition.values:
        usual = f"The '{field.name}' parameter is not supported with this '{condition.field}'."
        raise ApiError(_ONLY_WITH.get(field.name, usual), param=field.name, code="invalid_value")


def _check_combinations(params: EditParams) -> None:
    if params.background == "transparent" and params.output_format == "jpeg":
        raise ApiError(
            "Transparent background is only supported with the output formats 'png' and 'webp'.",
            param="background",
            code="invalid_value",
        )
    if params.stream and params.n > 1:
        raise ApiError("Streaming is only supported with n=1.", param="n", code="invalid_value")
