"""What a selecting tool is set to, and how it combines with what is masked already."""

from dataclasses import dataclass

from PySide6.QtCore import Qt

from overpaint.core.combine import Combine
from overpaint.ui.canvas.gestures import Pointer

BOX_TOOLS = ("rectangle", "ellipse")
SELECTING_TOOLS = (*BOX_TOOLS, "lasso", "polygon")

NAMES = {
    "rectangle": "Rectangle",
    "ellipse": "Ellipse",
    "lasso": "Lasso",
    "polygon": "Polygon",
}
"""The tools as the undo menu calls what they did."""

MAX_FEATHER = 250

_SHIFT, _ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


@dataclass(frozen=True, slots=True)
class Choice:
    """``how`` a new outline combines with the mask; ``feather`` is the softness of its edge in picture
    pixels; ``smooth`` gives pixels on the edge the share of them that lies inside, otherwise all or nothing.
    """

    how: Combine = "replace"
    feather: int = 0
    smooth: bool = True


def how_at(pointer: Pointer, choice: Choice) -> Combine:
    """How a press combines: as the keys held with it say, otherwise as chosen."""
    adds, subtracts = pointer.holds(_SHIFT), pointer.holds(_ALT)
    if adds and subtracts:
        return "intersect"
    if adds:
        return "add"
    return "subtract" if subtracts else choice.how


class Latch:
    """A modifier key that already meant something at the press: it counts again once it was let go."""

    def __init__(self, pointer: Pointer, modifier: Qt.KeyboardModifier) -> None:
        self._modifier = modifier
        self._spent = pointer.holds(modifier)

    def follow(self, pointer: Pointer) -> bool:
        """True while the key is held anew."""
        held = pointer.holds(self._modifier)
        self._spent = self._spent and held
        return held and not self._spent
