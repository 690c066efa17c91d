"""Pictures as numbers."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from overpaint.imaging.reading.decode import bgra_bands, load_image
from overpaint.imaging.reading.opening import Source


def load_rgba(path: Path) -> NDArray[np.uint8]:
    """A picture for computing: (height, width, 4) uint8, RGBA straight, upright, sRGB."""
    return np.array(load_image(path)[0].convert("RGBA"))


def load_bgra(source: Source, max_edge: int | None = None) -> NDArray[np.uint8]:
    """A picture as it is drawn: (height, width, 4) uint8, BGRA premultiplied, upright, sRGB."""
    image, _ = load_image(source, max_edge)
    data = b"".join(bgra_bands(image))
    return np.frombuffer(data, np.uint8).reshape(image.height, image.width, 4).copy()
