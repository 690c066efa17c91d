"""The lasso: the line that the pointer leads is closed when the button is let go."""

from overpaint.core.masks.mask import Mask
from overpaint.ui.tools.commit.selection_commit import SelectionCommitter
from overpaint.ui.tools.options.selection_options import how_at
from overpaint.ui.viewport.canvas_api import CanvasContext, Pointer
from overpaint.ui.viewport.outline import Outline

_FEWEST = 3


class LassoDrag:
    """Begun by a press; every place of the pointer is a point of the line, in the picture or out of it."""

    abortable = True

    def __init__(
        self, context: CanvasContext, selector: SelectionCommitter, mask: Mask, pointer: Pointer
    ) -> None:
        self._context, self._selector, self._mask = context, selector, mask
        self._how = how_at(pointer, selector.choice)
        self._points = [context.view.to_picture(pointer.x, pointer.y)]

    def move(self, pointer: Pointer) -> None:
        """Leads the line on."""
        point = self._context.view.to_picture(pointer.x, pointer.y)
        if point != self._points[-1]:
            self._points.append(point)
            self._context.show_outline(Outline(tuple(self._points), closed=False))

    def end(self) -> None:
        """Masks what the line encloses."""
        self._context.show_outline(None)
        if len(self._points) >= _FEWEST:
            self._selector.take_polygon("lasso", self._mask, tuple(self._points), self._how)

    def abort(self) -> None:
        """Leaves the mask as it is."""
        self._context.show_outline(None)
