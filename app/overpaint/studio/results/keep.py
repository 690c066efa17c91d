"""Makes the kept picture of a saved result and puts it beside the result, with how it was made."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from overpaint.core.results.blending import Seam
from overpaint.imaging.compositing.mix import Pixels
from overpaint.imaging.compositing.png_rows import encode_png
from overpaint.library.gallery.gallery import Gallery, SavedResult
from overpaint.studio.results.kept_result import KeptResult


def keep(
    saved: SavedResult, source: Path, seam: Seam, *, goes_on: Callable[[], bool] = lambda: True
) -> tuple[SavedResult, KeptResult]:
    """Lays a result into the picture in ``source`` and saves that; the result itself is not touched.

    Raises as :meth:`KeptResult.of` does, and StorageError. Blocks.
    """
    kept = KeptResult.of(saved, source, seam, goes_on=goes_on)
    return store(saved, kept, kept.pixels(seam)), kept


def store(saved: SavedResult, kept: KeptResult, pixels: Pixels) -> SavedResult:
    """Writes a picture that :meth:`KeptResult.pixels` made beside its result. Raises StorageError. Blocks."""
    data = encode_png(np.ascontiguousarray(pixels))
    return Gallery(saved.path.parent).keep(saved, data, kept.composite)
