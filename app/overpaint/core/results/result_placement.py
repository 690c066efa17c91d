"""Where a result lies on the picture that it was made of: the service moves, zooms and turns what it
redraws."""

import math
from typing import Annotated, Literal

import msgspec

Way = Literal["aligned", "as it came", "not aligned", "by hand"]
"""How a placement was found: by what both pictures show; by the frame alone, because nothing had moved or
there was too little to go by; refused; or by the user."""

Framing = Literal["stretch", "cover", "contain"]
"""How a result of another shape was laid on the picture before it was aligned."""


class Affine(msgspec.Struct, frozen=True, array_like=True):
    """From picture pixels to result pixels: ``(a x + b y + tx, c x + d y + ty)``; a pixel's centre is at
    +0.5."""

    a: float = 1.0
    b: float = 0.0
    tx: float = 0.0
    c: float = 0.0
    d: float = 1.0
    ty: float = 0.0

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a place of the picture lies in the result."""
        return self.a * x + self.b * y + self.tx, self.c * x + self.d * y + self.ty

    def after(self, first: "Affine") -> "Affine":
        """This one done after ``first``."""
        return Affine(
            self.a * first.a + self.b * first.c,
            self.a * first.b + self.b * first.d,
            self.a * first.tx + self.b * first.ty + self.tx,
            self.c * first.a + self.d * first.c,
            self.c * first.b + self.d * first.d,
            self.c * first.tx + self.d * first.ty + self.ty,
        )

    @property
    def inverse(self) -> "Affine":
        """From result pixels to picture pixels. Raises ZeroDivisionError for one that flattens."""
        area = self.a * self.d - self.b * self.c
        a, b, c, d = self.d / area, -self.b / area, -self.c / area, self.a / area
        return Affine(a, b, -(a * self.tx + b * self.ty), c, d, -(c * self.tx + d * self.ty))

    @property
    def scale(self) -> float:
        """How many result pixels go to a picture pixel, both ways taken together."""
        return math.sqrt(abs(self.a * self.d - self.b * self.c))

    @property
    def angle(self) -> float:
        """How far it turns, in degrees."""
        return math.degrees(math.atan2(self.c - self.b, self.a + self.d))


class Bend(msgspec.Struct, frozen=True):
    """Further steps in picture pixels that differ from place to place: a grid of ``columns`` x ``rows``
    nodes, ``cell`` pixels apart, the first at (``left``, ``top``).

    ``steps`` holds x and y of each node, row by row, as signed bytes of 1/16 pixel.
    """

    cell: float
    columns: int
    rows: int
    left: float
    top: float
    steps: bytes


class Placement(msgspec.Struct, frozen=True):
    """``moved`` is how far the result had moved at the mask's edge, in picture pixels, and ``zoomed`` how
    much larger it had become (1.0: not at all); ``inliers`` is the number of places that agree, in how many
    of 24 ``sectors``; ``agreement``, -1 to 1, is how alike both pictures are outside the mask once it lies
    so."""

    map: Affine
    way: Way = "as it came"
    framing: Framing = "stretch"
    bend: Bend | None = None
    moved: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    zoomed: Annotated[float, msgspec.Meta(gt=0)] = 1.0
    inliers: int = 0
    sectors: int = 0
    agreement: float = 0.0
