"""Draws a turned view of the canvas: the picture once for each view, the mask as it changes.

Everything is sampled in columns that begin at the same places whichever part is drawn: Qt adds up rounded
steps along a row, and so parts that began elsewhere wouldn't quite meet.
"""

import itertools
import math
from collections.abc import Callable, Iterable, Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPolygonF, QTransform

from overpaint.core.masks.geometry import Rect
from overpaint.ui.canvas.render.backdrop import Backdrop
from overpaint.ui.canvas.render.nearest_neighbour import Pixel, enlarged, slanted
from overpaint.ui.canvas.render.overlays import Marks
from overpaint.ui.canvas.render.pixel_grid import GRID_FROM, draw_turned_grid
from overpaint.ui.canvas.render.tint_overlay import Words
from overpaint.ui.viewport.placement import Placed
from overpaint.ui.viewport.pyramids import MaskPyramid, PicturePyramid, image_over
from overpaint.ui.viewport.view_transform import ViewTransform

_CRISP_FROM = 2.0
_TILE = 384
_COLUMN = 128
_WIDE_COLUMN = 1024
_ALPHA = np.uint32(24)
_ARGB = QImage.Format.Format_ARGB32_Premultiplied


class Sight(msgspec.Struct, frozen=True):
    """What is seen: a picture that ``lies`` so on the one the view is for, and perhaps a mask at a level.

    ``crisp`` keeps the mask's pixels squares; ``own`` says that the picture is the one the view is for.
    """

    view: ViewTransform
    picture: PicturePyramid
    lies: Placed
    backdrop: Backdrop
    own: bool
    marks: Marks
    mask: MaskPyramid | None
    level: int
    crisp: bool

    @property
    def shape(self) -> QPolygonF:
        """The picture's turned outline in device pixels."""
        size = self.picture.size
        box = self.lies.target(Rect(0, 0, *size))
        return _onto_device(self.view).map(QPolygonF(box))

    @property
    def frame(self) -> QRect:
        """The device pixels around all of it."""
        return whole(self.shape.boundingRect())


class Turned:
    """Keeps what is drawn below and above the mask until the view or the picture is another one."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Gives the memory back."""
        self._for: tuple[object, ...] = ()
        self._ground = QImage()
        self._grid: QImage | None = None

    def draw(self, painter: QPainter, places: Iterable[QRect], sight: Sight, *, smooth: bool) -> None:
        """Draws everything inside ``places``, given in device pixels, over whatever was there."""
        device = painter.device()
        room = QRect(0, 0, device.width(), device.height())
        self._renew(room.size(), sight, smooth=smooth)
        frame = sight.frame
        for place in places:
            painter.setClipRect(place)
            painter.drawImage(place.topLeft(), self._ground, place)
            if sight.mask is not None:
                for tile in _tiles(place & frame):
                    _draw_mask(painter, tile, sight, sight.mask, room, smooth=smooth)
            if self._grid is not None:
                painter.drawImage(place.topLeft(), self._grid, place)

    def _renew(self, room: QSize, sight: Sight, *, smooth: bool) -> None:
        wanted = (room, sight.view, smooth, sight.picture, sight.lies, sight.backdrop, sight.own)
        if wanted == self._for:
            return
        if self._ground.size() != room:
            self._ground = QImage(room, QImage.Format.Format_RGB32)
        painter = QPainter(self._ground)
        _draw_ground(painter, self._ground.rect(), sight, smooth=smooth)
        painter.end()
        self._grid = _grid(room, sight) if sight.own and sight.view.zoom >= GRID_FROM else None
        self._for = wanted


def whole(box: QRectF) -> QRect:
    """The pixels that any part of the box is in."""
    left, top = math.floor(box.left()), math.floor(box.top())
    return QRect(left, top, math.ceil(box.right()) - left, math.ceil(box.bottom()) - top)


