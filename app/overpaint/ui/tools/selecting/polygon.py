"""The polygon: corner by corner, closed by a double click, a click on its start, or Enter."""

import math

from PySide6.QtCore import Qt

from overpaint.core.masks.mask import Mask
from overpaint.imaging.masks import shapes
from overpaint.ui.tools.commit.selection_raster import Points
from overpaint.ui.tools.options.selection_options import ModifierLatch, how_at
from overpaint.ui.tools.tool_spec import Draft, ToolContext, ToolSpec
from overpaint.ui.viewport.angles import snap_to_angle
from overpaint.ui.viewport.canvas_api import Pointer
from overpaint.ui.viewport.outline import Outline

_NEAR = 8.0
_FEWEST = 3


class PolygonDraft(Draft):
    """Clicks set corners. Shift holds the lines to multiples of 15 degrees."""

    name = "Polygon"

    def __init__(self, context: ToolContext, mask: Mask, pointer: Pointer) -> None:
        self._context, self._mask = context, mask
        self._how = how_at(pointer, context.options)
        self._straight = ModifierLatch(pointer, Qt.KeyboardModifier.ShiftModifier)
        self._corners = [context.place(pointer)]
        self.hover(pointer)

    def press(self, pointer: Pointer) -> None:
        """Sets a corner, or closes on the first one or by a double click."""
        self._context.canvas.back_to_picture()
        point = self._point(pointer)
        if pointer.twice or self._closes(pointer):
            self.close()
            return
        if point != self._corners[-1]:
            self._corners.append(point)
        self.hover(pointer)

    def hover(self, pointer: Pointer) -> None:
        """Shows the line that a click would make."""
        end = self._corners[0] if self._closes(pointer) else self._point(pointer)
        line = (*self._line(), *self._way(end))
        self._context.canvas.show_outline(Outline(line, closed=False, handles=tuple(self._corners)))

    def step_back(self, pointer: Pointer | None) -> None:
        """Takes the last corner back; without the first one there is no polygon."""
        self._corners.pop()
        if not self._corners:
            self.abort()
        elif pointer is not None:
            self.hover(pointer)

    def close(self) -> None:
        """Masks what the corners enclose, if they enclose anything."""
        self.abort()
        if len(self._corners) >= _FEWEST:
            self._commit()

    def abort(self) -> None:
        """Leaves the mask as it is."""
        self.done = True
        self._context.canvas.show_outline(None)

    def _commit(self) -> None:
        self._commit_line(self._line())

    def _commit_line(self, points: Points) -> None:
        self._context.selections.commit(self.name, self._mask, self._how, points, shapes.polygon)

    def _line(self) -> Points:
        """The line through the corners."""
        return tuple(self._corners)

    def _way(self, end: tuple[float, float]) -> Points:
        """How the line would go on to ``end``."""
        return (end,)

    def _point(self, pointer: Pointer) -> tuple[float, float]:
        x, y = self._context.place(pointer)
        return snap_to_angle(self._corners[-1], x, y) if self._straight.follow(pointer) else (x, y)

    def _closes(self, pointer: Pointer) -> bool:
        start = self._context.canvas.view.to_widget(*self._corners[0])
        return len(self._corners) >= _FEWEST and math.dist(start, (pointer.x, pointer.y)) <= _NEAR


def _begin(context: ToolContext, pointer: Pointer) -> Draft | None:
    mask = context.mask_to_edit()
    return None if mask is None else PolygonDraft(context, mask, pointer)


POLYGON = ToolSpec(
    id="polygon",
    title=PolygonDraft.name,
    tip="click corners, double-click to close.",
    icon="polygon",
    keys=("Shift+L",),
    group="select",
    begin=_begin,
    options=frozenset({"combine", "feather", "smooth"}),
    on_edges=True,
)
