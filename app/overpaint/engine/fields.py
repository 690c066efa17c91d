"""The fields of an edit request, read from the form and held against the seed table and the model."""

from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile

from overpaint.core.request import sizes
from overpaint.core.request.edit_request import MIME_OF_FORMAT
from overpaint.core.request.model_table import ModelSpec, ModelTable
from overpaint.core.request.params import (
    BACKGROUNDS,
    FIDELITIES,
    FORMATS,
    MAX_COUNT,
    MAX_PARTIALS,
    MAX_PICTURE_BYTES,
    MAX_PICTURES,
    MAX_PROMPT,
    MODERATIONS,
    QUALITIES,
)
from overpaint.engine import api_errors
from overpaint.engine.api_errors import ApiFault

MAX_MASK_BYTES = 4 * 1024 * 1024

_TEXTS = (
    *("model", "prompt", "input_fidelity", "n", "size", "quality", "background", "moderation"),
    *("output_format", "output_compression", "stream", "partial_images", "user"),
)
_KNOWN = frozenset((*_TEXTS, "image", "image[]", "mask"))
_TRUE, _FALSE = ("true", "1"), ("false", "0")
_NOT_FOR_PICTURES = ("gpt-3", "gpt-4", "gpt-5", "o1", "o3", "o4", "text-", "tts-", "whisper")
_MAX_USER = 512


@dataclass(frozen=True, slots=True)
class EditFields:
    """A valid request. ``size`` is ``auto`` or ``WxH``, ``quality`` and ``output_format`` are settled."""

    prompt: str
    model: str
    spec: ModelSpec
    n: int
    size: str
    quality: str
    background: str
    output_format: str
    output_compression: int
    stream: bool
    partial_images: int
    pictures: tuple[UploadFile, ...]
    mask: UploadFile | None

    @property
    def may_be_transparent(self) -> bool:
        """Whether the result can keep an alpha channel."""
        return "transparent" in self.spec.backgrounds and self.output_format != "jpeg"

    def picture_param(self, index: int) -> str:
        """How the service names a picture (from 0) in its refusals."""
        return "image" if len(self.pictures) == 1 else f"image[{index}]"


def read_fields(form: FormData, table: ModelTable) -> EditFields:
    """Checks everything that can be checked without decoding a picture. Raises :class:`ApiFault`."""
    _check_names(form)
    texts = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    pictures = _pictures(form)
    model = _model(texts)
    spec = table.find(model)
    stream = _boolean(texts, "stream")
    output_format = _choice(texts, "output_format", FORMATS, spec.formats)
    fields = EditFields(
        prompt=_prompt(texts),
        model=model,
        spec=spec,
        n=_integer(texts, "n", 1, 1, min(MAX_COUNT, spec.max_count)),
        size=_size(texts, spec),
        quality=_quality(texts, spec),
        background=_background(texts, spec, output_format),
        output_format="png" if output_format == "auto" else output_format,
        output_compression=_compression(texts, output_format),
        stream=stream,
        partial_images=_integer(texts, "partial_images", 0, 0, min(MAX_PARTIALS, spec.max_partials)),
        pictures=pictures,
        mask=_mask(form),
    )
    _choice(texts, "moderation", MODERATIONS, spec.moderations)
    _check_fidelity(texts, spec)
    _check_user(texts)
    _check_stream(fields)
    return fields


def _check_names(form: FormData) -> None:
    seen: set[str] = set()
    for name, _ in form.multi_items():
        if name not in _KNOWN:
            raise api_errors.unknown(name)
        if name in seen and name != "image[]":
            raise api_errors.duplicate(name)
        seen.add(name)
    if {"image", "image[]"} <= seen:
        raise api_errors.duplicate("image")


def _pictures(form: FormData) -> tuple[UploadFile, ...]:
    name = "image[]" if "image[]" in form else "image"
    sent = form.getlist(name)
    if not sent:
        raise api_errors.missing("image")
    if len(sent) > MAX_PICTURES:
        raise ApiFault(
            f"Invalid 'image': array too long. Expected an array with maximum length {MAX_PICTURES}, but got "
            f"an array with length {len(sent)} instead.",
            param="image",
            code="array_above_max_length",
        )
    params = [name] if name == "image" else [f"image[{index}]" for index in range(len(sent))]
    return tuple(
        _file(one, param, tuple(MIME_OF_FORMAT.values()), MAX_PICTURE_BYTES)
        for one, param in zip(sent, params, strict=True)
    )


def _mask(form: FormData) -> UploadFile | None:
    mask = form.get("mask")
    return None if mask is None else _file(mask, "mask", (MIME_OF_FORMAT["png"],), MAX_MASK_BYTES)