def _draw_ground(painter: QPainter, room: QRect, sight: Sight, *, smooth: bool) -> None:
    """Surround, shadow, checkerboard and picture."""
    view, lies, picture = sight.view, sight.lies, sight.picture
    zoom = view.zoom
    flat = whole(
        QRectF(
            lies.left * zoom,
            lies.top * zoom,
            *(side * zoom * scale for side, scale in zip(picture.size, lies.scale, strict=True)),
        )
    )
    sight.backdrop.draw_turned(painter, room, flat, _onto_device(view, scaled=False))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if not picture.opaque:
        painter.setTransform(_onto_device(view, scaled=False))
        sight.backdrop.draw_checker(painter, flat, flat.topLeft())
        painter.resetTransform()
    crisp = zoom * min(1.0, lies.across, lies.down) >= _CRISP_FROM
    level = 0 if crisp else picture.level_for(zoom * min(lies.scale))
    image, lies = picture.images[level], lies.at_level(level)
    if view.square and (crisp or (level == 0 and zoom * lies.across == zoom * lies.down == 1.0)):
        place = sight.frame & room
        squares = _squares(picture.words, lies, view, place, room.size())
        painter.drawImage(place.topLeft(), image_over(squares, image.format()))
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth and not crisp)
    part = lies.cut(_under(room, view), image.width(), image.height())
    if not part.empty:
        box = QRectF(part.x, part.y, part.width, part.height)
        onto = _placed_onto_device(lies, view)
        _in_columns(painter, room, _WIDE_COLUMN, onto, lambda: painter.drawImage(box, image, box))


def _draw_mask(
    painter: QPainter, inside: QRect, sight: Sight, mask: MaskPyramid, room: QRect, *, smooth: bool
) -> None:
    reach, frame = sight.marks.reach, sight.frame
    around = inside.adjusted(-reach, -reach, reach, reach) & frame & room
    pixels, lies = mask.array(sight.level), Placed(0.0, 0.0, 1.0, 1.0).at_level(sight.level)
    part = lies.cut(_under(around, sight.view), pixels.shape[1], pixels.shape[0])
    if part.empty or not (sight.marks.everywhere or pixels[part.slices].any()):
        return
    if sight.view.square and (sight.crisp or sight.view.zoom * lies.across == 1.0):
        strength = _squares(pixels, lies, sight.view, around, room.size()).astype(np.uint32)
    elif sight.crisp:
        strength = slanted(pixels, around, _placed_onto_device(lies, sight.view)).astype(np.uint32)
    else:
        strength = _strength(pixels, lies, sight, around, smooth=smooth)
    shape = sight.shape
    if not sight.marks.everywhere or _holds(shape, inside):
        sight.marks.draw(painter, inside, strength, around, frame)
        return
    layer = QImage(inside.size(), QImage.Format.Format_RGB32)
    layer_painter = QPainter(layer)
    layer_painter.translate(-inside.topLeft())
    sight.marks.draw(layer_painter, inside, strength, around, frame)
    layer_painter.end()
    _fill(painter, shape, layer, inside)


def _squares(
    pixels: NDArray[Pixel], lies: Placed, view: ViewTransform, place: QRect, room: QSize
) -> NDArray[Pixel]:
    """What of ``pixels`` shows in ``place`` when they are turned by quarters: every one a clean square."""
    height, width = pixels.shape
    box = _onto_device(view).mapRect(lies.target(Rect(0, 0, width, height)))
    scale = (
        box.width() / (width if view.turn[0] else height),
        box.height() / (height if view.turn[0] else width),
    )
    turned: NDArray[Pixel] = np.rot90(pixels, round(-view.angle / 90.0))
    return enlarged(turned, place, room, (box.left(), box.top()), scale)


