"""Any picture as a mask: by its transparency, or by how bright it is."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks.mask import stretched
from overpaint.core.request.sizes import Size

Meaning = Literal["alpha", "white", "black", "unclear"]
"""What is edited: the transparent, the white or the black part; ``unclear`` when the picture can't tell."""

_DARK, _BRIGHT = 64, 191
_DECIDED_SHARE = 0.9
_COLOURLESS = 24
_OPAQUE = 255


@dataclass(frozen=True, slots=True)
class ImportedMask:
    """A picture read as a mask.

    ``coverage`` is uint8 (height, width). Where ``meaning`` is ``unclear`` it takes white for edited; the
    other reading is ``255 - coverage``.
    """

    coverage: NDArray[np.uint8]
    meaning: Meaning


def read_mask(
    bgra: NDArray[np.uint8], size: Size, meaning: Literal["alpha", "white", "black"] | None = None
) -> ImportedMask:
    """A picture, (height, width, 4) uint8, as a mask of ``size``, stretched without blending to that.

    ``bgra`` is premultiplied, as ``decode.bgra_bands`` gives it. Without ``meaning`` transparency counts
    where there is any; a black and white picture that is mostly black marks what is white, as masks commonly
    do; anything else is ``unclear``.
    """
    has_alpha = bool(bgra[..., 3].min() != _OPAQUE)
    told = meaning or ("alpha" if has_alpha else _told_by(bgra))
    shown = bgra[..., 3] if told == "alpha" else from_luminance(bgra)
    shown = stretched(shown, size.width, size.height)
    return ImportedMask(np.invert(shown) if told in ("alpha", "black") else shown, told)


def from_transparency(bgra: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The coverage, a new array, that edits what is transparent in a picture (height, width, 4) uint8."""
    return np.invert(bgra[..., 3])


def from_luminance(bgra: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The coverage, a new array, that edits a picture (height, width, 4) uint8 as strongly as it is bright.

    Premultiplied as it is, what is transparent counts as black.
    """
    return np.asarray(cv2.cvtColor(bgra, cv2.COLOR_BGRA2GRAY), np.uint8)


def _told_by(bgra: NDArray[np.uint8]) -> Meaning:
    """``white`` for a picture in black and white that is mostly black, else ``unclear``."""
    colours = bgra[..., :3]
    if np.count_nonzero(np.ptp(colours, axis=2) > _COLOURLESS) > (1 - _DECIDED_SHARE) * colours[..., 0].size:
        return "unclear"
    grey = colours[..., 1]
    dark, bright = np.mean(grey <= _DARK), np.mean(grey >= _BRIGHT)
    return "white" if dark + bright >= _DECIDED_SHARE and 0 < bright < dark else "unclear"
