"""The eraser: a brush that takes the mask away."""

from functools import partial

from overpaint.ui.tools.brush import begin_stroke, preview_line
from overpaint.ui.tools.tool_spec import ToolSpec

ERASER = ToolSpec(
    id="eraser",
    title="Eraser",
    tip="take the mask away. {swap_tools} swaps brush and eraser.",
    icon="eraser",
    keys=("E",),
    group="paint",
    begin=partial(begin_stroke, erase=True),
    hover=preview_line,
    options=frozenset({"size", "hardness", "opacity", "pen"}),
    brush="eraser",
    ring=True,
    right_button=True,
    swaps_with="brush",
)
