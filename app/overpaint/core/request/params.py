"""Every parameter of an edit, the rules they obey, and the text fields they become on the wire."""

import re
from collections.abc import Iterator

import msgspec

from overpaint.core.errors import Problem
from overpaint.core.request import sizes
from overpaint.core.request.model_table import ModelSpec

MAX_PROMPT = 32_000
MAX_COUNT = 10
MAX_PARTIALS = 3
MAX_PICTURES = 16
MAX_PICTURE_BYTES = 50_000_000
MAX_MASK_BYTES = 4_000_000
AUTO = "auto"

QUALITIES = ("auto", "low", "medium", "high", "xhigh", "max")
BACKGROUNDS = ("auto", "opaque", "transparent")
MODERATIONS = ("auto", "low")
FORMATS = ("auto", "png", "jpeg", "webp")
FIDELITIES = ("low", "high")

_UNSENDABLE = re.compile(r"[\0\ud800-\udfff]")
"""Null, and halves of surrogate pairs (from a broken paste), which UTF-8 can't hold."""


class EditParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The parameters of one edit, named and spelled as in the API.

    ``size`` is ``auto`` or ``WxH``; ``input_fidelity`` and ``user`` are ``""`` when not set;
    ``output_format`` ``auto`` leaves the field out; ``output_compression`` is 0-100 and travels only
    with jpeg and webp; ``partial_images`` 0-3 travels only with ``stream``.
    """

    prompt: str = ""
    model: str = "gpt-image-2"
    input_fidelity: str = ""
    n: int = 1
    size: str = AUTO
    quality: str = AUTO
    background: str = AUTO
    moderation: str = AUTO
    output_format: str = AUTO
    output_compression: int = 100
    stream: bool = True
    partial_images: int = 2
    user: str = ""

    def replace(self, **changes: object) -> "EditParams":
        """A copy with some parameters changed."""
        return msgspec.structs.replace(self, **changes)


def problems(params: EditParams, spec: ModelSpec, *, apart: bool = False) -> tuple[Problem, ...]:
    """Everything that keeps these parameters from being sent to a model; empty when nothing does.

    One request is meant; with ``apart`` as many as :func:`requests` says, which may stream several
    pictures. A value the model doesn't take is no problem where leaving the field out does what was asked for
    (``input_fidelity`` on gpt-image-2): :func:`wire_fields` leaves it out.
    """
    found = [*_text_problems(params), *_number_problems(params, spec)]
    if (fault := size_problem(params.size, spec)) is not None:
        found.append(fault)
    found.extend(_choice_problems(params, spec))
    found.extend(_combination_problems(params, spec, apart=apart))
    return tuple(found)


def requests(params: EditParams, spec: ModelSpec) -> int:
    """How many requests bring ``n`` pictures: one each where they stream, as the service streams only
    ``n=1``, otherwise one for all of them."""
    return max(1, params.n) if params.stream and not spec.refusal("stream") else 1


def size_problem(text: str, spec: ModelSpec) -> Problem | None:
    """What is wrong with a size as typed, with the nearest legal size as the suggestion."""
    if text == AUTO or spec.refusal("size"):
        return None
    size = sizes.parse(text)
    if size is None:
        return Problem("size", f"“{text}” is no size: type width x height, like 1536x1024, or auto.", AUTO)
    broken = next((check for check in sizes.checks(size, spec.sizes) if not check.ok), None)
    if broken is None:
        return None
    near = sizes.nearest(size, spec.sizes).get("ratio")
    return Problem("size", broken.message, str(near) if near else "")


def wire_fields(params: EditParams, spec: ModelSpec) -> list[tuple[str, str]]:
    """The text parts of the request in their order: set fields only, and none the model refuses.

    ``model`` and ``prompt`` always travel; a field at its default is left to the service. A size is
    written ``WxH`` however it was typed.
    """
    size = sizes.parse(params.size)
    compressed = params.output_format in ("jpeg", "webp") and not spec.refusal("output_format")
    streams = params.stream and not spec.refusal("stream")
    fields = [
        ("model", params.model.strip(), True),
        ("prompt", params.prompt, True),
        ("input_fidelity", params.input_fidelity, params.input_fidelity in spec.input_fidelities),
        ("n", str(params.n), params.n != 1),
        ("size", str(size), size is not None),
        *((name, value, value != AUTO) for name, value in _choices(params)),
        (
            "output_compression",
            str(params.output_compression),
            compressed and params.output_compression != 100,
        ),
        ("stream", "true", streams),
        ("partial_images", str(params.partial_images), streams and params.partial_images > 0),
        ("user", params.user, bool(params.user)),
    ]
    return [(name, value) for name, value, is_set in fields if is_set and not spec.refusal(name)]


def omitted_fields(params: EditParams, spec: ModelSpec) -> list[tuple[str, str]]:
    """The fields of the API that :func:`wire_fields` leaves out, in their order, each with the reason."""
    sent = {name for name, _ in wire_fields(params, spec)}
    values = msgspec.structs.asdict(params)
    return [
        (name, _why_left_off(name, params, spec))
        for name in ("model", "prompt", *(one for one in values if one not in ("model", "prompt")))
        if name not in sent
    ]


def _why_left_off(name: str, params: EditParams, spec: ModelSpec) -> str:
    if refusal := spec.refusal(name):
        return refusal
    if name == "output_compression" and params.output_format not in ("jpeg", "webp"):
        return "Only with JPEG and WebP"
    if name == "partial_images" and not params.stream:
        return "Only while streaming"
    match getattr(params, name):
        case "auto":
            return "Left to the service"
        case "":
            return "None is set"
        case False:
            return "The picture comes when it is finished"
        case value:
            return f"{value} is the service's default"


def _choices(params: EditParams) -> tuple[tuple[str, str], ...]:
    """The fields whose value is one of a few words, ``auto`` among them."""
    return (
        ("quality", params.quality),
        ("background", params.background),
        ("moderation", params.moderation),
        ("output_format", params.output_format),
    )


def _text_problems(params: EditParams) -> Iterator[Problem]:
    if not params.model.strip():
        yield Problem("model", "Choose a model.", "gpt-image-2")
    if not params.prompt.strip():
        yield Problem("prompt", "Say what should change.")
    elif len(params.prompt) > MAX_PROMPT:
        over = len(params.prompt) - MAX_PROMPT
        letters = "character" if over == 1 else "characters"
        yield Problem("prompt", f"The prompt is {over:,} {letters} too long; {MAX_PROMPT:,} are allowed.")
    for name, value in (("model", params.model), ("prompt", params.prompt), ("user", params.user)):
        if (sendable := _UNSENDABLE.sub("", value)) != value:
            yield Problem(name, f"The {name} holds a character that can't be sent.", sendable)


def _number_problems(params: EditParams, spec: ModelSpec) -> Iterator[Problem]:
    if not 1 <= params.n <= spec.max_count:
        suggestion = str(min(max(params.n, 1), spec.max_count))
        yield Problem("n", f"Between 1 and {spec.max_count} variations.", suggestion)
    most = MAX_PARTIALS if spec.refusal("partial_images") else spec.max_partials
    if not 0 <= params.partial_images <= most:
        suggestion = str(min(max(params.partial_images, 0), most))
        yield Problem("partial_images", f"Between 0 and {most} partial pictures.", suggestion)
    if not 0 <= params.output_compression <= 100:
        suggestion = str(min(max(params.output_compression, 0), 100))
        yield Problem("output_compression", "Compression is between 0 and 100.", suggestion)


def _choice_problems(params: EditParams, spec: ModelSpec) -> Iterator[Problem]:
    offered = (
        ("quality", params.quality, spec.qualities or QUALITIES),
        ("background", params.background, spec.backgrounds or BACKGROUNDS[:2]),
        ("moderation", params.moderation, spec.moderations or MODERATIONS),
        ("output_format", params.output_format, spec.formats or FORMATS),
        ("input_fidelity", params.input_fidelity, ("", *(spec.input_fidelities or FIDELITIES))),
    )
    title = spec.title or spec.family
    for name, value, choices in offered:
        if value in choices:
            continue
        if name == "background" and value == "transparent":
            yield Problem(name, f"Transparent background is not supported for {title}.", AUTO)
            continue
        words = ", ".join(filter(None, choices))
        yield Problem(
            name, f"“{value}” is no {name.replace('_', ' ')} of {title}: choose {words}.", choices[0]
        )


def _combination_problems(params: EditParams, spec: ModelSpec, *, apart: bool) -> Iterator[Problem]:
    if requests(params, spec) > 1 and not apart:
        yield Problem("n", "Streaming brings one picture at a time: turn it off to get several at once.", "1")
    if params.background == "transparent" and params.output_format == "jpeg":
        yield Problem("output_format", "JPEG has no transparency: choose PNG or WebP.", "png")
