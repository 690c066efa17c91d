"""An API with one field more of each kind than today's."""

from typing import Annotated

from overpaint.core.request.api_fields import Choice, Number, OnlyWith, Switch, Text
from overpaint.core.request.params import EditParams


class Tomorrow(EditParams, frozen=True):
    """One field more of each kind."""

    sharpness: Annotated[
        int,
        Number(
            title="Sharpness",
            help="how crisp, 0 to 10",
            low=0,
            high=10,
            left_out=0,
            problem="Between {low} and {high} degrees of sharpness.",
        ),
    ] = 0
    tiling: Annotated[
        str, Choice(title="Tiling", values={"auto": "Auto", "both": "Both ways", "none": "Not at all"})
    ] = "auto"
    invisible_mark: Annotated[bool, Switch(title="Mark", label="Mark the picture", off="No mark is made")] = (
        False
    )
    mark_text: Annotated[
        str,
        Text(
            title="Words of the mark",
            longest=20,
            only_with=OnlyWith(
                field="invisible_mark", values=(True,), omitted="Only with a mark", reason="No mark is made."
            ),
        ),
    ] = ""
