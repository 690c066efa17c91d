"""The drag of quick select: a rough line over the object, which is found when the button is let go."""

from overpaint.core.masks.mask import Mask
from overpaint.ui.tools.options.selection_options import added_or_not
from overpaint.ui.viewport.canvas_api import CanvasContext, Pointer
from overpaint.ui.viewport.outline import Outline
from overpaint.ui.viewport.pyramids import PicturePyramid
from overpaint.ui.viewport.selection_request import SelectionRequest


class QuickDrag:
    """Begun by a press; with Alt held at the press the object is taken away, otherwise it is added.

    It is looked for in ``picture``.
    """

    abortable = True

    def __init__(
        self,
        context: CanvasContext,
        mask: Mask,
        pointer: Pointer,
        diameter: float,
        picture: PicturePyramid | None,
    ) -> None:
        self._context, self._mask, self._diameter = context, mask, diameter
        self._picture = picture
        self._how = added_or_not(pointer)
        self._points = [context.view.to_picture(pointer.x, pointer.y)]
        self._show()

    def move(self, pointer: Pointer) -> None:
        """Leads the line on."""
        point = self._context.view.to_picture(pointer.x, pointer.y)
        if point != self._points[-1]:
            self._points.append(point)
            self._show()

    def end(self) -> None:
        """Asks for the object."""
        self._context.show_outline(None)
        points = tuple(self._points)
        self._context.request_selection(
            SelectionRequest("quick", self._mask, self._how, points, self._diameter, self._picture)
        )

    def abort(self) -> None:
        """Leaves the mask as it is."""
        self._context.show_outline(None)

    def _show(self) -> None:
        self._context.show_outline(Outline(tuple(self._points), closed=False, width=self._diameter))
