"""The views that everything is drawn in, and what is wrong with each mask that comes of it."""

import hashlib
import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from tests.painter.drawings import PLAIN, Drawing
from tests.painter.easel import Easel

View = tuple[float, float]
"""Zoom, and the angle in degrees that the picture is turned by."""

ZOOMS, ANGLES = (0.3, 1.0, 3.0), (0.0, 30.0, 90.0)
ALL: tuple[View, ...] = tuple(itertools.product(ZOOMS, ANGLES))
FEW: tuple[View, ...] = ((0.3, 30.0), (1.0, 90.0), (3.0, 0.0))
"""For what takes long: every zoom and every angle once."""


async def faults(
    easel: Easel, picture: NDArray[np.uint8], drawing: Drawing, views: Sequence[View] = ALL
) -> dict[str, list[str]]:
    """What is wrong in which view; that the masks of two views differ by a byte is wrong too."""
    found: dict[str, list[str]] = {}
    masks = set()
    for zoom, angle in views:
        easel.app.studio.session.clear_mask()
        easel.look(zoom, angle)
        await drawing.draw(easel, PLAIN)
        masks.add(hashlib.blake2b(easel.mask.tobytes()).digest())
        wrong = drawing.faults(easel, picture)
        if wrong:
            found[f"{drawing.name} at {zoom:.0%}, {angle:.0f}°"] = wrong
    if len(masks) > 1:
        found[drawing.name] = [f"{len(masks)} different masks from {len(views)} views"]
    return found
