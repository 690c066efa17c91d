"""The magnetic lasso: a polygon whose sides follow the picture's edges from click to click.

Paths take some hundredths of a second, so they are looked for on a thread: the line to the pointer is
straight until its path is known, and a side that was clicked too fast gets its path before the mask does.
"""

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from overpaint.core.masks.mask import Mask
from overpaint.ui.tools.commit.selection_raster import Points
from overpaint.ui.tools.commit.serial_worker import SerialWorker
from overpaint.ui.tools.selecting.polygon import PolygonDraft
from overpaint.ui.tools.tool_spec import Draft, ToolContext, ToolSpec
from overpaint.ui.viewport.canvas_api import Pointer
from overpaint.ui.viewport.pyramids import PicturePyramid

if TYPE_CHECKING:
    from overpaint.imaging.masks.edge_paths import Scissors

Side = tuple[tuple[float, float], tuple[float, float]]
"""Where a side of the polygon begins and ends."""


class Edges:
    """Looks for paths along the edges in ``picture``, on the thread of ``worker``."""

    def __init__(self, picture: PicturePyramid, worker: SerialWorker) -> None:
        self._picture = picture
        self._worker = worker
        self._scissors: Scissors | None = None
        self._anchor: tuple[float, float] | None = None

    def look_for(self, side: Side, tell: Callable[[Points], None]) -> None:
        """Calls ``tell`` with the points between both ends of ``side``, soon."""
        self._worker.submit(partial(self._path, side), lambda found: tell(cast("Points", found)))

    def _path(self, side: Side) -> Points:
        """On the other thread, which alone knows the scissors."""
        from overpaint.imaging.masks.edge_paths import Scissors  # OpenCV loads here

        start, end = side
        if self._scissors is None:
            self._scissors = Scissors(self._picture.pixels, self._picture.halves)
        if start != self._anchor:
            self._anchor = start
            self._scissors.anchor(*start)
        return tuple((float(x), float(y)) for x, y in self._scissors.path_to(*end)[1:-1])


class MagneticDraft(PolygonDraft):
    """As a polygon, along ``edges``."""

    name = "Magnetic lasso"

    def __init__(self, context: ToolContext, mask: Mask, pointer: Pointer, edges: Edges) -> None:
        self._edges = edges
        self._paths: dict[Side, Points] = {}
        self._hint: tuple[Side, Points] | None = None
        self._wanted: Side | None = None
        self._sought: Side | None = None
        self._pointer = pointer
        self._closing = False
        super().__init__(context, mask, pointer)

    def hover(self, pointer: Pointer) -> None:
        """Shows the line that a click would make, as far as it is known, and looks for the rest."""
        self._pointer = pointer
        super().hover(pointer)
        self._seek()

    def _commit(self) -> None:
        self._closing = True
        self._seek()

    def _way(self, end: tuple[float, float]) -> Points:
        self._wanted = (self._corners[-1], end)
        if self._wanted in self._paths:
            return (*self._paths[self._wanted], end)
        if self._hint is not None and self._hint[0][0] == self._corners[-1]:
            return (*self._hint[1], end)
        return (end,)

    def _line(self) -> Points:
        line = [self._corners[0]]
        for side in pairwise(self._corners):
            line += (*self._paths.get(side, ()), side[1])
        return tuple(line)

    def _sides(self) -> list[Side]:
        corners = [*self._corners, self._corners[0]] if self._closing else self._corners
        return [side for side in pairwise(corners) if side[0] != side[1]]

    def _seek(self) -> None:
        """Looks for the next path that is missing: the sides that were clicked first, then the pointer's."""
        if self._sought is not None or (self.done and not self._closing):
            return
        self._keep_hint()
        missing = next((side for side in self._sides() if side not in self._paths), None)
        if self._closing and missing is None:
            self._commit_line(self._closed_line())
            return
        side = missing or self._wanted
        known = side is None or side in self._paths or (self._hint is not None and self._hint[0] == side)
        if side is not None and not known and side[0] != side[1]:
            self._sought = side
            self._edges.look_for(side, self._found)

    def _keep_hint(self) -> None:
        """What was shown to the pointer counts when the click came just there."""
        if self._hint is not None and self._hint[0] in self._sides():
            self._paths[self._hint[0]] = self._hint[1]

    def _found(self, points: Points) -> None:
        if self._sought is not None:
            self._hint = (self._sought, points)
            self._sought = None
            self._keep_hint()
        if self.done:
            self._seek()
        else:
            self.hover(self._pointer)

    def _closed_line(self) -> Points:
        back = (self._corners[-1], self._corners[0])
        return (*self._line(), *self._paths.get(back, ()))


def _begin(context: ToolContext, pointer: Pointer) -> Draft | None:
    mask, picture = context.mask_to_edit(), context.canvas.picture
    if mask is None or picture is None:
        return None
    return MagneticDraft(context, mask, pointer, Edges(picture, context.worker))


MAGNETIC = ToolSpec(
    id="magnetic",
    title=MagneticDraft.name,
    tip="click along an edge, which the line follows. Double-click closes.",
    icon="magnetic",
    group="select",
    begin=_begin,
    options=frozenset({"combine", "feather", "smooth"}),
    on_edges=True,
)
