"""Quick select: a rough line over the object, which is found when the button is released."""

from functools import partial

from PySide6.QtCore import Qt

from overpaint.core.masks.mask import Mask
from overpaint.core.masks.mask_combine import Combine, MaskPatch
from overpaint.core.masks.undo_history import History
from overpaint.core.paint.brush_stroke import Brush, Stroke
from overpaint.ui.tools.commit.selection_raster import Points
from overpaint.ui.tools.tool_spec import ToolContext, ToolSpec
from overpaint.ui.viewport.canvas_api import Gesture, Pointer
from overpaint.ui.viewport.outline import Outline
from overpaint.ui.viewport.pyramids import PicturePyramid
from overpaint.ui.viewport.selection_request import SelectionRequest


class QuickDrag(Gesture):
    """With Alt held at the press the object is taken away, otherwise it is added.

    It is looked for in ``picture``.
    """

    ring = True

    def __init__(self, context: ToolContext, mask: Mask, picture: PicturePyramid, pointer: Pointer) -> None:
        self._context, self._mask, self._picture = context, mask, picture
        self._diameter = context.brush.diameter
        self._how: Combine = "subtract" if pointer.holds(Qt.KeyboardModifier.AltModifier) else "add"
        self._points = [context.place(pointer)]
        self._show()

    def move(self, pointer: Pointer) -> None:
        """Draws the line on."""
        point = self._context.place(pointer)
        if point != self._points[-1]:
            self._points.append(point)
            self._show()

    def end(self) -> None:
        """Asks for the object."""
        self._context.canvas.show_outline(None)
        find = partial(
            _select, self._picture, self._mask, tuple(self._points), self._diameter, adds=self._how == "add"
        )
        self._context.canvas.request_selection(
            SelectionRequest(QUICK_SELECT.title, self._mask, self._how, find)
        )

    def abort(self) -> None:
        """Leaves the mask as it is."""
        self._context.canvas.show_outline(None)

    def _show(self) -> None:
        self._context.canvas.show_outline(Outline(tuple(self._points), closed=False, width=self._diameter))


def _begin(context: ToolContext, pointer: Pointer) -> Gesture | None:
    mask, picture = context.mask_to_edit(), context.sampled
    return None if mask is None or picture is None else QuickDrag(context, mask, picture, pointer)


def _select(picture: PicturePyramid, mask: Mask, points: Points, diameter: float, *, adds: bool) -> MaskPatch:
    """The object under a line ``diameter`` picture pixels wide; what is masked helps when that ``adds``.

    A result is scaled to the mask's size. On a worker thread.
    """
    from overpaint.imaging.masks.frame import in_frame
    from overpaint.imaging.masks.object_select import quick_select  # OpenCV loads here

    painted = Mask(mask.width, mask.height)
    stroke = Stroke(painted, History(0), Brush(diameter, 1.0))
    stroke.begin(*points[0])
    for point in points[1:]:
        stroke.extend(*point)
    stroke.finish()
    previous = mask.coverage.copy() if adds else None
    return quick_select(in_frame(picture.pixels, mask.width, mask.height), painted.coverage, previous)


QUICK_SELECT = ToolSpec(
    id="quick",
    title="Quick select",
    tip="paint roughly over an object. Alt takes away.",
    icon="quick",
    keys=("Shift+W",),
    group="select",
    hint="Paint over an object. Alt takes it away.",
    begin=_begin,
    options=frozenset({"size", "sample"}),
    brush="quick",
    ring=True,
)
