"""What a selecting tool is set to, and how it combines with what is masked already."""

from typing import Literal

import msgspec
from PySide6.QtCore import Qt

from overpaint.core.masks.mask_combine import Combine
from overpaint.studio.config.settings import Sample
from overpaint.ui.viewport.canvas_api import Pointer

SelectionOption = Literal["combine", "tolerance", "contiguous", "feather", "smooth", "sample"]
"""What a selecting tool may offer to be set to."""

_SHIFT, _ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


class SelectionOptions(msgspec.Struct, frozen=True):
    """``how`` a new outline combines with the mask; ``feather`` is the softness of its edge in picture
    pixels; ``smooth`` gives pixels on the edge the share of them that lies inside, otherwise all or nothing.
    The wand takes colours that differ by up to ``tolerance`` (0 to 100), only those that hang together with
    the clicked one when ``contiguous``. Wand and quick select look at what ``sample`` says, at the picture
    where there is no result.
    """

    how: Combine = "replace"
    feather: int = 0
    smooth: bool = True
    tolerance: int = 16
    contiguous: bool = True
    sample: Sample = "picture"


def how_at(pointer: Pointer, options: SelectionOptions) -> Combine:
    """How a press combines: as the keys held with it say, otherwise as chosen."""
    adds, subtracts = pointer.holds(_SHIFT), pointer.holds(_ALT)
    if adds and subtracts:
        return "intersect"
    if adds:
        return "add"
    return "subtract" if subtracts else options.how


class ModifierLatch:
    """A modifier key that already meant something at the press: it counts again after a release."""

    def __init__(self, pointer: Pointer, modifier: Qt.KeyboardModifier) -> None:
        self._modifier = modifier
        self._spent = pointer.holds(modifier)

    def follow(self, pointer: Pointer) -> bool:
        """True while the key is held anew."""
        held = pointer.holds(self._modifier)
        self._spent = self._spent and held
        return held and not self._spent
