"""Finds what wand and quick select are asked for, on a worker thread, one wish after the other."""

import asyncio
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from overpaint.core.brush import Brush, Stroke
from overpaint.core.combine import Patch
from overpaint.core.history import History
from overpaint.core.mask import Mask
from overpaint.studio.session import Session
from overpaint.ui.canvas.canvas import Canvas
from overpaint.ui.canvas.layers import PictureLevels
from overpaint.ui.tools.choice import NAMES, Choice
from overpaint.ui.tools.wish import Wish

if TYPE_CHECKING:
    from overpaint.imaging.wand import Wand


class Finder:
    """Looks at the picture that ``canvas`` shows; what it finds goes into the mask of the wish."""

    def __init__(self, session: Session, canvas: Canvas) -> None:
        self._session = session
        self._canvas = canvas
        self._turn = asyncio.Lock()
        self._wand: tuple[PictureLevels, Wand] | None = None

    async def find(self, wish: Wish, choice: Choice) -> None:
        """Finds and masks it as one entry; nothing when the picture has gone from the canvas."""
        async with self._turn:
            picture = self._canvas.picture
            if picture is None or self._canvas.ground is not wish.mask:
                return
            self._canvas.show_busy(True)
            try:
                patch = await asyncio.to_thread(self._found, wish, picture, choice)
            finally:
                self._canvas.show_busy(False)
            await self._stroke_over()
            if not patch[0].empty:
                self._session.select(wish.mask, NAMES[wish.tool], patch, wish.how)

    def _found(self, wish: Wish, picture: PictureLevels, choice: Choice) -> Patch:
        if wish.tool == "quick":
            return _object(wish, picture.pixels)
        from overpaint.imaging.wand import Wand  # OpenCV loads here, on a worker thread

        if self._wand is None or self._wand[0] is not picture:
            self._wand = picture, Wand(picture.pixels)
        return self._wand[1].select(
            *wish.points[0], choice.tolerance, contiguous=choice.contiguous, soften=choice.smooth
        )

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


def _object(wish: Wish, bgra: NDArray[np.uint8]) -> Patch:
    from overpaint.imaging.quick import quick_select  # OpenCV loads here, on a worker thread

    painted = Mask(wish.mask.width, wish.mask.height)
    stroke = Stroke(painted, History(0), Brush(wish.diameter, 1.0))
    stroke.begin(*wish.points[0])
    for point in wish.points[1:]:
        stroke.extend(*point)
    stroke.finish()
    previous = wish.mask.coverage.copy() if wish.how == "add" else None
    return quick_select(bgra, painted.coverage, previous)
