"""How a result is laid into its picture, and what the service changed that wasn't asked for."""

from typing import Annotated

import msgspec

BY_SIZE = -1.0
"""A feather that nobody set."""

LEAST_FEATHER, MOST_FEATHER = 8.0, 32.0
"""Picture pixels of a feather that nobody set."""

_FEATHER_SHARE = 0.006


class Seam(msgspec.Struct, frozen=True):
    """What the user can set of it, after a run as well as before.

    ``feather`` is how many picture pixels the result takes to come in, from the mask's edge inwards
    (``BY_SIZE``: by the picture's size); ``grow`` by how many the mask is larger than it was painted, or
    smaller; ``match`` how much of the difference in colour is taken away, 0 to 1; ``align`` whether the
    result is brought into place.
    """

    feather: Annotated[float, msgspec.Meta(ge=BY_SIZE, le=250)] = BY_SIZE
    grow: Annotated[float, msgspec.Meta(ge=-64, le=64)] = 0.0
    match: Annotated[float, msgspec.Meta(ge=0, le=1)] = 1.0
    align: bool = True

    def feather_for(self, longer_side: int) -> float:
        """The feather in pixels for a picture with that side."""
        if self.feather >= 0:
            return self.feather
        return min(max(_FEATHER_SHARE * longer_side, LEAST_FEATHER), MOST_FEATHER)


class ColourMatch(msgspec.Struct, frozen=True):
    """What brings the colours of a result to those of its picture: three ``curves`` of 256 values, one for
    each channel, then a ``matrix`` of three rows of four, red, green, blue and an offset in code values.

    ``trusted`` is the share of the places looked at that agree with it, ``residual`` how far they are off on
    the whole, in code values.
    """

    curves: bytes = bytes(range(256)) * 3
    matrix: tuple[float, ...] = (1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)
    trusted: float = 0.0
    residual: float = 0.0


class Drift(msgspec.Struct, frozen=True):
    """What the service did outside of the mask, as shares from 0 to 1: ``rerendered`` pixels differ plainly,
    ``redrawn`` ones still do once the result is in place and its colours match. Of the ``outside`` pixels
    ``changed_after`` differ in the picture that is kept."""

    rerendered: float = 0.0
    redrawn: float = 0.0
    outside: int = 0
    changed_after: int = 0
