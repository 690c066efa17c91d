"""An edit request as its form has it: text fields, pictures and the mask."""

from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile

from overpaint.core.request.model_table import ModelSpec, ModelTable
from overpaint.core.request.params import MAX_PICTURE_BYTES, MAX_PICTURES, EditParams
from overpaint.core.request.picture_formats import named
from overpaint.core.request.picture_formats import sent as sent_formats
from overpaint.engine import api_errors
from overpaint.engine.api_errors import ApiError
from overpaint.engine.text_fields import read_texts

MAX_MASK_BYTES = 4 * 1024 * 1024

_FILES = ("image", "image[]", "mask")
_SETTLED = {"quality": "medium", "output_format": "png"}
"""What the engine takes for ``auto``."""


@dataclass(frozen=True, slots=True)
class EditFields:
    """A valid request. ``quality`` and ``output_format`` of its parameters are settled."""

    params: EditParams
    spec: ModelSpec
    pictures: tuple[UploadFile, ...]
    mask: UploadFile | None

    @property
    def may_be_transparent(self) -> bool:
        """Whether the result can keep an alpha channel."""
        return "transparent" in self.spec.backgrounds and self.params.output_format != "jpeg"

    def picture_param(self, index: int) -> str:
        """How the service names a picture (from 0) in its refusals."""
        return "image" if len(self.pictures) == 1 else f"image[{index}]"


def read_fields(form: FormData, table: ModelTable, kind: type[EditParams]) -> EditFields:
    """Checks everything that can be checked without decoding a picture. Raises :class:`ApiError`."""
    _check_names(form, kind)
    texts = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    pictures = _pictures(form)
    params, spec = read_texts(texts, table, kind)
    settled = {name: value for name, value in _SETTLED.items() if getattr(params, name) == "auto"}
    return EditFields(params.replace(**settled), spec, pictures, _mask(form))


def _check_names(form: FormData, kind: type[EditParams]) -> None:
    seen: set[str] = set()
    for name, _ in form.multi_items():
        if name not in _FILES and name not in kind.__struct_fields__:
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
        raise ApiError(
            f"Invalid 'image': array too long. Expected an array with maximum length {MAX_PICTURES}, but got "
            f"an array with length {len(sent)} instead.",
            param="image",
            code="array_above_max_length",
        )
    params = [name] if name == "image" else [f"image[{index}]" for index in range(len(sent))]
    return tuple(
        _file(one, param, tuple(row.mime for row in sent_formats()), MAX_PICTURE_BYTES)
        for one, param in zip(sent, params, strict=True)
    )


def _mask(form: FormData) -> UploadFile | None:
    mask = form.get("mask")
    if mask is None:
        return None
    file = _file(mask, "mask", (named("png").mime,), MAX_MASK_BYTES)
    if not file.size:
        raise api_errors.bad_mask("mask must be a valid PNG file")
    return file


def _file(value: UploadFile | str, param: str, taken: tuple[str, ...], most: int) -> UploadFile:
    if isinstance(value, str):
        raise api_errors.wrong_type(param, "a file")
    mime = (value.content_type or "").partition(";")[0].strip().lower()
    if not mime:
        raise ApiError(
            f"Invalid file '{param}': failed to determine mimetype. Ensure you are providing the file's "
            "mimetype as part of the 'Content-Type' header.",
            param=param,
            code="missing_file_mimetype",
        )
    if mime not in taken:
        raise ApiError(
            f"Invalid file '{param}': unsupported mimetype ('{mime}'). Supported file formats are "
            f"{api_errors.listed(sorted(taken))}.",
            param=param,
            code="unsupported_file_mimetype",
        )
    if (value.size or 0) >= most:
        raise ApiError(
            f"Invalid file '{param}': the file must be smaller than {most // 1_000_000} MB.",
            param=param,
            code="file_too_large",
        )
    return value
