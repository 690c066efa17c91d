"""The polygon: corner by corner, closed by a double click, a click on its start, or Enter."""

import math

from PySide6.QtCore import Qt

from overpaint.core.masks.mask import Mask
from overpaint.ui.tools.commit.selection_commit import Points, SelectionCommitter
from overpaint.ui.tools.options.selection_options import ModifierLatch, how_at
from overpaint.ui.viewport.angles import snap_to_angle
from overpaint.ui.viewport.canvas_api import CanvasContext, Pointer
from overpaint.ui.viewport.outline import Outline

_NEAR = 8.0
_FEWEST = 3


class PolygonDraft:
    """Begun by the first click; ``done`` once it was closed or given up. Shift leads lines at 15 degrees."""

    tool = "polygon"

    def __init__(
        self, context: CanvasContext, selector: SelectionCommitter, mask: Mask, pointer: Pointer
    ) -> None:
        self._context, self._selector, self._mask = context, selector, mask
        self._how = how_at(pointer, selector.choice)
        self._straight = ModifierLatch(pointer, Qt.KeyboardModifier.ShiftModifier)
        self._corners = [context.view.to_picture(pointer.x, pointer.y)]
        self.done = False
        self.hover(pointer)

    def press(self, pointer: Pointer) -> None:
        """Sets a corner, or closes on the first one or by a double click."""
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
        self._context.show_outline(Outline(line, closed=False, handles=tuple(self._corners)))

    def take_back(self, pointer: Pointer | None) -> None:
        """Takes the last corner back; the first one gives the polygon up."""
        self._corners.pop()
        if not self._corners:
            self.abort()
        elif pointer is not None:
            self.hover(pointer)

    def close(self) -> None:
        """Masks what the corners enclose, if they enclose anything."""
        self.abort()
        if len(self._corners) >= _FEWEST:
            self._take()

    def abort(self) -> None:
        """Leaves the mask as it is."""
        self.done = True
        self._context.show_outline(None)

    def _take(self) -> None:
        self._selector.take_polygon(self.tool, self._mask, self._line(), self._how)

    def _line(self) -> Points:
        """The line through the corners."""
        return tuple(self._corners)

    def _way(self, end: tuple[float, float]) -> Points:
        """How the line would go on to ``end``."""
        return (end,)

    def _point(self, pointer: Pointer) -> tuple[float, float]:
        x, y = self._context.view.to_picture(pointer.x, pointer.y)
        return snap_to_angle(self._corners[-1], x, y) if self._straight.follow(pointer) else (x, y)

    def _closes(self, pointer: Pointer) -> bool:
        start = self._context.view.to_widget(*self._corners[0])
        return len(self._corners) >= _FEWEST and math.dist(start, (pointer.x, pointer.y)) <= _NEAR