def _strength(pixels: NDArray[np.uint8], lies: Placed, sight: Sight, place: QRect, *, smooth: bool) -> Words:
    """How strong coverage that ``lies`` so on the picture is in ``place``: 0 to 255."""
    left = place.left() // _COLUMN * _COLUMN
    known = QRect(left, place.top(), -(-(place.right() + 1 - left) // _COLUMN) * _COLUMN, place.height())
    part = lies.cut(_under(known, sight.view), pixels.shape[1], pixels.shape[0])
    words = np.zeros((known.height(), known.width()), np.uint32)
    layer, coverage = image_over(words, _ARGB), pixels[part.slices].astype(np.uint32) << _ALPHA
    painter = QPainter(layer)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not _holds(sight.shape, known))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    onto = _placed_onto_device(lies, sight.view).translate(part.x, part.y)
    onto *= QTransform.fromTranslate(-known.left(), -known.top())
    image = image_over(coverage, _ARGB)
    _in_columns(painter, layer.rect(), _COLUMN, onto, lambda: painter.drawImage(0, 0, image))
    painter.end()
    words >>= _ALPHA
    return np.ascontiguousarray(words[:, place.left() - left :][:, : place.width()])


def _tiles(place: QRect) -> Iterator[QRect]:
    """The place in pieces as even as can be: what lies under a turned one is least when it is a square."""
    rows, columns = -(-place.height() // _TILE), -(-place.width() // _TILE)
    ys = [place.top() + place.height() * row // rows for row in range(rows + 1)] if rows else []
    xs = (
        [place.left() + place.width() * column // columns for column in range(columns + 1)] if columns else []
    )
    for top, bottom in itertools.pairwise(ys):
        for left, right in itertools.pairwise(xs):
            yield QRect(left, top, right - left, bottom - top)


def _in_columns(
    painter: QPainter, place: QRect, width: int, onto: QTransform, draw: Callable[[], None]
) -> None:
    for left in range(place.left(), place.right() + 1, width):
        painter.resetTransform()
        painter.setClipRect(QRect(left, place.top(), width, place.height()))
        painter.setTransform(onto)
        draw()
    painter.resetTransform()


def _fill(painter: QPainter, shape: QPolygonF, layer: QImage, place: QRect) -> None:
    """Fills what of ``place`` is inside the turned picture, its slanting edges smoothed."""
    brush = QBrush(layer)
    painter.save()
    painter.setClipRect(place)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrushOrigin(place.topLeft())
    painter.setBrush(brush)
    painter.drawPolygon(shape)
    painter.restore()


def _grid(room: QSize, sight: Sight) -> QImage:
    layer = QImage(room, _ARGB)
    layer.fill(0)
    painter = QPainter(layer)
    seen = _under(layer.rect(), sight.view) & QRectF(0.0, 0.0, *sight.picture.size)
    draw_turned_grid(painter, seen, _onto_device(sight.view), square=sight.view.square)
    painter.end()
    return layer


def _holds(shape: QPolygonF, place: QRect) -> bool:
    """True when no part of ``place`` is outside the turned picture, or on its edge."""
    edges = QRectF(place).adjusted(-1.0, -1.0, 1.0, 1.0)
    corners = (edges.topLeft(), edges.topRight(), edges.bottomLeft(), edges.bottomRight())
    return all(shape.containsPoint(corner, Qt.FillRule.OddEvenFill) for corner in corners)


def _under(place: QRect, view: ViewTransform) -> QRectF:
    """The box of picture coordinates around all that shows in ``place``."""
    ratio = view.ratio
    left, top = place.left() / ratio, place.top() / ratio
    right, bottom = (place.right() + 1) / ratio, (place.bottom() + 1) / ratio
    corners = [view.to_picture(x, y) for x in (left, right) for y in (top, bottom)]
    return QPolygonF([QPointF(*corner) for corner in corners]).boundingRect()


def _onto_device(view: ViewTransform, *, scaled: bool = True) -> QTransform:
    """From picture coordinates, ``scaled`` or in lengths of device pixels already, to device pixels."""
    (left, top), (cosine, sine) = view.origin, view.turn
    zoom = view.zoom if scaled else 1.0
    return QTransform(cosine * zoom, sine * zoom, -sine * zoom, cosine * zoom, left, top)


def _placed_onto_device(lies: Placed, view: ViewTransform) -> QTransform:
    """From the pixels of what ``lies`` so on the picture to device pixels."""
    return _onto_device(view).translate(*lies.corner).scale(*lies.scale)
