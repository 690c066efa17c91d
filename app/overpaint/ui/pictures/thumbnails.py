"""Loads thumbnails off the main thread and keeps the last ones."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QPixmap

from overpaint.core.errors import OverpaintError
from overpaint.core.masks.pyramid import halved
from overpaint.studio.pictures.mapped_pixels import Pixels
from overpaint.studio.pictures.picture_reader import PictureReader
from overpaint.studio.tasks import Tasks
from overpaint.ui.pictures.qimages import pixmap_of

_KEPT = 200
_Source = Path | bytes


class Thumbnails:
    """One loader for the whole window; pictures that have just come in are known already."""

    def __init__(self, tasks: Tasks, reader: PictureReader) -> None:
        self._tasks = tasks
        self._reader = reader
        self._kept: OrderedDict[tuple[Path, int], QPixmap] = OrderedDict()

    def load(self, source: _Source, edge: int, show: Callable[[QPixmap | None], object]) -> None:
        """Calls ``show`` with the thumbnail of a file or of encoded bytes, at once or as soon as it is there.
        A picture that can't be read leaves the place as it is."""
        if isinstance(source, Path) and (kept := self._kept.get((source, edge))) is not None:
            show(kept)
            return
        self._tasks.start(self._load(source, edge, show), "thumbnail")

    def forget(self, file: Path) -> None:
        """Another picture is in a file now."""
        for key in [key for key in self._kept if key[0] == file]:
            del self._kept[key]

    async def _load(self, source: _Source, edge: int, show: Callable[[QPixmap | None], object]) -> None:
        try:
            pixels = await self._pixels(source, edge)
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

    async def _pixels(self, source: _Source, edge: int) -> Pixels:
        preview = self._reader.preview(source) if isinstance(source, Path) else None
        if preview is None:
            return await self._reader.pixels(source, edge)
        return await asyncio.to_thread(small, preview, edge)


def small(pixels: Pixels, edge: int) -> Pixels:
    """Pixels halved as often as their longer side is at least ``edge`` afterwards."""
    while max(pixels.shape[:2]) >= 2 * edge:
        pixels = halved(pixels)
    return pixels
