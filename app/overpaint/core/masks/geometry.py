"""Rectangles in whole picture pixels: what changed, what to redraw, which bytes to look at."""

import math
from collections.abc import Iterable, Iterator

import msgspec


class Rect(msgspec.Struct, frozen=True):
    """Pixels ``x <= column < x + width`` and ``y <= row < y + height``; no pixel when a side is <= 0."""

    x: int
    y: int
    width: int
    height: int

    @classmethod
    def around(cls, left: float, top: float, right: float, bottom: float) -> "Rect":
        """The smallest rectangle of whole pixels that holds these edges, given in pixels.

        Raises ValueError when an edge is not a finite number.
        """
        if not all(map(math.isfinite, (left, top, right, bottom))):
            raise ValueError("The edges of a rectangle must be finite numbers.")
        x, y = math.floor(left), math.floor(top)
        return cls(x, y, math.ceil(right) - x, math.ceil(bottom) - y)

    @classmethod
    def spanning(cls, left: int, top: int, right: int, bottom: int) -> "Rect":
        """The rectangle between whole-pixel edges; right and bottom are the first pixels outside."""
        return cls(left, top, right - left, bottom - top)

    @classmethod
    def bounding(cls, rects: Iterable["Rect"]) -> "Rect":
        """The smallest rectangle that holds all of them; ``EMPTY`` for none."""
        whole = EMPTY
        for rect in rects:
            whole = whole.united(rect)
        return whole

    @property
    def right(self) -> int:
        """The first column to the right of it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.y + self.height

    @property
    def empty(self) -> bool:
        """True when it holds no pixel."""
        return self.width <= 0 or self.height <= 0

    @property
    def area(self) -> int:
        """Pixels inside."""
        return 0 if self.empty else self.width * self.height

    @property
    def slices(self) -> tuple[slice, slice]:
        """The index of its pixels in an array of shape (height, width, …); it must lie inside."""
        return slice(self.y, self.y + max(self.height, 0)), slice(self.x, self.x + max(self.width, 0))

    def united(self, other: "Rect") -> "Rect":
        """The smallest rectangle that holds both; an empty one adds nothing."""
        if other.empty:
            return self
        if self.empty:
            return other
        return Rect.spanning(
            min(self.x, other.x),
            min(self.y, other.y),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def intersected(self, other: "Rect") -> "Rect":
        """The pixels that both hold; ``EMPTY`` when there is none."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Rect.spanning(x, y, right, bottom) if right > x and bottom > y else EMPTY

    def grown(self, pixels: int) -> "Rect":
        """The rectangle with every edge moved outwards by ``pixels`` (inwards when negative).

        An empty rectangle stays as it is, and one that would shrink away becomes ``EMPTY``.
        """
        if self.empty:
            return self
        grown = Rect(self.x - pixels, self.y - pixels, self.width + 2 * pixels, self.height + 2 * pixels)
        return EMPTY if grown.empty else grown

    def moved(self, dx: int, dy: int) -> "Rect":
        """The same rectangle ``dx`` pixels further right and ``dy`` further down."""
        return Rect(self.x + dx, self.y + dy, self.width, self.height)

    def contains(self, other: "Rect") -> bool:
        """True when every pixel of ``other`` lies inside; an empty one always does."""
        return other.empty or self.intersected(other) == other

    def snapped(self, grid: int) -> "Rect":
        """The smallest rectangle around it whose edges are multiples of ``grid`` pixels."""
        if self.empty:
            return self
        left, top = self.x // grid * grid, self.y // grid * grid
        return Rect.spanning(left, top, -(-self.right // grid) * grid, -(-self.bottom // grid) * grid)

    def bands(self, rows: int) -> Iterator["Rect"]:
        """The rectangle cut from top to bottom into pieces of at most ``rows`` rows."""
        for y in range(self.y, self.bottom, rows):
            yield Rect(self.x, y, self.width, min(rows, self.bottom - y))


EMPTY = Rect(0, 0, 0, 0)
