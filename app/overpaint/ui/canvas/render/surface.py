"""The drawing half of the canvas: keeps the view, and draws the pixels that changed and no others."""

import math

from PySide6.QtCore import QEvent, QRect, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QStyle, QWidget

from overpaint.core.masks.geometry import Rect
from overpaint.ui.canvas.render.captions import Caption, draw_empty_words, draw_focus_frame
from overpaint.ui.canvas.render.regions import few_rects, rects
from overpaint.ui.canvas.render.scene import Scene
from overpaint.ui.theme.canvas_colours import CanvasColours
from overpaint.ui.viewport.brush_cursor import BrushCursor
from overpaint.ui.viewport.outline import Outline
from overpaint.ui.viewport.placement import Placed
from overpaint.ui.viewport.pyramids import PicturePyramid
from overpaint.ui.viewport.view_transform import ViewTransform

_STILL_AFTER_MS = 90
_MARCH_MS = 140
_SMOOTH_UP_TO_PIXELS = 3_000_000


class Surface(QWidget):
    """A scene at a view, with the brush's ring and the caption over it."""

    zoom_changed = Signal(float)
    """1.0 is 100 %: one pixel of what is shown, picture or result, on one device pixel."""
    angle_changed = Signal(float)
    """How far the view is turned, in degrees clockwise."""
    shown_changed = Signal()
    """Another picture, result or view of the mask is shown, or other colours."""
    marks_changed = Signal()
    """The mask has other colours."""
    view_changed = Signal()
    """The picture lies elsewhere, or there is more or less room for it."""
    resized = Signal()
    """It is larger or smaller, and what lies over it follows: a filter would be asked at every move."""

    def __init__(self, colours: CanvasColours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours = colours
        self._empty_words = ""
        self._ratio = self.devicePixelRatioF()
        self._scene = Scene(colours, self._ratio)
        self._view = ViewTransform(ratio=self._ratio)
        self._told_zoom = self._view.zoom
        self._fitted = True
        self._caption = Caption(self.font())
        self._ring: BrushCursor | None = None
        self._outline: Outline | None = None
        self._framed = False
        self._frame = QImage()
        self._stale = True
        self._pending = QRegion()
        self._still = QTimer(self, singleShot=True, interval=_STILL_AFTER_MS)
        self._still.timeout.connect(self._refine)
        self._marching = QTimer(self, interval=_MARCH_MS)
        self._marching.timeout.connect(self._step)

    def set_colours(self, colours: CanvasColours) -> None:
        """Takes the colours of the light or the dark window."""
        self._colours = colours
        self._scene.set_colours(colours, self._ratio)
        self.refresh_shown()

    def set_marks(self, colours: CanvasColours) -> None:
        """Takes colours that mark the mask otherwise and are the same in everything else."""
        self._colours = colours
        self._scene.set_marks(colours)
        self.refresh()
        self.marks_changed.emit()

    @property
    def colours(self) -> CanvasColours:
        """What it draws with."""
        return self._colours

    # --- what is shown

    @property
    def shown(self) -> PicturePyramid | None:
        """What is seen now: the picture, or a result in its place."""
        return self._scene.shown

    @property
    def shows_mask(self) -> bool:
        """Whether the mask is seen over it."""
        return self._scene.shows_mask

    def show_when_empty(self, words: str) -> None:
        """What is said while there is no picture."""
        self._empty_words = words
        self.update()

    # --- the view

    @property
    def view(self) -> ViewTransform:
        """Where the picture lies."""
        return self._view

    def look(self, view: ViewTransform) -> None:
        """Moves the picture, though never out of sight."""
        if self._scene.size is not None:
            self._fitted = False
            self._set_view(view.kept_in(self._scene.size, self.room))

    def fit(self, *, upright: bool = False) -> None:
        """Shows the whole picture, turned as it is unless it is to be ``upright``.

        It goes on doing so when the canvas changes its size.
        """
        self._fitted = True
        if self._scene.size is not None:
            angle = 0.0 if upright else self._view.angle
            self._set_view(ViewTransform.fit(self._scene.size, self.room, self._ratio, angle=angle))

    def actual_size(self) -> None:
        """One pixel of what is shown on one device pixel."""
        self._zoom_to(1.0 / self._pixel_width)

    def zoom_in(self) -> None:
        """The next larger round zoom."""
        self._zoom_to(self._view.next_larger)

    def zoom_out(self) -> None:
        """The next smaller round zoom."""
        self._zoom_to(self._view.next_smaller)

    def turn_by(self, degrees: float) -> None:
        """Turns the picture clockwise round the middle of what is seen."""
        self.turn_to(self._view.angle + degrees)

    def turn_to(self, angle: float) -> None:
        """Turns the picture to an angle in degrees clockwise; 0 is upright."""
        self.look(self._view.turned_to(angle, self.middle))

    @property
    def room(self) -> tuple[float, float]:
        """Width and height in widget pixels of what a picture is seen in."""
        return float(self.width()), float(self.height())

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of that: the view is turned round it."""
        width, height = self.room
        return width / 2.0, height / 2.0

    # --- what is to be drawn again

    def show_ring(self, ring: BrushCursor | None) -> None:
        """Draws the brush's ring there, and no longer where it was."""
        if ring == self._ring:
            return
        for one in (self._ring, ring):
            if one is not None:
                self._update_device(self._everywhere(one.region()))
        self._ring = ring

    def show_outline(self, outline: Outline | None) -> None:
        """Draws the outline of a selection that is being made, and no longer the one before."""
        for one in (self._outline, outline):
            if one is not None:
                self._update_device(self._everywhere(QRegion(self._device_rect(one.place(self._view)))))
        self._outline = outline

    def refresh(self) -> None:
        """Draws everything again."""
        self._stale = True
        self.update()

    def refresh_shown(self) -> None:
        """Draws everything again because something else is shown, and tells of it."""
        self.refresh()
        self._tell_zoom()
        self.shown_changed.emit()

    def update_mask(self) -> None:
        """Draws what looks different since the mask was last drawn."""
        changed = QRegion()
        for place in self._scene.mask_changes(self._view):
            changed += place
        self._redraw(self._everywhere(changed))

    def march(self, on: bool) -> None:
        """Lets marching ants move, unless the desktop wants nothing to move."""
        if on and self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) > 0:
            self._marching.start()
        else:
            self._marching.stop()

    # --- Qt

    def event(self, event: QEvent) -> bool:
        """Follows the window to a screen of another scale."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._change_ratio()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the whole picture in view, or the same place of it in the middle."""
        super().resizeEvent(event)
        before = event.oldSize()
        self._restore_view(self._view.to_picture(before.width() / 2.0, before.height() / 2.0))
        self.view_changed.emit()
        self.resized.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the parts that changed, in device pixels, so that nothing is smeared at any scale."""
        if self._scene.shown is not None:
            self._renew_frame()
        painter = QPainter(self)
        if self._scene.shown is None:
            painter.fillRect(event.rect(), self._colours.surround)
            draw_empty_words(painter, self.rect(), self._empty_words, self._colours)
        else:
            self._show_frame(painter, event.region())
            self._draw_over(painter, event.rect())
        if self._framed:
            draw_focus_frame(painter, self.rect(), self._colours)
        painter.end()

    # --- below the surface

    def _view_changed(self) -> None:
        """For whoever draws something at the pointer: the picture moved under it."""

    # What is drawn, for those that draw it in several places.

    def _draw_scene(self, painter: QPainter, dirty: QRegion, *, smooth: bool) -> None:
        """Draws the picture with its mask; painter and ``dirty`` are in device pixels."""
        self._scene.draw(painter, few_rects(dirty), self._view, smooth=smooth)

    def _draw_ring(self, painter: QPainter, ring: BrushCursor, dirty: QRegion) -> None:
        """Draws the brush's ring; painter and ``dirty`` are in device pixels."""
        ring.draw(painter, rects(dirty & ring.region()))

    def _draw_over(self, painter: QPainter, dirty: QRect) -> None:
        """Draws what lies above picture and ring; painter and ``dirty`` are in widget pixels."""
        if self._outline is not None:
            self._outline.draw(painter, self._view)
        self._draw_caption(painter, dirty)

    def _everywhere(self, region: QRegion) -> QRegion:
        """All device pixels that show what these do."""
        return region

    def _redraw(self, region: QRegion) -> None:
        """Draws these device pixels again."""
        region &= self._frame.rect()
        self._pending += region
        self._update_device(region)

    def _zoom_to(self, zoom: float) -> None:
        self.look(self._view.zoomed_to(zoom, self.middle))

    @property
    def shown_place(self) -> Placed | None:
        """Where what is shown lies in the picture's place; None where nothing is."""
        shown, size = self._scene.shown, self._scene.size
        return None if shown is None or size is None else Placed.within(shown.size, size)

    @property
    def result_size(self) -> tuple[int, int] | None:
        """Width and height of the result that is shown; None while it is the picture."""
        shown = self._scene.shown
        return None if shown is None or shown is not self._scene.result else shown.size

    @property
    def _pixel_width(self) -> float:
        """Picture pixels for each pixel of what is shown."""
        place = self.shown_place
        return 1.0 if place is None else place.across

    def _tell_zoom(self) -> None:
        zoom = self._view.zoom * self._pixel_width
        if zoom != self._told_zoom:
            self._told_zoom = zoom
            self.zoom_changed.emit(zoom)

    def _set_view(self, view: ViewTransform) -> None:
        before, self._view = self._view, view
        if view == before:
            return
        self._still.start()
        self.refresh()
        self._view_changed()
        self._tell_zoom()
        if view.angle != before.angle:
            self.angle_changed.emit(view.angle)
        self.view_changed.emit()

    def _change_ratio(self) -> None:
        if self.devicePixelRatioF() == self._ratio:
            return
        middle = self._view.to_picture(*self.middle)
        self._ratio = self.devicePixelRatioF()
        self._scene.set_colours(self._colours, self._ratio)
        self._view = ViewTransform(self._view.zoom, ratio=self._ratio, angle=self._view.angle)
        self._restore_view(middle)

    def _restore_view(self, middle: tuple[float, float]) -> None:
        if self._fitted:
            self.fit()
        elif self._scene.size is not None:
            self._set_view(self._view.centred(self._scene.size, middle, self.room))

    def _step(self) -> None:
        moved = self._scene.march(self._view) & self._frame.rect()
        if self.isVisible() and not moved.isEmpty():
            self._redraw(QRegion(moved))

    def _refine(self) -> None:
        if self._large:
            self.refresh()

    @property
    def _large(self) -> bool:
        """True when smooth drawing of everything takes too long to follow a hand."""
        return self._frame.width() * self._frame.height() > _SMOOTH_UP_TO_PIXELS

    def _renew_frame(self) -> None:
        """Brings the drawn frame up to date where the mask changed, or everywhere when it is stale."""
        size = self._device_rect(self.rect()).size()
        if self._frame.size() != size:
            self._frame = QImage(size, QImage.Format.Format_RGB32)
            self._stale = True
        if self._stale:
            self._scene.mask_changes(self._view)
            self._pending = QRegion(self._frame.rect())
        if not self._pending.isEmpty():
            painter = QPainter(self._frame)
            smooth = not (self._large and self._still.isActive())
            self._draw_scene(painter, self._pending, smooth=smooth)
            painter.end()
        self._stale, self._pending = False, QRegion()

    def _show_frame(self, painter: QPainter, dirty: QRegion) -> None:
        """Puts the drawn frame on the screen with the ring above it: the ring moves without any drawing.

        One rectangle after the other: within a clip of several pieces Qt copies line by line, which takes
        two to three times as long.
        """
        painter.save()
        painter.scale(1.0 / self._ratio, 1.0 / self._ratio)
        dirty = self._device_region(dirty) & self._frame.rect()
        for part in rects(dirty):
            painter.setClipRect(part)
            painter.drawImage(part.topLeft(), self._frame, part)
        if self._ring is not None:
            self._draw_ring(painter, self._ring, dirty)
        painter.restore()

    def _draw_caption(self, painter: QPainter, dirty: QRect) -> None:
        place = self._caption_place()
        if dirty.intersects(place):
            self._caption.draw(painter, place, self._colours)

    def _caption_place(self) -> QRect:
        frame = self._scene.frame(self._view)
        return self._caption.place(round(frame.left() / self._ratio), round(frame.top() / self._ratio))

    def _change_caption(self, text: str) -> None:
        """Puts other words at the picture's corner; ``""`` for none."""
        if text != self._caption.text:
            self.update(self._caption_place())
            self._caption.text = text
            self.update(self._caption_place())

    def _device_rect(self, rect: QRect) -> QRect:
        left, top = math.floor(rect.left() * self._ratio), math.floor(rect.top() * self._ratio)
        right = math.ceil((rect.right() + 1) * self._ratio)
        bottom = math.ceil((rect.bottom() + 1) * self._ratio)
        return QRect(left, top, right - left, bottom - top)

    def _device_region(self, region: QRegion) -> QRegion:
        if self._ratio == 1.0:
            return region
        wanted = QRegion()
        for rect in rects(region):
            wanted += self._device_rect(rect)
        return wanted

    def _widget_rect(self, rect: Rect) -> QRect:
        left, top = math.floor(rect.x / self._ratio), math.floor(rect.y / self._ratio)
        right, bottom = math.ceil(rect.right / self._ratio), math.ceil(rect.bottom / self._ratio)
        return QRect(left, top, right - left, bottom - top)

    def _update_device(self, region: QRegion) -> None:
        if self._ratio == 1.0:
            self.update(region)
            return
        wanted = QRegion()
        for rect in rects(region):
            wanted += self._widget_rect(Rect(rect.x(), rect.y(), rect.width(), rect.height()))
        self.update(wanted)
