"""Every parameter of an edit: the one table of the API's fields."""

from typing import Annotated

import msgspec

from overpaint.core.request.api_fields import (
    Choice,
    Number,
    OnlyWith,
    PictureSize,
    Switch,
    Text,
    fields_of,
)

MAX_PROMPT = 32_000
MAX_PICTURES = 16
MAX_PICTURE_BYTES = 50_000_000
AUTO = "auto"


class EditParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The parameters of one edit, named and spelled as in the API, in the order of the wire.

    A further field of the API is one more line here; one that a model may refuse through more than its
    ``refusals`` also has an attribute in ``ModelSpec``.
    """

    model: Annotated[
        str,
        Text(title="Model", metavar="NAME", missing="Choose a model.", trimmed=True, editor="model"),
    ] = "gpt-image-2"
    prompt: Annotated[
        str,
        Text(
            title="Prompt",
            help="what should change",
            metavar="TEXT",
            missing="Say what should change.",
            longest=MAX_PROMPT,
            editor="prompt",
        ),
    ] = ""
    input_fidelity: Annotated[
        str,
        Choice(
            title="Input fidelity",
            help="low, high; only some models take it",
            metavar="F",
            values={"": "As the model does", "low": "Low", "high": "High"},
            left_out="",
            allowed_by="input_fidelities",
            only_if_taken=True,
        ),
    ] = ""
    n: Annotated[
        int,
        Number(
            title="Variations",
            help="how many variations, 1 to 10",
            metavar="N",
            low=1,
            high=10,
            high_by="max_count",
            problem="Between {low} and {high} variations.",
            left_out=1,
        ),
    ] = 1
    size: Annotated[
        str,
        PictureSize(
            title="Size",
            help="auto, or for example 1536x1024",
            metavar="WxH",
            rules_by="sizes",
            editor="size",
        ),
    ] = AUTO
    quality: Annotated[
        str,
        Choice(
            title="Quality",
            metavar="Q",
            values={
                "auto": "Auto",
                "low": "Low",
                "medium": "Medium",
                "high": "High",
                "xhigh": "Extra high",
                "max": "Maximum",
            },
            allowed_by="qualities",
        ),
    ] = AUTO
    background: Annotated[
        str,
        Choice(
            title="Background",
            metavar="B",
            values={"auto": "Auto", "opaque": "Opaque", "transparent": "Transparent"},
            allowed_by="backgrounds",
            refused={"transparent": "Transparent background is not supported for {title}."},
        ),
    ] = AUTO
    moderation: Annotated[
        str,
        Choice(
            title="Moderation",
            metavar="M",
            values={"auto": "Standard", "low": "Less strict"},
            allowed_by="moderations",
        ),
    ] = AUTO
    output_format: Annotated[
        str,
        Choice(
            title="Format",
            metavar="F",
            values={"auto": "Auto (PNG)", "png": "PNG", "jpeg": "JPEG", "webp": "WebP"},
            allowed_by="formats",
        ),
    ] = AUTO
    output_compression: Annotated[
        int,
        Number(
            title="Compression",
            help="for jpeg and webp",
            metavar="0-100",
            low=0,
            high=100,
            problem="Compression is between {low} and {high}.",
            left_out=100,
            only_with=OnlyWith(
                field="output_format",
                values=("jpeg", "webp"),
                omitted="Only with JPEG and WebP",
                reason="Only JPEG and WebP are compressed with loss.",
            ),
            editor="percent",
        ),
    ] = 100
    stream: Annotated[
        bool,
        Switch(
            title="Streaming",
            help="reply as a stream",
            label="Show the picture while it renders",
            off="The picture comes when it is finished",
            allowed_by="streams",
        ),
    ] = True
    partial_images: Annotated[
        int,
        Number(
            title="Partials",
            spoken="Partial pictures",
            help="partial pictures on the way; streams",
            metavar="0-3",
            low=0,
            high=3,
            high_by="max_partials",
            problem="Between {low} and {high} partial pictures.",
            left_out=0,
            allowed_by="max_partials",
            only_with=OnlyWith(
                field="stream", values=(True,), omitted="Only while streaming", reason="Streaming is off."
            ),
        ),
    ] = 2
    user: Annotated[
        str,
        Text(title="User identifier", help="an identifier of the end user", metavar="ID", longest=512),
    ] = ""

    def replace(self, **changes: object) -> "EditParams":
        """A copy with some parameters changed."""
        return msgspec.structs.replace(self, **changes)


def words_for(field: str, value: str) -> str:
    """What the user reads for a value of a field; a value without words stands as it is."""
    row = fields_of(EditParams)[field]
    return row.values.get(value, value) if isinstance(row, Choice) else value
