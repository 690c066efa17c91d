"""The changes of a mask's outline that ask for a number."""

from overpaint.studio.config.settings import MAX_FEATHER
from overpaint.ui.dialogs.ask_number import NumberAsked

NUMBERS = {
    "grow_mask": NumberAsked("Grow mask", "Move the edge outwards by", 1, 500),
    "shrink_mask": NumberAsked("Shrink mask", "Move the edge inwards by", 1, 500),
    "feather_mask": NumberAsked("Feather mask", "Soften the edge to either side by", 1, MAX_FEATHER),
    "smooth_mask": NumberAsked("Smooth mask", "Even out bumps and notches up to", 1, 127),
    "fill_holes": NumberAsked("Fill holes", "Fill holes in the mask of at most", 1, 10_000_000, " pixels"),
    "remove_specks": NumberAsked("Remove specks", "Take away pieces of at most", 1, 10_000_000, " pixels"),
}
"""The changes that ask for an amount, by the ids of their actions."""
