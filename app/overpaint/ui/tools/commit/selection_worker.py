"""Fulfils what the selecting tools ask for, on a worker thread, one wish after the other."""

import asyncio
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks import mask_combine
from overpaint.core.masks.geometry import EMPTY
from overpaint.core.masks.mask import Mask
from overpaint.core.masks.mask_combine import MaskPatch
from overpaint.core.masks.undo_history import History
from overpaint.core.paint.brush_stroke import Brush, Stroke
from overpaint.studio.document.session import Session
from overpaint.ui.canvas.canvas import Canvas
from overpaint.ui.tools.commit.selection_raster import rasterize
from overpaint.ui.tools.options.selection_options import NAMES, OUTLINE_TOOLS, SelectionOptions
from overpaint.ui.viewport.selection_request import SelectionRequest

if TYPE_CHECKING:
    from overpaint.imaging.masks.colour_select import Wand
    from overpaint.ui.viewport.pyramids import PicturePyramid


class SelectionWorker:
    """What it finds goes into the mask of the wish, in the order in which the wishes came."""

    def __init__(self, session: Session, canvas: Canvas) -> None:
        self._session = session
        self._canvas = canvas
        self._turn = asyncio.Lock()
        self._wand: tuple[PicturePyramid, Wand] | None = None

    async def find(self, wish: SelectionRequest, choice: SelectionOptions) -> None:
        """Finds and masks it as one entry; nothing when the picture has left the tray."""
        try:
            async with self._turn:
                patch = await asyncio.to_thread(self._found, wish, choice)
                if not patch[0].empty:
                    await self._mask(wish, patch)
        finally:
            self._canvas.selection_done()

    def _found(self, wish: SelectionRequest, choice: SelectionOptions) -> MaskPatch:
        if wish.tool in OUTLINE_TOOLS:
            return rasterize(wish, choice)
        picture = wish.picture
        if picture is None:
            return EMPTY, np.zeros((0, 0), np.uint8)
        from overpaint.imaging.masks.colour_select import Wand
        from overpaint.imaging.masks.frame import in_frame  # OpenCV loads here, on a worker thread

        if wish.tool == "quick":
            return _object(wish, in_frame(picture.pixels, wish.mask.width, wish.mask.height))
        if self._wand is None or self._wand[0] is not picture:
            self._wand = picture, Wand(in_frame(picture.pixels, wish.mask.width, wish.mask.height))
        return self._wand[1].select(
            *wish.points[0], choice.tolerance, contiguous=choice.contiguous, soften=choice.smooth
        )

    async def _mask(self, wish: SelectionRequest, patch: MaskPatch) -> None:
        """Masks what was found; what that changes is worked out anew when the mask became another one."""
        while True:
            await self._stroke_over()
            revision = wish.mask.revision
            entry = await asyncio.to_thread(
                mask_combine.prepare, wish.mask, NAMES[wish.tool], patch, wish.how
            )
            if wish.mask.revision == revision and not self._session.history.recording:
                break
        if entry is not None:
            self._session.apply(entry)

    async def _stroke_over(self) -> None:
        """Waits until nobody paints: two changes can't be recorded at once."""
        while self._session.history.recording:
            ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

            def end(ended: asyncio.Future[None] = ended) -> None:
                if not ended.done():
                    ended.set_result(None)

            self._session.history_changed.connect(end)
            try:
                await ended
            finally:
                self._session.history_changed.disconnect(end)


def _object(wish: SelectionRequest, bgra: NDArray[np.uint8]) -> MaskPatch:
    from overpaint.imaging.masks.object_select import quick_select  # OpenCV loads here, on a worker thread

    painted = Mask(wish.mask.width, wish.mask.height)
    stroke = Stroke(painted, History(0), Brush(wish.diameter, 1.0))
    stroke.begin(*wish.points[0])
    for point in wish.points[1:]:
        stroke.extend(*point)
    stroke.finish()
    previous = wish.mask.coverage.copy() if wish.how == "add" else None
    return quick_select(bgra, painted.coverage, previous)
