"""Which colour of the mask stands out against a picture: one whose hue the picture has least of."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from overpaint.studio.config.settings import MASK_COLOUR

CANDIDATES = {MASK_COLOUR: 350.0, "#30d158": 135.0, "#2a72e0": 216.0, "#a03ee0": 277.0}
"""Colours by their hues in degrees, the usual one first."""

_ENOUGH_PIXELS = 1024
_NEAR = 35.0
"""Degrees within which a hue is too much like another one."""
_SHARE = 0.2
"""So much of a picture in a colour's own hue, and the colour is lost on it."""
_LEAST_CHROMA = 50


def standing_out(levels: Sequence[NDArray[np.uint8]]) -> str:
    """The colour as ``#rrggbb`` for a picture with those half-size copies, the smallest last: uint8 of shape
    (height, width, 4), BGRA. A fraction of a millisecond."""
    small = next(
        (one for one in reversed(levels) if one.shape[0] * one.shape[1] >= _ENOUGH_PIXELS), levels[0]
    )
    step = max(1, round((small.shape[0] * small.shape[1] / (4 * _ENOUGH_PIXELS)) ** 0.5))
    hues = _hues(small[::step, ::step])
    lost = {colour: float((_apart(hues, hue) < _NEAR).mean()) for colour, hue in CANDIDATES.items()}
    return MASK_COLOUR if lost[MASK_COLOUR] < _SHARE else min(lost, key=lambda colour: lost[colour])


def _hues(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Hues in degrees; NaN for what is too grey to have one."""
    blue, green, red = (pixels[..., at].astype(np.float32) for at in range(3))
    most, least = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    chroma = most - least
    grey = chroma < _LEAST_CHROMA
    safe = np.where(grey, np.float32(1), chroma)
    sixths = np.where(
        most == red,
        ((green - blue) / safe) % 6,
        np.where(most == green, (blue - red) / safe + 2, (red - green) / safe + 4),
    )
    hues: NDArray[np.float32] = np.where(grey, np.float32("nan"), 60 * sixths).astype(np.float32)
    return hues


def _apart(hues: NDArray[np.float32], hue: float) -> NDArray[np.float32]:
    """How far hues are from one, in degrees; whatever has none is as far as can be."""
    apart: NDArray[np.float32] = np.abs((hues - np.float32(hue) + 180) % 360 - 180)
    apart[np.isnan(apart)] = 180
    return apart
