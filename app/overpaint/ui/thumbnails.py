"""Loads thumbnails off the main thread and keeps the last ones."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPixmap

from overpaint.core.errors import OverpaintError
from overpaint.studio.jobs import Tasks
from overpaint.ui.images import pixmap_of

_KEPT = 200
_Source = Path | bytes


class Thumbnails:
    """One loader for the whole window; at most two pictures are decoded at a time."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks
        self._kept: OrderedDict[tuple[Path, int], QPixmap] = OrderedDict()
        self._places = asyncio.Semaphore(2)

    def load(self, source: _Source, edge: int, show: Callable[[QPixmap | None], object]) -> None:
        """Calls ``show`` with the thumbnail of a file or of encoded bytes, at once or as soon as it is there.
        A picture that can't be read leaves the place as it is."""
        if isinstance(source, Path) and (kept := self._kept.get((source, edge))) is not None:
            show(kept)
            return
        self._tasks.start(self._load(source, edge, show), "thumbnail")

    async def _load(self, source: _Source, edge: int, show: Callable[[QPixmap | None], object]) -> None:
        async with self._places:
            try:
                pixels = await asyncio.to_thread(_thumbnail, source, edge)
            except OverpaintError:
                return
        pixmap = pixmap_of(pixels)
        if isinstance(source, Path):
            self._kept[source, edge] = pixmap
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        try:
            show(pixmap)
        except RuntimeError:  # the tile was closed while its picture was on the way
            return


def _thumbnail(source: _Source, edge: int) -> NDArray[np.uint8]:
    from overpaint.imaging.thumbs import thumbnail  # Pillow loads here, on a worker thread

    return thumbnail(source, edge)
