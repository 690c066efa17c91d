"""What each model family takes, field by field and value by value, written down from the API's documentation
and not from the program: the table that inspector, wire and engine are held against."""

import dataclasses
from collections.abc import Iterator

ELDER = ("gpt-image-1", "gpt-image-1-plus", "gpt-image-1.5", "gpt-image-1-mini")
NEWER = ("gpt-image-2.5-sunburst", "gpt-image-2.6-flare")
UNKNOWN = "studio-deployment"
MODELS = (*ELDER, "gpt-image-2", "gpt-image-2-plus", *NEWER, UNKNOWN)

THREE_SIZES = ("1024x1024", "1536x1024", "1024x1536")


@dataclasses.dataclass(frozen=True)
class Case:
    """A value of a field, with what else is set. ``outcome`` is ``sent``; ``left``: it travels by being left
    out; ``off``: the control is off and nothing travels; ``wrong``: Generate is off."""

    field: str
    value: object
    outcome: str
    beside: dict[str, object] = dataclasses.field(default_factory=dict)

    @property
    def wire(self) -> str:
        """The value as it is written on the wire."""
        return str(self.value).lower() if isinstance(self.value, bool) else str(self.value)


def cases(model: str, name: str) -> Iterator[Case]:
    """The rows of the table for one field of a model."""
    yield from (Case(name, value, *rest) for value, *rest in _ROWS[name](model))


FIELDS = (
    "input_fidelity", "n", "size", "quality", "background", "moderation", "output_format",
    "output_compression", "stream", "partial_images", "user",
)  # fmt: skip


def _fidelity(model: str) -> Iterator[tuple]:
    low = model in ELDER or model == UNKNOWN
    high = low and model != "gpt-image-1-mini"
    yield "low", "sent" if low else "off"
    yield "high", "sent" if high else "wrong" if low else "off"
    yield "", "left" if low else "off"


def _count(_: str) -> Iterator[tuple]:
    yield 1, "left", {"stream": False}
    yield 2, "sent", {"stream": False}
    yield 11, "wrong", {"stream": False}
    yield 0, "wrong", {"stream": False}


def _size(model: str) -> Iterator[tuple]:
    free = model not in ELDER
    yield "auto", "left"
    yield from ((size, "sent") for size in THREE_SIZES)
    yield "1024x640", "sent" if free else "wrong"
    for size in ("1537x1024", "3856x1024", "512x512", "2048x512", "3840x2400"):
        yield size, "wrong" if model != UNKNOWN else "sent"


def _quality(model: str) -> Iterator[tuple]:
    taken = {"low", "medium", "high"} | ({"xhigh", "max"} if model in (*NEWER, UNKNOWN) else set())
    if model.endswith("-plus"):
        yield from ((value, "off") for value in ("auto", "low", "high"))
        return
    yield "auto", "left"
    yield from (
        (value, "sent" if value in taken else "wrong") for value in ("low", "medium", "high", "xhigh", "max")
    )


def _background(model: str) -> Iterator[tuple]:
    clear = model in ELDER or model == UNKNOWN
    yield "auto", "left"
    yield "opaque", "sent"
    yield "transparent", "sent" if clear else "wrong", {"output_format": "webp"}


def _moderation(_: str) -> Iterator[tuple]:
    yield "auto", "left"
    yield "low", "sent"
    yield "none", "wrong"


def _format(_: str) -> Iterator[tuple]:
    yield "auto", "left"
    yield from ((value, "sent") for value in ("png", "jpeg", "webp"))
    yield "gif", "wrong"


def _compression(_: str) -> Iterator[tuple]:
    yield 60, "sent", {"output_format": "jpeg"}
    yield 0, "sent", {"output_format": "webp"}
    yield 100, "left", {"output_format": "webp"}
    yield 60, "off", {"output_format": "png"}
    yield 60, "off", {"output_format": "auto"}
    yield 101, "wrong", {"output_format": "webp"}


def _stream(_: str) -> Iterator[tuple]:
    yield True, "sent"
    yield False, "left"


def _partials(_: str) -> Iterator[tuple]:
    yield 0, "left", {"stream": True}
    yield 3, "sent", {"stream": True}
    yield 3, "off", {"stream": False}
    yield 4, "wrong", {"stream": True}


def _user(_: str) -> Iterator[tuple]:
    yield "", "left"
    yield "designer-7", "sent"


_ROWS = {
    "input_fidelity": _fidelity,
    "n": _count,
    "size": _size,
    "quality": _quality,
    "background": _background,
    "moderation": _moderation,
    "output_format": _format,
    "output_compression": _compression,
    "stream": _stream,
    "partial_images": _partials,
    "user": _user,
}
