"""Any picture as a mask: by its transparency, or by how bright it is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from overpaint.core.mask import stretched
from overpaint.core.sizes import Size
from overpaint.imaging.decode import load_image

Meaning = Literal["alpha", "white", "black", "unclear"]
"""What is edited: the transparent, the white or the black part; ``unclear`` when the picture can't tell."""

_DARK, _BRIGHT = 64, 191
_DECIDED_SHARE = 0.9
_COLOURLESS = 24


@dataclass(frozen=True, slots=True)
class ImportedMask:
    """A picture read as a mask.

    ``coverage`` is uint8 (height, width). Where ``meaning`` is ``unclear`` it takes white for edited; the
    other reading is ``255 - coverage``.
    """

    coverage: NDArray[np.uint8]
    meaning: Meaning


def read_mask(
    picture: Path | bytes, size: Size, meaning: Literal["alpha", "white", "black"] | None = None
) -> ImportedMask:
    """A picture, by its path or its bytes, as a mask of ``size``, stretched without blending to that.

    Without ``meaning`` transparency counts where there is any; a black and white picture that is mostly black
    marks what is white, as masks commonly do; anything else is ``unclear``. Raises PictureError when the file
    can't be read as a picture.
    """
    image, _ = load_image(picture)
    has_alpha = image.mode == "RGBA" and image.getchannel("A").getextrema()[0] != 255
    told = meaning or ("alpha" if has_alpha else _told_by(image))
    grey = _alpha(image) if told == "alpha" else image.convert("L")
    shown = stretched(np.array(grey, np.uint8), size.width, size.height)
    return ImportedMask(np.invert(shown) if told in ("alpha", "black") else shown, told)


def from_transparency(bgra: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The coverage, a new array, that edits what is transparent in a picture (height, width, 4) uint8."""
    return np.invert(bgra[..., 3])


def from_luminance(bgra: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The coverage, a new array, that edits a picture (height, width, 4) uint8 as strongly as it is bright.

    Premultiplied as it is, what is transparent counts as black.
    """
    return np.asarray(cv2.cvtColor(bgra, cv2.COLOR_BGRA2GRAY), np.uint8)


def _alpha(image: Image.Image) -> Image.Image:
    return image.getchannel("A") if image.mode == "RGBA" else Image.new("L", image.size, 255)


def _told_by(image: Image.Image) -> Meaning:
    """``white`` for a picture in black and white that is mostly black, else ``unclear``."""
    pixels = np.asarray(image.convert("RGB"))
    if np.count_nonzero(np.ptp(pixels, axis=2) > _COLOURLESS) > (1 - _DECIDED_SHARE) * pixels[..., 0].size:
        return "unclear"
    grey = pixels[..., 1]
    dark, bright = np.mean(grey <= _DARK), np.mean(grey >= _BRIGHT)
    return "white" if dark + bright >= _DECIDED_SHARE and 0 < bright < dark else "unclear"
