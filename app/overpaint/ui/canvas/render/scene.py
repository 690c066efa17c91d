"""What the canvas shows, and how any part of it is drawn: picture or result, checkerboard, mask."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QPainter

from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask import Mask
from overpaint.studio.config.settings import MaskView
from overpaint.ui.canvas.render.backdrop import Backdrop
from overpaint.ui.canvas.render.nearest_neighbour import enlarged, enlarged_words
from overpaint.ui.canvas.render.overlays import Ants, marks_for
from overpaint.ui.canvas.render.pixel_grid import draw_grid
from overpaint.ui.canvas.render.rotated import Sight, Turned
from overpaint.ui.canvas.render.tint_overlay import scaled
from overpaint.ui.theme.canvas_colours import CanvasColours
from overpaint.ui.viewport.placement import Placed
from overpaint.ui.viewport.pyramids import MaskPyramid, PicturePyramid, image_over
from overpaint.ui.viewport.view_transform import ViewTransform

if TYPE_CHECKING:
    from overpaint.ui.canvas.render.split import Split

_CRISP_FROM = 2.0
_CELL = 200
_MOST_CELLS = 8


class Scene:
    """The picture with its mask, and the result shown in the picture's place.

    ``source`` is the picture that the result was made of, whatever picture is worked on now; None where it
    isn't there any more. With a ``split`` it is seen at one side of the line and the result at the other;
    ``instead`` is shown in the result's place: a picture of how the two differ.
    It draws in device pixels; ``ratio`` of them go to a widget pixel.
    """

    def __init__(self, colours: CanvasColours, ratio: float) -> None:
        self.picture: PicturePyramid | None = None
        self.result: PicturePyramid | None = None
        self.source: PicturePyramid | None = None
        self.mask: MaskPyramid | None = None
        self.before = False
        self.split: Split | None = None
        self.instead: PicturePyramid | None = None
        self._turned: dict[int, Turned] = {}
        self._overlay: MaskView = "both"
        self.set_colours(colours, ratio)

    def set_colours(self, colours: CanvasColours, ratio: float) -> None:
        """Takes other colours, or another number of device pixels per widget pixel."""
        self._backdrop = Backdrop(colours, ratio)
        self._ratio = ratio
        self.set_marks(colours)

    def set_marks(self, colours: CanvasColours) -> None:
        """Takes other colours for the mask alone."""
        self._colours = colours
        self._marks = marks_for(self._overlay, colours, self._ratio)

    @property
    def overlay(self) -> MaskView:
        """How the mask is shown."""
        return self._overlay

    @overlay.setter
    def overlay(self, view: MaskView) -> None:
        self._overlay = view
        self._marks = marks_for(view, self._colours, self._ratio)
        if self.mask is not None and self.mask.hardened != (view == "sent"):
            self.mask = MaskPyramid(self.mask.mask, hardened=view == "sent")

    def march(self, view: ViewTransform) -> QRect:
        """Moves marching ants on; returns the device pixels where they may be, empty when there are none."""
        if not isinstance(self._marks, Ants) or self.mask is None or not self.shows_mask:
            return QRect()
        self._marks.march()
        return _shown(self.mask.mask.bounds(), view)

    def set_picture(self, picture: PicturePyramid | None, mask: Mask | None) -> None:
        """Shows another picture."""
        self.picture = picture
        self.mask = None if mask is None else MaskPyramid(mask, hardened=self._overlay == "sent")
        self.result = self.source = self.instead = None
        self.before = False

    @property
    def shown(self) -> PicturePyramid | None:
        """What is seen: the result, unless there is none or the picture before it is looked at."""
        if self.result is None:
            return self.picture
        return self.source or self.result if self.before else self.instead or self.result

    @property
    def divided(self) -> bool:
        """True while the picture before and the result are seen at the two sides of a line."""
        return self.split is not None and self.result is not None and self.source is not None

    @property
    def shows_mask(self) -> bool:
        """True when the mask is seen: over the picture as such, not over the picture before a result."""
        return self.mask is not None and self._overlay != "off" and self.result is None

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height that the view is for: the picture's, in whose place results are shown."""
        base = self.picture or self.result
        return None if base is None else base.size

    def frame(self, view: ViewTransform, levels: PicturePyramid | None = None) -> QRect:
        """The device pixels that what is shown covers, or ``levels`` in its place; empty when there is
        nothing."""
        levels = levels or self.shown
        if levels is None:
            return QRect()
        if view.angle:
            return self._sight(levels, view).frame
        place = self._placed(levels, view)
        left, top = round(place.left), round(place.top)
        right = max(round(place.left + levels.width * place.across), left + 1)
        bottom = max(round(place.top + levels.height * place.down), top + 1)
        return QRect(left, top, right - left, bottom - top)

    def mask_changes(self, view: ViewTransform) -> list[QRect]:
        """The device pixels that look different since this was last asked for the mask at this zoom."""
        mask = self.mask
        if mask is None or not self.shows_mask:
            return []
        level = self._mask_level(view)
        scale = view.zoom * 2**level
        found = mask.renew(level, lambda rect: min(int(math.sqrt(rect.area) * scale / _CELL), _MOST_CELLS))
        if view.angle:
            return [_shown(_finer(rect.grown(1), level), view) for rect in found]
        placed = Placed(view.left, view.top, scale, scale)
        return [placed.around(rect.grown(1)) for rect in found]

    def draw(self, painter: QPainter, places: Iterable[QRect], view: ViewTransform, *, smooth: bool) -> None:
        """Draws everything inside ``places``, given in device pixels, over whatever was there.

        ``mask_changes`` must have been asked before. Pixels enlarged to twice their size and more stay
        squares; ``smooth`` is for the others.
        """
        if self.split is None or not self.divided or self.before:
            self.draw_levels(painter, places, view, self.shown, smooth=smooth)
            return
        device, kept = painter.device(), list(places)
        sides = self.split.sides(QSize(device.width(), device.height()))
        for number, (levels, side) in enumerate(zip((self.source, self.shown), sides, strict=True)):
            parts = [part for place in kept if not (part := place & side).isEmpty()]
            if parts:
                self.draw_levels(painter, parts, view, levels, smooth=smooth, pane=number)

    def draw_levels(
        self,
        painter: QPainter,
        places: Iterable[QRect],
        view: ViewTransform,
        levels: PicturePyramid | None,
        *,
        smooth: bool,
        pane: int = 0,
    ) -> None:
        """The same for a picture in the place of the one that is shown. ``pane`` is the number of the part of
        the canvas that it is drawn in, time and again, while others are drawn beside it."""
        if view.angle and levels is not None:
            turned = self._turned.setdefault(pane, Turned())
            turned.draw(painter, places, self._sight(levels, view), smooth=smooth)
            return
        self._turned.clear()
        frame = self.frame(view, levels)
        for place in places:
            inside = place & frame
            if inside != place:
                painter.setClipRect(place)
                self._backdrop.draw_surround(painter, place, frame)
            if levels is None or inside.isEmpty():
                continue
            painter.setClipRect(inside)
            self._draw_picture(painter, inside, levels, view, smooth=smooth)
            if self.mask is not None and self.shows_mask:
                self._draw_mask(painter, inside, self.mask, view, smooth=smooth)
            if levels is self.picture:
                draw_grid(painter, inside, view)

    def _draw_picture(
        self,
        painter: QPainter,
        inside: QRect,
        levels: PicturePyramid,
        view: ViewTransform,
        *,
        smooth: bool,
    ) -> None:
        placed = self._placed(levels, view)
        if not levels.opaque:
            self._backdrop.draw_checker(painter, inside, QPoint(round(placed.left), round(placed.top)))
        if min(view.zoom, placed.across, placed.down) >= _CRISP_FROM:
            squares = enlarged(levels.words, inside, _room(painter), placed.corner, placed.scale)
            painter.drawImage(inside.topLeft(), image_over(squares, levels.images[0].format()))
            return
        level = levels.level_for(min(placed.across, placed.down))
        image = levels.images[level]
        placed = placed.at_level(level)
        part = placed.cut(QRectF(inside), image.width(), image.height())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(placed.target(part), image, QRectF(part.x, part.y, part.width, part.height))
        # With it, images that are only to be copied take Qt's slow way too: some 0.1 ms for each.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)

    def _draw_mask(
        self, painter: QPainter, inside: QRect, mask: MaskPyramid, view: ViewTransform, *, smooth: bool
    ) -> None:
        level = self._mask_level(view)
        placed = Placed(view.left, view.top, view.zoom, view.zoom).at_level(level)
        pixels = mask.array(level)
        frame, reach = self.frame(view), self._marks.reach
        around = inside.adjusted(-reach, -reach, reach, reach) & frame & QRect(QPoint(), _room(painter))
        part = placed.cut(QRectF(around), pixels.shape[1], pixels.shape[0])
        if not self._marks.everywhere and not pixels[part.slices].any():
            return
        if self._crisp(view) or placed.across == 1.0:
            strength = enlarged_words(pixels, around, _room(painter), placed.corner, placed.scale)
        else:
            coverage = mask.image(level).copy(part.x, part.y, part.width, part.height)
            strength = scaled(coverage, placed.target(part), around, smooth=smooth)
        self._marks.draw(painter, inside, strength, around, frame)

    def _mask_level(self, view: ViewTransform) -> int:
        return 0 if self.mask is None else self.mask.level_for(view.zoom)

    def _placed(self, levels: PicturePyramid, view: ViewTransform) -> Placed:
        """Where the picture or a result lies in device pixels."""
        return self._lies(levels).seen(view)

    def _lies(self, levels: PicturePyramid) -> Placed:
        """Where the picture or a result lies on the picture."""
        return Placed.within(levels.size, self.size or levels.size)

    def _sight(self, levels: PicturePyramid, view: ViewTransform) -> Sight:
        level = self._mask_level(view)
        return Sight(
            view=view,
            picture=levels,
            lies=self._lies(levels),
            backdrop=self._backdrop,
            own=levels is self.picture,
            marks=self._marks,
            mask=self.mask if self.shows_mask else None,
            level=level,
            crisp=self._crisp(view),
        )

    def _crisp(self, view: ViewTransform) -> bool:
        """True where the mask's pixels are drawn as squares: as it is sent, it has no soft edge to smooth."""
        hardened = self.mask is not None and self.mask.hardened
        return view.zoom >= (1.0 if hardened else _CRISP_FROM)


def _shown(rect: Rect, view: ViewTransform) -> QRect:
    """The device pixels that show any part of a rectangle of the picture."""
    device = view.to_device(rect)
    return QRect(device.x, device.y, device.width, device.height)


def _finer(rect: Rect, level: int) -> Rect:
    """The picture pixels of a rectangle of a level."""
    step = 2**level
    return Rect(rect.x * step, rect.y * step, rect.width * step, rect.height * step)


def _room(painter: QPainter) -> QSize:
    device = painter.device()
    return QSize(device.width(), device.height())
