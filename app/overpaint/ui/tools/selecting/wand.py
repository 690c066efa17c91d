"""The magic wand: a click masks what has the colour of the place."""

from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from overpaint.core.masks.mask_combine import MaskPatch
from overpaint.ui.tools.options.selection_options import SelectionOptions, how_at
from overpaint.ui.tools.tool_spec import ToolContext, ToolSpec
from overpaint.ui.viewport.canvas_api import Pointer
from overpaint.ui.viewport.pyramids import PicturePyramid
from overpaint.ui.viewport.selection_request import SelectionRequest

if TYPE_CHECKING:
    from overpaint.imaging.masks.colour_select import Wand

_prepared: "WeakKeyDictionary[PicturePyramid, Wand]" = WeakKeyDictionary()
"""The picture that was clicked last, made ready for the next click; it goes when the picture goes."""


def _begin(context: ToolContext, pointer: Pointer) -> None:
    mask, picture = context.mask_to_edit(), context.sampled
    if mask is None or picture is None:
        return
    place, size = context.place(pointer), (mask.width, mask.height)
    find = partial(_select, picture, size, place, context.options)
    how = how_at(pointer, context.options)
    context.canvas.request_selection(SelectionRequest(WAND.title, mask, how, find))


def _select(
    picture: PicturePyramid, size: tuple[int, int], place: tuple[float, float], options: SelectionOptions
) -> MaskPatch:
    """What the wand takes at a ``place``; a result is scaled to ``size``. On a worker thread."""
    return _wand(picture, size).select(
        *place, options.tolerance, contiguous=options.contiguous, soften=options.smooth
    )


def _wand(picture: PicturePyramid, size: tuple[int, int]) -> "Wand":
    from overpaint.imaging.masks.colour_select import Wand
    from overpaint.imaging.masks.frame import in_frame  # OpenCV loads here, on a worker thread

    wand = _prepared.get(picture)
    if wand is None:
        _prepared.clear()
        wand = _prepared[picture] = Wand(in_frame(picture.pixels, *size))
    return wand


WAND = ToolSpec(
    id="wand",
    title="Magic wand",
    tip="click a colour. Shift adds, Alt takes away.",
    icon="wand",
    keys=("W",),
    group="select",
    begin=_begin,
    options=frozenset({"combine", "tolerance", "contiguous", "sample"}),
)