def _file(value: UploadFile | str, param: str, taken: tuple[str, ...], most: int) -> UploadFile:
    if isinstance(value, str):
        raise api_errors.wrong_type(param, "a file")
    mime = (value.content_type or "").partition(";")[0].strip().lower()
    if not mime:
        raise ApiFault(
            f"Invalid file '{param}': failed to determine mimetype. Ensure you are providing the file's "
            "mimetype as part of the 'Content-Type' header.",
            param=param,
            code="missing_file_mimetype",
        )
    if mime not in taken:
        raise ApiFault(
            f"Invalid file '{param}': unsupported mimetype ('{mime}'). Supported file formats are "
            f"{api_errors.listed(sorted(taken))}.",
            param=param,
            code="unsupported_file_mimetype",
        )
    if (value.size or 0) >= most:
        raise ApiFault(
            f"Invalid file '{param}': the file must be smaller than {most // 1_000_000} MB.",
            param=param,
            code="file_too_large",
        )
    return value


def _model(texts: dict[str, str]) -> str:
    model = texts.get("model", "").strip()
    if not model:
        raise api_errors.missing("model")
    if model.lower().startswith(_NOT_FOR_PICTURES):
        raise ApiFault(
            f"The model '{model}' does not exist or you do not have access to it.",
            status=404,
            code="model_not_found",
        )
    return model


def _prompt(texts: dict[str, str]) -> str:
    prompt = texts.get("prompt", "")
    if not prompt.strip():
        raise api_errors.missing("prompt")
    if len(prompt) > MAX_PROMPT:
        raise api_errors.too_long("prompt", len(prompt), MAX_PROMPT)
    return prompt


def _size(texts: dict[str, str], spec: ModelSpec) -> str:
    text = texts.get("size", "auto") or "auto"
    if text == "auto":
        return text
    size = sizes.parse(text)
    if spec.sizes.listed:
        if text not in spec.sizes.listed:
            raise api_errors.not_among(text, (*spec.sizes.listed, "auto"), "size")
        return text
    if size is None or text != str(size):
        raise ApiFault(
            f"Invalid size '{text}'. Expected 'auto' or '<width>x<height>'.",
            param="size",
            code="invalid_value",
        )
    broken = next((one for one in sizes.checks(size, spec.sizes) if not one.ok), None)
    if broken is not None:
        raise ApiFault(f"Invalid size '{text}'. {broken.message}", param="size", code="invalid_value")
    return text


def _quality(texts: dict[str, str], spec: ModelSpec) -> str:
    if "quality" in texts and not spec.qualities:
        raise ApiFault(
            "The 'quality' parameter is not supported with this model.", param="quality", code="invalid_value"
        )
    quality = _choice(texts, "quality", QUALITIES, spec.qualities)
    return "medium" if quality == "auto" else quality


def _background(texts: dict[str, str], spec: ModelSpec, output_format: str) -> str:
    background = texts.get("background", "auto") or "auto"
    if background == "transparent" and background not in spec.backgrounds:
        raise ApiFault(
            "Transparent background is not supported for this model.",
            param="background",
            code="invalid_value",
        )
    _choice(texts, "background", BACKGROUNDS, spec.backgrounds)
    if background == "transparent" and output_format == "jpeg":
        raise ApiFault(
            "Transparent background is only supported with the output formats 'png' and 'webp'.",
            param="background",
            code="invalid_value",
        )
    return background


def _compression(texts: dict[str, str], output_format: str) -> int:
    compression = _integer(texts, "output_compression", 100, 0, 100)
    if compression != 100 and output_format not in ("jpeg", "webp"):
        raise ApiFault(
            "Compression less than 100 is not supported for PNG output format.",
            param="output_compression",
            code="invalid_value",
        )
    return compression


def _check_fidelity(texts: dict[str, str], spec: ModelSpec) -> None:
    fidelity = texts.get("input_fidelity")
    if fidelity is None:
        return
    if fidelity not in FIDELITIES:
        raise api_errors.not_among(fidelity, FIDELITIES, "input_fidelity")
    if fidelity not in spec.input_fidelities:
        raise ApiFault(
            "The 'input_fidelity' parameter is not supported with this model.",
            param="input_fidelity",
            code="invalid_input_fidelity_model",
        )


def _check_user(texts: dict[str, str]) -> None:
    if len(texts.get("user", "")) > _MAX_USER:
        raise api_errors.too_long("user", len(texts["user"]), _MAX_USER)


def _check_stream(fields: EditFields) -> None:
    if fields.stream and fields.n > 1:
        raise ApiFault("Streaming is only supported with n=1.", param="n", code="invalid_value")
    if fields.partial_images and not fields.stream:
        raise ApiFault(
            "The 'partial_images' parameter is only supported when streaming.",
            param="partial_images",
            code="invalid_value",
        )


def _choice(texts: dict[str, str], name: str, known: tuple[str, ...], taken: tuple[str, ...]) -> str:
    value = texts.get(name, "auto")
    if value == "auto" or value in taken:
        return value
    raise api_errors.not_among(value, taken or known, name)


def _integer(texts: dict[str, str], name: str, usual: int, least: int, most: int) -> int:
    text = texts.get(name)
    if text is None:
        return usual
    digits = text.strip().removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        raise api_errors.wrong_type(name, "an integer")
    value = int(text)
    if value > most:
        raise api_errors.above(name, value, most)
    if value < least:
        raise api_errors.below(name, value, least)
    return value


def _boolean(texts: dict[str, str], name: str) -> bool:
    text = texts.get(name, "false").lower()
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise api_errors.wrong_type(name, "a boolean")
