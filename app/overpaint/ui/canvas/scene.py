"""What the canvas shows, and how any part of it is drawn: picture or result, checkerboard, mask."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from overpaint.core.geometry import Rect
from overpaint.core.mask import Mask
from overpaint.ui.canvas.backdrop import Backdrop
from overpaint.ui.canvas.colours import CanvasColours
from overpaint.ui.canvas.layers import MaskLevels, PictureLevels
from overpaint.ui.canvas.tint import Tint
from overpaint.ui.canvas.view import ViewTransform

_CRISP_FROM = 2.0
_SAME_SHAPE = 0.02


@dataclass(frozen=True, slots=True)
class _Placed:
    """Where something lies: its corner in device pixels, and device pixels per pixel of its own."""

    left: float
    top: float
    across: float
    down: float


class Scene:
    """The picture with its mask, and the result shown in the picture's place.

    It draws in device pixels; ``ratio`` of them go to a widget pixel.
    """

    def __init__(self, colours: CanvasColours, ratio: float) -> None:
        self.picture: PictureLevels | None = None
        self.result: PictureLevels | None = None
        self.mask: MaskLevels | None = None
        self.before = False
        self.overlay = True
        self.dress(colours, ratio)

    def dress(self, colours: CanvasColours, ratio: float) -> None:
        """Takes other colours, or another number of device pixels per widget pixel."""
        self._backdrop = Backdrop(colours, ratio)
        self._tint = Tint(colours.mask, colours.hatch, ratio)

    def put(self, picture: PictureLevels | None, mask: Mask | None) -> None:
        """Shows another picture."""
        self.picture = picture
        self.mask = None if mask is None else MaskLevels(mask)
        self.result = None
        self.before = False

    @property
    def shown(self) -> PictureLevels | None:
        """What is seen: the result, unless there is none or the picture before it is looked at."""
        if self.result is None or (self.before and self.picture is not None):
            return self.picture
        return self.result

    @property
    def shows_mask(self) -> bool:
        """True when the mask is seen: over the picture as such, not over the picture before a result."""
        return self.mask is not None and self.overlay and self.result is None

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height that the view is for: the picture's, in whose place results are shown."""
        base = self.picture or self.result
        return None if base is None else base.size

    def frame(self, view: ViewTransform) -> QRect:
        """The device pixels that what is shown covers; empty when there is nothing."""
        levels = self.shown
        if levels is None:
            return QRect()
        place = self._placed(levels, view)
        left, top = round(place.left), round(place.top)
        right = max(round(place.left + levels.width * place.across), left + 1)
        bottom = max(round(place.top + levels.height * place.down), top + 1)
        return QRect(left, top, right - left, bottom - top)

    def reach(self, rect: Rect, view: ViewTransform) -> Rect:
        """The device pixels that look different when ``rect`` of the mask changed."""
        level = 0 if self.mask is None else self.mask.level_for(view.zoom)
        step = 2**level
        return view.to_device(rect.snapped(step).grown(step)).grown(1)

    def draw(self, painter: QPainter, place: QRect, view: ViewTransform, *, smooth: bool) -> None:
        """Draws everything inside ``place``, given in device pixels, over whatever was there."""
        frame = self.frame(view)
        painter.setClipRect(place)
        self._backdrop.draw_surround(painter, place, frame)
        inside = place & frame
        levels = self.shown
        if levels is None or inside.isEmpty():
            return
        painter.setClipRect(inside)
        if not levels.opaque:
            self._backdrop.draw_checker(painter, inside, frame.topLeft())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth and view.zoom < _CRISP_FROM)
        self._draw_picture(painter, inside, levels, view)
        if self.mask is not None and self.shows_mask:
            self._draw_mask(painter, inside, self.mask, view)

    def _draw_picture(
        self, painter: QPainter, inside: QRect, levels: PictureLevels, view: ViewTransform
    ) -> None:
        placed = self._placed(levels, view)
        level = levels.level_for(min(placed.across, placed.down))
        image = levels.images[level]
        part, target = _cut(inside, placed, level, image)
        painter.drawImage(target, image, QRectF(part))

    def _draw_mask(self, painter: QPainter, inside: QRect, mask: MaskLevels, view: ViewTransform) -> None:
        level = mask.level_for(view.zoom)
        image = mask.image(level)
        part, target = _cut(inside, _Placed(view.left, view.top, view.zoom, view.zoom), level, image)
        if mask.paints(level, Rect(part.x(), part.y(), part.width(), part.height())):
            self._tint.draw(painter, inside, image.copy(part), target, QPoint(view.left, view.top))

    def _placed(self, levels: PictureLevels, view: ViewTransform) -> _Placed:
        """Where the picture or a result lies; a result of another shape is contained and centred."""
        width, height = self.size or levels.size
        across, down = width / levels.width, height / levels.height
        if abs(across / down - 1.0) > _SAME_SHAPE:
            across = down = min(across, down)
        left = (width - levels.width * across) / 2.0
        top = (height - levels.height * down) / 2.0
        zoom = view.zoom
        return _Placed(view.left + left * zoom, view.top + top * zoom, across * zoom, down * zoom)


def _cut(inside: QRect, placed: _Placed, level: int, image: QImage) -> tuple[QRect, QRectF]:
    """The pixels of a level that show ``inside``, one more around for smooth edges, and where they go."""
    across, down = placed.across * 2**level, placed.down * 2**level
    shown = Rect.around(
        (inside.left() - placed.left) / across,
        (inside.top() - placed.top) / down,
        (inside.right() + 1 - placed.left) / across,
        (inside.bottom() + 1 - placed.top) / down,
    )
    part = shown.grown(1).intersected(Rect(0, 0, image.width(), image.height()))
    target = QRectF(
        placed.left + part.x * across, placed.top + part.y * down, part.width * across, part.height * down
    )
    return QRect(part.x, part.y, part.width, part.height), target
