"""Pictures as numbers."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from overpaint.imaging.reading.decode import load_image


def rgba(path: Path) -> NDArray[np.uint8]:
    """A picture file's pixels: (height, width, 4) uint8, RGBA straight, upright, sRGB."""
    return np.array(load_image(path)[0].convert("RGBA"))
