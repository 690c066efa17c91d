"""The lasso: the line along which the pointer goes is closed when the button is released."""

from overpaint.core.masks.mask import Mask
from overpaint.imaging.masks import shapes
from overpaint.ui.tools.options.selection_options import how_at
from overpaint.ui.tools.tool_spec import ToolContext, ToolSpec
from overpaint.ui.viewport.canvas_api import Gesture, Pointer
from overpaint.ui.viewport.outline import Outline

_FEWEST = 3


class LassoDrag(Gesture):
    """Every place of the pointer is a point of the line, in the picture or out of it."""

    def __init__(self, context: ToolContext, mask: Mask, pointer: Pointer) -> None:
        self._context, self._mask = context, mask
        self._how = how_at(pointer, context.options)
        self._points = [context.place(pointer)]

    def move(self, pointer: Pointer) -> None:
        """Draws the line on."""
        point = self._context.place(pointer)
        if point != self._points[-1]:
            self._points.append(point)
            self._context.canvas.show_outline(Outline(tuple(self._points), closed=False))

    def end(self) -> None:
        """Masks what the line encloses."""
        self._context.canvas.show_outline(None)
        if len(self._points) >= _FEWEST:
            points = tuple(self._points)
            self._context.selections.commit(LASSO.title, self._mask, self._how, points, shapes.polygon)

    def abort(self) -> None:
        """Leaves the mask as it is."""
        self._context.canvas.show_outline(None)


def _begin(context: ToolContext, pointer: Pointer) -> Gesture | None:
    mask = context.mask_to_edit()
    return None if mask is None else LassoDrag(context, mask, pointer)


LASSO = ToolSpec(
    id="lasso",
    title="Lasso",
    tip="draw around what should change.",
    icon="lasso",
    keys=("L",),
    group="select",
    begin=_begin,
    options=frozenset({"combine", "feather", "smooth"}),
    on_edges=True,
)
