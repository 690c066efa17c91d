"""Where the picture lies on the canvas: zoom and place as a value, with the ways between both."""

import bisect
import math
from dataclasses import dataclass, replace

from overpaint.core.geometry import Rect

MIN_ZOOM = 0.015
MAX_ZOOM = 32.0

STEPS = (
    *(0.015, 0.02, 0.03, 0.04, 0.05, 0.0625, 0.0833, 0.125, 1 / 6, 0.25, 1 / 3, 0.5, 2 / 3),
    *(1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0),
)
"""The zooms that the keys step through."""

_KEPT_IN_VIEW = 48
_SAME = 1e-3


@dataclass(frozen=True, slots=True)
class ViewTransform:
    """A picture's zoom and place.

    ``zoom`` is device pixels per picture pixel; ``x`` and ``y`` are where the picture's upper left corner
    wants to be, in device pixels from the widget's; ``ratio`` is device pixels per widget pixel. Picture and
    widget coordinates are floats, with a pixel's centre at +0.5.
    """

    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0
    ratio: float = 1.0

    @classmethod
    def fit(
        cls, picture: tuple[int, int], widget: tuple[float, float], ratio: float = 1.0, margin: float = 20.0
    ) -> "ViewTransform":
        """The whole ``picture`` (width, height in its pixels), as large as the ``widget`` allows, centred.

        ``widget`` and ``margin`` are in widget pixels; a widget too small for the margin does without it.
        """
        room = [max(side - 2.0 * margin, side / 2.0, 1.0) * ratio for side in widget]
        zoom = _in_range(min(room[0] / picture[0], room[1] / picture[1]))
        return cls(zoom, ratio=ratio).centred(picture, (picture[0] / 2.0, picture[1] / 2.0), widget)

    @property
    def left(self) -> int:
        """The device column of the picture's left edge: always a whole one, so that pixels stay crisp."""
        return round(self.x)

    @property
    def top(self) -> int:
        """The device row of the picture's upper edge."""
        return round(self.y)

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """The picture coordinates of a place in the widget."""
        return (x * self.ratio - self.left) / self.zoom, (y * self.ratio - self.top) / self.zoom

    def to_widget(self, x: float, y: float) -> tuple[float, float]:
        """The place in the widget of picture coordinates."""
        return (x * self.zoom + self.left) / self.ratio, (y * self.zoom + self.top) / self.ratio

    def to_device(self, rect: Rect) -> Rect:
        """The device pixels that show any part of ``rect``, given in picture pixels."""
        return Rect.around(
            rect.x * self.zoom + self.left,
            rect.y * self.zoom + self.top,
            rect.right * self.zoom + self.left,
            rect.bottom * self.zoom + self.top,
        )

    def zoom_at(self, point: tuple[float, float], factor: float) -> "ViewTransform":
        """Larger or smaller by ``factor`` while the picture under ``point`` (widget pixels) stays there."""
        return self.zoomed_to(self.zoom * factor, point)

    def zoomed_to(self, zoom: float, point: tuple[float, float]) -> "ViewTransform":
        """At ``zoom``, or the nearest one allowed, with the picture under ``point`` where it was."""
        zoom = _in_range(zoom)
        x, y = point[0] * self.ratio, point[1] * self.ratio
        scale = zoom / self.zoom
        return replace(self, zoom=zoom, x=x - (x - self.x) * scale, y=y - (y - self.y) * scale)

    def panned(self, dx: float, dy: float) -> "ViewTransform":
        """Moved by ``dx`` and ``dy`` widget pixels."""
        return replace(self, x=self.x + dx * self.ratio, y=self.y + dy * self.ratio)

    def centred(
        self, picture: tuple[int, int], point: tuple[float, float], widget: tuple[float, float]
    ) -> "ViewTransform":
        """The same zoom with the picture coordinates ``point`` in the middle of the widget."""
        x = widget[0] * self.ratio / 2.0 - point[0] * self.zoom
        y = widget[1] * self.ratio / 2.0 - point[1] * self.zoom
        return replace(self, x=x, y=y).kept_in(picture, widget)

    def kept_in(self, picture: tuple[int, int], widget: tuple[float, float]) -> "ViewTransform":
        """Moved back as far as it takes for a part of the picture to stay in the widget."""
        x = _kept(self.x, picture[0] * self.zoom, widget[0] * self.ratio, _KEPT_IN_VIEW * self.ratio)
        y = _kept(self.y, picture[1] * self.zoom, widget[1] * self.ratio, _KEPT_IN_VIEW * self.ratio)
        return self if (x, y) == (self.x, self.y) else replace(self, x=x, y=y)

    @property
    def next_larger(self) -> float:
        """The next zoom on the ladder of round ones, upwards."""
        return STEPS[min(bisect.bisect_right(STEPS, self.zoom * (1.0 + _SAME)), len(STEPS) - 1)]

    @property
    def next_smaller(self) -> float:
        """The next zoom on the ladder of round ones, downwards."""
        return STEPS[max(bisect.bisect_left(STEPS, self.zoom * (1.0 - _SAME)) - 1, 0)]


def _in_range(zoom: float) -> float:
    zoom = min(max(zoom, MIN_ZOOM), MAX_ZOOM) if math.isfinite(zoom) else 1.0
    # Pixels lie exactly on pixels only at a whole zoom; a chain of factors ends a little beside it.
    return float(round(zoom)) if abs(zoom - round(zoom)) < _SAME * zoom else zoom


def _kept(start: float, length: float, room: float, part: float) -> float:
    part = min(part, length, room)
    return min(max(start, part - length), room - part)
