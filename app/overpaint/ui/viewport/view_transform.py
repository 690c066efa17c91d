"""Where the picture lies on the canvas: zoom, angle and place as a value, with the ways between both."""

import bisect
import functools
import math

import msgspec

from overpaint.core.masks.geometry import Rect
from overpaint.ui.viewport.keep_in_view import into_sight

MIN_ZOOM = 0.015
MAX_ZOOM = 32.0

STEPS = (
    *(0.015, 0.02, 0.03, 0.04, 0.05, 0.0625, 0.0833, 0.125, 1 / 6, 0.25, 1 / 3, 0.5, 2 / 3),
    *(1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0),
)
"""The zooms that the keys step through."""

_KEPT_IN_VIEW = 48
_SAME = 1e-3
_QUARTERS = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))


class ViewTransform(msgspec.Struct, frozen=True):
    """A picture's zoom, angle and place.

    ``zoom`` is device pixels per picture pixel; ``x`` and ``y`` are where the picture's own upper left corner
    wants to be, in device pixels from the widget's; ``ratio`` is device pixels per widget pixel; ``angle`` is
    how far the picture is turned round that corner, in degrees clockwise, above -180 and up to 180. Picture
    and widget coordinates are floats, with a pixel's centre at +0.5.
    """

    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0
    ratio: float = 1.0
    angle: float = 0.0

    @classmethod
    def fit(
        cls,
        picture: tuple[int, int],
        widget: tuple[float, float],
        ratio: float = 1.0,
        margin: float = 13.0,
        angle: float = 0.0,
    ) -> "ViewTransform":
        """The whole ``picture`` (width, height in its pixels), as large as the ``widget`` allows, centred.

        ``widget`` and ``margin`` are in widget pixels; a widget too small for the margin does without it.
        """
        room = [max(side - 2.0 * margin, side / 2.0, 1.0) * ratio for side in widget]
        turned = cls(ratio=ratio, angle=normal(angle))
        xs, ys = zip(*turned._corners(picture), strict=True)
        zoom = _in_range(min(room[0] / (max(xs) - min(xs)), room[1] / (max(ys) - min(ys))))
        middle = picture[0] / 2.0, picture[1] / 2.0
        return msgspec.structs.replace(turned, zoom=zoom).centred(picture, middle, widget)

    @property
    def left(self) -> int:
        """The whole device column of the picture's own corner: its left edge unless it is turned."""
        return round(self.x)

    @property
    def top(self) -> int:
        """The whole device row of the picture's own corner."""
        return round(self.y)

    @property
    def square(self) -> bool:
        """True when the picture's edges are parallel to the screen's, so that its pixels can be too."""
        return self.angle % 90.0 == 0.0

    @property
    def origin(self) -> tuple[float, float]:
        """The picture's own corner in device pixels; whole ones when ``square``, so that pixels are crisp."""
        return (self.left, self.top) if self.square else (self.x, self.y)

    @property
    def turn(self) -> tuple[float, float]:
        """The angle's cosine and sine: exact ones for quarter turns."""
        return _turn(self.angle)

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """The picture coordinates of a place in the widget."""
        (left, top), (cosine, sine) = self.origin, _turn(self.angle)
        dx, dy = x * self.ratio - left, y * self.ratio - top
        return (dx * cosine + dy * sine) / self.zoom, (dy * cosine - dx * sine) / self.zoom

    def to_widget(self, x: float, y: float) -> tuple[float, float]:
        """The place in the widget of picture coordinates."""
        (left, top), (cosine, sine) = self.origin, _turn(self.angle)
        across, down = (x * cosine - y * sine) * self.zoom, (x * sine + y * cosine) * self.zoom
        return (across + left) / self.ratio, (down + top) / self.ratio

    def to_device(self, rect: Rect) -> Rect:
        """The device pixels around all that show any part of ``rect``, given in picture pixels."""
        left, top = self.origin
        corners = [self._turned(x, y) for x in (rect.x, rect.right) for y in (rect.y, rect.bottom)]
        xs, ys = [corner[0] + left for corner in corners], [corner[1] + top for corner in corners]
        return Rect.around(min(xs), min(ys), max(xs), max(ys))

    def zoom_at(self, point: tuple[float, float], factor: float) -> "ViewTransform":
        """Larger or smaller by ``factor`` while the picture under ``point`` (widget pixels) stays there."""
        return self.zoomed_to(self.zoom * factor, point)

    def zoomed_to(self, zoom: float, point: tuple[float, float]) -> "ViewTransform":
        """At ``zoom``, or the nearest one allowed, with the picture under ``point`` where it was."""
        zoom = _in_range(zoom)
        x, y = point[0] * self.ratio, point[1] * self.ratio
        scale = zoom / self.zoom
        return msgspec.structs.replace(
            self, zoom=zoom, x=x - (x - self.x) * scale, y=y - (y - self.y) * scale
        )

    def turned_by(self, degrees: float, point: tuple[float, float]) -> "ViewTransform":
        """Turned clockwise while the picture under ``point`` (widget pixels) stays there."""
        return self.turned_to(self.angle + degrees, point)

    def turned_to(self, angle: float, point: tuple[float, float]) -> "ViewTransform":
        """At ``angle``, any number of degrees, with the picture under ``point`` where it was."""
        angle = normal(angle)
        cosine, sine = _turn(normal(angle - self.angle))
        x, y = point[0] * self.ratio, point[1] * self.ratio
        dx, dy = self.x - x, self.y - y
        return msgspec.structs.replace(
            self, angle=angle, x=x + dx * cosine - dy * sine, y=y + dx * sine + dy * cosine
        )

    def panned(self, dx: float, dy: float) -> "ViewTransform":
        """Moved by ``dx`` and ``dy`` widget pixels."""
        return msgspec.structs.replace(self, x=self.x + dx * self.ratio, y=self.y + dy * self.ratio)

    def centred(
        self, picture: tuple[int, int], point: tuple[float, float], widget: tuple[float, float]
    ) -> "ViewTransform":
        """The same zoom and angle with the picture coordinates ``point`` in the middle of the widget."""
        dx, dy = self._turned(*point)
        x, y = widget[0] * self.ratio / 2.0 - dx, widget[1] * self.ratio / 2.0 - dy
        return msgspec.structs.replace(self, x=x, y=y).kept_in(picture, widget)

    def kept_in(self, picture: tuple[int, int], widget: tuple[float, float]) -> "ViewTransform":
        """Moved back as far as it takes for a part of the picture to stay in the widget."""
        room = widget[0] * self.ratio, widget[1] * self.ratio
        corners = [(self.x + x, self.y + y) for x, y in self._corners(picture)]
        dx, dy = into_sight(corners, room, self.turn, _KEPT_IN_VIEW * self.ratio)
        return msgspec.structs.replace(self, x=self.x + dx, y=self.y + dy) if dx or dy else self

    @property
    def next_larger(self) -> float:
        """The next zoom on the ladder of round ones, upwards."""
        return STEPS[min(bisect.bisect_right(STEPS, self.zoom * (1.0 + _SAME)), len(STEPS) - 1)]

    @property
    def next_smaller(self) -> float:
        """The next zoom on the ladder of round ones, downwards."""
        return STEPS[max(bisect.bisect_left(STEPS, self.zoom * (1.0 - _SAME)) - 1, 0)]

    def _turned(self, x: float, y: float) -> tuple[float, float]:
        """How many device pixels picture coordinates are from the picture's corner."""
        cosine, sine = _turn(self.angle)
        return (x * cosine - y * sine) * self.zoom, (x * sine + y * cosine) * self.zoom

    def _corners(self, picture: tuple[int, int]) -> list[tuple[float, float]]:
        """The picture's corners in device pixels from its own upper left one."""
        width, height = picture
        return [self._turned(*corner) for corner in ((0, 0), (width, 0), (0, height), (width, height))]


def normal(angle: float) -> float:
    """The same angle above -180 and up to 180 degrees; 0 for what is no number."""
    if not math.isfinite(angle):
        return 0.0
    turned = math.remainder(angle, 360.0)
    return 180.0 if turned == -180.0 else turned + 0.0


@functools.lru_cache(maxsize=64)
def _turn(angle: float) -> tuple[float, float]:
    if angle % 90.0 == 0.0:
        return _QUARTERS[int(angle // 90.0) % 4]
    return math.cos(math.radians(angle)), math.sin(math.radians(angle))


def _in_range(zoom: float) -> float:
    zoom = min(max(zoom, MIN_ZOOM), MAX_ZOOM) if math.isfinite(zoom) else 1.0
    # Pixels lie exactly on pixels only at a whole zoom; a chain of factors ends a little beside it.
    return float(round(zoom)) if abs(zoom - round(zoom)) < _SAME * zoom else zoom
